import type { TranscriptEvent } from "@agentpane/protocol";
import type { Draft } from "./reading.ts";
import { isObject, list, object, summary, word } from "./taken.ts";
import type { Taken, TakenObject } from "./want.ts";

/** `todo.items` of the protocol ends here. */
const MAX_TODOS = 50;

type TodoItem = Extract<TranscriptEvent, { kind: "todo" }>["items"][number];

const STATUSES = ["pending", "in_progress", "completed", "deleted"] as const;

function status(value: Taken): TodoItem["status"] {
  return STATUSES.find((known) => known === value) ?? null;
}

/** TodoWrite carries the whole list in its input; it cannot fail. */
export function todosWritten(input: TakenObject): Draft {
  const items = list(input.todos)
    .slice(0, MAX_TODOS)
    .map(object)
    .map((item) => ({ id: word(item.id) ?? null, text: summary(item.content), status: status(item.status) }));
  return { kind: "todo", op: "replace", items };
}

/**
 * What the result of TaskCreate, TaskUpdate or TaskList says of the list. A new task's id is known only here, and
 * that a change was made too. Null for the results of other tools.
 */
export function todosTold(result: TakenObject): Draft | null {
  if (isObject(result.task)) {
    const { id, subject } = result.task;
    const made = { id: word(id) ?? null, text: summary(subject), status: status(result.task.status) ?? "pending" };
    return made.id && made.text ? { kind: "todo", op: "update", items: [made] } : null;
  }
  if (Array.isArray(result.tasks)) {
    const items = result.tasks.slice(0, MAX_TODOS).map(object).map(toItem);
    return items.every((item) => item.id !== null && item.text !== "") ? { kind: "todo", op: "replace", items } : null;
  }
  const to = status(object(result.statusChange).to);
  const id = word(result.taskId);
  if (result.success !== true || !to || !id) return null;
  return { kind: "todo", op: "update", items: [{ id, text: null, status: to }] };
}

function toItem(item: TakenObject): TodoItem {
  return { id: word(item.id) ?? null, text: summary(item.subject), status: status(item.status) };
}
