import { createHash } from "node:crypto";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Journal, JournaledLife, JournaledLine, PresentFile } from "../checker/journal.ts";
import type { MadeLine } from "../lines/made-line.ts";

const NEWLINE = 10;

/** A transcript on the disk and the life it is in. */
export interface WrittenFile {
  readonly root: string;
  readonly session: string;
  readonly subagent: string | null;
  /** Where it is now; null once it is deleted. */
  path: string | null;
  life: LiveLife;
}

interface LiveLife extends JournaledLife {
  /** Bytes after the last newline. */
  pending: Buffer;
}

/**
 * Writes transcripts under config folders as an agent does, and journals each complete line. The only writer of its
 * files: what it notes is noted before the bytes reach the disk, so a line that a reader found is always in the journal.
 */
export class TranscriptWriter {
  readonly files: WrittenFile[] = [];
  readonly #lives: LiveLife[] = [];

  create(options: { root: string; project: string; session: string; subagent?: string | null }): WrittenFile {
    const subagent = options.subagent ?? null;
    const path = transcriptPath(options.root, options.project, options.session, subagent);
    mkdirSync(dirname(path), { recursive: true });
    const file: WrittenFile = {
      root: options.root,
      session: options.session,
      subagent,
      path,
      life: this.#begin(options.root, options.session, subagent),
    };
    writeFileSync(path, "", { flag: "wx", mode: 0o600 });
    this.files.push(file);
    return file;
  }

  append(file: WrittenFile, lines: readonly MadeLine[]): void {
    const bytes = joinLines(lines);
    this.#note(file.life, bytes, lines);
    appendFileSync(pathOf(file), bytes);
  }

  /** Appends the same bytes in pieces, cut at `cuts` (positions in the whole), waiting between them. */
  async appendTorn(
    file: WrittenFile,
    lines: readonly MadeLine[],
    cuts: number[],
    pause: () => Promise<void>,
  ): Promise<void> {
    const bytes = joinLines(lines);
    this.#note(file.life, bytes, lines);
    let from = 0;
    for (const cut of [...cuts.filter((at) => at > 0 && at < bytes.length).sort((a, b) => a - b), bytes.length]) {
      appendFileSync(pathOf(file), bytes.subarray(from, cut));
      from = cut;
      await pause();
    }
  }

  /** Bytes without a newline at the end: they wait for what follows. */
  appendTail(file: WrittenFile, bytes: Buffer): void {
    this.#note(file.life, bytes, null);
    appendFileSync(pathOf(file), bytes);
  }

  /** Cuts the file to `bytes`; what stands before them is the beginning of the next life. */
  truncate(file: WrittenFile, bytes: number): void {
    const head = readFileSync(pathOf(file)).subarray(0, bytes);
    const next = this.#begin(file.root, file.session, file.subagent);
    this.#note(next, head, null, file.life);
    file.life = next;
    truncateSync(pathOf(file), bytes);
  }

  /**
   * Replaces the content: the first `headBytes` stay, `lines` follow. In place (the file is empty or torn for a moment) or
   * by a rename over it.
   */
  rewrite(file: WrittenFile, headBytes: number, lines: readonly MadeLine[], how: "in place" | "rename"): void {
    const path = pathOf(file);
    const head = readFileSync(path).subarray(0, headBytes);
    const body = joinLines(lines);
    const next = this.#begin(file.root, file.session, file.subagent);
    this.#note(next, head, null, file.life);
    this.#note(next, body, lines);
    file.life = next;
    const whole = Buffer.concat([head, body]);
    if (how === "in place") {
      writeFileSync(path, whole);
    } else {
      writeFileSync(`${path}.tmp`, whole, { mode: 0o600 });
      renameSync(`${path}.tmp`, path);
    }
  }

