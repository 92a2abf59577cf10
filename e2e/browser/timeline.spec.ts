import { cpSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "@agentpane/testkit";
import type { Locator, Page } from "@playwright/test";
import { type TimelineSession, writeTimelineSession } from "../demo-timeline.ts";
import { seriousFindings } from "./axe.ts";
import { expect, type Stage, test, transcript } from "./fixtures.ts";

test.use({ file: "timeline" });

/** A session with everything that a timeline can show, once the server knows all of it. */
async function stagedSession(stage: Stage): Promise<TimelineSession> {
  const made = writeTimelineSession(stage.machine.roots[0] ?? "", Date.now(), stage.random.uuid());
  await expect(async () => {
    const { spans, agents } = await stage.api.get<{
      spans: { to: number | null; agent?: string }[];
      agents: unknown[];
    }>(`/api/v1/sessions/${made.id}/timeline`);
    expect(agents).toHaveLength(3);
    expect(spans.some(({ to, agent }) => to === null && agent === undefined)).toBe(true);
  }).toPass({ timeout: 30_000 });
  return made;
}

async function openTab(page: Page, stage: Stage, session: string, tab: string): Promise<void> {
  await stage.signIn(page);
  await page.goto(`${stage.product.origin}/sessions/${session}?tab=${tab}`);
}

const chart = (page: Page): Locator => page.getByRole("group", { name: /^Timeline from/ });

test("the timeline is walked with the keys alone, and Enter opens the event in the transcript", async ({
  page,
  stage,
}) => {
  const made = await stagedSession(stage);
  await openTab(page, stage, made.id, "timeline");
  await chart(page).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Home");
  const event = page.locator(".timeline-ring");
  await expect(event).toBeFocused();
  await expect(event).toHaveAttribute("aria-label", /^Bash, node bench\/route\.mjs --lag 0/);
  await page.keyboard.press("ArrowRight");
  await expect(event).toHaveAttribute("aria-label", /^Bash, psql .*failed, exit 2$/);
  await page.keyboard.press("+");
  await expect(page.getByRole("button", { name: "Whole session" })).toHaveAttribute("aria-pressed", "false");
  await page.keyboard.press("0");
  await expect(page.getByRole("button", { name: "Whole session" })).toHaveAttribute("aria-pressed", "true");
  await event.press("Enter");
  await expect(page).toHaveURL(/event=[0-9a-z.]+/);
  await expect(transcript(page)).toContainText("server closed the connection");
});

test("the pointer zooms, drags and opens; the strip below shows which part is seen", async ({ page, stage }) => {
  const made = await stagedSession(stage);
  await openTab(page, stage, made.id, "timeline");
  await expect(page.locator('.timeline-wait[title*="waited 4 m 24 s for an answer"]')).toBeAttached();
  await expect(page.locator('.timeline-compaction[title*="compacted, 91% to 34%"]')).toBeAttached();
  const seen = page.getByRole("slider", { name: /^What is shown/ });
  const words = () => seen.getAttribute("aria-valuetext");
  const all = await words();
  const box = await page.locator(".timeline-plot").boundingBox();
  if (box === null) throw new Error("the plot is not there");
  await page.mouse.move(box.x + box.width * 0.3, box.y + 100);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -600);
  await page.keyboard.up("Control");
  await expect.poll(words).not.toBe(all);
  const zoomed = await words();
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.1, box.y + 100, { steps: 4 });
  await page.mouse.up();
  await expect.poll(words).not.toBe(zoomed);
  const whole = page.getByRole("button", { name: "Whole session" });
  await expect(whole).toHaveAttribute("aria-pressed", "false");
  await whole.click();
  await expect(whole).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "verify", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`agent=${made.agents.verify}`));
});

test("the timeline grows while the session works", async ({ page, stage }) => {
  const made = await stagedSession(stage);
  await openTab(page, stage, made.id, "timeline");
  const around = page.locator(".timeline-around");
  await expect(around).toContainText("node bench/route.mjs --lag 30 --duration 60");
  made.grow("npm run the-next-thing");
  await expect(around).toContainText("npm run the-next-thing", { timeout: 30_000 });
});

test("where there is room, the event itself stands beside the list", async ({ page, stage }) => {
  const made = await stagedSession(stage);
  await openTab(page, stage, made.id, "timeline");
  const detail = page.getByRole("region", { name: "The event" });
  await expect(chart(page)).toBeVisible();
  await expect(detail).toHaveCount(0);
  await page.getByRole("button", { name: "Use the whole width" }).click();
  await expect(detail.getByRole("article", { name: /^Bash: node bench\/route\.mjs --lag 30/ })).toBeVisible();
  await chart(page).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await expect(detail.getByRole("article", { name: /^Bash: psql/ })).toContainText("server closed the connection");
  expect(await seriousFindings(page)).toEqual([]);
});

