import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runWithProgress } from "../enter/progress.mjs";

/** What the tests need of the system, and the Debian package that brings it. */
const TOOLS = { unshare: "util-linux", ip: "iproute2", tmux: "tmux" } as const;
const APT_TIMEOUT_MS = 10 * 60_000;
/** Tools of the administrator are not in everybody's PATH. */
const MORE_FOLDERS = ["/usr/sbin", "/sbin"];

/** Gets what is missing through apt, where we are root on Debian; answers why the tests cannot run, or null where they can. */
export async function missingTools(): Promise<string | null> {
  if (process.platform !== "linux") return "they need Linux, for a network that holds loopback only";
  const packages = () => [...new Set(Object.entries(TOOLS).flatMap(([tool, name]) => (isThere(tool) ? [] : [name])))];
  if (packages().length > 0 && existsSync("/usr/bin/apt-get") && process.getuid?.() === 0) {
    const options = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, timeoutMs: APT_TIMEOUT_MS, cwd: "/" };
    await runWithProgress("apt-get update", "apt-get", ["update"], options);
    const args = ["install", "-y", "--no-install-recommends", ...packages()];
    await runWithProgress(`apt-get install ${packages().join(" ")}`, "apt-get", args, options);
  }
  const missing = packages();
  if (missing.length > 0) return `these packages are missing: ${missing.join(", ")}`;
  const probe = await runWithProgress("a network of our own", "unshare", [...UNSHARE, "true"], {
    cwd: "/",
    quiet: true,
  });
  return probe.code === 0 ? null : `unshare is refused: ${probe.output.trim()}`;
}

/** A network namespace of its own; a user who is not root needs a user namespace for that. */
export const UNSHARE: readonly string[] = process.getuid?.() === 0 ? ["-n"] : ["-r", "-n"];

/** Whether it is in the PATH, or with the administrator's tools. */
export function isThere(tool: string): boolean {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...MORE_FOLDERS];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
