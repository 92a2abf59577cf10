import type { Adapter, TranscriptName } from "@agentpane/agents";

/** Where transcripts stand: `projects/<slug>/<session>.jsonl` and `projects/<slug>/<session>/subagents/.../agent-*.jsonl`. */
export type Level = "root" | "projects" | "project" | "session" | "subagents";

/** What a folder called `name` is within one of `level`; null where nothing of interest can stand in it. */
export function levelWithin(level: Level, name: string): Level | null {
  switch (level) {
    case "root":
      return name === "projects" ? "projects" : null;
    case "projects":
      return "project";
    case "project":
      return name === "memory" ? null : "session";
    case "session":
      return name === "subagents" ? "subagents" : null;
    case "subagents":
      return "subagents";
  }
}

/** A file that the adapter names. Nothing else is ever opened. */
export interface TreeFile {
  /** The config folder, symlinks resolved. */
  root: string;
  path: string;
  name: TranscriptName;
  /** It holds facts about a subagent, not a transcript. */
  isMeta: boolean;
}

/** `relative` is the path from the root, with forward slashes; `path` is where the file really is. */
export function treeFile(adapter: Adapter, root: string, relative: string, path: string): TreeFile | null {
  const transcript = adapter.transcriptName(relative);
  if (transcript !== null) return { root, path, name: transcript, isMeta: false };
  const meta = adapter.subagentMetaName(relative);
  return meta === null ? null : { root, path, name: meta, isMeta: true };
}
