import type { SessionFilter } from "@agentpane/protocol";
import { Bookmark, X } from "lucide-react";
import { useLive } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { Words } from "../../ui/text.tsx";
import { type FilterKey, partsOf } from "./filter.ts";

export interface ChipsProps {
  filter: SessionFilter;
  onRemove(key: FilterKey): void;
  onClear(): void;
  onSave(): void;
}

/** What the list is narrowed by, each part to be taken away on its own; words stand in their field. */
export function Chips({ filter, onRemove, onClear, onSave }: ChipsProps) {
  const names = useMachineNames();
  const parts = partsOf(filter);
  const chips = parts.filter((part) => part.key !== "q");
  if (parts.length === 0) return null;
  return (
    <ul
      aria-label={texts.sessions.filters}
      className="flex flex-none flex-wrap items-center gap-1.5 border-line border-b px-4 py-1.5 text-s max-desk:gap-2"
    >
      {chips.map(({ key, value }) => {
        const name = nameOf(key, value, names);
        return (
          <li key={key} className="min-w-0">
            <button
              type="button"
              title={name}
              className="flex h-6 max-w-full items-center gap-1 rounded-m border border-strong bg-control pr-1 pl-2 hover:bg-hover max-desk:h-9"
              onClick={() => onRemove(key)}
            >
              <span className="sr-only">{texts.sessions.removeFilter}</span>{" "}
              <span className="flex-none text-fg-3">{texts.sessions.filterKey[key]}</span>{" "}
              <span className="max-w-56 truncate text-fg">
                <Words>{name}</Words>
              </span>
              <X aria-hidden size={13} className="flex-none text-fg-3" />
            </button>
          </li>
        );
      })}
      <li>
        <Bare onClick={onClear}>{texts.sessions.clearFilters}</Bare>
      </li>
      <li>
        <Bare onClick={onSave}>
          <Bookmark aria-hidden size={13} />
          {texts.sessions.saveFilter}
        </Bare>
      </li>
    </ul>
  );
}

function Bare({ children, onClick }: { children: React.ReactNode; onClick(): void }) {
  return (
    <button
      type="button"
      className="flex h-6 items-center gap-1.5 rounded-m px-2 text-fg-2 hover:bg-hover hover:text-fg max-desk:h-9"
      onClick={onClick}
    >
      {children}
    </button>
  );
}

/** Machines by id, as one text that changes only when a name does. */
export function useMachineNames(): ReadonlyMap<string, string> {
  const names = useLive((store) => store.machines.map((machine) => `${machine.id} ${machine.name}`).join("\n"));
  return new Map(
    names.split("\n").map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
  );
}

/** What a person calls a value of a filter: the address has a machine's id and a status's own word. */
export function nameOf(key: FilterKey, value: string, machines: ReadonlyMap<string, string>): string {
  if (key === "machine") return machines.get(value) ?? value;
  if (key === "status" && value in texts.status) return texts.status[value as keyof typeof texts.status];
  return value;
}
