import { type AgentRequest, MAX_HELD_REQUESTS, type RequestClosing, type RequestOutcome } from "@agentpane/protocol";
import { skewOf } from "../fold/presence-set.ts";
import { MAX_REQUESTS_PER_SESSION, type RequestEvidence } from "../fold/request-evidence.ts";
import { requestSummary } from "../fold/request-summary.ts";
import { addAudit, whoDecided } from "../store/audit.ts";
import type { RequestNews } from "../store/contract.ts";
import type { StoredChannel } from "../store/presence.ts";
import {
  insertRequest,
  machinesWithOpenRequests,
  openRequestIds,
  openRequestsOfSession,
  pruneRequests,
  type RequestClaim,
  reopenRequest,
  type StoredRequest,
  saveClaim,
  saveClosing,
  saveRequestBody,
  smallRequest,
} from "../store/requests.ts";
import type { Db } from "../store/sqlite.ts";
import type { Changed, Committer } from "./commit.ts";

/** A machine that is not heard of for so long no longer asks anything, as far as a page should show. */
export const WITHDRAW_AFTER_MS = 10 * 60_000;
/** How much is kept of what was closed; the audit keeps what was decided. */
const KEPT_MS = 30 * 24 * 60 * 60_000;
const MAX_KEPT = 5_000;
const MAX_KEPT_BYTES = 256 * 1024 * 1024;

/** What stands open of a session, for its merge. */
export function requestsOfSession(
  db: Db,
  channels: ReadonlyMap<string, StoredChannel>,
  session: string,
): RequestEvidence[] {
  return openRequestsOfSession(db, session, MAX_REQUESTS_PER_SESSION).map(({ id, machine, openedAt, body }) => ({
    id,
    kind: body.kind,
    tool: body.tool,
    summary: body.summary,
    subagent: body.subagent,
    openedAt,
    lostAt: lostSince(channels, machine),
  }));
}

/** A machine of which no channel was ever heard is lost since always. */
export function lostSince(channels: ReadonlyMap<string, StoredChannel>, machine: string): number | null {
  const channel = channels.get(machine);
  return channel === undefined ? 0 : channel.lostAt;
}

/** Takes news into the open transaction. Every kind may come twice. */
export function applyRequestNews(committer: Committer, news: RequestNews, changed: Changed, now: number): void {
  const { db, presences } = committer;
  committer.seen(news.machine, now, changed);
  const skewMs = skewOf(news.now, news.receivedAt, presences.channels.get(news.machine)?.skewMs ?? null);
  if (news.type === "open") return open(committer, news.machine, shifted(news.request, skewMs), changed);
  if (news.type === "held") return held(committer, news.machine, new Set(news.ids), changed, now);
  const known = smallRequest(db, news.id);
  // One of another machine is none of this one's business.
  if (known === null || known.machine !== news.machine) return;
  if (news.type === "closed") closed(committer, known, news, skewMs, changed);
  else result(committer, known, news, changed, now);
}

/** Its row is told, and its session's is made anew. */
export function tellRequest(
  committer: Committer,
  { id, session }: { id: string; session: string },
  changed: Changed,
): void {
  const { catalogue, db, presences } = committer;
  changed.requests.add(id);
  const entry = catalogue.listed(session);
  if (entry === null) return;
  entry.requests = requestsOfSession(db, presences.channels, session);
  if (entry.listed && !entry.deleted) changed.growth.willTouch(entry);
}

/** Whether they can be settled has changed, with the machine's channel. */
export function tellRequestsOf(committer: Committer, machine: string, changed: Changed): void {
  for (const id of openRequestIds(committer.db, machine)) {
    const known = smallRequest(committer.db, id);
    if (known !== null) tellRequest(committer, known, changed);
  }
}

/** Those of machines that are lost for long are withdrawn, old ones dropped. Says when to look again. */
export function sweepRequests(committer: Committer, changed: Changed, now: number): number | null {
  const { db, presences } = committer;
  const times: number[] = [];
  for (const machine of machinesWithOpenRequests(db)) {
    const lostAt = lostSince(presences.channels, machine);
    if (lostAt === null) continue;
    if (now - lostAt >= WITHDRAW_AFTER_MS)
      withdrawAll(committer, machine, "its machine is not heard of any more", changed, now);
    else times.push(lostAt + WITHDRAW_AFTER_MS);
  }
  pruneRequests(db, { since: now - KEPT_MS, count: MAX_KEPT, bytes: MAX_KEPT_BYTES });
  return times.length === 0 ? null : Math.min(...times);
}

export function withdrawAll(committer: Committer, machine: string, how: string, changed: Changed, now: number): void {
  for (const id of openRequestIds(committer.db, machine)) withdraw(committer, id, how, changed, now);
}

