import { randomBytes } from "node:crypto";
import { AgentPaneError, type ChannelMonitorFrame, type DecisionBody, type RequestRow } from "@agentpane/protocol";
import type { Clock } from "../access/index.ts";
import type { Committed, Reader, RequestNews, Writer } from "../store/contract.ts";
import { type MonitorLine, refusalOf } from "./monitor-line.ts";
import { Replies } from "./replies.ts";

/** How long a person waits for the monitor's word on a decision. */
const RESULT_MS = 5_000;

export interface RequestsOptions {
  line: MonitorLine;
  reader: Pick<Reader, "request">;
  writer: Pick<Writer, "requestNews" | "claimRequest" | "releaseRequest">;
  clock: Clock;
  /** Waits for a commit and tells the pages what it changed. */
  commit<Answer>(committing: Promise<Committed<Answer>>): Promise<Answer>;
}

type RequestFrame = Extract<ChannelMonitorFrame, { type: "request.open" | "request.closed" | "request.held" }>;

/** What only a person can settle: it comes over the channel, is settled by one person, and goes back over it. */
export class Requests {
  readonly #options: RequestsOptions;
  readonly #results: Replies<{ code: string; message: string } | null>;

  constructor(options: RequestsOptions) {
    this.#options = options;
    this.#results = new Replies(options.clock);
    const { line } = options;
    for (const type of ["request.open", "request.closed", "request.held"] as const) {
      line.frames.on(type, (frame, from) => this.#commit(newsOf(frame, from)));
    }
    line.frames.on("decision.result", async ({ decision, request, error, now }, from) => {
      await this.#commit({ ...from, type: "result", now, id: request, decision, error });
      this.#results.answer(decision, from.machine, error);
    });
    line.onLost((machine) => this.#results.lost(machine));
    // Of a channel that broke without a word the next one is the first sign.
    line.onOpened((machine) => this.#results.lost(machine));
  }

  /**
   * Settles a request, or says why not: `not_found`, `request_settled`, `digest_mismatch`, `invalid_request`, and
   * `request_unreachable`, after which nothing was settled unless the message says that it is not known.
   */
  async decide(id: string, body: DecisionBody, who: { name: string; from: string | null }): Promise<RequestRow> {
    const { commit, line, writer } = this.#options;
    const decisionId = `d_${randomBytes(16).toString("hex")}`;
    const by = who.name;
    const { machine } = await commit(writer.claimRequest({ ...body, id, decisionId, by, from: who.from }));
    const result = this.#results.expect(decisionId, machine, RESULT_MS);
    const { decision, digest } = body;
    if (!line.send(machine, { type: "decide", decisionId, request: id, decision, digest, by })) {
      this.#results.answer(decisionId, machine, null);
      const why =
        "The monitor that holds the request is not connected. Answer in the terminal, or wait until it is back.";
      await commit(writer.releaseRequest(id, decisionId, why));
      throw new AgentPaneError("request_unreachable", why);
    }
    const reply = await result;
    if ("none" in reply) throw unknownOutcome(reply.none);
    if (reply.value !== null) throw refusalOf(reply.value);
    const row = await this.#options.reader.request(id);
    if (row === null) throw new AgentPaneError("not_found", "The request is gone.");
    return row;
  }

  async #commit(news: RequestNews): Promise<void> {
    await this.#options.commit(this.#options.writer.requestNews(news));
  }
}

function newsOf(frame: RequestFrame, from: { machine: string; receivedAt: number }): RequestNews {
  const { now } = frame;
  switch (frame.type) {
    case "request.open":
      return { ...from, now, type: "open", request: frame.request };
    case "request.closed":
      return { ...from, now, type: "closed", id: frame.id, closing: frame.closing, decision: frame.decision };
    case "request.held":
      return { ...from, now, type: "held", ids: frame.ids };
  }
}

/** It may have been taken all the same: the truth comes when the monitor is heard again. */
function unknownOutcome(none: "late" | "lost"): AgentPaneError {
  const what = none === "lost" ? "The monitor's connection was lost" : "The monitor did not answer";
  return new AgentPaneError(
    "request_unreachable",
    `${what} before it said whether your decision was taken. The request shows it as soon as that is known.`,
  );
}
