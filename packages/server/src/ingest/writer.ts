import { adapters } from "@agentpane/agents";
import {
  AgentPaneError,
  type DeregisterBody,
  type HeartbeatBody,
  type IngestAnswer,
  type PricesRefreshAnswer,
  type RegisterBody,
  type Role,
  type Settings,
  type TokenRow,
} from "@agentpane/protocol";
import { parseEvidence } from "../fold/evidence.ts";
import { emptyState } from "../fold/source-state.ts";
import { statusOf } from "../fold/status.ts";
import { addAudit } from "../store/audit.ts";
import { dropPartsBefore } from "../store/chunk-parts.ts";
import { deleteChunks } from "../store/chunks.ts";
import type {
  AuditNote,
  ChannelNews,
  CommitChanges,
  Committed,
  NewDecision,
  NewToken,
  RequestNews,
  Writer,
} from "../store/contract.ts";
import { deleteEventsOfSession } from "../store/events.ts";
import { insertLoginCode, takeLoginCode } from "../store/login-codes.ts";
import { removePresencesOfSession } from "../store/presence.ts";
import { deleteClosedRequestsOfSession } from "../store/requests.ts";
import { dueSessions, nextDue, saveStatus } from "../store/sessions.ts";
import { type FetchedPrices, readSettings, writeSetting, writeSettings } from "../store/settings.ts";
import { emptySources, sourcesOfSession } from "../store/sources.ts";
import { type Db, inTransaction } from "../store/sqlite.ts";
import { insertToken, revokeTokens, touchToken } from "../store/tokens.ts";
import { addTombstone } from "../store/tombstones.ts";
import { applyPart, applySegment } from "./apply.ts";
import type { ReadBody } from "./body.ts";
import { claim, release } from "./claims.ts";
import { type Changed, Committer } from "./commit.ts";
import { applyNews } from "./presences.ts";
import { applyRequestNews, sweepRequests, withdrawAll } from "./requests.ts";

/** Parts of a chunk that nobody came back for are dropped after this long. */
const STAGED_PART_MS = 60 * 60_000;

/** While history is priced anew, what changed by it is told this often. */
const TELL_COUNTED_MS = 250;

/** What a call of the `Writer` does in its thread: the same names, the answers without a promise, `now` at the end. */
type Operations = {
  [Name in Exclude<keyof Writer, symbol | "ingest" | "presence" | "requestNews" | "reindex">]: (
    ...args: [...Parameters<Writer[Name]>, now: number]
  ) => Awaited<ReturnType<Writer[Name]>>;
};

/** The writer thread's work, one transaction each. */
export class WriterOperations implements Operations {
  readonly #db: Db;
  readonly committer: Committer;

  constructor(db: Db, now: number) {
    this.#db = db;
    this.committer = new Committer(db, now);
  }

