import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { openingOf, redirectFile } from "./open-link.ts";
import { othersCanLogIn } from "./other-users.ts";

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

const SYSTEM = "root:x:0:0::/root:/bin/bash\ndaemon:x:1:1::/:/usr/sbin/nologin\nnobody:x:65534:65534::/:/bin/sh\n";
const ME = "me:x:1000:1000::/home/me:/bin/bash\n";

test.each([
  ["one person", SYSTEM + ME, false],
  ["a second person", `${SYSTEM}${ME}you:x:1001:1001::/home/you:/bin/zsh\n`, true],
  ["a second account without a shell", `${SYSTEM}${ME}svc:x:1001:1001::/srv:/bin/false\n`, false],
  ["an empty table", "", false],
])("%s on the host", (_, passwd, others) => {
  expect(othersCanLogIn(() => passwd, 1000)).toBe(others);
});

test("where it cannot be told, others are there", () => {
  const unreadable = () => {
    throw new Error("no such file");
  };
  expect(othersCanLogIn(unreadable, 1000)).toBe(true);
});
