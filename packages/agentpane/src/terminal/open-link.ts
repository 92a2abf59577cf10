import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export interface Opening {
  command: string;
  args: string[];
}

/**
 * Opens a link in the person's browser where there is one; where not, nothing happens and nothing is said.
 * Where others use this host they could read the link, with its code, in the list of processes: there the browser is given
 * a file that only its owner can read and that leads on to the link.
 */
export async function openLink(url: string, folder: string): Promise<void> {
  const target = (await linkIsSafe(process.platform)) ? url : redirectFile(url, folder);
  const opening = openingOf(target, process.platform, process.env);
  if (opening === null) return;
  const child = spawn(opening.command, opening.args, { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}

/** What shows `target` on this platform; null where there is nothing to show it on. */
export function openingOf(target: string, platform: NodeJS.Platform, env: NodeJS.ProcessEnv): Opening | null {
  if (platform === "darwin") return { command: "open", args: [target] };
  // Not `start`, which is a word of cmd.exe and would read `&` in the link.
  if (platform === "win32") return { command: "rundll32", args: ["url.dll,FileProtocolHandler", target] };
  // Without a display xdg-open may start a text browser in this terminal.
  const hasDisplay = Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
  return hasDisplay ? { command: "xdg-open", args: [target] } : null;
}

async function linkIsSafe(platform: NodeJS.Platform): Promise<boolean> {
  // Windows shows other people's command lines to administrators only; macOS shows them to everybody.
  if (platform !== "linux") return platform === "win32";
  // Loaded only here: a start shall not wait for the monitor's libraries.
  const { othersCanLogIn } = await import("@agentpane/cli-monitor");
  return !othersCanLogIn();
}

/** Made anew for each link, whose code is good once. */
export function redirectFile(url: string, folder: string): string {
  const path = join(folder, "open.html");
  const page = `<!doctype html><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url=${url}">`;
  writeFileSync(path, page, { mode: 0o600 });
  return pathToFileURL(path).href;
}
