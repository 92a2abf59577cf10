import { execFileSync } from "node:child_process";
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** Longest wait for a system tool that prints the host's id. */
const TOOL_TIMEOUT_MS = 2_000;

/** SHA-256 of the host's own id; the id itself leaves no process. Falls back to the host name. */
export function hostSha256(): string {
  return hash("sha256", `agentpane host ${hostOwnId() ?? os.hostname()}`, "hex");
}

/**
 * This host's part of the state folder: a home that several hosts share, or that was copied to another one, holds one for
 * each, so none takes another's id, locks or status for its own.
 */
export function hostFolder(stateFolder: string, host: string = hostSha256()): string {
  return path.join(stateFolder, `host-${host.slice(0, 12)}`);
}

function hostOwnId(): string | null {
  try {
    switch (process.platform) {
      case "linux":
        return readFileSync("/etc/machine-id", "utf8").trim() || null;
      case "darwin":
        return toolOutput("/usr/sbin/ioreg", ["-rd1", "-c", "IOPlatformExpertDevice"], /"IOPlatformUUID" = "([^"]+)"/);
      case "win32":
        return toolOutput(
          "reg.exe",
          ["query", "HKLM\\SOFTWARE\\Microsoft\\Cryptography", "/v", "MachineGuid"],
          /MachineGuid\s+REG_SZ\s+(\S+)/,
        );
      default:
        return null;
    }
  } catch {
    return null;
  }
}

function toolOutput(tool: string, args: string[], pattern: RegExp): string | null {
  const text = execFileSync(tool, args, { encoding: "utf8", timeout: TOOL_TIMEOUT_MS, windowsHide: true });
  return pattern.exec(text)?.[1] ?? null;
}
