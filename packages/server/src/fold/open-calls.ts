import {
  MAX_NAME_CHARS,
  MAX_OPEN_CALLS,
  MAX_OPEN_SUMMARY_CHARS,
  type OpenCall,
  type SourceState,
} from "./source-state.ts";

/** Tools whose open call waits for a person, and what for. */
export const ASKING_TOOLS: Readonly<Record<string, "question" | "approval">> = {
  AskUserQuestion: "question",
  ExitPlanMode: "approval",
};

/** Tools whose call runs a subagent: while one is open, what is asked is asked by the subagent. */
export const SPAWNING_TOOLS: ReadonlySet<string> = new Set(["Agent", "Task"]);

/** Remembers a call; past the bound the oldest that asks nobody is only counted. */
export function openCall(state: SourceState, call: OpenCall): void {
  state.open.push({
    call: call.call.slice(0, MAX_NAME_CHARS),
    tool: call.tool.slice(0, MAX_NAME_CHARS),
    summary: call.summary.slice(0, MAX_OPEN_SUMMARY_CHARS),
    at: call.at,
  });
  if (state.open.length <= MAX_OPEN_CALLS) return;
  const oldest = state.open.findIndex((open) => ASKING_TOOLS[open.tool] === undefined);
  state.open.splice(Math.max(oldest, 0), 1);
  state.openMore++;
}

/** Whether the call was open. */
export function closeCall(state: SourceState, call: string): boolean {
  const index = state.open.findIndex((open) => open.call === call.slice(0, MAX_NAME_CHARS));
  if (index >= 0) {
    state.open.splice(index, 1);
    return true;
  }
  if (state.openMore === 0) return false;
  state.openMore--;
  return true;
}

export function closeAllCalls(state: SourceState): void {
  state.open = [];
  state.openMore = 0;
}
