import type { SubagentMeta } from "@agentpane/protocol";
import type { TranscriptName } from "../adapter.ts";
import { parseWhole } from "./parsed.ts";
import { count, head, isObject, word } from "./taken.ts";

/** `sessionId` and `subagentId` of the protocol. */
const MAX_ID_CHARS = 200;
const MAX_DESCRIPTION_CHARS = 1000;

const MAIN = /^projects\/[^/]+\/([^/]+)\.jsonl$/;
const SUBAGENT = /^projects\/[^/]+\/([^/]+)\/subagents\/(?:[^/]+\/)*agent-([^/]+)\.(jsonl|meta\.json)$/;

/**
 * `projects/<slug>/<session>.jsonl` and `projects/<slug>/<session>/subagents/agent-<id>.jsonl`. Clients up to 2.0.x
 * put subagents beside their sessions as `agent-<id>.jsonl`: whose they are stands only inside, so each is a session
 * of its own.
 */
export function transcriptName(path: string): TranscriptName | null {
  const main = MAIN.exec(path);
  if (main) return named(main[1], null);
  const subagent = SUBAGENT.exec(path);
  return subagent?.[3] === "jsonl" ? named(subagent[1], subagent[2]) : null;
}

export function subagentMetaName(path: string): TranscriptName | null {
  const subagent = SUBAGENT.exec(path);
  return subagent?.[3] === "meta.json" ? named(subagent[1], subagent[2]) : null;
}

function named(session: string | undefined, subagent: string | undefined | null): TranscriptName | null {
  if (!session || session.startsWith(".") || session.length > MAX_ID_CHARS) return null;
  if (subagent === null) return { session, subagent: null };
  return subagent && subagent.length <= MAX_ID_CHARS ? { session, subagent } : null;
}

export function readSubagentMeta(bytes: Buffer): SubagentMeta | null {
  const facts = parseWhole(bytes);
  if (!isObject(facts)) return null;
  const meta: SubagentMeta = {};
  const type = word(facts.agentType);
  const description = head(facts.description, MAX_DESCRIPTION_CHARS).toWellFormed();
  const call = word(facts.toolUseId);
  const model = word(facts.model);
  const depth = count(facts.spawnDepth);
  if (type) meta.type = type;
  if (description) meta.description = description;
  if (call) meta.call = call;
  if (model) meta.model = model;
  if (depth !== undefined) meta.depth = depth;
  if (typeof facts.finished === "boolean") meta.finished = facts.finished;
  return meta;
}
