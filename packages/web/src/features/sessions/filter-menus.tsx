import type { SessionFilter } from "@agentpane/protocol";
import { useLive } from "../../live/use-live.ts";
import { FacetMenu } from "./facet-menu.tsx";
import { FACET_KEYS } from "./facets.ts";
import { SavedMenu } from "./saved-menu.tsx";
import type { ListFilter } from "./use-list-filter.ts";

export interface FilterMenusProps {
  list: ListFilter;
  savedOpen: boolean;
  onSavedOpen(open: boolean): void;
}

/** Loaded after the first sight, as all that floats. */
export default function FilterMenus({ list, savedOpen, onSavedOpen }: FilterMenusProps) {
  const machines = useLive((store) => store.machines.length);
  // Where there is one machine there is nothing to choose; on a desk the machines are in the bar above.
  const facets = FACET_KEYS.filter((facet) => facet !== "machine" || machines > 1);
  return (
    <>
      {facets.map((facet) => (
        <FacetMenu
          key={facet}
          facet={facet}
          filter={list.filter}
          className={facet === "machine" ? "desk:hidden" : undefined}
          onChoose={(value) => list.set({ [facet]: value } as Partial<SessionFilter>)}
        />
      ))}
      <SavedMenu open={savedOpen} onOpenChange={onSavedOpen} filter={list.filter} onApply={list.replace} />
    </>
  );
}