  /** Moves the file to another project folder, as entering a worktree does. */
  move(file: WrittenFile, project: string): void {
    const to = transcriptPath(file.root, project, file.session, file.subagent);
    mkdirSync(dirname(to), { recursive: true });
    renameSync(pathOf(file), to);
    file.path = to;
  }

  /** A second file with the same bytes, under another root or another project. */
  copy(file: WrittenFile, to: { root: string; project: string }): WrittenFile {
    const path = transcriptPath(to.root, to.project, file.session, file.subagent);
    const life = this.#begin(to.root, file.session, file.subagent);
    this.#note(life, readFileSync(pathOf(file)), null, file.life);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(pathOf(file), path);
    const copied: WrittenFile = { root: to.root, session: file.session, subagent: file.subagent, path, life };
    this.files.push(copied);
    return copied;
  }

  delete(file: WrittenFile): void {
    rmSync(pathOf(file));
    file.path = null;
  }

  /** Notes that all that stands now was found committed, so it must be there for ever. */
  sealPresent(): void {
    for (const { life } of this.journal().present) life.seenBytes = life.completeBytes;
  }

  /** Notes that `bytes` of the life were found committed. */
  seal(life: JournaledLife, bytes: number): void {
    life.seenBytes = Math.max(life.seenBytes, bytes);
  }

  journal(): Journal {
    const present: PresentFile[] = [];
    for (const file of this.files) if (file.path !== null) present.push({ path: file.path, life: file.life });
    return { lives: this.#lives, present };
  }

  #begin(root: string, session: string, subagent: string | null): LiveLife {
    const life: LiveLife = {
      root,
      session,
      subagent,
      lines: [],
      completeBytes: 0,
      seenBytes: 0,
      pending: Buffer.alloc(0),
    };
    this.#lives.push(life);
    return life;
  }

  /** Cuts `bytes` into lines. What is known of a line comes from `made`, or from the same line of the life `before`. */
  #note(life: LiveLife, bytes: Buffer, made: readonly MadeLine[] | null, before?: JournaledLife): void {
    const known = life.pending.length === 0 ? made : null;
    const all = life.pending.length === 0 ? bytes : Buffer.concat([life.pending, bytes]);
    let from = 0;
    let index = 0;
    for (let end = all.indexOf(NEWLINE); end !== -1; end = all.indexOf(NEWLINE, from)) {
      const line = all.subarray(from, end);
      const said = known?.[index] ?? (index > 0 ? made?.[index] : undefined);
      life.lines.push(journalLine(life.completeBytes, line, said, before?.lines[life.lines.length]));
      life.completeBytes += line.length + 1;
      from = end + 1;
      index++;
    }
    life.pending = Buffer.from(all.subarray(from));
  }
}

function journalLine(
  offset: number,
  bytes: Buffer,
  made: MadeLine | undefined,
  earlier: JournaledLine | undefined,
): JournaledLine {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const fact = { offset, length: bytes.length, sha256 };
  if (made?.bytes.equals(bytes)) {
    return { ...fact, kept: made.kept, kinds: made.kinds, never: made.never ?? [], usage: made.usage };
  }
  if (earlier !== undefined && earlier.offset === offset && earlier.sha256 === sha256) return { ...earlier };
  // Torn and joined with what came later: its bytes are all that is known of it.
  return { ...fact, kept: "any", kinds: [], never: [], usage: null };
}

export function transcriptPath(root: string, project: string, session: string, subagent: string | null): string {
  const folder = join(root, "projects", project);
  return subagent === null
    ? join(folder, `${session}.jsonl`)
    : join(folder, session, "subagents", `agent-${subagent}.jsonl`);
}

function joinLines(lines: readonly MadeLine[]): Buffer {
  const newline = Buffer.from([NEWLINE]);
  return Buffer.concat(lines.flatMap((line) => [line.bytes, newline]));
}

function pathOf(file: WrittenFile): string {
  if (file.path === null) throw new Error(`the transcript of ${file.session} is deleted`);
  return file.path;
}