test("the same is a table for who reads instead of looking", async ({ page, stage }) => {
  const made = await stagedSession(stage);
  await openTab(page, stage, made.id, "timeline");
  await page.getByRole("button", { name: "Table", exact: true }).click();
  const table = page.getByRole("table", { name: "Events in view" });
  await expect(table.getByRole("row", { name: /psql .* failed, exit 2/ }).first()).toBeVisible();
  await table.getByRole("link").first().click();
  await expect(page).toHaveURL(/event=/);
});

test("files say what changed, and show each change with the way to its place", async ({ page, stage }) => {
  const made = await stagedSession(stage);
  await openTab(page, stage, made.id, "files");
  await page.getByRole("button", { name: "Changed", exact: true }).click();
  const file = page.getByRole("button", { name: /route-reads\.ts/ });
  await file.focus();
  await page.keyboard.press("Enter");
  const changes = page.getByRole("region", { name: "Changes of route-reads.ts" });
  await expect(changes).toContainText("if (lag() > maxLag) return primary;");
  await changes
    .getByRole("link", { name: /In the transcript/ })
    .first()
    .click();
  await expect(page).toHaveURL(/event=/);
});

test("agents are a tree for the keys, and Enter opens a transcript", async ({ page, stage }) => {
  const made = await stagedSession(stage);
  await openTab(page, stage, made.id, "agents");
  const tree = page.getByRole("treegrid", { name: "Agents" });
  await expect(tree.getByRole("row")).toHaveCount(4);
  await tree.locator(`[data-agent="${made.agents.explore}"]`).focus();
  await page.keyboard.press("ArrowDown");
  await expect(tree.locator(`[data-agent="${made.agents.verify}"]`)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`agent=${made.agents.verify}`));
});

test("a real client's session is told along its time, with its agents and files", async ({ page, stage }) => {
  const id = "71d5bd3a-9fd3-4e20-87c3-dd30444c79c2";
  cpSync(join(REPOSITORY, "fixtures/claude-code-2.1.330/projects"), join(stage.machine.roots[0] ?? "", "projects"), {
    recursive: true,
  });
  type Told = { spans: { kind?: string; tool?: string; failed?: boolean }[]; agents: { id: string }[] };
  let told: Told = { spans: [], agents: [] };
  await expect(async () => {
    const { events } = await stage.api.get<{ events: number }>(`/api/v1/sessions/${id}`);
    expect(events).toBeGreaterThan(0);
    told = await stage.api.get<Told>(`/api/v1/sessions/${id}/timeline`);
    expect(told.agents.length).toBeGreaterThan(0);
  }).toPass({ timeout: 30_000 });
  await openTab(page, stage, id, "timeline");
  await expect(chart(page)).toBeVisible();
  await page.getByRole("button", { name: "Table", exact: true }).click();
  const rows = page.getByRole("table", { name: "Events in view" }).getByRole("row");
  const tools = new Set(told.spans.flatMap(({ tool }) => (tool === undefined ? [] : [tool])));
  expect(tools.size).toBeGreaterThan(2);
  for (const tool of tools) await expect(rows.filter({ hasText: tool }).first(), tool).toBeAttached();
  await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Agents" }).click();
  const agents = page.getByRole("treegrid", { name: "Agents" });
  await expect(agents.locator("[data-agent]")).toHaveCount(told.agents.length);
  await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Files" }).click();
  await expect(page.locator(".files button").filter({ visible: true }).first()).toBeVisible();
});

const WINDOWS = [
  { name: "a desk", viewport: { width: 1440, height: 900 }, forcedColors: "none" },
  { name: "a phone", viewport: { width: 390, height: 844 }, forcedColors: "none" },
  { name: "320 pixels", viewport: { width: 320, height: 640 }, forcedColors: "none" },
  // What 1280 by 800 leaves at 200 %.
  { name: "200 % and forced colours", viewport: { width: 640, height: 400 }, forcedColors: "active" },
] as const;

for (const colorScheme of ["dark", "light"] as const) {
  test(`axe finds nothing serious on the three tabs, ${colorScheme}, in any window`, async ({ browser, stage }) => {
    const made = await stagedSession(stage);
    for (const { name, viewport, forcedColors } of WINDOWS) {
      const context = await browser.newContext({ colorScheme, viewport, forcedColors, reducedMotion: "reduce" });
      const page = await context.newPage();
      await stage.signIn(page);
      for (const [tab, selector] of [
        ["timeline", ".timeline"],
        ["files", ".files"],
        ["agents", ".agents"],
      ] as const) {
        await page.goto(`${stage.product.origin}/sessions/${made.id}?tab=${tab}`);
        await page.locator(`${selector} :is(a, button, [role=row])`).filter({ visible: true }).first().waitFor();
        expect(await seriousFindings(page), `${tab} in ${name}`).toEqual([]);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(wider, `${tab} in ${name} is wider than the window`).toBeLessThanOrEqual(0);
      }
      await context.close();
    }
  });
}
