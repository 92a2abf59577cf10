import type { Page } from "@playwright/test";
import { seriousFindings } from "./axe.ts";
import { expect, type Stage, test, transcript, untilCommitted } from "./fixtures.ts";

test.use({ file: "transcript" });

/** A session long enough that its beginning is not loaded with it. */
async function longSession(stage: Stage, title: string) {
  const session = await stage.session({ title });
  const { conversation: to, file } = session;
  for (let turn = 0; turn < 60; turn++) {
    stage.writer.append(file, [
      to.prompt(`question number ${turn}`),
      to.thinking(`thought number ${turn}`),
      to.call("Bash", { command: `npm test -- --run ${turn}` }),
      to.result(`line\n`.repeat(30) + (turn === 3 ? "the \u001b[31mNEEDLE\u001b[0m stands here" : "nothing")),
      to.text(`answer number ${turn}`, { final: true }),
      to.turnEnd(),
    ]);
  }
  await untilCommitted(stage.api, session.id, file);
  return session;
}

async function open(page: Page, stage: Stage, id: string, search = ""): Promise<void> {
  await stage.signIn(page);
  await page.goto(`${stage.product.origin}/sessions/${id}${search}`);
  await expect(transcript(page).getByRole("article").first()).toBeVisible();
}

test("finds what is far up and not loaded, by the keyboard alone, and leads there", async ({ page, stage }) => {
  const { id } = await longSession(stage, "Find by keys");
  await open(page, stage, id);
  await expect(transcript(page).getByText("answer number 59")).toBeVisible();
  await expect(page.getByText("question number 3", { exact: true })).toHaveCount(0);
  await page.keyboard.press("f");
  const field = page.getByRole("textbox", { name: "Find in this session" });
  await expect(field).toBeFocused();
  await page.keyboard.type("needle");
  const outcome = page.getByRole("search").getByRole("status");
  await expect(outcome).toHaveText("1 place");
  await page.keyboard.press("Enter");
  await expect(outcome).toHaveText("1 of 1");
  const found = transcript(page).locator("article[aria-current=location]");
  await expect(found).toBeInViewport();
  // What was clamped is open, so that it can be seen.
  await expect(found.getByText("NEEDLE")).toBeVisible();
  await expect(page).toHaveURL(/event=[0-9a-z.]+/);
  await page.keyboard.press("Escape");
  await expect(field).toHaveCount(0);
  await expect(transcript(page)).toBeFocused();
  await page.keyboard.press("End");
  await expect(transcript(page).getByText("answer number 59")).toBeInViewport();
  await expect(page).not.toHaveURL(/event=/);
});

test("goes from place to place with the pointer, and around", async ({ page, stage }) => {
  const { id } = await longSession(stage, "Find by pointer");
  await open(page, stage, id);
  await page.getByRole("button", { name: "Find in this session" }).click();
  await page.getByRole("textbox", { name: "Find in this session" }).fill("number 5");
  const outcome = page.getByRole("search").getByRole("status");
  await expect(outcome).toHaveText(/^33 places$/);
  const places = new Set<string | null>();
  for (let step = 0; step < 3; step++) {
    await page.getByRole("button", { name: "Next place" }).click();
    await expect(transcript(page).locator("article[aria-current=location]")).toBeInViewport();
    places.add(await outcome.textContent());
  }
  expect(places.size).toBe(3);
  await page.getByRole("textbox", { name: "Find in this session" }).fill("nowhere to be found");
  await expect(outcome).toHaveText("Nothing found");
  await expect(page.getByRole("button", { name: "Next place" })).toBeDisabled();
});

test("an event's address opens there, and what came at the end since is counted", async ({ page, stage }) => {
  const { id, conversation, file } = await longSession(stage, "Linked");
  const { findings } = await stage.api.get<{ findings: { place: string }[] }>(
    `/api/v1/sessions/${id}/find?q=${encodeURIComponent("question number 7")}`,
  );
  await open(page, stage, id, `?event=${findings[0]?.place}`);
  const marked = transcript(page).locator("article[aria-current=location]");
  await expect(marked).toContainText("question number 7");
  await expect(marked).toBeInViewport();
  await expect(page.getByRole("button", { name: /^Go to the end/ })).toBeVisible();
  stage.writer.append(file, [conversation.prompt("and now?"), conversation.text("something new", { final: true })]);
  await expect(page.getByRole("button", { name: /new/ })).toBeVisible();
  await expect(marked).toBeInViewport();
  await page.getByRole("button", { name: /new/ }).click();
  await expect(transcript(page).getByText("something new")).toBeInViewport();
  // Each time is the address of its event.
  const link = transcript(page)
    .getByRole("article")
    .last()
    .getByRole("link", { name: /link to this event/ })
    .first();
  expect(await link.getAttribute("href")).toMatch(/\?event=[0-9a-z.]+$/);
});

test("an address that names no event opens the transcript all the same", async ({ page, stage }) => {
  const { id } = await longSession(stage, "Badly linked");
  for (const event of ["nonsense", "zz.1.1.0", "%3Cscript%3E"]) {
    await open(page, stage, id, `?event=${event}`);
    await expect(transcript(page).getByText("answer number 59")).toBeVisible();
  }
});

