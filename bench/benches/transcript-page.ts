import { Product, seededRandom, TranscriptWriter, until } from "@agentpane/testkit";
import type { Page } from "@playwright/test";
import { countNodes, openDashboard, scrollFrames } from "../lib/chromium.ts";
import { type Figure, percentile } from "../lib/figures.ts";
import { type LongTranscript, writeLongTranscript } from "../lib/long-transcript.ts";

const EVENTS = 10_000;
const HUGE_BYTES = 40_000_000;
const OPENINGS = 5;
const LOG = "[data-panel-focus]";
/** A brisk wheel. */
const SCROLL_PX = 300;
const SCROLL_FRAMES = 600;
const LOAD_DEADLINE_MS = 120_000;
/** Three thousand frames and more, on a machine that does nothing else a minute. */
const SCROLL_DEADLINE_MS = 300_000;

/** A session of 10,000 events and one of 40 MB in a real browser: opened, scrolled through, searched. */
export async function transcriptPage(): Promise<Figure[]> {
  await using product = new Product("bench-transcript-page");
  await product.startServer();
  const machine = await product.addMachine("bench");
  const root = machine.roots[0] ?? "";
  const writer = new TranscriptWriter();
  const random = seededRandom(9);
  const long = writeLongTranscript(writer, root, random, {
    title: "Ten thousand events",
    outputChars: 1_500,
    // A line gives at least one event.
    enough: (lines) => lines >= EVENTS,
  });
  const huge = writeLongTranscript(writer, root, random, {
    title: "Forty megabytes",
    outputChars: 20_000,
    enough: (_, bytes) => bytes >= HUGE_BYTES,
  });
  product.startMonitor(machine);
  for (const one of [long, huge]) await untilCommitted(product, one);
  await using dashboard = await openDashboard(product);
  const { page } = dashboard;

  const opened = { long: [] as number[], huge: [] as number[] };
  for (let i = 0; i < OPENINGS; i += 1) {
    opened.huge.push(await timeToRead(page, product.origin, huge));
    opened.long.push(await timeToRead(page, product.origin, long));
  }
  const upwards = await scrollToBeginning(page);
  const nodes = await countNodes(page);
  const downwards = await scrollFrames(page, LOG, SCROLL_PX, SCROLL_FRAMES);
  const found = await timeToFind(product, huge);
  const size = `${(huge.file.life.completeBytes / 1e6).toFixed(0)} MB`;
  return [
    {
      what: `${size} opened by its address, median`,
      unit: "ms",
      measured: percentile(opened.huge, 0.5),
      target: 1_000,
    },
    { what: `${size} opened by its address, worst`, unit: "ms", measured: Math.max(...opened.huge), target: 1_000 },
    {
      what: `${EVENTS} events opened by their address, median`,
      unit: "ms",
      measured: percentile(opened.long, 0.5),
      target: 1_000,
    },
    {
      what: "scroll frame on the way up, p95",
      unit: "ms",
      measured: percentile(upwards, 0.95),
      target: 20,
      note: `all ${long.lines} lines, loaded on the way; p99 ${percentile(upwards, 0.99).toFixed(1)} ms, ${upwards.length} frames of ${SCROLL_PX} px`,
    },
    { what: "scroll frame on the way up, worst", unit: "ms", measured: Math.max(...upwards), target: null },
    { what: "scroll frame down again, p95", unit: "ms", measured: percentile(downwards, 0.95), target: 20 },
    { what: "DOM nodes", unit: "nodes", measured: nodes, target: 1_500, note: "list and rail included" },
    { what: `all of ${size} searched for a text that is not there`, unit: "ms", measured: found.ms, target: null },
    { what: "longest step of it", unit: "ms", measured: found.longestMs, target: null, note: `${found.steps} steps` },
  ];
}

async function untilCommitted(product: Product, { session, file }: LongTranscript): Promise<void> {
  const api = await product.api();
  await until(
    "the transcript is committed",
    async () => {
      const answer = await api.call("GET", `/api/v1/sessions/${session}`);
      return (answer.body as { bytes?: number }).bytes === file.life.completeBytes;
    },
    { deadlineMs: LOAD_DEADLINE_MS },
  );
}

/** From the start of the navigation until the transcript's end is there to be read. */
async function timeToRead(page: Page, origin: string, { session }: LongTranscript): Promise<number> {
  await page.goto(`${origin}/sessions/${session}`, { waitUntil: "commit" });
  await page.waitForFunction(
    (log) => {
      const element = document.querySelector(log);
      if (element === null || element.querySelector("article .prose") === null) return false;
      return element.scrollHeight - element.scrollTop - element.clientHeight < 50;
    },
    LOG,
    { polling: "raf" },
  );
  return await page.evaluate(() => performance.now());
}

/** Scrolls up until the first event stands there; pages are loaded on the way. */
async function scrollToBeginning(page: Page): Promise<number[]> {
  return await page.evaluate(
    async ([log, px, deadlineMs]) => {
      const scroller = document.querySelector(log) as HTMLElement;
      const lengths: number[] = [];
      let last = await new Promise<number>(requestAnimationFrame);
      const deadline = last + deadlineMs;
      const isBeginning = () => scroller.scrollTop <= 0 && scroller.textContent?.startsWith("Beginning") === true;
      while (!isBeginning()) {
        if (last > deadline) throw new Error("the beginning did not come");
        scroller.scrollTop -= px;
        const now = await new Promise<number>(requestAnimationFrame);
        lengths.push(now - last);
        last = now;
      }
      return lengths;
    },
    [LOG, SCROLL_PX, SCROLL_DEADLINE_MS] as const,
  );
}

async function timeToFind(product: Product, { session }: LongTranscript) {
  const api = await product.api();
  let ms = 0;
  let longestMs = 0;
  let steps = 0;
  for (let after: string | null = ""; after !== null; steps += 1) {
    const begun = performance.now();
    const query: string = after === "" ? "" : `&after=${after}`;
    const page = await api.get<{ next: string | null }>(`/api/v1/sessions/${session}/find?q=not-to-be-found${query}`);
    const took = performance.now() - begun;
    ms += took;
    longestMs = Math.max(longestMs, took);
    after = page.next;
  }
  return { ms, longestMs, steps };
}
