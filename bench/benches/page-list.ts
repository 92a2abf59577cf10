import { setTimeout as delay } from "node:timers/promises";
import { Product } from "@agentpane/testkit";
import type { Page } from "@playwright/test";
import { countNodes, framesDuring, heapBytes, openDashboard, scrollFrames } from "../lib/chromium.ts";
import { type Figure, percentile } from "../lib/figures.ts";
import { ManySessions } from "../lib/many-sessions.ts";

const SESSIONS = 10_000;
const NAVIGATIONS = 5;
const SCROLLER = "[data-list]";
/** A brisk wheel: seven rows a frame. */
const SCROLL_PX = 322;
const SCROLL_FRAMES = 400;
const CHANGES_PER_SECOND = 50;
const BODIES_PER_SECOND = 10;
const STORM_SECONDS = 20;
/** An hour of what 30 busy sessions do, told as fast as it is taken. */
const REPLAY_CHANGES = 36_000;
const REPLAY_PAUSE_MS = 20;
const REPLAYED_SESSIONS = 30;

/** The list of 10,000 sessions in a real browser: opened, scrolled, under changes, and after an hour of them. */
export async function pageList(): Promise<Figure[]> {
  await using product = new Product("bench-page-list");
  await product.startServer();
  const many = await ManySessions.in(product, SESSIONS);
  await using dashboard = await openDashboard(product);
  const { page, tools } = dashboard;
  await page.locator("a[data-session]").first().waitFor();

  const opened: number[] = [];
  for (let i = 0; i < NAVIGATIONS; i += 1) opened.push(await timeToInteractive(page));
  await loadAll(page);
  const scrolled = await scrollFrames(page, SCROLLER, SCROLL_PX, SCROLL_FRAMES);
  const nodes = await countNodes(page);
  await page.evaluate((selector) => document.querySelector(selector)?.scrollTo(0, 0), SCROLLER);

  // Neither pointer nor focus holds the order: rows come, go and change places.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const stormy = await framesDuring(page, () => storm(many));
  // What a first storm fills (caches, pools of rows) is no growth.
  const before = await heapBytes(tools);
  await replay(many);
  await delay(2_000);
  const after = await heapBytes(tools);

  const searched = await searches(product);

  const note = `${SESSIONS} sessions, ${scrolled.length} frames of ${SCROLL_PX} px`;
  return [
    { what: "list interactive after navigation, median", unit: "ms", measured: percentile(opened, 0.5), target: 1_000 },
    { what: "list interactive after navigation, worst", unit: "ms", measured: Math.max(...opened), target: 1_000 },
    { what: "scroll frame, p95", unit: "ms", measured: percentile(scrolled, 0.95), target: 20, note },
    { what: "scroll frame, worst", unit: "ms", measured: Math.max(...scrolled), target: null },
    { what: "DOM nodes", unit: "nodes", measured: nodes, target: 1_500, note: "with all sessions loaded, at the end" },
    {
      what: `longest frame under ${CHANGES_PER_SECOND} changes a second`,
      unit: "ms",
      measured: Math.max(...stormy),
      target: 50,
      note: `${STORM_SECONDS} s, all sessions loaded; p99 ${percentile(stormy, 0.99).toFixed(1)} ms`,
    },
    {
      what: `heap after ${REPLAY_CHANGES} more changes`,
      unit: "% of before",
      measured: (after / before) * 100,
      target: 110,
      note: `${(before / 1e6).toFixed(1)} MB before, ${(after / 1e6).toFixed(1)} MB after`,
    },
    { what: "a page of a search over all, p50", unit: "ms", measured: percentile(searched, 0.5), target: null },
    { what: "a page of a search over all, p99", unit: "ms", measured: percentile(searched, 0.99), target: null },
  ];
}

/** Words that many, few and no sessions have. */
const SEARCHES = ["number", "number 77", "parser 9", "nowhere to be found"];
const SEARCH_ROUNDS = 50;

async function searches(product: Product): Promise<number[]> {
  const api = await product.api();
  const took: number[] = [];
  for (let round = 0; round < SEARCH_ROUNDS; round += 1) {
    for (const q of SEARCHES) {
      const begun = performance.now();
      await api.get(`/api/v1/sessions?limit=100&q=${encodeURIComponent(q)}`);
      took.push(performance.now() - begun);
    }
  }
  return took;
}

/** From the start of the navigation until a row is there and a key moves to it. */
async function timeToInteractive(page: Page): Promise<number> {
  await page.reload({ waitUntil: "commit" });
  await page.locator("a[data-session]").first().waitFor();
  await page.keyboard.press("j");
  await page.waitForFunction(() => document.activeElement?.hasAttribute("data-session"), undefined, { polling: "raf" });
  return await page.evaluate(() => performance.now());
}

/** Scrolls to the end until every session is there. */
async function loadAll(page: Page): Promise<void> {
  await page.evaluate(
    async ([selector, all]) => {
      const scroller = document.querySelector(selector) as HTMLElement;
      const deadline = performance.now() + 120_000;
      while (!document.querySelector("[data-count]")?.textContent?.startsWith(all)) {
        if (performance.now() > deadline) throw new Error("not all sessions were loaded");
        scroller.scrollTop = scroller.scrollHeight;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      scroller.scrollTop = 0;
      await new Promise((resolve) => setTimeout(resolve, 500));
    },
    [SCROLLER, `${SESSIONS.toLocaleString("en")} sessions`] as const,
  );
}

async function storm(many: ManySessions): Promise<void> {
  const perBody = CHANGES_PER_SECOND / BODIES_PER_SECOND;
  const begun = performance.now();
  for (let body = 0; body < STORM_SECONDS * BODIES_PER_SECOND; body += 1) {
    const from = body * perBody;
    await many.say(
      Array.from({ length: perBody }, (_, index) => ((from + index) * 7) % SESSIONS),
      `word ${body}`,
    );
    await delay(Math.max(0, begun + (body + 1) * (1_000 / BODIES_PER_SECOND) - performance.now()));
  }
}

async function replay(many: ManySessions): Promise<void> {
  const busy = Array.from({ length: REPLAYED_SESSIONS }, (_, index) => index);
  for (let done = 0; done < REPLAY_CHANGES; done += REPLAYED_SESSIONS) {
    await many.say(busy, `change ${done}`);
    await delay(REPLAY_PAUSE_MS);
  }
}
