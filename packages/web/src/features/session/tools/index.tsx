import type { ComponentType } from "react";
import type { Call } from "../entries.ts";
import { AgentBlock } from "./agent.tsx";
import { PlanBlock, QuestionBlock } from "./ask.tsx";
import { BashBlock } from "./bash.tsx";
import { EditBlock } from "./edit.tsx";
import { GenericBlock } from "./generic.tsx";
import { TaskBlock, TodoBlock } from "./tasks.tsx";
import { WebBlock } from "./web.tsx";

/** The form of each tool; what is not named here is shown as JSON and text. A map: a tool may be called "constructor". */
const BLOCKS = new Map<string, ComponentType<{ call: Call }>>([
  ["Bash", BashBlock],
  ["Edit", EditBlock],
  ["MultiEdit", EditBlock],
  ["Write", EditBlock],
  ["NotebookEdit", EditBlock],
  ["AskUserQuestion", QuestionBlock],
  ["ExitPlanMode", PlanBlock],
  ["TodoWrite", TodoBlock],
  ["TaskCreate", TaskBlock],
  ["TaskUpdate", TaskBlock],
  ["WebFetch", WebBlock],
  ["WebSearch", WebBlock],
  ["Task", AgentBlock],
  ["Agent", AgentBlock],
]);

export function CallBlock({ call }: { call: Call }) {
  const Block = (call.tool === null ? undefined : BLOCKS.get(call.tool)) ?? GenericBlock;
  return <Block call={call} />;
}
