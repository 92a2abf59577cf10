import type { InputReport } from "@agentpane/protocol";
import type { Clock } from "../access/index.ts";
import type { Reader } from "../store/contract.ts";

/** Words that were entered while the agent was idle stand in the transcript within this time, or nobody saw them taken. */
export const SEEN_MS = 5_000;
/** How long words are followed that wait behind a running turn. */
const QUEUED_MS = 60 * 60_000;
const LOOK_MS = 200;
const LOOK_QUEUED_MS = 1_000;
const EVENTS_PER_LOOK = 500;
/** Words that are followed at once; of more, the oldest are given up. */
const MAX_FOLLOWED = 500;

export interface LineWatchOptions {
  reader: Pick<Reader, "eventsAfter">;
  clock: Clock;
  tell(report: InputReport): void;
  onFault(error: unknown): void;
}

interface Followed {
  report: InputReport;
  words: string;
  place: string;
  since: number;
  cancel: () => void;
}

/** Looks for the line of words that were entered, and tells whether it came. */
export class LineWatch {
  readonly #options: LineWatchOptions;
  readonly #followed = new Map<string, Followed>();

  constructor(options: LineWatchOptions) {
    this.#options = options;
  }

  /** Where the session's transcript ends now. */
  async place(session: string): Promise<string> {
    return (await this.#options.reader.eventsAfter(session, null, "end", 1))?.next ?? "start";
  }

  follow(report: InputReport, text: string, place: string): void {
    const followed = { report, words: plain(text), place, since: this.#options.clock.now(), cancel: () => {} };
    this.#followed.set(report.id, followed);
    const oldest = this.#followed.keys().next().value;
    if (this.#followed.size > MAX_FOLLOWED && oldest !== undefined) this.#forget(oldest);
    this.#later(followed);
  }

  close(): void {
    for (const id of [...this.#followed.keys()]) this.#forget(id);
  }

  #later(followed: Followed): void {
    const ms = followed.report.state === "queued" ? LOOK_QUEUED_MS : LOOK_MS;
    followed.cancel = this.#options.clock.after(ms, () => {
      this.#look(followed).catch((error) => {
        this.#forget(followed.report.id);
        this.#options.onFault(error);
      });
    });
  }

  async #look(followed: Followed): Promise<void> {
    const { reader, clock } = this.#options;
    const { report, words } = followed;
    const page = await reader.eventsAfter(report.session, null, followed.place, EVENTS_PER_LOOK);
    if (!this.#followed.has(report.id)) return;
    for (const event of page?.events ?? []) {
      if (event.kind === "prompt" && event.origin === "human" && isOf(event.summary, words)) {
        return this.#done(followed, "taken", null);
      }
    }
    if (page !== null) followed.place = page.next;
    const waited = clock.now() - followed.since;
    if (report.state === "sent" && waited >= SEEN_MS) {
      return this.#done(followed, "not_seen", "its line is not in the transcript after 5 s");
    }
    if (waited >= QUEUED_MS) return this.#done(followed, "not_seen", "its turn did not come within an hour");
    this.#later(followed);
  }

  #done({ report }: Followed, state: InputReport["state"], reason: string | null): void {
    this.#forget(report.id);
    this.#options.tell({ ...report, state, reason, at: this.#options.clock.now() });
  }

  #forget(id: string): void {
    this.#followed.get(id)?.cancel();
    this.#followed.delete(id);
  }
}

/** A summary is the beginning of the words, in one line; it may end with a mark that more follows. */
function isOf(summary: string, words: string): boolean {
  const begin = plain(summary).replace(/…$/u, "").trimEnd();
  return begin !== "" && words.startsWith(begin) && (plain(summary).endsWith("…") || begin.length === words.length);
}

function plain(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim();
}
