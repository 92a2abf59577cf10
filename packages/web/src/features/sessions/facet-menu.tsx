import type { SessionFilter } from "@agentpane/protocol";
import { Menu } from "@base-ui/react/menu";
import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { facetsQuery } from "../../api/queries.ts";
import { useLiveStore } from "../../live/use-live.ts";
import { useServices } from "../../services.ts";
import { texts } from "../../texts.ts";
import { formatCount } from "../../ui/format.ts";
import { Glyph } from "../../ui/glyph.tsx";
import { MenuChoice } from "../../ui/menu-choice.tsx";
import { Words } from "../../ui/text.tsx";
import { nameOf, useMachineNames } from "./chips.tsx";
import { type FacetKey, facetOf, offered } from "./facets.ts";

export interface FacetMenuProps {
  facet: FacetKey;
  filter: SessionFilter;
  onChoose(value: string | undefined): void;
  className?: string | undefined;
}

/** The values of one kind with how many sessions each would leave. */
export function FacetMenu({ facet, filter, onChoose, className }: FacetMenuProps) {
  const [open, setOpen] = useState(false);
  const chosen = filter[facet];
  return (
    <Menu.Root modal={false} open={open} onOpenChange={setOpen}>
      <Menu.Trigger
        aria-label={texts.sessions.filterBy[facet]}
        className={clsx(
          "flex h-7 flex-none items-center gap-1 rounded-m px-2 hover:bg-hover hover:text-fg data-popup-open:bg-hover max-desk:h-9",
          chosen !== undefined && "text-fg",
          className,
        )}
      >
        {texts.sessions.filterKey[facet]}
        <ChevronDown aria-hidden size={13} className="text-fg-3" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="start" sideOffset={4} className="z-20 outline-none">
          <Menu.Popup className="scroll max-h-[min(420px,var(--available-height))] w-max min-w-44 max-w-[min(360px,calc(100vw-16px))] rounded-l border border-strong bg-control p-1 text-s outline-none">
            {open && <Values facet={facet} filter={filter} onChoose={onChoose} />}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** Asked for when they are looked at: until the server has answered, and where it is away, the loaded rows are counted. */
function Values({ facet, filter, onChoose }: Omit<FacetMenuProps, "className">) {
  const { api } = useServices();
  const store = useLiveStore();
  const machines = useMachineNames();
  const { data } = useQuery(facetsQuery(api, filter));
  // Counted once: a menu whose lines move cannot be chosen from.
  const [loaded] = useState(() => facetOf(store.sessions.values(), filter, facet));
  const chosen = filter[facet];
  const values = offered(data ?? null, loaded, facet, chosen);
  return (
    <Menu.RadioGroup
      value={chosen ?? ANY}
      onValueChange={(value: string) => onChoose(value === ANY ? undefined : value)}
    >
      <MenuChoice value={ANY}>
        <span className="flex-1">{texts.sessions.any}</span>
      </MenuChoice>
      {values.map(({ value, count }) => {
        const name = nameOf(facet, value, machines);
        return (
          <MenuChoice key={value} value={value}>
            {facet === "status" && <Glyph shape={value as SessionStatus} named={false} size={14} />}
            <span className="min-w-0 flex-1 truncate" title={name}>
              <Words>{name}</Words>
            </span>
            <span className="flex-none pl-3 text-fg-3 tabular-nums">{formatCount(count)}</span>
          </MenuChoice>
        );
      })}
      {values.length === 0 && <p className="px-2 py-1.5 text-fg-3">{texts.sessions.noValues}</p>}
    </Menu.RadioGroup>
  );
}

/** No value of any kind is empty. */
const ANY = "";
type SessionStatus = NonNullable<SessionFilter["status"]>;
