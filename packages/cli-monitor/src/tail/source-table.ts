import type { Product, SourceCursor } from "@agentpane/protocol";
import { sourceKeyString } from "@agentpane/protocol";
import { claimant, type Looks, place } from "./place.ts";
import { adoptCursor, forgetCommitted, knownSource, newSource, type Source } from "./source.ts";

/** A transcript file that stands on disk. */
export interface FoundFile {
  product: Product;
  root: string;
  session: string;
  subagent: string | null;
  /** Symlinks resolved. */
  path: string;
  /** Epoch milliseconds, whole. */
  birthMs: number;
}

/** What the table has to know of the disk. */
export interface FileLooks {
  isThere(path: string): boolean;
  /** Whether the bytes up to the source's cursor stand in the file at `path`. */
  holds(path: string, source: Source): boolean;
}

/** All sources of this machine, by what they are and by where they are. */
export class SourceTable {
  readonly #byId = new Map<string, Source>();
  readonly #byPath = new Map<string, Source>();
  readonly #byConversation = new Map<string, Source[]>();
  readonly #looks: FileLooks;

  constructor(looks: FileLooks) {
    this.#looks = looks;
  }

  get size(): number {
    return this.#byId.size;
  }

  [Symbol.iterator](): IterableIterator<Source> {
    return this.#byId.values();
  }

  at(path: string): Source | undefined {
    return this.#byPath.get(path);
  }

  /** The source that the server calls `id`. */
  get(id: string): Source | undefined {
    return this.#byId.get(id);
  }

  conversation(root: string, session: string, subagent: string | null): readonly Source[] {
    return this.#byConversation.get(conversationId(root, session, subagent)) ?? [];
  }

  /** Which source the file is; a source that moved or is new has `untold` set where the server must hear of it. */
  place(file: FoundFile): Source {
    const known = this.#byPath.get(file.path);
    if (known !== undefined) return known;
    const others = this.conversation(file.root, file.session, file.subagent);
    const placement = place(file.path, others, this.#looksAt(file.path));
    if (placement.kind !== "new") {
      this.#move(placement.source, file.path);
      return placement.source;
    }
    const { product, root, session, subagent } = file;
    const source = newSource({ product, root, session, subagent, copy: placement.copy }, file.path, file.birthMs);
    this.#add(source);
    return source;
  }

  /**
   * The file of `source` does not hold its bytes any more. Where that is because another source's file was moved over it,
   * the path is given to that one, which is answered; otherwise undefined, and the file was rewritten.
   */
  giveUp(source: Source): Source | undefined {
    const { root, session, subagent } = source.key;
    const others = this.conversation(root, session, subagent);
    const mover = others.length < 2 ? undefined : claimant(source, others, this.#looksAt(source.path));
    if (mover !== undefined) this.#move(mover, source.path);
    return mover;
  }

  /**
   * Takes over what the server knows of this machine. Answers the sources whose cursor is another than we thought.
   * A source with a body on its way is left alone: its answer will tell.
   */
  adopt(cursors: readonly SourceCursor[]): Source[] {
    const changed: Source[] = [];
    const named = new Set<string>();
    for (const cursor of cursors) {
      const id = sourceKeyString(cursor.source);
      named.add(id);
      const source = this.#byId.get(id);
      if (source === undefined) {
        this.#add(knownSource(cursor));
      } else if (!source.busy && !sameCursor(source, cursor)) {
        adoptCursor(source, cursor);
        changed.push(source);
      }
    }
    for (const source of this.#byId.values()) {
      if (named.has(source.id) || source.busy || source.committed.proof === null) continue;
      forgetCommitted(source);
      changed.push(source);
    }
    return changed;
  }

  #looksAt(path: string): Looks<Source> {
    return {
      isThere: (source) => this.#byPath.get(source.path) === source && this.#looks.isThere(source.path),
      holds: (source) => this.#looks.holds(path, source),
    };
  }

  #add(source: Source): void {
    this.#byId.set(source.id, source);
    // Of two sources that were last seen at one path, the one that is not gone has it now.
    if (!source.goneThere || !this.#byPath.has(source.path)) this.#byPath.set(source.path, source);
    const id = conversationId(source.key.root, source.key.session, source.key.subagent);
    const others = this.#byConversation.get(id);
    if (others === undefined) this.#byConversation.set(id, [source]);
    else others.push(source);
  }

  #move(source: Source, path: string): void {
    if (this.#byPath.get(source.path) === source) this.#byPath.delete(source.path);
    source.path = path;
    source.untold = source.committed.proof !== null;
    source.goneHere = false;
    source.drainedAt = null;
    this.#byPath.set(path, source);
  }
}

function conversationId(root: string, session: string, subagent: string | null): string {
  return `${root}\n${session}\n${subagent ?? ""}`;
}

function sameCursor(source: Source, cursor: SourceCursor): boolean {
  const { generation, offset, proof } = source.committed;
  return (
    generation === cursor.generation &&
    offset === cursor.offset &&
    proof?.tailSha256 === cursor.proof.tailSha256 &&
    source.deleted === cursor.deleted &&
    source.goneThere === cursor.gone
  );
}
