import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { HookFormat, HookRequest } from "@agentpane/agents";
import type { Presence } from "@agentpane/protocol";
import { isWithin, realPath } from "../roots/root-paths.ts";

const MAX_META_BYTES = 64 * 1024;

/** Where a request's session stands. */
export interface Place {
  root: string;
  /** The session's own transcript; null where it is not known. */
  transcript: string | null;
}

/** Null where the session is none of the roots that this monitor watches. */
export function placeOf(roots: readonly string[], asked: HookRequest, presence: Presence | undefined): Place | null {
  const there = roots.map(realPath).filter((root) => root !== null);
  const given = asked.transcriptPath;
  const folder = given === null ? null : realPath(path.dirname(given));
  if (given !== null && folder !== null) {
    const root = there.find((one) => isWithin(one, folder));
    if (root !== undefined) return { root, transcript: path.join(folder, path.basename(given)) };
  }
  const root = there.find((one) => one === presence?.root);
  return root === undefined ? null : { root, transcript: null };
}

/** The transcript that a call is written to: a subagent's stands below its session's. */
export function transcriptOf(session: string, subagent: string | null): string {
  if (subagent === null) return session;
  return path.join(session.replace(/\.jsonl$/, ""), "subagents", `agent-${path.basename(subagent)}.jsonl`);
}

/** Whether a subagent runs in the background; also where that cannot be told. */
export function isBackground(format: HookFormat, subagent: string, transcript: string | null): boolean {
  if (transcript === null) return true;
  try {
    const file = transcriptOf(transcript, subagent).replace(/\.jsonl$/, ".meta.json");
    if (!statSync(file).isFile()) return true;
    const meta = readFileSync(file);
    return meta.byteLength > MAX_META_BYTES || format.isBackground(meta);
  } catch {
    return true;
  }
}
