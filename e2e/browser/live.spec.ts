import {
  expect,
  expectPageEqualsStore,
  expectTranscriptEqualsStore,
  test,
  transcript,
  untilCommitted,
} from "./fixtures.ts";

test.use({ file: "live" });

test("a line that the agent writes is on the page", async ({ page, stage }) => {
  const session = await stage.session({ title: "Port the parser" });
  await stage.signIn(page);
  const row = page.locator(`a[data-session="${session.id}"]`);
  await expect(row).toContainText("Port the parser");
  await row.click();
  await expect(page).toHaveURL(new RegExp(session.id));

  stage.writer.append(session.file, [session.conversation.prompt("and now the tests please")]);
  await expect(transcript(page).getByText("and now the tests please")).toBeVisible();
  await expect(row).toHaveAttribute("data-status", "working");

  stage.writer.append(session.file, [
    session.conversation.call("Bash", { command: "npm test -- --run parser" }),
    session.conversation.result("14 passed"),
    session.conversation.text("All of them pass.", { final: true }),
    session.conversation.turnEnd(),
  ]);
  await expect(transcript(page).getByText("All of them pass.")).toBeVisible();
  await expect(transcript(page).getByText("npm test -- --run parser").first()).toBeVisible();
  await expect(row).toHaveAttribute("data-status", "ready");
});

test("a session that begins while the page is open appears by itself", async ({ page, stage }) => {
  await stage.signIn(page);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const session = await stage.session({ title: "Began just now" });
  await expect(page.locator(`a[data-session="${session.id}"]`)).toContainText("Began just now");
  await expectPageEqualsStore(page, stage.api);
});

test("the server dies: the page says so and keeps what it has; it comes back: the page catches up", async ({
  page,
  stage,
}) => {
  const session = await stage.session({ title: "Survives the crash" });
  await stage.signIn(page);
  await page.locator(`a[data-session="${session.id}"]`).click();
  await expect(transcript(page)).toBeVisible();

  await stage.product.server?.kill();
  await expect(page.getByText("The server does not answer.", { exact: false }).first()).toBeVisible();
  await expect(page.locator(`a[data-session="${session.id}"]`)).toContainText("Survives the crash");

  // The agent goes on meanwhile.
  stage.writer.append(session.file, [
    session.conversation.title("Renamed while away"),
    session.conversation.prompt("written while the server was away"),
  ]);
  const other = stage.random.uuid();
  const late = stage.writer.create({ root: session.file.root, project: "-home-dev-late", session: other });
  stage.writer.append(late, [session.conversation.prompt("a session born in the dark")]);

  await stage.product.startServer();
  await expect(page.getByText("The server does not answer.", { exact: false })).toHaveCount(0, { timeout: 40_000 });
  await untilCommitted(stage.api, session.id, session.file);
  await expect(transcript(page).getByText("written while the server was away")).toBeVisible();
  await expect(transcript(page).getByText("written while the server was away")).toHaveCount(1);
  await expectTranscriptEqualsStore(page, stage.api, session.id);
  await expect(page.locator(`a[data-session="${session.id}"]`)).toContainText("Renamed while away");
  // The list stands still while pointer or focus are on it.
  await transcript(page).click();
  await expect(page.locator(`a[data-session="${other}"]`)).toBeVisible();
  await expectPageEqualsStore(page, stage.api);
});

test("a browser without network is told apart from a server that is away", async ({ page, context, stage }) => {
  await stage.session({ title: "Seen before the tunnel" });
  await stage.signIn(page);
  await expect(page.getByText("Seen before the tunnel")).toBeVisible();
  await context.setOffline(true);
  // What is open already stays open on this host, so the connection has to break for the page to notice.
  await stage.product.server?.kill();
  await expect(page.getByText("This browser is offline.")).toBeVisible();
  await stage.product.startServer();
  await context.setOffline(false);
  await expect(page.getByText("This browser is offline.")).toHaveCount(0, { timeout: 40_000 });
  await expectPageEqualsStore(page, stage.api);
});

test("two pages that saw different things show the same in the end", async ({ page, context, stage }) => {
  await stage.signIn(page);
  await stage.session({ title: "Before the second page" });
  const second = await context.newPage();
  await stage.signIn(second);
  const session = await stage.session({ title: "After the second page" });
  stage.writer.append(session.file, [session.conversation.call("AskUserQuestion", { questions: [] })]);
  await untilCommitted(stage.api, session.id, session.file);
  await expectPageEqualsStore(page, stage.api);
  await expectPageEqualsStore(second, stage.api);
});
