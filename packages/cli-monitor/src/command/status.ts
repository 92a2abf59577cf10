import { type RawMonitorConfig, resolveMonitorConfig } from "../config.ts";
import { hostFolder } from "../state/host-id.ts";
import { runningMonitor } from "../state/root-lock.ts";
import { readStatus, statusFile } from "../state/status-file.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";

/** Says whether the user's monitor runs, for how long, and how far it is behind. */
export function runStatus(raw: RawMonitorConfig, json: boolean, say: (line: string) => void): ExitCode {
  const config = resolveMonitorConfig(raw);
  const state = hostFolder(config.stateFolder);
  const holder = runningMonitor(state);
  if (holder === null) {
    say(json ? JSON.stringify({ running: false }) : "not running");
    return EXIT.notRunning;
  }
  const written = readStatus(statusFile(state, config.roots));
  const status = written?.pid === holder.pid ? written : null;
  const uptimeMs = Date.now() - holder.startedAt;
  if (json) {
    const { pid, server } = holder;
    const { connected = null, report = null } = status ?? {};
    say(JSON.stringify({ running: true, pid, server, uptimeMs, connected, report }));
    return EXIT.ok;
  }
  say(`running   pid ${holder.pid}, for ${span(uptimeMs)}`);
  say(`server    ${holder.server}${status === null ? "" : status.connected ? ", connected" : ", not reached yet"}`);
  if (status === null) return EXIT.ok;
  const { report } = status;
  for (const root of report.roots) say(`root      ${root.path}${root.present ? "" : " (missing)"}`);
  say(`files     ${report.filesKnown}`);
  say(
    report.behindBytes === 0
      ? "behind    nothing"
      : `behind    ${(report.behindBytes / 1e6).toFixed(1)} MB in ${report.behindFiles} files`,
  );
  for (const warning of report.warnings) say(`warning   ${warning.message}`);
  return EXIT.ok;
}

function span(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
