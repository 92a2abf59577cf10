import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { Agent, cardOf, openPageAs, openRequests, QUESTIONS, readThrough, toRequests } from "./requests-stage.ts";

test.use({ file: "requests" });

const BIDI = "\u202e";
const ESCAPE = "\u001b";
const [DATABASE] = QUESTIONS;

const gone = (page: Page, agent: { title: string }) => expect(cardOf(page, agent)).toHaveCount(0);

test("permissions are allowed, allowed always, denied with words, denied and stopped, and edited", async ({
  page,
  stage,
}) => {
  using agent = await Agent.of(stage);
  const suggestions = [{ type: "setMode", mode: "acceptEdits", destination: "session" }];
  const plain = await agent.bash("Allow me", "npm test");
  const always = await agent.ask("Allow me always", { input: { command: "npm run lint" }, suggestions });
  const words = await agent.bash("Deny me with words", "npm install left-pad");
  const stop = await agent.bash("Stop me", "npm run watch");
  const edit = await agent.bash("Edit me", "npm test -- --run");
  await stage.signIn(page);
  await toRequests(page);
  await expect(page.getByRole("article")).toHaveCount(5);
  await expect(page).toHaveTitle(/^\(\d+\)/);

  await cardOf(page, plain)
    .getByRole("button", { name: /^Allow(?! always)/ })
    .click();
  expect(await plain.answer()).toEqual({ behavior: "allow" });
  await gone(page, plain);
  await expect(page.getByRole("status").getByText("npm test: allowed by", { exact: false })).toBeVisible();

  await expect(cardOf(page, always)).toContainText("Always also does this: Accept edits");
  await cardOf(page, always)
    .getByRole("button", { name: /^Allow always/ })
    .click();
  expect(await always.answer()).toEqual({ behavior: "allow", updatedPermissions: suggestions });

  await cardOf(page, words).getByRole("textbox").fill("use the standard library");
  await cardOf(page, words)
    .getByRole("button", { name: /^Deny(?! and)/ })
    .click();
  expect(await words.answer()).toMatchObject({
    behavior: "deny",
    message: expect.stringContaining("use the standard library"),
  });

  await cardOf(page, stop).getByRole("button", { name: "Deny and stop" }).click();
  expect(await stop.answer()).toMatchObject({ behavior: "deny", interrupt: true });

  const card = cardOf(page, edit);
  await card.getByRole("button", { name: "Edit", exact: true }).click();
  await card.getByRole("textbox", { name: "What is to run instead" }).fill("npm test -- --run auth");
  await expect(card.getByText("Your change")).toBeVisible();
  await card.getByRole("button", { name: /^Allow the edited input/ }).click();
  expect(await edit.answer()).toEqual({ behavior: "allow", updatedInput: { command: "npm test -- --run auth" } });

  const settled = page.getByRole("region", { name: "Settled" });
  for (const outcome of ["Allowed", "Always", "Denied"]) {
    await expect(settled.getByText(outcome, { exact: true }).first()).toBeVisible();
  }
  await expect(page.getByText(/requests? settled today, .* in the median/)).toBeVisible();
  await agent.leave();
});

