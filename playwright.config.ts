import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

/** Debian's own chromium where there is one: Playwright's download is large and is not built for every architecture. */
const DEBIAN_CHROMIUM = "/usr/bin/chromium";

export default defineConfig({
  testDir: "e2e/browser",
  testMatch: "**/*.spec.ts",
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: "line",
  outputDir: "test-results",
  use: {
    browserName: "chromium",
    launchOptions: existsSync(DEBIAN_CHROMIUM) ? { executablePath: DEBIAN_CHROMIUM } : {},
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
  },
});
