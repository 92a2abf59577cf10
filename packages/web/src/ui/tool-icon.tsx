import {
  FilePen,
  FileText,
  Globe,
  ListChecks,
  type LucideIcon,
  Network,
  Plug,
  Search,
  SquareTerminal,
  Wrench,
} from "lucide-react";

const ICONS = new Map<string, LucideIcon>(
  Object.entries({
    Bash: SquareTerminal,
    BashOutput: SquareTerminal,
    Edit: FilePen,
    MultiEdit: FilePen,
    Write: FilePen,
    NotebookEdit: FilePen,
    Read: FileText,
    LS: FileText,
    Glob: Search,
    Grep: Search,
    ToolSearch: Search,
    WebFetch: Globe,
    WebSearch: Globe,
    TodoWrite: ListChecks,
    TaskCreate: ListChecks,
    TaskUpdate: ListChecks,
    TaskList: ListChecks,
    Task: Network,
    Agent: Network,
  }),
);

/** Nothing for what is no tool: thinking and answering are words enough. */
export function ToolIcon({ tool, size = 14 }: { tool: string; size?: number }) {
  if (tool === "thinking" || tool === "answering") return null;
  const Icon = ICONS.get(tool) ?? (tool.startsWith("mcp__") ? Plug : Wrench);
  return (
    <Icon aria-hidden size={size} strokeWidth={1.75} className="mr-1 inline-block flex-none align-[-2px] text-fg-3" />
  );
}
