import { spawn } from "node:child_process";

/** Opens a link in the person's browser where there is one; where not, nothing happens and nothing is said. */
export function openLink(url: string, platform: NodeJS.Platform = process.platform): void {
  const [command, ...args] = opener(url, platform);
  if (command === undefined) return;
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}

function opener(url: string, platform: NodeJS.Platform): string[] {
  if (platform === "darwin") return ["open", url];
  // Not `start`, which is a word of cmd.exe and would read `&` in the link.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", url];
  // Without a display xdg-open may start a text browser in this terminal.
  const hasDisplay = Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
  return hasDisplay ? ["xdg-open", url] : [];
}
