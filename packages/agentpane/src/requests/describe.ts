import type { Decision, RequestRow } from "@agentpane/protocol";
import { shown, shownBlock } from "../terminal/shown.ts";
import { when } from "../terminal/times.ts";

/** Everything that a decision on the request is about, every character of it: the digest is taken over the same. */
export function describeRequest(row: RequestRow, now: number): string {
  const subagent = row.subagent === null ? [] : [`subagent  ${shown(row.subagentType ?? "")} ${shown(row.subagent)}`];
  const lines = [
    `${row.kind} ${row.id}`,
    `tool      ${shown(row.tool)}`,
    `session   ${shown(row.session)}`,
    ...subagent,
    `machine   ${shown(row.machine.name)} ${row.machine.id}`,
    `folder    ${row.cwd === null ? "not known" : shown(row.cwd)}`,
    `asked     ${when(row.openedAt, now)}`,
    `state     ${stateOf(row)}`,
    "",
    describeInput(row.inputJson ?? ""),
  ];
  if (row.plan !== null) lines.push("", `plan, from ${shown(row.plan.path)}`, shownBlock(row.plan.text ?? "", "  "));
  if (row.suggestions.length > 0) {
    lines.push("", "allow always, by --always NUMBER");
    for (const [index, { words, json }] of row.suggestions.entries()) {
      lines.push(`  ${index + 1}  ${shown(words)}`, shownBlock(json, "     "));
    }
  }
  return lines.join("\n");
}

/** One field after the other; texts as they are, all else as JSON. */
export function describeInput(inputJson: string): string {
  const input: unknown = JSON.parse(inputJson);
  if (typeof input !== "object" || input === null || Array.isArray(input)) return shownBlock(jsonOf(input), "  ");
  const fields = Object.entries(input);
  if (fields.length === 0) return "  (no input)";
  return fields
    .map(([name, value]) => `  ${shown(name)}\n${shownBlock(typeof value === "string" ? value : jsonOf(value), "  ")}`)
    .join("\n");
}

/** Whether the whole of it came: a decision is only ever about all of it. */
export function isWhole(row: RequestRow): boolean {
  return row.inputJson !== null && (row.plan === null || row.plan.text !== null);
}

export function stateOf({ state, closing, reachable }: RequestRow): string {
  if (closing === null) return reachable ? state : `${state}, but its monitor is not connected`;
  const by = closing.name === null || closing.how.includes(closing.name) ? "" : ` by ${shown(closing.name)}`;
  return `${state}: ${shown(closing.how)}${by}`;
}

/** What was done, in a word. */
export const DONE: Readonly<Record<Decision["type"], string>> = {
  allow: "Allowed",
  deny: "Denied",
  answer: "Answered",
  skip: "Skipped",
  approve: "Approved",
  reject: "Rejected",
};

function jsonOf(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
