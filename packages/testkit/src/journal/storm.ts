import { setTimeout as delay } from "node:timers/promises";
import { Conversation } from "../lines/conversation.ts";
import type { MadeLine } from "../lines/made-line.ts";
import { largeLine, oddLine } from "../lines/odd.ts";
import type { Random } from "../random.ts";
import { TranscriptWriter, type WrittenFile } from "./transcript-writer.ts";

const PROJECTS = ["-home-dev-shop", "-home-dev-api", "-home-dev-shop--claude-worktrees-wt1"];
const VERSIONS = ["2.1.330", "2.1.39", "2.0.76"] as const;
/** Files that are being written at one time; older ones stay on the disk untouched. */
const MAX_ACTIVE_FILES = 12;
/** Past this a file is left alone, so that a long storm stays readable. */
const MAX_FILE_BYTES = 3 * 1024 * 1024;
const KIB = 1024;

export interface StormOptions {
  random: Random;
  /** Config folders; the first is the main one, copies go to the others. */
  roots: readonly string[];
}

/** Does to transcripts, one random step at a time, everything that ever happens to them. */
export class Storm {
  readonly writer = new TranscriptWriter();
  /** How often each kind of step was taken. */
  readonly steps: Record<string, number> = {};
  #random: Random;
  #roots: readonly string[];
  #active: { file: WrittenFile; conversation: Conversation }[] = [];

  constructor(options: StormOptions) {
    this.#random = options.random;
    this.#roots = options.roots;
  }

  async step(): Promise<void> {
    const random = this.#random;
    if (this.#active.length < 3 || random.chance(0.04)) return this.#create();
    const [name, act] = random.pick(STEPS);
    const at = random.int(0, this.#active.length - 1);
    const one = this.#active[at] as { file: WrittenFile; conversation: Conversation };
    this.#count(name);
    const keeps = await act(this.#random, this.writer, one.file, one.conversation, this.#roots);
    if (!keeps || one.file.life.completeBytes > MAX_FILE_BYTES) this.#active.splice(at, 1);
  }

  #create(): void {
    this.#count("create");
    const random = this.#random;
    const isSubagent = this.#active.length > 0 && random.chance(0.3);
    const parent = isSubagent ? random.pick(this.#active).file : null;
    const session = parent?.session ?? random.uuid();
    const subagent = parent === null ? null : `a${random.hex(16)}`;
    const file = this.writer.create({
      root: parent?.root ?? (this.#roots[0] as string),
      project: random.pick(PROJECTS),
      session,
      subagent,
    });
    const conversation = new Conversation({ random, session, subagent, version: random.pick(VERSIONS) });
    this.writer.append(file, [conversation.title(), ...conversation.turn()]);
    this.#active.push({ file, conversation });
    if (this.#active.length > MAX_ACTIVE_FILES) this.#active.shift();
  }

  #count(name: string): void {
    this.steps[name] = (this.steps[name] ?? 0) + 1;
  }
}

/** Answers whether the file is still to be written to. */
type Step = (
  random: Random,
  writer: TranscriptWriter,
  file: WrittenFile,
  conversation: Conversation,
  roots: readonly string[],
) => boolean | Promise<boolean>;

/** What happens most stands most often. */
const STEPS: readonly (readonly [string, Step])[] = [
  ["append", append],
  ["append", append],
  ["append", append],
  ["append", append],
  ["append many", appendMany],
  ["append torn", appendTorn],
  ["append torn", appendTorn],
  ["append odd", appendOdd],
  ["append odd", appendOdd],
  ["append large", appendLarge],
  ["truncate", truncate],
  ["rewrite", rewrite],
  ["move", move],
  ["copy", copy],
  ["delete", remove],
];

function append(_: Random, writer: TranscriptWriter, file: WrittenFile, conversation: Conversation): boolean {
  writer.append(file, conversation.turn());
  return true;
}

function appendMany(random: Random, writer: TranscriptWriter, file: WrittenFile, conversation: Conversation): boolean {
  const lines: MadeLine[] = [];
  for (let turns = random.int(20, 80); turns > 0; turns--) lines.push(...conversation.turn());
  writer.append(file, lines);
  return true;
}

async function appendTorn(
  random: Random,
  writer: TranscriptWriter,
  file: WrittenFile,
  conversation: Conversation,
): Promise<boolean> {
  const lines = conversation.turn();
  const bytes = lines.reduce((sum, line) => sum + line.bytes.length + 1, 0);
  const cuts = Array.from({ length: random.int(1, 5) }, () => random.int(1, bytes - 1));
  await writer.appendTorn(file, lines, cuts, () => delay(random.int(0, 15)));
  return true;
}

function appendOdd(random: Random, writer: TranscriptWriter, file: WrittenFile, conversation: Conversation): boolean {
  writer.append(file, [
    oddLine(random, conversation.session),
    conversation.prompt(),
    oddLine(random, conversation.session),
  ]);
  return true;
}

function appendLarge(random: Random, writer: TranscriptWriter, file: WrittenFile, conversation: Conversation): boolean {
  const image = random.chance(0.5) ? [conversation.image(random.int(900, 1400) * KIB)] : [];
  writer.append(file, [
    ...image,
    largeLine(random, conversation.session, random.int(50, 700) * KIB, random.chance(0.5)),
  ]);
  return true;
}

function truncate(random: Random, writer: TranscriptWriter, file: WrittenFile, conversation: Conversation): boolean {
  const { lines, completeBytes } = file.life;
  // At a line's end, in the middle of a line, or to nothing.
  const line = lines.length === 0 ? undefined : random.pick(lines);
  const at = random.pick([0, line?.offset ?? 0, (line?.offset ?? 0) + Math.floor((line?.length ?? 0) / 2)]);
  writer.truncate(file, Math.min(at, completeBytes));
  if (random.chance(0.7)) writer.append(file, conversation.turn());
  return true;
}

function rewrite(random: Random, writer: TranscriptWriter, file: WrittenFile, conversation: Conversation): boolean {
  const { lines } = file.life;
  const line = lines.length === 0 ? undefined : random.pick(lines);
  const how = random.chance(0.5) ? "in place" : "rename";
  writer.rewrite(file, line?.offset ?? 0, [...conversation.turn(), ...conversation.turn()], how);
  return true;
}

function move(random: Random, writer: TranscriptWriter, file: WrittenFile, conversation: Conversation): boolean {
  const elsewhere = PROJECTS.filter((project) => !file.path?.includes(`/projects/${project}/`));
  writer.move(file, random.pick(elsewhere));
  if (random.chance(0.5)) writer.append(file, conversation.turn());
  return true;
}

function copy(
  random: Random,
  writer: TranscriptWriter,
  file: WrittenFile,
  _: Conversation,
  roots: readonly string[],
): boolean {
  const others = roots.filter((root) => root !== file.root);
  const isCopied = writer.files.some(
    (one) => one !== file && one.session === file.session && one.subagent === file.subagent,
  );
  if (others.length > 0 && !isCopied) writer.copy(file, { root: random.pick(others), project: random.pick(PROJECTS) });
  return true;
}

function remove(_: Random, writer: TranscriptWriter, file: WrittenFile): boolean {
  writer.delete(file);
  return false;
}
