import { REQUEST_KINDS, type RequestKind, type RequestRow } from "@agentpane/protocol";
import { requestsTexts as words } from "../../texts/requests.ts";

/** What the page is narrowed to; null for all. */
export interface RequestFilter {
  machine: string | null;
  kind: RequestKind | null;
}
export const ALL: RequestFilter = { machine: null, kind: null };

export function narrowed(open: readonly RequestRow[], { machine, kind }: RequestFilter): RequestRow[] {
  return open.filter((row) => (machine === null || row.machine.id === machine) && (kind === null || row.kind === kind));
}

interface FiltersProps {
  open: readonly RequestRow[];
  filter: RequestFilter;
  onChange(filter: RequestFilter): void;
}

/** Each stands there only where there is something to choose from. */
export function RequestFilters({ open, filter, onChange }: FiltersProps) {
  const machines = [...new Map(open.map((row) => [row.machine.id, row.machine.name]))];
  const kinds = REQUEST_KINDS.filter((kind) => open.some((row) => row.kind === kind));
  return (
    <>
      {(machines.length > 1 || filter.machine !== null) && (
        <Choice
          label={words.machineFilter}
          all={words.allMachines}
          value={filter.machine}
          options={machines}
          onChange={(machine) => onChange({ ...filter, machine })}
        />
      )}
      {(kinds.length > 1 || filter.kind !== null) && (
        <Choice
          label={words.kindFilter}
          all={words.allKinds}
          value={filter.kind}
          options={kinds.map((kind) => [kind, words.kinds[kind]])}
          onChange={(kind) => onChange({ ...filter, kind: REQUEST_KINDS.find((one) => one === kind) ?? null })}
        />
      )}
    </>
  );
}

interface ChoiceProps {
  label: string;
  all: string;
  value: string | null;
  options: readonly (readonly [value: string, label: string])[];
  onChange(value: string | null): void;
}

function Choice({ label, all, value, options, onChange }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      value={value ?? ""}
      className="h-7 max-w-40 rounded-m border border-transparent bg-transparent px-1 text-fg-2 text-s hover:bg-hover hover:text-fg max-desk:h-11 [&>option]:bg-control [&>option]:text-fg"
      onChange={(event) => onChange(event.target.value === "" ? null : event.target.value)}
    >
      <option value="">{all}</option>
      {options.map(([option, name]) => (
        <option key={option} value={option}>
          {name}
        </option>
      ))}
      {value !== null && !options.some(([option]) => option === value) && (
        <option value={value}>{words.thatLeft}</option>
      )}
    </select>
  );
}
