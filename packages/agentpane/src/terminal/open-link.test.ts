import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { openingOf, redirectFile } from "./open-link.ts";

const URL = "http://127.0.0.1:4477/#code=a_x";

test.each([
  ["linux", { DISPLAY: ":0" }, "xdg-open"],
  ["linux", { WAYLAND_DISPLAY: "wayland-0" }, "xdg-open"],
  ["linux", {}, undefined],
  ["linux", { DISPLAY: "" }, undefined],
  ["darwin", {}, "open"],
  ["win32", {}, "rundll32"],
] as const)("on %s with %j the link is opened by %s", (platform, env, command) => {
  expect(openingOf(URL, platform, env)?.command).toBe(command);
});

test("a link can be handed over in a file that its owner alone can read", () => {
  const folder = mkdtempSync(join(tmpdir(), "agentpane-link-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = fileURLToPath(redirectFile(URL, folder));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8")).toContain(`url=${URL}"`);
});