test("questions are answered: one choice, several, own words, several at once, or skipped", async ({ page, stage }) => {
  using agent = await Agent.of(stage);
  const tool = "AskUserQuestion";
  const one = await agent.ask("One question", { tool, input: { questions: [DATABASE] }, suggestions: [] });
  const many = await agent.ask("Many questions", { tool, input: { questions: QUESTIONS }, suggestions: [] });
  const skipped = await agent.ask("No answer", { tool, input: { questions: [DATABASE] }, suggestions: [] });
  await stage.signIn(page);
  await toRequests(page);

  const first = cardOf(page, one);
  await expect(first.getByRole("button", { name: /^Send answer/ })).toBeDisabled();
  await first.getByText("SQLite").click();
  await first.getByRole("button", { name: /^Send answer/ }).click();
  expect((await one.answer())?.updatedInput?.answers).toEqual({ "Which database?": "SQLite" });

  const card = cardOf(page, many);
  await card.getByText("PostgreSQL").click();
  await card.getByText("Auth", { exact: true }).click();
  await card.getByText("Mail", { exact: true }).click();
  const last = card.getByRole("group", { name: "Anything else?" });
  await last.getByText("Another answer").click();
  await last.getByRole("textbox", { name: "Say it in your own words." }).fill("Use tabs");
  await card.getByRole("button", { name: /^Send answer/ }).click();
  const answers = (await many.answer())?.updatedInput?.answers as Record<string, string>;
  expect(answers["Which database?"]).toBe("PostgreSQL");
  expect(answers["Which features?"]).toContain("Auth");
  expect(answers["Which features?"]).toContain("Mail");
  expect(answers["Anything else?"]).toContain("Use tabs");

  await cardOf(page, skipped)
    .getByRole("textbox", { name: /^Say why/ })
    .fill("you choose");
  await cardOf(page, skipped).getByRole("button", { name: /^Skip/ }).click();
  expect(await skipped.answer()).toMatchObject({ behavior: "deny", message: expect.stringContaining("you choose") });
  await agent.leave();
});

test("plans are approved, approved with edits accepted, and sent back with words", async ({ page, stage }) => {
  using agent = await Agent.of(stage);
  const tool = "ExitPlanMode";
  const plan = (name: string) =>
    agent.ask(name, { tool, input: {}, suggestions: [] }, `# ${name}\n\n1. Measure **first**\n2. Mend`);
  const approved = await plan("Plan to approve");
  const accepted = await plan("Plan to run");
  const rejected = await plan("Plan to send back");
  await stage.signIn(page);
  await toRequests(page);

  await expect(cardOf(page, approved).locator("strong, b").getByText("first", { exact: true })).toBeVisible();
  await cardOf(page, approved)
    .getByRole("button", { name: /ask for each edit/ })
    .click();
  expect(await approved.answer()).toMatchObject({ behavior: "allow" });
  await cardOf(page, accepted)
    .getByRole("button", { name: /accept edits/ })
    .click();
  expect(JSON.stringify(await accepted.answer())).toContain("acceptEdits");
  await cardOf(page, rejected).getByRole("textbox", { name: "What to change" }).fill("smaller steps");
  await page.keyboard.press("Enter");
  expect(await rejected.answer()).toMatchObject({
    behavior: "deny",
    message: expect.stringContaining("smaller steps"),
  });
  const settled = page.getByRole("region", { name: "Settled" });
  await expect(settled.getByText("Approved", { exact: true }).first()).toBeVisible();
  await expect(settled.getByText("Rejected", { exact: true }).first()).toBeVisible();
  await agent.leave();
});

test("the keyboard alone settles them, and the focus goes on to the next", async ({ page, stage }) => {
  using agent = await Agent.of(stage);
  const first = await agent.bash("Keys first", "make one");
  const second = await agent.bash("Keys second", "make two");
  const third = await agent.bash("Keys third", "make three");
  const suggestions = [{ type: "setMode", mode: "acceptEdits", destination: "session" }];
  const fourth = await agent.ask("Keys fourth", { input: { command: "make four" }, suggestions });
  await stage.signIn(page);
  await toRequests(page);
  await expect(page.getByRole("article")).toHaveCount(4);
  await expect(cardOf(page, first)).toHaveAttribute("aria-current", "true");

  await page.keyboard.press("?");
  const keys = page.getByRole("dialog");
  for (const what of ["allow", "allow always", "deny", "reply"]) {
    await expect(keys.getByRole("definition").getByText(what, { exact: true })).toBeVisible();
  }
  await page.keyboard.press("Escape");
  await expect(keys).toHaveCount(0);

  await page.keyboard.press("j");
  await expect(cardOf(page, second)).toBeFocused();
  await expect(cardOf(page, second).getByRole("button", { name: /^Allow(?! always)/ })).toBeEnabled();
  await page.keyboard.press("a");
  expect(await second.answer()).toEqual({ behavior: "allow" });
  await expect(cardOf(page, third), "the one after it").toBeFocused();

  // A key that comes while the next one slips under the hand does nothing.
  await expect(cardOf(page, third).getByRole("button", { name: /^Deny(?! and)/ })).toBeEnabled();
  await page.keyboard.press("r");
  await page.keyboard.type("not now");
  await page.keyboard.press("Enter");
  expect(await third.answer()).toMatchObject({ behavior: "deny", message: expect.stringContaining("not now") });
  await expect(cardOf(page, fourth)).toBeFocused();
  await expect(cardOf(page, fourth).getByRole("button", { name: /^Allow always/ })).toBeEnabled();
  await page.keyboard.press("A");
  expect(await fourth.answer()).toMatchObject({ behavior: "allow", updatedPermissions: suggestions });
  await expect(cardOf(page, first)).toBeFocused();
  await expect(cardOf(page, first).getByRole("button", { name: /^Deny(?! and)/ })).toBeEnabled();
  await page.keyboard.press("d");
  expect(await first.answer()).toMatchObject({ behavior: "deny" });
  await expect(page.getByText("Nothing waits for you.")).toBeVisible();
  await agent.leave();
});

