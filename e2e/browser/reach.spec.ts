import { AgentHook, Conversation, seededRandom, TranscriptWriter } from "@agentpane/testkit";
import { type Browser, type BrowserContextOptions, expect, type Locator, type Page } from "@playwright/test";
import { seriousFindings } from "./axe.ts";
import { HOSTILE_OUTPUT, HOSTILE_TITLE } from "./hostile-output.ts";
import { type ReachStage, type RunningAgent, test } from "./reach-stage.ts";

function composer(page: Page): Locator {
  return page.getByRole("region", { name: "Write to the agent" });
}

/** The field for words, once the page knows how to reach the session. */
function field(page: Page): Locator {
  return page.getByLabel("Words for the agent");
}

function terminal(page: Page): Locator {
  return page.getByRole("region", { name: "Terminal of the session" });
}

function keyboard(page: Page): Locator {
  return page.getByLabel("Type into the terminal");
}

/** Writes words and enters them, and waits for what becomes of them. */
async function send(page: Page, words: string, outcome: string | RegExp): Promise<void> {
  await field(page).fill(words);
  await field(page).press("Enter");
  await expect(composer(page).getByRole("status")).toHaveText(outcome);
}

/** A page of somebody else, in a browser of their own. */
async function other(
  browser: Browser,
  reach: ReachStage,
  agent: RunningAgent,
  role: "viewer" | "approver",
  options: BrowserContextOptions = {},
): Promise<Page & AsyncDisposable> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await reach.open(page, agent, "terminal", role);
  return Object.assign(page, { [Symbol.asyncDispose]: () => context.close() });
}

const TAKEN = "Taken: it is in the transcript";

test("words of several lines reach an agent in a tmux pane, and the page says when they were taken", async ({
  page,
  reach,
}) => {
  const agent = await reach.agent("tmux", "In a pane");
  await reach.open(page, agent);
  await field(page).fill("run the tests");
  await field(page).press("Shift+Enter");
  await field(page).pressSequentially("and mend them");
  await field(page).press("Enter");
  await expect(composer(page).getByRole("status")).toHaveText(TAKEN);
  await expect(field(page)).toHaveValue("");
  await expect(page.getByText("You said: run the tests and mend them").first()).toBeVisible();
  expect(agent.screen()).toContain("> run the tests / and mend them");

  await send(page, "and then the docs", TAKEN);
  await field(page).press("ArrowUp");
  await expect(field(page)).toHaveValue("and then the docs");
  await field(page).press("ArrowUp");
  await expect(field(page)).toHaveValue("run the tests\nand mend them");
  await field(page).press("ArrowDown");
  await field(page).press("ArrowDown");
  await expect(field(page)).toHaveValue("");
});

test("words for a busy agent are queued, Stop ends its turn, and then they are taken", async ({ page, reach }) => {
  const agent = await reach.agent("tmux", "At work");
  await reach.open(page, agent);
  await send(page, "work", TAKEN);
  const stop = page.getByRole("button", { name: "Stop", exact: true });
  await expect(stop).toBeVisible();
  await send(page, "and after that, rest", "Queued: the agent takes it after its turn");
  await stop.click();
  await expect(composer(page).getByRole("status")).toHaveText("Stopped");
  await expect(page.getByText("You said: and after that, rest").first()).toBeVisible();
  await expect(stop).toHaveCount(0);
});

