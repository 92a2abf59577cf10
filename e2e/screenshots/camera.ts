import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Product, REPOSITORY } from "@agentpane/testkit";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "@playwright/test";
import config from "../../playwright.config.ts";
import { pressed } from "./press-png.ts";

const MAX_BYTES = 250_000;

type Theme = "light" | "dark";
const THEMES: readonly Theme[] = ["dark", "light"];

/** A window that is looked through; its name begins the file's name. What shows little of the theme is taken in one. */
export interface Window {
  prefix: string;
  themes: readonly Theme[];
  options: BrowserContextOptions;
}

export const DESK: Window = { prefix: "", themes: THEMES, options: { viewport: { width: 1440, height: 900 } } };
export const PHONE: Window = {
  prefix: "phone-",
  themes: THEMES,
  options: { viewport: { width: 390, height: 844 }, hasTouch: true },
};
export const SMALL: Window = {
  prefix: "small-",
  themes: ["light"],
  options: { viewport: { width: 320, height: 640 }, hasTouch: true },
};
/** What a desk of 1440 by 900 leaves at 200 %. */
export const ZOOMED: Window = {
  prefix: "zoomed-",
  themes: ["light"],
  options: { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 },
};
export const FORCED: Window = {
  prefix: "forced-",
  themes: ["dark"],
  options: { ...DESK.options, forcedColors: "active" },
};

/** One picture: how to get there from a page that is signed in. */
export interface Shot {
  name: string;
  windows: readonly Window[];
  /** It goes to its page itself; else it begins at the list. */
  ownWay?: boolean;
  take(page: Page): Promise<void>;
}

/** Takes pictures of one product in both themes; only of those whose file name matches. */
export class Camera implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #wanted: RegExp;
  /** The folder that stands in for a home, of the product last looked at. */
  #home = "";

  private constructor(browser: Browser, folder: string, wanted: RegExp) {
    this.#browser = browser;
    this.#folder = folder;
    this.#wanted = wanted;
  }

  static async open(folder: string, wanted: RegExp): Promise<Camera> {
    mkdirSync(folder, { recursive: true });
    return new Camera(await chromium.launch(config.use?.launchOptions ?? {}), folder, wanted);
  }

  wants(shots: readonly Shot[]): boolean {
    return this.#views(shots).length > 0;
  }

  /** Each picture from a page of its own, so that none depends on the one before; a window signs in once. */
  async take(product: Product, shots: readonly Shot[]): Promise<void> {
    const signedIn = new Map<string, Page>();
    for (const { window, theme, shot, file } of this.#views(shots)) {
      const key = `${window.prefix} ${theme}`;
      const first = signedIn.get(key) ?? (await this.page(product, window, theme));
      signedIn.set(key, first);
      const page = await first.context().newPage();
      if (shot.ownWay !== true) await page.goto(product.origin);
      await this.shoot(page, file, shot);
      await page.context().setOffline(false);
      await page.close();
    }
    for (const page of signedIn.values()) await page.context().close();
  }

  /** Signed in and loaded first, taken when `then` has happened: what a page shows of a server that went. */
  async takeAfter(product: Product, shots: readonly Shot[], then: () => Promise<void>): Promise<void> {
    const pages: (() => Promise<void>)[] = [];
    for (const view of this.#views(shots)) {
      const page = await this.page(product, view.window, view.theme);
      await page.locator("a[data-session]").first().waitFor();
      pages.push(async () => {
        await this.shoot(page, view.file, view.shot);
        await page.context().close();
      });
    }
    if (pages.length === 0) return;
    await then();
    for (const take of pages) await take();
  }

  /** Signed in. */
  async page(product: Product, window: Window, colorScheme: Theme): Promise<Page> {
    const context = await this.#browser.newContext({ ...window.options, colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    this.#home = product.folder.path;
    const api = await product.api();
    const answer = await api.call("POST", "/api/v1/links", { body: { role: "admin" } });
    await page.goto(product.origin + (answer.body as { path: string }).path);
    await page.getByRole("navigation", { name: "Pages" }).first().waitFor();
    return page;
  }

  async shoot(page: Page, file: string, shot: Shot): Promise<void> {
    try {
      await shot.take(page);
      await page.waitForLoadState("networkidle");
    } catch (error) {
      process.exitCode = 1;
      process.stdout.write(`${file}: ${(error as Error).message.split("\n").slice(0, 4).join(" ")}\n`);
    }
    await page.evaluate(asElsewhere, [
      [REPOSITORY, "/opt/agentpane"],
      [this.#home, "/home/dev"],
    ] as const);
    const png = pressed(await page.screenshot());
    writeFileSync(join(this.#folder, file), png);
    if (png.length > MAX_BYTES) {
      process.exitCode = 1;
      process.stdout.write(`${file} has ${png.length} bytes; ${MAX_BYTES} are allowed\n`);
    }
  }

  #views(shots: readonly Shot[]): { shot: Shot; window: Window; theme: Theme; file: string }[] {
    return shots
      .flatMap((shot) => shot.windows.map((window) => ({ shot, window })))
      .flatMap(({ shot, window }) =>
        window.themes.map((theme) => ({
          shot,
          window,
          theme,
          file: `${window.prefix}${shot.name}-${theme}.png`,
        })),
      )
      .filter(({ file }) => this.#wanted.test(file));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

/** In the page: folders of the machine that takes the pictures are nobody's business. */
function asElsewhere(names: readonly (readonly [string, string])[]): void {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode())
    for (const [from, to] of names)
      if (from !== "" && node.nodeValue?.includes(from)) node.nodeValue = node.nodeValue.replaceAll(from, to);
}
