import { existsSync, readFileSync } from "node:fs";
import { isThere } from "../agent/tools.ts";
import { runWithProgress } from "../enter/progress.mjs";
import { type Gate, type Outcome, runNode } from "./step.ts";

const DEBIAN_CHROMIUM = "/usr/bin/chromium";
const APT_TIMEOUT_MS = 10 * 60_000;

/** Opens a page and reads it back, with the browser that playwright.config.ts names. */
const PROBE = `
import { chromium } from "@playwright/test";
import config from "./playwright.config.ts";
const browser = await chromium.launch(config.use?.launchOptions ?? {});
const page = await browser.newPage();
await page.setContent("<h1>seen</h1>");
if ((await page.textContent("h1")) !== "seen") throw new Error("the page is not what was put on it");
console.log(browser.version());
await browser.close();
`;

/**
 * Makes sure that there is a browser that starts: Debian's own through apt where we are root, else Playwright's download; and
 * tmux, in which the browser tests run agents.
 */
export async function getBrowser(gate: Gate): Promise<Outcome> {
  let output = "";
  const missing = [
    ...(existsSync(DEBIAN_CHROMIUM) ? [] : ["chromium", "fonts-liberation"]),
    ...(isThere("tmux") ? [] : ["tmux"]),
  ];
  if (missing.length > 0 && isDebian() && process.getuid?.() === 0) output += await installWithApt(gate, missing);
  if (!existsSync(DEBIAN_CHROMIUM)) {
    const install = ["node_modules/@playwright/test/cli.js", "install", "--only-shell", "chromium"];
    output += (await runNode(gate, "getting Playwright's chromium", install)).output;
  }
  if (!isThere("tmux"))
    return { passed: 0, failed: 1, output: `${output}\nNo tmux. Install it: apt-get install tmux.` };
  const probe = await runNode(gate, "starting the browser", ["--input-type=module", "-e", PROBE]);
  if (probe.code === 0)
    return { passed: 1, failed: 0, output: "", note: `chromium ${probe.output.trim().split("\n").at(-1)}` };
  const advice =
    "No browser that starts. Install one: apt-get install chromium, or npx playwright install --with-deps chromium.";
  return { passed: 0, failed: 1, output: `${output}\n${probe.output}\n${advice}` };
}

async function installWithApt(gate: Gate, names: readonly string[]): Promise<string> {
  const options = {
    cwd: gate.root,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    timeoutMs: APT_TIMEOUT_MS,
  };
  const update = await runWithProgress("apt-get update", "apt-get", ["update"], options);
  const packages = ["install", "-y", "--no-install-recommends", ...names];
  const install = await runWithProgress(`apt-get install ${names.join(" ")}`, "apt-get", packages, options);
  return update.output + install.output;
}

/** Ubuntu's package of the same name only points to a snap, which containers do not have. */
function isDebian(): boolean {
  try {
    return /^ID="?debian"?$/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}