test("words that nobody took are called not seen, and words that meet a draft are not sent and stay", async ({
  page,
  reach,
}) => {
  const agent = await reach.agent("pty", "Forgetful");
  await reach.open(page, agent);
  await send(page, "lose", /^Sent$/);
  await expect(composer(page).getByRole("status")).toHaveText("Not seen: its line is not in the transcript after 5 s");
  agent.type("a draft of the person");
  await expect.poll(() => agent.screen()).toContain("a draft of the person");
  await send(page, "words from afar", /^Not sent: somebody's draft stands in its input line/);
  await expect(field(page)).toHaveValue("words from afar");
  expect(agent.screen()).toContain("a draft of the person");
  expect(agent.screen()).not.toContain("words from afar");
});

test("a session out of reach says why and how to become reachable, and one that ended takes no words", async ({
  page,
  reach,
}) => {
  using hook = await AgentHook.of(reach.machine);
  const session = "5e550000-0000-4000-8000-000000000001";
  const transcript = { root: reach.machine.roots[0] as string, project: "-home-dev-shop", session };
  const conversation = new Conversation({ random: seededRandom(4), session });
  const writer = new TranscriptWriter();
  writer.append(writer.create(transcript), [conversation.title("Out of reach"), ...conversation.turn()]);
  hook.session(session, "cli", { status: "idle" });
  await reach.open(page, { session });
  await expect(composer(page)).toContainText(/Words cannot reach it: it (has no terminal|runs in a plain terminal)/);
  await expect(composer(page)).toContainText("agentpane run -- claude");
  await expect(field(page)).toHaveCount(0);

  const agent = await reach.agent("tmux", "Soon gone");
  await reach.open(page, agent);
  await expect(field(page)).toBeVisible();
  agent.press("C-c");
  await expect(composer(page)).toHaveCount(0);
});

test("the terminal shows what the program writes, and what is typed and pasted arrives", async ({ page, reach }) => {
  const agent = await reach.agent("pty", "Under run");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await reach.open(page, agent);
  await page.getByRole("button", { name: "Terminal", exact: true }).click();
  await expect(terminal(page)).toContainText("idle in 100x30");
  await expect(terminal(page)).toContainText("You look on.");
  agent.type("from the person");
  await expect(terminal(page)).toContainText("❯ from the person");
  agent.press("C-u");

  await page.getByRole("button", { name: "Type here" }).click();
  await expect(terminal(page)).toContainText("You type");
  await expect(keyboard(page)).toBeFocused();
  await page.keyboard.type("typed here");
  await page.keyboard.press("Backspace");
  await expect.poll(() => agent.screen()).toContain("❯ typed her");
  await page.keyboard.press("Enter");
  await expect(terminal(page)).toContainText("You said: typed her");
  await page.evaluate(() => navigator.clipboard.writeText("pasted\nin two lines"));
  await page.keyboard.press("Control+V");
  await expect.poll(() => agent.screen()).toMatch(/❯ pasted\n {2}in two lines/);
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowUp");
  await expect(terminal(page)).toContainText('key "\\u001b[A"');
  // The person at the terminal can type all the while.
  agent.type("me too");
  await expect(terminal(page)).toContainText("❯ me too");

  agent.resize(72, 20);
  await expect(terminal(page)).toContainText("idle in 72x20");
  await expect(terminal(page).locator("pre")).toContainText(/(^|[^─])─{72}([^─]|$)/);
});

test("one page at a time types: the other sees who does, and may take over; a viewer may not", async ({
  page,
  browser,
  reach,
}) => {
  const agent = await reach.agent("pty", "One writer");
  await reach.open(page, agent, "terminal");
  await page.getByRole("button", { name: "Type here" }).click();
  await expect(terminal(page)).toContainText("You type");

  await using second = await other(browser, reach, agent, "approver");
  await expect(terminal(second)).toContainText(/\S+ types/);
  await expect(keyboard(second)).toHaveCount(0);
  await using viewer = await other(browser, reach, agent, "viewer");
  await expect(terminal(viewer)).toContainText("idle in 100x30");
  await expect(viewer.getByRole("button", { name: /Type here|Take over/ })).toHaveCount(0);
  await expect(terminal(viewer)).toContainText(/\S+ types/);

  await second.getByRole("button", { name: "Take over" }).click();
  await expect(terminal(second)).toContainText("You type");
  await expect(keyboard(page)).toHaveCount(0);
  await expect(terminal(page)).toContainText(/\S+ types/);
  await second.keyboard.type("by the second");
  await expect(terminal(page)).toContainText("❯ by the second");
  await expect(terminal(viewer)).toContainText("❯ by the second");

  await second.close();
  await expect(page.getByRole("button", { name: "Type here" })).toBeVisible();
  await expect(terminal(viewer)).toContainText("Your link only lets you look.");
});

test("output that asks a terminal everything types nothing, and sets neither title, clipboard, colours nor links", async ({
  page,
  reach,
}) => {
  const typed: string[] = [];
  page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => {
      const frame = JSON.parse(String(payload)) as { type: string; data?: string };
      if (frame.type === "terminal.input") typed.push(Buffer.from(frame.data ?? "", "base64").toString("utf8"));
    }),
  );
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(request.url()));
  const agent = await reach.agent("pty", "Hostile");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await reach.open(page, agent, "terminal");
  await page.evaluate(() => navigator.clipboard.writeText("the person's own"));
  await page.getByRole("button", { name: "Type here" }).click();
  await expect(keyboard(page)).toBeFocused();
  await page.keyboard.type("hostile");
  await page.keyboard.press("Enter");
  await expect(terminal(page)).toContainText("a link <img src=https://evil.example/x>");
  await expect(terminal(page)).toContainText("You said: hostile");
  await terminal(page).locator("pre").click();
  await keyboard(page).focus();
  await page.keyboard.type("!");
  await expect(terminal(page)).toContainText("❯ !");
  expect(HOSTILE_OUTPUT.length).toBeGreaterThan(0);
  expect(typed.join("")).toBe("hostile\r!");
  expect(await page.title()).not.toContain(HOSTILE_TITLE);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("the person's own");
  expect(await terminal(page).locator("a, img").count()).toBe(0);
  expect(loaded.filter((url) => !url.startsWith(reach.product.origin))).toEqual([]);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const [name, viewport] of [
    ["desk", { width: 1440, height: 900 }],
    ["phone", { width: 390, height: 844 }],
  ] as const) {
    test.describe(`${name}, ${colorScheme}`, () => {
      test.use({ colorScheme, viewport, contextOptions: { reducedMotion: "reduce" } });

      test("axe finds nothing serious at the field and in the terminal, and nothing hangs over the edge", async ({
        page,
        reach,
      }) => {
        const agent = await reach.shared("On show");
        const noSidewaysScroll = async (): Promise<void> => {
          const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(over).toBeLessThanOrEqual(0);
        };
        await reach.open(page, agent);
        await send(page, "show me", TAKEN);
        expect(await seriousFindings(page), "composer").toEqual([]);
        await noSidewaysScroll();
        await page.getByRole("button", { name: "Terminal", exact: true }).click();
        await page.getByRole("button", { name: "Type here" }).click();
        await expect(terminal(page)).toContainText("You said: show me");
        await expect(keyboard(page)).toBeFocused();
        expect(await seriousFindings(page), "terminal").toEqual([]);
        await noSidewaysScroll();
      });
    });
  }
}
