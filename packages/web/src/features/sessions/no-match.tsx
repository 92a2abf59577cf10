import type { SessionFilter } from "@agentpane/protocol";
import { useLiveStore } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/controls.tsx";
import { nameOf, useMachineNames } from "./chips.tsx";
import { type FilterKey, hidingPart } from "./filter.ts";

export interface NoMatchProps {
  filter: SessionFilter;
  /** Older sessions are still being asked for. */
  looking: boolean;
  onRemove(key: FilterKey): void;
  onClear(): void;
}

/** Nothing is left: says which part of the filter hides it all, and how to get out. */
export function NoMatch({ filter, looking, onRemove, onClear }: NoMatchProps) {
  const store = useLiveStore();
  const machines = useMachineNames();
  if (looking) return <p className="px-4 py-12 text-center text-fg-2">{texts.sessions.looking}</p>;
  const hiding = hidingPart(store.sessions.values(), filter);
  return (
    <div className="flex flex-col items-center gap-3 px-4 py-12 text-center text-fg-2">
      <p className="font-medium text-fg">{texts.sessions.noMatch}</p>
      {hiding !== null && (
        <p>
          {texts.sessions.hides(
            texts.sessions.filterKey[hiding.key],
            nameOf(hiding.key, hiding.value, machines),
            hiding.without,
          )}
        </p>
      )}
      <div className="flex flex-wrap justify-center gap-2">
        {hiding !== null && (
          <Button look="primary" onClick={() => onRemove(hiding.key)}>
            {texts.sessions.showWithout(hiding.without)}
          </Button>
        )}
        <Button onClick={onClear}>{texts.sessions.clearFilters}</Button>
      </div>
    </div>
  );
}
