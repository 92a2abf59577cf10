import { copyFileSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { HookEntry, HookFormat } from "@agentpane/agents";
import { AgentPaneError, type HookFile } from "@agentpane/protocol";
import { refuseOpenPath, replaceFile } from "../state/state-folder.ts";
import { HOOK_TIMEOUT_S } from "./desk.ts";
import { unifiedDiff } from "./diff.ts";
import { type HookKeys, hookFolder, readHookKeys } from "./hook-keys.ts";
import { HOOK_PATH, TOKEN_HEADER } from "./http-listener.ts";
import {
  backedUp,
  backUp,
  dropBackup,
  readSettings,
  refuseForeign,
  type SettingsFile,
  writeSettings,
} from "./settings-files.ts";
import { socketPlace } from "./socket-place.ts";

export type HookAction = "install" | "uninstall";
/** `command` where other users can log in. */
export type HookWay = "http" | "command";

export interface HookPlaces {
  /** This host's part of the state folder. */
  state: string;
  /** The agents' config folders; those that do not exist are passed over. */
  roots: readonly string[];
  format: HookFormat;
  way: HookWay;
}

/** The hook as it has to stand in the settings; null where the `http` hook has no port yet. */
export function hookEntry({ state, way }: HookPlaces, keys: HookKeys): HookEntry | null {
  if (way === "command") {
    return {
      type: "command",
      command: `${quoted(process.execPath)} ${quoted(scriptPath(state))}`,
      timeout: HOOK_TIMEOUT_S,
    };
  }
  if (keys.port === null) return null;
  const url = `http://127.0.0.1:${keys.port}${HOOK_PATH}`;
  return { type: "http", url, headers: { [TOKEN_HEADER]: keys.token }, timeout: HOOK_TIMEOUT_S };
}

/** How the hook stands in each root's settings, and what installing it, or removing it where it is installed, would change. */
export function hookFiles(places: HookPlaces): HookFile[] {
  const entry = hookEntry(places, readHookKeys(places.state));
  return settingsPaths(places).map((file) => {
    try {
      const settings = readSettings(file);
      const state = places.format.state(settings.text, entry);
      const action: HookAction = state === "installed" ? "uninstall" : "install";
      const text = changed(settings, places.format, action, entry);
      const diff = unifiedDiff(file, settings.text, text);
      return { path: file, state, problem: null, diff: diff === null ? null : { action, text: diff } };
    } catch (error) {
      return { path: file, state: "invalid" as const, problem: problemOf(file, error), diff: null };
    }
  });
}

/** What the action would change, file by file; nothing is written. Throws as `changeHooks` does. */
export function hookDiffs(places: HookPlaces, action: HookAction): string[] {
  const entry = hookEntry(places, readHookKeys(places.state));
  return settingsPaths(places).flatMap((file) => {
    const settings = readNamed(file);
    const diff = unifiedDiff(
      file,
      settings.text,
      namingFile(file, () => changed(settings, places.format, action, entry)),
    );
    return diff === null ? [] : [diff];
  });
}

/**
 * Installs or removes the hook in every root's settings; doing it twice is doing it once. Throws `settings_invalid` where a file is
 * broken and `conflict` where one changed meanwhile: each file is either as it was or done, and no file is touched before all were read.
 */
export function changeHooks(places: HookPlaces, action: HookAction): void {
  const entry = hookEntry(places, readHookKeys(places.state));
  if (action === "install" && places.way === "command") placeScript(places.state);
  const planned = settingsPaths(places).map((file) => {
    const settings = readNamed(file);
    return { settings, text: namingFile(file, () => changed(settings, places.format, action, entry)) };
  });
  const changes = planned.filter(({ settings, text }) => text !== settings.text);
  for (const { settings } of changes) refuseForeign(settings);
  for (const { settings, text } of changes) {
    if (action === "install" && places.format.state(settings.text, null) === "absent") backUp(settings);
    writeSettings(settings, text);
    if (action === "uninstall") dropBackup(settings);
  }
}

/**
 * Puts the `command` hook's program where the settings name it, and tells it where the monitor listens. Fails where others could
 * put another program there: the agent runs it.
 */
export function placeScript(state: string): void {
  refuseOpenPath(hookFolder(state));
  const source = fileURLToPath(new URL("./hook-command.ts", import.meta.url));
  const script = scriptPath(state);
  replaceFile(path.join(hookFolder(state), "place.json"), `${JSON.stringify({ path: socketPlace(state).path })}\n`);
  const draft = `${script}.tmp`;
  copyFileSync(source, draft);
  renameSync(draft, script);
}

function scriptPath(state: string): string {
  // In a checkout Node runs the source itself.
  const suffix = import.meta.url.endsWith(".ts") ? "mts" : "mjs";
  return path.join(hookFolder(state), `agentpane-hook.${suffix}`);
}

/** The text after the action; null where the file, which we made, goes. */
function changed(
  settings: SettingsFile,
  format: HookFormat,
  action: HookAction,
  entry: HookEntry | null,
): string | null {
  if (action === "install") {
    if (entry === null) throw new AgentPaneError("internal", "The hook has no port yet.");
    return format.install(settings.text, entry);
  }
  if (settings.text === null) return null;
  const before = backedUp(settings);
  if (before === null && entry !== null && settings.text === format.install(null, entry)) return null;
  return format.uninstall(settings.text, before);
}

function settingsPaths({ roots, format }: HookPlaces): string[] {
  const there = roots.filter((root) => statSync(root, { throwIfNoEntry: false })?.isDirectory() === true);
  return there.map((root) => path.join(root, format.settingsFile));
}

function readNamed(file: string): SettingsFile {
  return namingFile(file, () => readSettings(file));
}

function namingFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AgentPaneError) || error.code !== "settings_invalid") throw error;
    throw new AgentPaneError("settings_invalid", problemOf(file, error), { cause: error, details: error.details });
  }
}

function problemOf(file: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.startsWith(file) ? message : `${file}, ${message}`).slice(0, 1000);
}

/** One word for the shell that runs the hook. */
function quoted(word: string): string {
  return process.platform === "win32" ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}
