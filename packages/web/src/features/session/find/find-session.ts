import type { Finding, FindPage } from "@agentpane/protocol";
import { ApiError } from "../../../api/errors.ts";
import { Observable } from "../../../observable.ts";

/** More is no longer looked through by hand; the words have to be better. */
export const MAX_FINDINGS = 2_000;
const FINDINGS_PER_STEP = 200;

export interface FindState {
  q: string;
  /** `full`: there is more than is listed. */
  phase: "idle" | "searching" | "done" | "full" | "failed";
  findings: readonly Finding[];
  /** Of `findings`; -1 before the first jump. */
  current: number;
  /** How much of the transcript was looked through, 0 to 1. */
  part: number;
}

type Position = Pick<Finding, "offset" | "index">;

const NOTHING: FindState = { q: "", phase: "idle", findings: [], current: -1, part: 0 };

export interface FindOptions {
  /** One step; rejects with `ApiError`. */
  step(q: string, after: string | null, limit: number, signal: AbortSignal): Promise<FindPage>;
}

/** A search through one transcript, step by step until it is done, stopped or overtaken by another. Knows no React. */
export class FindSession extends Observable implements Disposable {
  readonly #options: FindOptions;
  #abort = new AbortController();
  #state: FindState = NOTHING;

  constructor(options: FindOptions) {
    super();
    this.#options = options;
  }

  readonly getSnapshot = (): FindState => this.#state;

  async search(q: string): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#set({ ...NOTHING, q, phase: q === "" ? "idle" : "searching" });
    if (q === "") return;
    try {
      for (let after: string | null = null; ; ) {
        const page: FindPage = await this.#options.step(q, after, FINDINGS_PER_STEP, signal);
        if (signal.aborted) return;
        const findings = [...this.#state.findings, ...page.findings].slice(0, MAX_FINDINGS);
        const part = page.totalBytes === 0 ? 1 : page.searchedBytes / page.totalBytes;
        after = page.next;
        const phase = after === null ? "done" : findings.length >= MAX_FINDINGS ? "full" : "searching";
        this.#set({ ...this.#state, findings, part, phase });
        if (phase !== "searching") return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      this.#set({ ...this.#state, phase: "failed" });
    }
  }

  /** Ends a search that runs; what was found stays. */
  stop(): void {
    this.#abort.abort();
  }

  /**
   * The finding to go to: from the one that was gone to last, else from where the reader stands; around at the ends. Null
   * where nothing was found yet.
   */
  go(direction: 1 | -1, reader: Position | null): Finding | null {
    const { findings, current } = this.#state;
    if (findings.length === 0) return null;
    const next =
      current >= 0 ? (current + direction + findings.length) % findings.length : nearest(findings, direction, reader);
    this.#set({ ...this.#state, current: next });
    return findings[next] ?? null;
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #set(state: FindState): void {
    this.#state = state;
    this.changed();
  }
}

function nearest(findings: readonly Finding[], direction: 1 | -1, reader: Position | null): number {
  if (reader === null) return direction === 1 ? 0 : findings.length - 1;
  const behind = findings.findIndex((finding) => compare(finding, reader) >= 0);
  if (direction === 1) return Math.max(0, behind);
  const ahead = findings.findLastIndex((finding) => compare(finding, reader) <= 0);
  return ahead < 0 ? findings.length - 1 : ahead;
}

function compare(a: Position, b: Position): number {
  return a.offset - b.offset || a.index - b.index;
}