  /** Bodies that waited together, in one transaction. What changed is told with the first answer. */
  ingest(bodies: readonly { machine: string; body: ReadBody }[], now: number): Committed<IngestAnswer>[] {
    const { catalogue, counting } = this.committer;
    const { counter } = counting;
    const { answer, changes } = this.committer.commit(now, (changed) =>
      bodies.map(({ machine, body }): IngestAnswer => {
        this.committer.seen(machine, now, changed);
        const context = { db: this.#db, catalogue, counter, growth: changed.growth, machine, now };
        for (const { part, bytes } of body.parts) {
          applyPart({ ...context, adapterVersion: adapters[part.source.product].version }, part, bytes);
        }
        return {
          answers: body.segments.map((read) => {
            if ("invalid" in read) return { result: "invalid", message: read.invalid };
            const { segment, chunk } = read;
            const adapterVersion = adapters[segment.source.product].version;
            return applySegment({ ...context, adapterVersion }, segment, chunk);
          }),
        };
      }),
    );
    return this.#shared(answer, changes);
  }

  /** News that waited together, in one transaction. What changed is told with the first answer. */
  presence(news: readonly ChannelNews[], now: number): Committed<{ stale: boolean }>[] {
    const { answer, changes } = this.committer.commit(now, (changed) =>
      news.map((one) => ({ stale: !applyNews(this.committer, one, changed, now) })),
    );
    return this.#shared(answer, changes);
  }

  /** News that waited together, in one transaction. What changed is told with the first answer. */
  requestNews(news: readonly RequestNews[], now: number): Committed<null>[] {
    const { answer, changes } = this.committer.commit(now, (changed) =>
      news.map((one) => {
        applyRequestNews(this.committer, one, changed, now);
        return null;
      }),
    );
    return this.#shared(answer, changes);
  }

  claimRequest(decision: NewDecision, now: number): Committed<{ machine: string }> {
    const { answer, changes } = this.committer.commit(now, () => claim(this.#db, decision, now));
    // Thrown only now: a refusal is no failure of the transaction, and some of them stand in the audit.
    if (answer instanceof AgentPaneError) throw answer;
    return { answer, changes };
  }

  releaseRequest(id: string, decisionId: string, reason: string, now: number): Committed<null> {
    return this.committer.commit(now, () => {
      release(this.#db, id, decisionId, reason, now);
      return null;
    });
  }

  audit({ who, what, detail, from, session, request }: AuditNote, now: number): void {
    const entry = { at: now, who, what, detail, from, session: session ?? null, request: request ?? null };
    inTransaction(this.#db, () => addAudit(this.#db, entry));
  }

  register(token: string, body: RegisterBody, now: number): Awaited<ReturnType<Writer["register"]>> {
    return this.#machineCall(body.machine, now, () => ({
      cursors: this.committer.machines.register(token, body, now),
    }));
  }

  heartbeat(token: string, body: HeartbeatBody, now: number): Committed<{ known: boolean }> {
    return this.#machineCall(body.machine, now, () => ({
      known: this.committer.machines.heartbeat(token, body, now),
    }));
  }

  deregister(token: string, body: DeregisterBody, now: number): Committed<null> {
    return this.#machineCall(body.machine, now, (changed) => {
      if (this.committer.machines.deregister(token, body, now)) {
        withdrawAll(this.committer, body.machine, "its monitor stopped", changed, now);
      }
      return null;
    });
  }

  sweep(now: number): Committed<{ nextAt: number | null }> {
    const { committer } = this;
    return committer.commit(now, (changed) => {
      for (const due of dueSessions(this.#db, now)) {
        const { status, until } = statusOf(parseEvidence(due.evidence), now);
        saveStatus(this.#db, due.session, status, until);
        changed.rows.set(due.session, due);
      }
      for (const machine of committer.machines.fallenSilent(now)) committer.tellMachine(machine, changed);
      dropPartsBefore(this.#db, now - STAGED_PART_MS);
      const nextWithdrawal = sweepRequests(committer, changed, now);
      const { counting } = committer;
      const toTell = counting.hasToTell() ? now : counting.isWorking() ? now + TELL_COUNTED_MS : null;
      const limits = [nextDue(this.#db), committer.machines.nextSilence(), nextWithdrawal, toTell];
      const times = limits.filter((at) => at !== null);
      return { nextAt: times.length === 0 ? null : Math.min(...times) };
    });
  }

  deleteSession(session: string, now: number): Committed<{ found: boolean }> {
    return this.committer.commit(now, (changed) => {
      const known = this.committer.remove(session, changed) || sourcesOfSession(this.#db, session).length > 0;
      if (!known) return { found: false };
      addTombstone(this.#db, session, now);
      deleteEventsOfSession(this.#db, session);
      this.committer.counting.counter.removeSession(session);
      deleteChunks(this.#db, session);
      removePresencesOfSession(this.#db, session);
      deleteClosedRequestsOfSession(this.#db, session);
      emptySources(this.#db, session, JSON.stringify(emptyState()));
      this.committer.catalogue.forget(session);
      return { found: true };
    });
  }

  saveSettings(settings: Settings, who: string, now: number): Committed<Settings> {
    return this.committer.commit(now, (changed) => {
      const before = readSettings(this.#db);
      writeSettings(this.#db, settings);
      const after = readSettings(this.#db);
      addAudit(this.#db, { at: now, who, what: "settings", detail: { before, after } });
      this.#pricesChanged(changed, now);
      return after;
    });
  }

  savePrices(prices: Omit<FetchedPrices, "at">, who: string, now: number): Committed<PricesRefreshAnswer> {
    return this.committer.commit(now, (changed) => {
      const { url, models } = prices;
      writeSetting(this.#db, "priceData", { url, at: now, models } satisfies FetchedPrices);
      addAudit(this.#db, { at: now, who, what: "prices", detail: { url, models: models.length } });
      return { url, models: models.length, changed: this.#pricesChanged(changed, now) };
    });
  }

  addToken(token: NewToken): void {
    inTransaction(this.#db, () => insertToken(this.#db, token));
  }

  revokeToken(idOrName: string, now: number): TokenRow[] {
    return inTransaction(this.#db, () => revokeTokens(this.#db, idOrName, now));
  }

  addLoginCode(code: { sha256: string; role: Role; expiresAt: number }, now: number): void {
    inTransaction(this.#db, () => insertLoginCode(this.#db, code, now));
  }

  redeemLoginCode(codeSha256: string, token: Omit<NewToken, "role">, now: number): { role: Role } | null {
    return inTransaction(this.#db, () => {
      const code = takeLoginCode(this.#db, codeSha256, now);
      if (code !== null) insertToken(this.#db, { ...token, role: code.role });
      return code;
    });
  }

  touchToken(id: string, now: number): void {
    inTransaction(this.#db, () => touchToken(this.#db, id, now));
  }

  /** History is priced anew in the background, and a sweep comes soon to tell of it. */
  #pricesChanged(changed: Changed, now: number): boolean {
    const { counting } = this.committer;
    const differs = counting.pricesChanged();
    if (counting.isWorking()) changed.nextAt = Math.min(changed.nextAt, now + TELL_COUNTED_MS);
    return differs;
  }

  #shared<A>(answers: readonly A[], changes: CommitChanges): Committed<A>[] {
    const rest = { sessions: [], removed: [], machines: [], grown: [], total: changes.total };
    return answers.map((answer, index) => ({ answer, changes: index === 0 ? changes : rest }));
  }

  /** A call in which a machine speaks: its row is told, and where it had been silent, its sessions too. */
  #machineCall<A>(machine: string, now: number, work: (changed: Changed) => A): Committed<A> {
    return this.committer.commit(now, (changed) => {
      const wasSilent = this.committer.machines.wasSilent(machine);
      const answer = work(changed);
      changed.machines.add(machine);
      if (wasSilent && !this.committer.machines.wasSilent(machine)) this.committer.tellMachine(machine, changed);
      return answer;
    });
  }
}
