import type { HookSign } from "../adapter.ts";
import { inputHash } from "./hook-input.ts";
import { asText, blocksOf, parseWhole, record } from "./parsed.ts";

/** What a line must hold for one of the signs below; most lines hold none and are not parsed. */
const MARKS = ['"tool_use"', '"tool_result"', '"planFilePath"'].map((mark) => Buffer.from(mark));

/** What one transcript line says that matters to an open request: calls, results with who decided, the plan's file. */
export function hookSigns(line: Buffer): HookSign[] {
  if (!MARKS.some((mark) => line.includes(mark))) return [];
  const said = record(parseWhole(line));
  if (said.type === "attachment") {
    const { planFilePath } = record(said.attachment);
    return typeof planFilePath === "string" ? [{ kind: "plan", path: planFilePath }] : [];
  }
  const signs: HookSign[] = [];
  for (const block of blocksOf(record(said.message).content)) {
    if (said.type === "assistant" && block.type === "tool_use") {
      const id = asText(block.id);
      const tool = asText(block.name);
      const inputSha256 = inputHash(block.input ?? {});
      if (id !== null && tool !== null && inputSha256 !== null) signs.push({ kind: "call", id, tool, inputSha256 });
    }
    if (said.type === "user" && block.type === "tool_result") {
      const id = asText(block.tool_use_id);
      if (id !== null) signs.push({ kind: "result", id, ...outcome(said) });
    }
  }
  return signs;
}

/** Whether the facts beside a subagent's transcript say that it runs in the background. */
export function isBackgroundSubagent(meta: Buffer): boolean {
  return record(parseWhole(meta)).requestShape !== "foreground";
}

/** Sources seen in 2.1.330: "config", "hook", "user_temporary", "user_reject"; "user_..." is the person at the terminal. */
function outcome(line: Record<string, unknown>): Pick<Extract<HookSign, { kind: "result" }>, "by" | "denied"> {
  const { decision, source } = record(line.permissionDecision);
  const by = source === "config" ? "config" : source === "hook" ? "hook" : "person";
  return { by, denied: decision === "reject" || line.toolDenialKind !== undefined };
}
