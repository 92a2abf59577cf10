import type { TodoItem, TranscriptEvent } from "@agentpane/protocol";
import { MAX_TODO_CHARS, MAX_TODOS } from "./source-state.ts";

type TodoEvent = Extract<TranscriptEvent, { kind: "todo" }>;

/** The list after one change; an item that was deleted leaves it. */
export function foldTodos(todos: readonly TodoItem[], event: TodoEvent): TodoItem[] {
  const list = event.op === "replace" ? [] : todos.map((item) => ({ ...item }));
  for (const change of event.items) {
    const known = change.id === null ? undefined : list.find((item) => item.id === change.id);
    if (known !== undefined) {
      if (change.text !== null) known.text = cut(change.text);
      if (change.status !== null) known.status = change.status;
    } else if (list.length < MAX_TODOS) {
      list.push({ id: change.id, text: cut(change.text ?? ""), status: change.status ?? "pending" });
    }
  }
  return list.filter((item) => item.status !== "deleted");
}

function cut(text: string): string {
  return text.length <= MAX_TODO_CHARS ? text : `${text.slice(0, MAX_TODO_CHARS - 1)}…`;
}
