import { readFileSync, readSync } from "node:fs";
import { hostname } from "node:os";
import { FileScanner } from "./file-scanner.ts";
import type { TranscriptFile } from "./transcripts.ts";

/** Keys of rows for what nobody wrote down. */
const UNKNOWN = "unknown";
/** The key of a session's own spend beside that of its subagents. */
const MAIN_THREAD = "main";

/** A transcript's folder stands in its first lines; a longer prompt than that before it is not looked through. */
const HEAD_BYTES = 1024 * 1024;
const MAX_NAME_CHARS = 200;

/** Names of where the spend of a file belongs, each looked up once. */
export class Places {
  readonly machine = hostname();
  /** The session's own transcript stands before those of its subagents. */
  readonly #first = new Map<string, TranscriptFile>();
  readonly #projects = new Map<string, string>();
  readonly #subagents = new Map<string, string>();

  constructor(files: readonly TranscriptFile[]) {
    for (const file of files) if (!this.#first.has(file.session)) this.#first.set(file.session, file);
  }

  /** The project of a session is where its own transcript began, for its subagents too. */
  project(session: string): string {
    let project = this.#projects.get(session);
    if (project === undefined) {
      const first = this.#first.get(session);
      project = (first && projectOf(firstFolder(first.path))) || UNKNOWN;
      this.#projects.set(session, project);
    }
    return project;
  }

  /** The subagent's type, from the file that its parent wrote beside its transcript. */
  subagent(file: TranscriptFile): string {
    if (file.subagent === null) return MAIN_THREAD;
    let type = this.#subagents.get(file.path);
    if (type === undefined) {
      type = subagentType(file.path) || UNKNOWN;
      this.#subagents.set(file.path, type);
    }
    return type;
  }
}

/** The last part of a folder; a worktree that the agent made belongs to the folder it was taken from. */
function projectOf(folder: string): string {
  const home = folder.replace(/[/\\]\.claude[/\\]worktrees[/\\].*$/, "");
  const name = home
    .split(/[/\\]/)
    .filter((part) => part !== "")
    .at(-1);
  return name === undefined || /^[A-Za-z]:$/.test(name) ? "" : name.slice(0, MAX_NAME_CHARS);
}

function firstFolder(path: string): string {
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  const length = FileScanner.open(path, (descriptor) =>
    descriptor < 0 ? 0 : readSync(descriptor, head, 0, HEAD_BYTES, 0),
  );
  for (const line of head.toString("utf8", 0, length).split("\n")) {
    if (!line.includes('"cwd"')) continue;
    const folder = field(line, "cwd");
    if (folder) return folder;
  }
  return "";
}

function subagentType(transcript: string): string {
  try {
    return field(readFileSync(transcript.replace(/\.jsonl$/, ".meta.json"), "utf8"), "agentType").slice(
      0,
      MAX_NAME_CHARS,
    );
  } catch {
    return "";
  }
}

/** A text of a JSON object; empty where there is none. */
function field(json: string, name: string): string {
  try {
    const value = (JSON.parse(json) as Record<string, unknown> | null)?.[name];
    return typeof value === "string" ? value : "";
  } catch {
    return "";
  }
}
