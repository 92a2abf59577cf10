import type { Product } from "@agentpane/testkit";
import { type BrowserContextOptions, type CDPSession, chromium, type Page } from "@playwright/test";
import config from "../../playwright.config.ts";

/** The dashboard in a browser of its own, with a profile that nobody used before. Disposing ends it. */
export interface Dashboard extends AsyncDisposable {
  page: Page;
  /** The browser's own tools, for what the page cannot know of itself. */
  tools: CDPSession;
}

const VIEWPORT = { width: 1440, height: 900 };

/** Signs in through a one-time link and leaves the page on the list. */
export async function openDashboard(product: Product, options: BrowserContextOptions = {}): Promise<Dashboard> {
  const browser = await chromium.launch(config.use?.launchOptions ?? {});
  try {
    const context = await browser.newContext({ viewport: VIEWPORT, ...options });
    const page = await context.newPage();
    const api = await product.api();
    const answer = await api.call("POST", "/api/v1/links", { body: { role: "admin" } });
    await page.goto(product.origin + (answer.body as { path: string }).path);
    await page.waitForURL((url) => !url.hash.includes("code="));
    const tools = await context.newCDPSession(page);
    return { page, tools, [Symbol.asyncDispose]: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** Milliseconds between the frames that the page painted while `act` ran. */
export async function framesDuring(page: Page, act: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const frames: number[] = [];
    const probe = { frames, running: true };
    (window as unknown as { frameProbe: typeof probe }).frameProbe = probe;
    let last = performance.now();
    const tick = (now: number) => {
      frames.push(now - last);
      last = now;
      if (probe.running) requestAnimationFrame(tick);
    };
    requestAnimationFrame((now) => {
      last = now;
      requestAnimationFrame(tick);
    });
  });
  await act();
  return await page.evaluate(() => {
    const { frameProbe } = window as unknown as { frameProbe: { frames: number[]; running: boolean } };
    frameProbe.running = false;
    return frameProbe.frames;
  });
}

/** Scrolls what `selector` names from its top to its end by the wheel, `px` a frame; answers the frames' lengths. */
export async function scrollFrames(page: Page, selector: string, px: number, frames: number): Promise<number[]> {
  return await page.evaluate(
    async ([selector, px, frames]) => {
      const scroller = document.querySelector(selector);
      if (scroller === null) throw new Error(`nothing is ${selector}`);
      const lengths: number[] = [];
      let last = await new Promise<number>(requestAnimationFrame);
      for (let i = 0; i < frames; i += 1) {
        scroller.scrollTop += px;
        const now = await new Promise<number>(requestAnimationFrame);
        lengths.push(now - last);
        last = now;
      }
      return lengths;
    },
    [selector, px, frames] as const,
  );
}

export async function countNodes(page: Page): Promise<number> {
  return await page.evaluate(() => document.querySelectorAll("*").length);
}

/** Bytes of JavaScript heap that are still reachable. */
export async function heapBytes(tools: CDPSession): Promise<number> {
  await tools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await tools.send("Runtime.getHeapUsage");
  return usedSize;
}
