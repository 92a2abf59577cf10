import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  AgentPaneError,
  DECISIONS_OF_KIND,
  type Decision,
  decisionAnswer,
  decisionSubject,
  type RequestRow,
  requestsPage,
} from "@agentpane/protocol";
import { Misuse } from "../misuse.ts";
import { answersOf } from "../requests/answers.ts";
import { confirmed } from "../requests/confirm.ts";
import { DONE, describeInput, describeRequest, stateOf } from "../requests/describe.ts";
import { findRequest } from "../requests/find.ts";
import { type RunningServer, requireServer } from "../running-server.ts";
import type { Settings } from "../settings.ts";
import { print, printJson, say, table } from "../terminal/print.ts";
import { relative } from "../terminal/times.ts";

/** Somebody else was first. */
const EXIT_SETTLED = 3;
/** Nothing can be settled now: its monitor is not connected. */
const EXIT_UNREACHABLE = 4;
const SHORT_ID_CHARS = 10;

export interface ListFlags {
  state?: string;
  session?: string;
  limit: number;
}

export async function listRequests(settings: Settings, flags: ListFlags): Promise<void> {
  const query = new URLSearchParams({ state: flags.state ?? "open", limit: String(flags.limit) });
  if (flags.state === "all") query.delete("state");
  if (flags.session !== undefined) query.set("session", flags.session);
  const page = requestsPage.parse(await requireServer(settings).call("GET", `/requests?${query}`));
  if (settings.json) return printJson(page);
  if (page.requests.length === 0) return print("No requests.");
  const now = Date.now();
  const rows = page.requests.map((row) => [
    row.id.slice(0, SHORT_ID_CHARS),
    row.kind,
    row.tool,
    row.summary,
    row.machine.name,
    relative(row.openedAt, now),
    stateOf(row),
  ]);
  print(table([["REQUEST", "KIND", "TOOL", "WHAT", "MACHINE", "ASKED", "STATE"], ...rows]));
  if (page.next !== null) print(`${page.requests.length} shown; more with --limit N.`);
}

export async function showRequest(settings: Settings, id: string): Promise<void> {
  const row = await findRequest(requireServer(settings), id);
  if (settings.json) return printJson(row);
  print(describeRequest(row, Date.now()));
}

/** What the person chose, once it is known what was asked. */
type Choice = (row: RequestRow) => Decision;

export function allow(flags: { always?: number[]; input?: string }): Choice {
  return (row) => {
    const decision: Extract<Decision, { type: "allow" }> = { type: "allow" };
    for (const number of flags.always ?? []) {
      if (number > row.suggestions.length) throw new Misuse(`There is no suggestion ${number}.`);
    }
    if (flags.always !== undefined) decision.always = flags.always.map((number) => number - 1);
    if (flags.input !== undefined) decision.updatedInputJson = readFileSync(flags.input, "utf8");
    return decision;
  };
}

export function answer(words: readonly string[]): Choice {
  return (row) => ({ type: "answer", answers: answersOf(row, words) });
}

/** Prints what is decided on, all of it, takes the digest over just that, and settles it. */
export async function decide(settings: Settings, id: string, choice: Choice, yes: boolean): Promise<void> {
  const server = requireServer(settings);
  const row = await findRequest(server, id);
  if (!settings.json) print(describeRequest(row, Date.now()));
  const decision = choice(row);
  if (!DECISIONS_OF_KIND[row.kind].includes(decision.type)) {
    throw new Misuse(
      `A ${row.kind} is settled by ${DECISIONS_OF_KIND[row.kind].join(" or ")}, not by ${decision.type}.`,
    );
  }
  if (decision.type === "allow" && decision.updatedInputJson !== undefined) {
    const edited = describeInput(parsedOrMisuse(decision.updatedInputJson));
    if (!settings.json) print(`\ninstead of it will run\n${edited}`);
  }
  if (!(await confirmed(server, row, decision, yes))) {
    say("Nothing was done.");
    process.exitCode = 1;
    return;
  }
  try {
    const settled = await send(server, row, decision);
    if (settings.json) printJson(settled);
    else print(`\n${DONE[decision.type]}: ${stateOf(settled)}`);
  } catch (error) {
    const code = error instanceof AgentPaneError ? EXIT_OF[error.code] : undefined;
    if (code === undefined) throw error;
    say((error as AgentPaneError).message);
    process.exitCode = code;
  }
}

const EXIT_OF: Readonly<Record<string, number>> = {
  request_settled: EXIT_SETTLED,
  request_unreachable: EXIT_UNREACHABLE,
};

async function send(server: RunningServer, row: RequestRow, decision: Decision): Promise<RequestRow> {
  const { id, session, subagent, tool, suggestions } = row;
  const subject = decisionSubject({
    request: id,
    machine: row.machine.id,
    session,
    subagent,
    tool,
    inputJson: row.inputJson ?? "",
    suggestions,
    plan: row.plan === null ? null : { path: row.plan.path, text: row.plan.text ?? "" },
    decision,
  });
  const digest = createHash("sha256").update(subject, "utf8").digest("hex");
  return decisionAnswer.parse(await server.call("POST", `/requests/${id}/decision`, { decision, digest })).request;
}

function parsedOrMisuse(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new Misuse("The file given with --input is not JSON.");
  }
}
