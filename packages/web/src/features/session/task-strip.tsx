import type { TodoItem } from "@agentpane/protocol";
import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { sessionTexts } from "../../texts/session.ts";
import { Bar } from "../../ui/controls.tsx";
import { Words } from "../../ui/text.tsx";
import { ToolIcon } from "../../ui/tool-icon.tsx";
import { Checklist } from "./tools/tasks.tsx";

/** The session's task list as it stands now: one line with what is being done, the whole list on demand. */
export function TaskStrip({ todos }: { todos: readonly TodoItem[] }) {
  const [open, setOpen] = useState(false);
  const alive = todos.filter((todo) => todo.status !== "deleted");
  const done = alive.filter((todo) => todo.status === "completed").length;
  const current = alive.find((todo) => todo.status === "in_progress");
  if (alive.length === 0) return null;
  return (
    <div className="flex-none border-line border-b">
      <button
        type="button"
        aria-expanded={open}
        className="flex h-8 w-full items-center gap-2 px-4 text-left text-fg-3 text-s -outline-offset-2 hover:bg-hover max-desk:h-11"
        onClick={() => setOpen(!open)}
      >
        <ToolIcon tool="TodoWrite" />
        <b className="flex-none font-medium text-fg">{sessionTexts.tasksTitle}</b>
        <span className="flex-none">{sessionTexts.tasksDone(done, alive.length)}</span>
        <Bar part={done / alive.length} className="w-14 flex-none" />
        <span className="min-w-0 flex-1 truncate text-fg-2">
          {current !== undefined && <Words>{current.text}</Words>}
        </span>
        <ChevronRight
          aria-hidden
          size={14}
          className={clsx("flex-none transition-transform duration-(--fast)", open && "rotate-90")}
        />
      </button>
      {open && (
        <div className="scroll max-h-60 px-4 pb-2">
          <Checklist todos={alive} />
        </div>
      )}
    </div>
  );
}
