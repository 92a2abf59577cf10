import type { RequestRow } from "@agentpane/protocol";
import { commandParts } from "../../ui/safe-text.ts";
import { dangerIn, wholeOf } from "./shown.ts";

/** What a row of the list can hold is shorter anyway. */
const MAX_CHARS = 120;
const SHOWN_FIELDS: ReadonlySet<string> = new Set(["command", "description"]);
/** Gaps that a line of a page does not show as they are: ends, runs, and all that is no plain space. */
const HIDDEN_GAP = /^\s|\s$|\s{2}|[^\S ]/;

/**
 * The command of a permission that one line can show whole: nothing else would run or be set by it, nothing in it is
 * without ink, and settings do not call it dangerous. Null for everything else, which has to be reviewed.
 */
export function briefCommand(row: RequestRow, dangerous: readonly string[]): string | null {
  const whole = wholeOf(row);
  if (whole === null || row.kind !== "permission" || row.tool !== "Bash") return null;
  const { input } = whole;
  if (typeof input !== "object" || input === null) return null;
  const { command } = input as { command?: unknown };
  if (typeof command !== "string" || command === "" || command.length > MAX_CHARS || HIDDEN_GAP.test(command))
    return null;
  if (!Object.keys(input).every((field) => SHOWN_FIELDS.has(field))) return null;
  if (commandParts(command).some((part) => part.escape)) return null;
  return dangerIn(dangerous, whole) === null ? command : null;
}
