/**
 * Takes the screenshots of `docs/screenshots/` from the running product: real server, real monitor, the real client's
 * transcripts from `fixtures/` and made sessions in every state. Run it with the dashboard built.
 */
import { cpSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Product, REPOSITORY, seededRandom, TranscriptWriter, until } from "@agentpane/testkit";
import { type BrowserContextOptions, chromium, type Page } from "@playwright/test";
import config from "../playwright.config.ts";
import { transcript } from "./browser/fixtures.ts";
import { writeDemoSessions } from "./demo-sessions.ts";

const OUT = join(REPOSITORY, "docs", "screenshots");
const MAX_BYTES = 300 * 1024;
const DESKTOP = { width: 1600, height: 1000 };
const PHONE = { width: 390, height: 844 };

await using product = new Product("screenshots");
await product.startServer();
const machine = await product.addMachine("workbench");
const root = machine.roots[0] ?? "";
cpSync(join(REPOSITORY, "fixtures/claude-code-2.1.330/projects"), join(root, "projects"), { recursive: true });
const ids = writeDemoSessions(new TranscriptWriter(), root, seededRandom(8));
product.startMonitor(machine);
const api = await product.api();
await until("every session is known", async () => {
  const { sessions } = await api.get<{ sessions: { id: string }[] }>("/api/v1/sessions?limit=500");
  const known = new Set(sessions.map((session) => session.id));
  return [...ids.values()].every((id) => known.has(id));
});
mkdirSync(OUT, { recursive: true });
const browser = await chromium.launch(config.use?.launchOptions ?? {});
try {
  for (const colorScheme of ["light", "dark"] as const) {
    await visit({ colorScheme, viewport: DESKTOP }, async (page) => {
      await shoot(page, `sessions-${colorScheme}`);
      await open(page, "Cart total is wrong with two coupons");
      await shoot(page, `session-${colorScheme}`);
      await open(page, "Which database for the price history?");
      await shoot(page, `question-${colorScheme}`);
    });
    await visit({ colorScheme, viewport: PHONE, deviceScaleFactor: 2, hasTouch: true }, async (page) => {
      await shoot(page, `phone-sessions-${colorScheme}`);
      await open(page, "Cart total is wrong with two coupons");
      await shoot(page, `phone-session-${colorScheme}`);
    });
  }
} finally {
  await browser.close();
}

async function visit(options: BrowserContextOptions, act: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ ...options, reducedMotion: "reduce" });
  const page = await context.newPage();
  const answer = await api.call("POST", "/api/v1/links", { body: { role: "admin" } });
  await page.goto(product.origin + (answer.body as { path: string }).path);
  await page.locator("a[data-session]").first().waitFor();
  await act(page);
  await context.close();
}

async function open(page: Page, title: string): Promise<void> {
  await page.goto(`${product.origin}/sessions/${ids.get(title)}`);
  await transcript(page).waitFor();
  await page.waitForLoadState("networkidle");
}

async function shoot(page: Page, name: string): Promise<void> {
  const path = join(OUT, `${name}.png`);
  await page.screenshot({ path });
  const { size } = statSync(path);
  process.stdout.write(`${name}.png ${Math.round(size / 1024)} KB\n`);
  if (size > MAX_BYTES) throw new Error(`${name}.png has ${size} bytes; ${MAX_BYTES} are allowed`);
}
