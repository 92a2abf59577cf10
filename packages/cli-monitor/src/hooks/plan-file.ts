import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import type { HookFormat } from "@agentpane/agents";
import { MAX_REQUEST_INPUT_BYTES } from "@agentpane/protocol";
import { isWithin } from "../roots/root-paths.ts";
import { TranscriptSigns } from "./transcript-signs.ts";

/** Where a transcript names its plan may lie this far back: planning takes many lines. */
const PLAN_TAIL_BYTES = 8 * 1024 * 1024;

/**
 * The plan that a session asks about, from the file that its transcript names last. Null where none is named, where that is not
 * a plain file below the root's folder of plans, or where it is larger than 1 MiB.
 */
export function readPlan(root: string, transcript: string, format: HookFormat): { path: string; text: string } | null {
  const signs = new TranscriptSigns(transcript, format, PLAN_TAIL_BYTES).next();
  const named = signs.findLast((sign) => sign.kind === "plan")?.path;
  const text = named === undefined ? null : planText(root, named, format);
  return named === undefined || text === null ? null : { path: named, text };
}

/** What stands in the file now. Null as above. */
export function planText(root: string, named: string, format: HookFormat): string | null {
  if (!path.isAbsolute(named)) return null;
  try {
    const folder = realpathSync(path.join(root, format.planFolder));
    const real = realpathSync(named);
    if (!isWithin(folder, real) || real === folder) return null;
    const file = openSync(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = fstatSync(file);
      return stats.isFile() && stats.size <= MAX_REQUEST_INPUT_BYTES ? readFileSync(file, "utf8") : null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}
