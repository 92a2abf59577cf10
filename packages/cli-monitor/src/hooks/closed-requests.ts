import type { RequestClosing } from "@agentpane/protocol";
import type { PartFrame } from "../uplink/channel-frames.ts";

type ClosedFrame = Extract<PartFrame, { type: "request.closed" }>;

/** What was let go is told again so long: a channel that was lost may have lost it too. */
const KEEP_MS = 10 * 60_000;
const MAX_KEPT = 5_000;

/** Requests that were let go lately, in their order. */
export class ClosedRequests {
  readonly #kept = new Map<string, { closing: RequestClosing; decision: string | null; at: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(id: string, closing: RequestClosing, decision: string | null): void {
    this.#kept.set(id, { closing, decision, at: this.#now() });
    for (const [oldest, { at }] of this.#kept) {
      if (this.#kept.size <= MAX_KEPT && this.#now() - at <= KEEP_MS) break;
      this.#kept.delete(oldest);
    }
  }

  closingOf(id: string): RequestClosing | undefined {
    return this.#kept.get(id)?.closing;
  }

  decisionOf(id: string): string | null {
    return this.#kept.get(id)?.decision ?? null;
  }

  frames(): ClosedFrame[] {
    const now = this.#now();
    return [...this.#kept]
      .filter(([, { at }]) => now - at <= KEEP_MS)
      .map(([id, { closing, decision }]) => ({ type: "request.closed", now, id, closing, decision }));
  }
}