test("of two pages one wins, the other is told who; what the terminal answered leaves with its name", async ({
  browser,
  page,
  stage,
}) => {
  using agent = await Agent.of(stage);
  const contested = await agent.bash("Contested", "make both");
  const terminal = await agent.bash("Answered in the terminal", "make there");
  await stage.signIn(page);
  await toRequests(page);
  const other = await openPageAs(browser, stage, "approver");
  await expect(cardOf(other, contested)).toBeVisible();

  // The second page does not hear of it in time, as over a slow line.
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await other.route("**/decision", async (route) => {
    await released;
    await route.continue();
  });
  const late = other.waitForResponse((response) => response.url().endsWith("/decision"));
  await cardOf(other, contested)
    .getByRole("button", { name: /^Deny(?! and)/ })
    .click();
  await cardOf(page, contested)
    .getByRole("button", { name: /^Allow(?! always)/ })
    .click();
  expect(await contested.answer()).toEqual({ behavior: "allow" });
  release();
  const refused = await late;
  expect(refused.status()).toBe(409);
  expect(await refused.text()).toMatch(/request_settled/);
  await gone(other, contested);
  await expect(other.getByRole("status").getByText(/^make both: allowed by /)).toBeVisible();

  agent.hook.say(terminal.session, { status: "busy" });
  await gone(page, terminal);
  await expect(page.getByRole("status").getByText("make there: answered in the terminal")).toBeVisible();
  expect(await terminal.answer(), "the agent's own dialog was not spoken over").toBeNull();
  await other.context().close();
  await agent.leave();
});

test("a viewer looks and decides nothing", async ({ browser, stage }) => {
  using agent = await Agent.of(stage);
  const asking = await agent.bash("Only looked at", "make it");
  const page = await openPageAs(browser, stage, "viewer");
  const card = cardOf(page, asking);
  await expect(card).toContainText("make it");
  await expect(card).toContainText("This link may look but not decide.");
  await expect(card.getByRole("button")).toHaveCount(0);
  for (const key of ["a", "A", "d", "r"]) await page.keyboard.press(key);
  const token = await page.evaluate(() => localStorage.getItem("agentpane.token"));
  const answer = await page.evaluate(
    async ([id, bearer]) => {
      const { requests } = await (
        await fetch(`/api/v1/requests?session=${id}`, { headers: { authorization: `Bearer ${bearer}` } })
      ).json();
      const body = JSON.stringify({ decision: { type: "allow" }, digest: "0".repeat(64) });
      const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
      return (await fetch(`/api/v1/requests/${requests[0].id}/decision`, { method: "POST", headers, body })).status;
    },
    [asking.session, token] as const,
  );
  expect(answer).toBe(403);
  expect(await openRequests(stage)).toBe(1);
  await page.context().close();
  await agent.leave();
});

