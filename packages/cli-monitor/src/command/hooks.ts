import { statSync } from "node:fs";
import { claudeCode } from "@agentpane/agents";
import type { HookFile, HooksReport } from "@agentpane/protocol";
import { ConfigError, type RawMonitorConfig, resolveMonitorConfig } from "../config.ts";
import type { HookAction } from "../hooks/install.ts";
import { hooksStatus, type ManageOptions, manageHooks } from "../hooks/manage.ts";
import { rootOf } from "../roots/root-paths.ts";
import { hostFolder } from "../state/host-id.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";

export interface HooksFlags {
  dryRun: boolean;
  json: boolean;
}

const NO_FOLDER =
  "None of the agent's config folders exists here. Start the agent once, or name its config folder with --root.";
/** The client reads changed settings anew, some seconds later (seen with 2.1.330: not at once, after three seconds). */
const INSTALLED =
  "Installed. Sessions that run take it up within seconds; a dialog that stands by then stays in its terminal.";
/** The hook names program and Node by path, so that both may differ without anybody's hand. */
const MENDS = "Or Node or AgentPane has moved since. To have it as it should be: run `hooks install` again.";
const STATE_WORDS: Record<HookFile["state"], string> = {
  installed: "installed",
  absent: "absent",
  changed: "changed by hand",
  invalid: "cannot be read",
};

/** Installs or removes the hook in the settings of every root, and says what changed; with `dryRun` only that. */
export async function runHooksChange(
  raw: RawMonitorConfig,
  action: HookAction,
  { dryRun, json }: HooksFlags,
  say: (line: string) => void,
): Promise<ExitCode> {
  const options = optionsOf(raw);
  const diffs = await manageHooks(options, action, dryRun);
  const report = await hooksStatus(options);
  if (json) {
    say(JSON.stringify({ dryRun, diffs, ...report }));
    return EXIT.ok;
  }
  for (const diff of diffs) say(visible(diff.trimEnd()));
  if (report.files.length === 0) say(NO_FOLDER);
  else if (diffs.length === 0) say(action === "install" ? "It is installed already." : "It is not installed.");
  else if (dryRun) say("Nothing was changed; leave out --dry-run to do it.");
  else say(action === "install" ? INSTALLED : "Removed.");
  if (!dryRun && action === "install" && !report.listening) say(report.reason ?? "");
  return EXIT.ok;
}

/** Says how the hook stands; not `ok` where it is not installed everywhere or nobody listens. */
export async function runHooksStatus(
  raw: RawMonitorConfig,
  json: boolean,
  say: (line: string) => void,
): Promise<ExitCode> {
  const report = await hooksStatus(optionsOf(raw));
  if (json) say(JSON.stringify(report));
  else for (const line of statusLines(report)) say(line);
  return report.listening && report.files.every(({ state }) => state === "installed") ? EXIT.ok : EXIT.failed;
}

function statusLines({ files, listening, reason, how }: HooksReport): string[] {
  const lines = files.map(({ path, state, problem }) => `${STATE_WORDS[state].padEnd(16)} ${visible(problem ?? path)}`);
  if (files.length === 0) lines.push(NO_FOLDER);
  if (files.some(({ state }) => state === "changed")) lines.push(MENDS);
  return [...lines, `${(listening ? "listening" : "listener down").padEnd(16)} ${how}: ${visible(reason ?? "")}`];
}

/** A folder that a person named has to be there: passing it over would look as if it were done. */
function optionsOf(raw: RawMonitorConfig): ManageOptions {
  const { stateFolder, roots } = resolveMonitorConfig(raw);
  for (const given of raw.roots ?? []) {
    if (statSync(rootOf(given, process.cwd()), { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new ConfigError(`--root ${given} is no folder; give the config folder of an agent that was started once.`);
  }
  return { state: hostFolder(stateFolder), roots, format: claudeCode.hook };
}

/** Settings are text of others: control characters in them do nothing to the terminal. */
function visible(text: string): string {
  return text.replace(/[^\P{C}\n\t]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}