function open(committer: Committer, machine: string, request: AgentRequest, changed: Changed): void {
  const { db } = committer;
  const known = smallRequest(db, request.id);
  if (known === null) {
    heard(committer, machine);
    // A monitor holds no more; what it says beyond is not believed, and its agents' own dialogs stand.
    if (openRequestIds(db, machine).length >= MAX_HELD_REQUESTS) return;
    const { kind, tool, inputJson, plan } = request;
    insertRequest(db, machine, request, requestSummary(kind, tool, inputJson, plan?.text ?? null));
    return tellRequest(committer, request, changed);
  }
  if (known.machine !== machine) return;
  if (known.assumed) reopenRequest(db, known.id);
  const joined = request.toolUseId !== null && request.toolUseId !== known.body.toolUseId;
  if (joined) saveRequestBody(db, known.id, { ...known.body, toolUseId: request.toolUseId });
  if (known.assumed || joined) tellRequest(committer, known, changed);
}

/** Requests come over a channel, so there is one, whether or not it told of a process before. */
function heard({ presences }: Committer, machine: string): void {
  if (presences.channels.has(machine)) return;
  presences.saveChannel({ machine, bootId: "", seq: 0, skewMs: 0, lostAt: null });
}

function closed(
  committer: Committer,
  known: StoredRequest,
  { closing, decision }: Extract<RequestNews, { type: "closed" }>,
  skewMs: number,
  changed: Changed,
): void {
  if (known.state !== "open" && !known.assumed) return;
  const { claim } = known;
  const at = Math.max(known.openedAt, closing.at + skewMs);
  const ours = claim !== null && claim.decision === decision;
  // One that was given up as unheard may have been taken all the same.
  const earlier = ours || decision === null ? null : whoDecided(committer.db, known, decision);
  // The monitor knows what happened; who a token belongs to is known here.
  const name = ours ? claim.by : closing.who === "person" ? earlier : closing.name;
  close(committer, known, { ...closing, at, name }, false, changed);
  if (decision !== null && earlier !== null) {
    auditResult(committer.db, known, { by: earlier, decision, digest: null }, at, null);
  }
  if (claim === null) return;
  if (ours) return auditResult(committer.db, known, claim, at, null);
  if (!claim.released) {
    auditResult(committer.db, known, claim, at, { code: "request_settled", message: closing.how });
    saveClaim(committer.db, known.id, { ...claim, released: true });
  }
}

function result(
  committer: Committer,
  known: StoredRequest,
  { decision, error }: Extract<RequestNews, { type: "result" }>,
  changed: Changed,
  now: number,
): void {
  const { claim } = known;
  if (claim === null || claim.decision !== decision) return;
  if (error !== null) {
    if (claim.released) return;
    auditResult(committer.db, known, claim, now, error);
    return saveClaim(committer.db, known.id, { ...claim, released: true });
  }
  if (known.state !== "open" && !known.assumed) return;
  const [outcome, how] = DECIDED[claim.type];
  const closing: RequestClosing = { state: "decided", at: now, who: "person", name: claim.by, how, outcome };
  close(committer, known, closing, false, changed);
  auditResult(committer.db, known, claim, now, null);
}

const DECIDED: Readonly<Record<RequestClaim["type"], readonly [outcome: RequestOutcome, how: string]>> = {
  allow: ["allowed", "allowed in AgentPane"],
  deny: ["denied", "denied in AgentPane"],
  answer: ["answered", "answered in AgentPane"],
  skip: ["skipped", "skipped in AgentPane"],
  approve: ["approved", "plan approved in AgentPane"],
  reject: ["rejected", "plan rejected in AgentPane"],
};

/** After an opening: a decision without a result was lost with the channel before, where its request is still held. */
function held(committer: Committer, machine: string, ids: ReadonlySet<string>, changed: Changed, now: number): void {
  const { db } = committer;
  for (const id of openRequestIds(db, machine)) {
    if (!ids.has(id)) {
      withdraw(committer, id, "its monitor no longer holds it", changed, now);
      continue;
    }
    const known = smallRequest(db, id);
    if (known?.claim == null || known.claim.released) continue;
    const message = "It never reached the hook; the request is still held.";
    auditResult(db, known, known.claim, now, { code: "request_unreachable", message });
    saveClaim(db, id, { ...known.claim, released: true });
  }
}

function withdraw(committer: Committer, id: string, how: string, changed: Changed, now: number): void {
  const known = smallRequest(committer.db, id);
  if (known === null) return;
  close(committer, known, { state: "withdrawn", at: now, who: "nobody", name: null, how }, true, changed);
}

function close(
  committer: Committer,
  known: StoredRequest,
  closing: RequestClosing,
  assumed: boolean,
  changed: Changed,
): void {
  saveClosing(committer.db, known.id, closing, assumed);
  tellRequest(committer, known, changed);
}

/** What became of a decision, under the name of whoever made it. */
export function auditResult(
  db: Db,
  { id, session, openedAt }: Pick<StoredRequest, "id" | "session" | "openedAt">,
  claim: Pick<RequestClaim, "by" | "decision"> & { digest: string | null },
  at: number,
  error: { code: string; message: string } | null,
): void {
  addAudit(db, {
    at,
    who: claim.by,
    what: "decision.result",
    detail: { decision: claim.decision, digest: claim.digest, taken: error === null, error },
    session,
    request: id,
    latencyMs: Math.max(0, at - openedAt),
  });
}

function shifted(request: AgentRequest, skewMs: number): AgentRequest {
  const openedAt = Math.max(0, request.openedAt + skewMs);
  return { ...request, openedAt, expiresAt: Math.max(openedAt, request.expiresAt + skewMs) };
}