test("a machine that is gone can be looked at, and is answered again when it is back", async ({ page, stage }) => {
  using agent = await Agent.of(stage);
  const asking = await agent.bash("Out of reach", "make far");
  await stage.signIn(page);
  await toRequests(page);
  const card = cardOf(page, asking);
  await expect(card.getByRole("button", { name: /^Allow(?! always)/ })).toBeEnabled();
  await stage.machine.monitor?.kill();
  await expect(card).toContainText("Its machine is not connected now.");
  await expect(card.getByRole("button", { name: /^Allow/ })).toHaveCount(0);
  stage.product.startMonitor(stage.machine);
  // What it held went back to the agent's own dialog with it.
  await gone(page, asking);
  await agent.leave();
});

test("what is long is read through first, and what is dangerous is allowed twice", async ({ page, stage }) => {
  using agent = await Agent.of(stage);
  const command = Array.from({ length: 200 }, (_, line) => `echo line ${line}`).join("\n");
  const long = await agent.bash("Long command", command);
  await stage.signIn(page);
  await toRequests(page);
  const allow = cardOf(page, long).getByRole("button", { name: /^Allow(?! always)/ });
  await expect(allow).toBeDisabled();
  await page.keyboard.press("a");
  expect(await openRequests(stage)).toBe(1);
  await readThrough(page, cardOf(page, long));
  await allow.click();
  expect(await long.answer()).toEqual({ behavior: "allow" });

  const danger = await agent.bash("Dangerous command", "sudo rm -rf build");
  const card = cardOf(page, danger);
  await expect(card).toContainText("Settings call this dangerous");
  await expect(card.getByRole("button", { name: /always/ })).toHaveCount(0);
  await card.getByRole("button", { name: /^Allow once/ }).click();
  const again = card.getByRole("button", { name: /^Press again to allow/ });
  await expect(again).toBeVisible();
  expect(await openRequests(stage)).toBe(1);
  await again.click();
  expect(await danger.answer()).toEqual({ behavior: "allow" });
  await agent.leave();
});

test("hostile text is shown as it is and never done", async ({ page, stage }) => {
  using agent = await Agent.of(stage);
  const markup = `<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>`;
  const bidi = await agent.ask(`Hostile title ${markup}`, {
    input: {
      command: `echo ${BIDI}safe ${ESCAPE}]52;c;aGk=\u0007 ${markup}`,
      description: `${BIDI}harmless ${markup}`,
    },
  });
  const question = await agent.ask("Hostile question", {
    tool: "AskUserQuestion",
    input: {
      questions: [
        {
          question: `Which ${markup}?`,
          header: "x",
          multiSelect: false,
          options: [{ label: `${BIDI}one ${markup}` }, { label: "two" }],
        },
      ],
    },
    suggestions: [],
  });
  const plan = await agent.ask(
    "Hostile plan",
    { tool: "ExitPlanMode", input: {}, suggestions: [] },
    `# Plan\n\n${markup}\n\n![x](https://evil.example/a.png) [go](javascript:window.hurt=1)`,
  );
  await stage.signIn(page);
  await toRequests(page);
  const card = page.getByRole("article", { name: /Hostile title </ });
  await expect(card).toContainText("echo \\u202esafe \\x1b]52;c;aGk=\\x07 <img");
  await expect(cardOf(page, question)).toContainText("Which <img");
  await expect(cardOf(page, plan)).toContainText("Plan");
  const main = page.getByRole("main");
  await expect(main.locator("article img[src^='http'], article script, article a[href^='javascript:']")).toHaveCount(0);
  expect(await main.textContent()).not.toContain(BIDI);
  expect(await page.evaluate(() => (window as unknown as { hurt?: number }).hurt)).toBeUndefined();
  await card.getByRole("button", { name: /^Deny(?! and)/ }).click();
  expect(await bidi.answer()).toMatchObject({ behavior: "deny" });

  const huge = await agent.bash("A megabyte", `echo ${"x".repeat(1_000_000)}`);
  await expect(cardOf(page, huge).getByText("xxxxxxxxxx", { exact: false }).first()).toBeVisible();
  await expect(
    cardOf(page, huge)
      .getByRole("button", { name: /^Allow/ })
      .first(),
  ).toBeDisabled();
  await cardOf(page, huge)
    .getByRole("button", { name: /^Deny(?! and)/ })
    .click();
  expect(await huge.answer()).toMatchObject({ behavior: "deny" });
  await agent.leave();
});
