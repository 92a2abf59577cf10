import { AgentPaneError, canonicalJson } from "@agentpane/protocol";
import type { HookEntry, HookState } from "../adapter.ts";
import { containerAt, type JsonContainer, memberOf } from "./hook-json.ts";
import { appendMember, removeMember, replaceItem } from "./hook-json-edit.ts";
import { jsonErrorAt } from "./hook-json-error.ts";
import { asText, record } from "./parsed.ts";

/** Relative to the config folder. */
export const SETTINGS_FILE = "settings.json";
const EVENT = "PermissionRequest";
/** By these a hook is ours, whatever else a person changed in it. */
const OUR_URL = /\/agentpane\/permission-request$/;
const OUR_COMMAND = /agentpane-hook\.m[jt]s/;
/** Every tool. */
const MATCHER = "*";

/** Where a hook of ours stands: its group in the event's list, and its place in that group. */
interface Place {
  group: JsonContainer;
  groupIndex: number;
  hooks: JsonContainer;
  hookIndex: number;
  entry: unknown;
  matcher: unknown;
}

/** The settings with our hook as `entry` says, once; the text that it was where it is so already. */
export function installHook(settings: string | null, entry: HookEntry): string {
  const text = settings === null || settings.trim() === "" ? "{}\n" : settings;
  if (hookState(text, entry) === "installed") return text;
  refuseDisabled(text);
  const [only, ...more] = placesOf(text);
  const item = only?.hooks.members[only.hookIndex];
  if (item !== undefined && more.length === 0 && isEveryTool(only?.matcher)) return replaceItem(text, item, entry);
  const bare = uninstallHook(text);
  const group = { matcher: MATCHER, hooks: [entry] };
  const top = topOf(bare);
  const hooks = memberOf(top, "hooks");
  if (hooks === undefined) return appendMember(bare, top, "hooks", { [EVENT]: [group] });
  const inner = containerAt(bare, hooks.from) as JsonContainer;
  const list = memberOf(inner, EVENT);
  if (list === undefined) return appendMember(bare, inner, EVENT, [group]);
  return appendMember(bare, containerAt(bare, list.from) as JsonContainer, null, group);
}

/**
 * The settings without any hook of ours, and without containers that are empty then. With `before`, what stood there before
 * the installation: that, where nothing else was changed since.
 */
export function uninstallHook(settings: string, before: string | null = null): string {
  const ours = placesOf(settings);
  if (before !== null && ours.length === 1 && installs(before, ours[0]?.entry, settings)) return before;
  let text = settings;
  for (let place = placesOf(text).at(-1); place !== undefined; place = placesOf(text).at(-1))
    text = without(text, place);
  return text;
}

/** Whether our hook is there as `entry` says; null where there can be none that is right. */
export function hookState(settings: string | null, entry: HookEntry | null): HookState {
  if (settings === null || settings.trim() === "") return "absent";
  const ours = placesOf(settings);
  const [only] = ours;
  if (only === undefined) return "absent";
  const isAsPut =
    ours.length === 1 &&
    entry !== null &&
    canonicalJson(only.entry) === canonicalJson(entry) &&
    isEveryTool(only.matcher);
  return isAsPut && record(JSON.parse(withoutMark(settings))).disableAllHooks !== true ? "installed" : "changed";
}

function installs(before: string, entry: unknown, after: string): boolean {
  try {
    return installHook(before, entry as HookEntry) === after;
  } catch {
    return false;
  }
}

function placesOf(text: string): Place[] {
  const top = topOf(text);
  const hooks = memberOf(top, "hooks");
  if (hooks === undefined) return [];
  const inner = containerAt(text, hooks.from);
  if (inner?.kind !== "object") throw invalid(text, hooks.from, '"hooks" is not an object');
  const list = memberOf(inner, EVENT);
  if (list === undefined) return [];
  const groups = containerAt(text, list.from);
  if (groups?.kind !== "array") throw invalid(text, list.from, `"${EVENT}" is not a list`);
  return groups.members.flatMap((member, groupIndex) => {
    const group = containerAt(text, member.from);
    const entries = memberOf(group, "hooks");
    const found = entries === undefined ? null : containerAt(text, entries.from);
    if (group === null || found?.kind !== "array") return [];
    const { matcher } = JSON.parse(text.slice(group.from, group.to));
    return found.members.flatMap(({ from, to }, hookIndex) => {
      const entry: unknown = JSON.parse(text.slice(from, to));
      return isOurs(entry) ? [{ group, groupIndex, hooks: found, hookIndex, entry, matcher }] : [];
    });
  });
}

function isEveryTool(matcher: unknown): boolean {
  return matcher === MATCHER || matcher === "" || matcher === undefined;
}

function isOurs(entry: unknown): boolean {
  const { url, command } = record(entry);
  return OUR_URL.test(asText(url) ?? "") || OUR_COMMAND.test(asText(command) ?? "");
}

function without(text: string, place: Place): string {
  if (place.hooks.members.length > 1) return removeMember(text, place.hooks, place.hookIndex);
  const top = topOf(text);
  const outer = memberOf(top, "hooks");
  const hooks = containerAt(text, outer?.from ?? 0) as JsonContainer;
  const list = memberOf(hooks, EVENT);
  const groups = containerAt(text, list?.from ?? 0) as JsonContainer;
  if (groups.members.length > 1) return removeMember(text, groups, place.groupIndex);
  if (hooks.members.length > 1)
    return removeMember(
      text,
      hooks,
      hooks.members.findIndex(({ key }) => key === EVENT),
    );
  return removeMember(
    text,
    top,
    top.members.findIndex(({ key }) => key === "hooks"),
  );
}

function refuseDisabled(text: string): void {
  const top = topOf(text);
  const off = memberOf(top, "disableAllHooks");
  if (off === undefined || text.slice(off.from, off.to) !== "true") return;
  throw invalid(text, off.from, '"disableAllHooks" switches every hook off; take that out first');
}

function topOf(text: string): JsonContainer {
  try {
    JSON.parse(withoutMark(text));
  } catch (cause) {
    throw invalid(text, jsonErrorAt(withoutMark(text)), "it is not JSON", cause);
  }
  const top = containerAt(text);
  if (top?.kind !== "object") throw invalid(text, 0, "it is not an object");
  return top;
}

/** A byte order mark counts as a space, so that places stay what they are. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, " ");
}

/** The caller names the file. */
function invalid(text: string, position: number, why: string, cause?: unknown): AgentPaneError {
  const line = text.slice(0, position).split("\n").length;
  return new AgentPaneError("settings_invalid", `line ${line}: ${why}`, { cause, details: { line } });
}
