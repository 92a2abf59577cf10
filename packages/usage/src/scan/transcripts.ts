import { type Dirent, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join, sep } from "node:path";

/** One transcript under a folder that is scanned. */
export interface TranscriptFile {
  path: string;
  session: string;
  /** Null for the session's own transcript. */
  subagent: string | null;
}

const MAX_ID_CHARS = 200;
/** Below a session's `subagents`; the client itself nests two deep at most. */
const MAX_DEPTH = 8;
const SUBAGENT_FILE = /^agent-(.+)\.jsonl$/;
const PROJECTS = "projects";

/**
 * Every transcript under each folder, which is a config folder or a projects folder, in the order that breaks ties between
 * copies. The names mean what the adapter's `transcriptName` says (a test). A folder that cannot be read throws; what lies
 * behind a link that leads out of it is not read.
 */
export function listTranscripts(folders: readonly string[]): TranscriptFile[] {
  const found = new Map<string, TranscriptFile & { root: string }>();
  for (const folder of folders) {
    const root = projectsFolder(folder);
    for (const project of list(root, root)) {
      if (!project.isFolder) continue;
      for (const entry of list(project.path, root)) {
        if (entry.isFolder) listSubagents(entry, root, found);
        else if (entry.name.endsWith(".jsonl"))
          add(found, root, entry.path, entry.name.slice(0, -".jsonl".length), null);
      }
    }
  }
  return [...found.values()].sort(compareSources).map(({ path, session, subagent }) => ({ path, session, subagent }));
}

type Found = Map<string, TranscriptFile & { root: string }>;

interface Entry {
  name: string;
  path: string;
  isFolder: boolean;
}

function projectsFolder(folder: string): string {
  const real = realpathSync(folder);
  const inside = join(real, PROJECTS);
  if (statSync(inside, { throwIfNoEntry: false })?.isDirectory()) return realpathSync(inside);
  return real;
}

function listSubagents(
  session: Entry,
  root: string,
  found: Found,
  path = join(session.path, "subagents"),
  depth = 0,
): void {
  if (depth > MAX_DEPTH) return;
  for (const entry of list(path, root, depth === 0)) {
    if (entry.isFolder) listSubagents(session, root, found, entry.path, depth + 1);
    else {
      const id = SUBAGENT_FILE.exec(entry.name)?.[1];
      if (id !== undefined) add(found, root, entry.path, session.name, id);
    }
  }
}

function add(found: Found, root: string, path: string, session: string, subagent: string | null): void {
  if (session === "" || session.startsWith(".") || session.length > MAX_ID_CHARS) return;
  if (subagent !== null && subagent.length > MAX_ID_CHARS) return;
  found.set(path, { root, path, session, subagent });
}

/** As `sourceKeyString` of the protocol would order them, several files of one source by their path. */
function compareSources(a: TranscriptFile & { root: string }, b: TranscriptFile & { root: string }): number {
  return (
    compareText(a.root, b.root) ||
    compareText(a.session, b.session) ||
    compareText(a.subagent ?? "", b.subagent ?? "") ||
    compareText(a.path, b.path)
  );
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function list(folder: string, root: string, mayBeAbsent = false): Entry[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (mayBeAbsent && isAbsent(error)) return [];
    throw error;
  }
  const listed: Entry[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) {
      const target = linkTarget(path, root);
      if (target) listed.push({ ...target, name: entry.name });
    } else if (entry.isDirectory() || entry.isFile()) {
      listed.push({ name: entry.name, path, isFolder: entry.isDirectory() });
    }
  }
  return listed;
}

/** Where a link leads, null where that is outside of `root` or nowhere. */
function linkTarget(path: string, root: string): Entry | null {
  try {
    const real = realpathSync(path);
    if (!real.startsWith(root + sep)) return null;
    return { name: basename(path), path: real, isFolder: statSync(real).isDirectory() };
  } catch {
    return null;
  }
}

function isAbsent(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
}
