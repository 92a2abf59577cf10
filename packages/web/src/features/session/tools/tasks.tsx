import { clsx } from "clsx";
import { Square, SquareCheck, SquareMinus, SquareX } from "lucide-react";
import { sessionTexts } from "../../../texts/session.ts";
import { toolTexts } from "../../../texts/tool.ts";
import { Bar } from "../../../ui/controls.tsx";
import { Words } from "../../../ui/text.tsx";
import type { Call } from "../entries.ts";
import { listOf, textOf } from "../read-input.ts";
import { Block, Outcome, ResultPart } from "./block.tsx";

export type TodoStatus = "pending" | "in_progress" | "completed" | "deleted";
export interface Todo {
  text: string;
  status: TodoStatus;
}

const ICONS = { pending: Square, in_progress: SquareMinus, completed: SquareCheck, deleted: SquareX };

/** A checklist; each state has its own shape. */
export function Checklist({ todos }: { todos: readonly Todo[] }) {
  return (
    <ul>
      {todos.map((todo, index) => {
        const Icon = ICONS[todo.status];
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: a list of tasks is replaced whole, and two may read alike
            key={index}
            className={clsx(
              "flex min-h-[21px] items-start gap-2 text-s",
              (todo.status === "completed" || todo.status === "deleted") && "text-fg-3",
              todo.status === "in_progress" && "font-medium",
            )}
          >
            <Icon
              size={14}
              strokeWidth={1.75}
              role="img"
              aria-label={toolTexts.todo[todo.status]}
              className={clsx("mt-0.5 flex-none", todo.status === "in_progress" ? "text-working-fill" : "text-fg-3")}
            />
            <span className={todo.status === "deleted" ? "line-through" : undefined}>
              <Words>{todo.text}</Words>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** TodoWrite: the whole list as it stands from here on. */
export function TodoBlock({ call }: { call: Call }) {
  const todos = listOf(call.event?.content?.input, "todos").map(
    (item): Todo => ({ text: textOf(item, "content") ?? textOf(item, "subject") ?? "", status: statusOf(item) }),
  );
  const done = todos.filter((todo) => todo.status === "completed").length;
  if (todos.length === 0) return <TaskBlock call={call} />;
  return (
    <Block
      tool="TodoWrite"
      name={toolTexts.tasks}
      about={sessionTexts.tasksDone(done, todos.length)}
      end={<Bar part={done / todos.length} className="w-14" />}
    >
      <div className="block-part px-3 py-1">
        <Checklist todos={todos} />
      </div>
      {call.result?.isError === true && <ResultPart call={call} />}
    </Block>
  );
}

/** TaskCreate and TaskUpdate: one task at a time. */
export function TaskBlock({ call }: { call: Call }) {
  const input = call.event?.content?.input;
  const subject = textOf(input, "subject");
  const id = textOf(input, "taskId");
  const created = call.tool === "TaskCreate";
  const text = subject ?? (id === null ? (call.event?.summary ?? "") : `#${id}`);
  return (
    <div>
      <div className="flex min-h-5 items-center gap-2 text-fg-3 text-s">
        <b className="font-medium text-fg-2">{created ? toolTexts.taskAdded : toolTexts.taskChanged}</b>
        <Checklist todos={[{ text, status: statusOf(input) }]} />
        <span>{!created && toolTexts.todo[statusOf(input)]}</span>
        <span className="ml-auto flex gap-3">{call.result?.isError === true && <Outcome call={call} />}</span>
      </div>
      {call.result?.isError === true && <ResultPart call={call} />}
    </div>
  );
}

function statusOf(item: unknown): TodoStatus {
  const status = textOf(item, "status");
  return status === "in_progress" || status === "completed" || status === "deleted" ? status : "pending";
}