test("follows the end until it is left, counts what is new, and goes back", async ({ page, stage }) => {
  const { id, conversation, file } = await longSession(stage, "Followed");
  await open(page, stage, id);
  stage.writer.append(file, [conversation.text("first of the new", { final: true })]);
  await expect(transcript(page).getByText("first of the new")).toBeInViewport();
  await transcript(page).hover();
  await page.mouse.wheel(0, -1_500);
  await expect(page.getByRole("button", { name: /^Go to the end/ })).toBeVisible();
  stage.writer.append(file, [conversation.prompt("more"), conversation.text("second of the new", { final: true })]);
  await expect(page.getByRole("button", { name: /^2 new/ })).toBeVisible();
  await expect(transcript(page).getByText("second of the new")).not.toBeInViewport();
  await page.keyboard.press("End");
  await expect(transcript(page).getByText("second of the new")).toBeInViewport();
});

test("everything back to the beginning can be scrolled to", async ({ page, stage }) => {
  const { id } = await longSession(stage, "Scrolled up");
  await open(page, stage, id);
  await expect(async () => {
    await transcript(page).evaluate((log) => {
      log.scrollTop = 0;
    });
    await expect(page.getByText("Beginning of the transcript")).toBeInViewport({ timeout: 1_000 });
    await expect(transcript(page).locator("article[aria-posinset='1']")).toBeInViewport({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
});

test("a listener is told what each thing is, where it stands, and what is new", async ({ page, stage }) => {
  const session = await stage.session({ title: "Listened to" });
  const { conversation: to, file } = session;
  stage.writer.append(file, [
    to.prompt("please listen"),
    to.call("Bash", { command: "npm test" }),
    to.result("fine"),
    to.text("All of it passes."),
  ]);
  await open(page, stage, session.id);
  await expect(page.getByRole("region", { name: "Session: Listened to" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Listened to" })).toBeVisible();
  const views = page.getByRole("navigation", { name: "Views" });
  await expect(views.getByRole("button", { name: "Transcript" })).toHaveAttribute("aria-current", "page");
  const feed = page.getByRole("feed", { name: "Transcript: Listened to" });
  await expect(feed).toHaveAttribute("aria-busy", "false");
  await expect(feed.getByRole("article", { name: "You: please listen" })).toBeVisible();
  await expect(feed.getByRole("article", { name: "Bash: npm test", exact: true })).toBeVisible();
  const positions = await feed
    .getByRole("article")
    .evaluateAll((all) => all.map((one) => one.getAttribute("aria-posinset")));
  expect(positions.map(Number)).toEqual(positions.map((_, index) => index + 1));
  const why = page.getByRole("button", { name: "why?" });
  await expect(why).toHaveAttribute("aria-expanded", "false");
  await why.click();
  await expect(why).toHaveAttribute("aria-expanded", "true");
  stage.writer.append(file, [to.text("One more thing.", { final: true })]);
  await expect(page.getByRole("status").filter({ hasText: "new event" })).toHaveText(
    /the last: Agent: One more thing\./,
  );
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const [name, viewport] of [
    ["desktop", { width: 1280, height: 800 }],
    ["phone", { width: 390, height: 844 }],
    ["small phone", { width: 320, height: 640 }],
  ] as const) {
    test.describe(`${name}, ${colorScheme}`, () => {
      test.use({ colorScheme, viewport, contextOptions: { reducedMotion: "reduce" } });

      test("axe finds nothing serious in a transcript and its search", async ({ page, stage }) => {
        const session = await stage.session({ title: `Axe ${name} ${colorScheme}` });
        const { conversation: to, file } = session;
        const begin = "\u001b[";
        const colours = [31, 32, 33, 34, 35, 36, 90, 1, 2, 41, 42, 43, 44].map(
          (code) => `${begin}${code}mink ${code}${begin}0m`,
        );
        stage.writer.append(file, [
          to.prompt("show everything"),
          to.text("Look:\n\n```ts\nconst a: number = 1; // one\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
          to.call("Bash", { command: "npm test" }),
          to.result(colours.join("\n")),
          to.call("Edit", { file_path: "/home/dev/shop/a.ts", old_string: "let a = 1;", new_string: "let a = 2;" }),
          to.result("done"),
          to.call("WebFetch", { url: "https://example.com/docs", prompt: "what is new" }),
          to.result("nothing"),
          to.apiError(),
        ]);
        await open(page, stage, session.id);
        await expect(transcript(page).getByText("ink 44")).toBeVisible();
        await page.getByRole("button", { name: "Find in this session" }).click();
        await page.getByRole("textbox", { name: "Find in this session" }).fill("let a");
        await expect(page.getByRole("search").getByRole("status")).toHaveText("1 place");
        await page.keyboard.press("Enter");
        await expect(transcript(page).locator("article[aria-current=location]")).toBeInViewport();
        expect(await seriousFindings(page)).toEqual([]);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(over).toBeLessThanOrEqual(0);
      });
    });
  }
}
