import { ListFilter as FilterIcon, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useLive } from "../../live/use-live.ts";
import { part } from "../../parts.ts";
import { texts } from "../../texts.ts";
import { Button, IconButton, Kbd } from "../../ui/controls.tsx";
import { Chips } from "./chips.tsx";
import type { ListFilter } from "./use-list-filter.ts";

const FilterMenus = lazy(part(() => import("./filter-menus.tsx")));

export interface ToolbarProps {
  list: ListFilter;
  /** Rows that wait for the order to be let go. */
  waiting: number;
  onRelease(): void;
  /** Rows that the filter leaves, how many the server has of them (null while nobody knows), and whether all are here. */
  matches: number;
  total: number | null;
  complete: boolean;
  fieldRef: React.Ref<HTMLInputElement>;
  /** Down from the field into the list. */
  onLeave(): void;
}

/** What the list is narrowed by, and how much of it is there. */
export function Toolbar(props: ToolbarProps) {
  const { list } = props;
  const [savedOpen, setSavedOpen] = useState(false);
  return (
    <>
      <div className="flex min-h-10 flex-none items-center gap-x-2 border-line border-b px-4 text-fg-2 text-s max-desk:flex-wrap max-desk:pt-1.5">
        <search className="relative flex min-w-28 flex-[0_4_200px] items-center max-desk:flex-1">
          <FilterIcon aria-hidden size={13} className="pointer-events-none absolute left-2 text-fg-3" />
          <input
            ref={props.fieldRef}
            value={list.words}
            onChange={(event) => list.type(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "ArrowDown" && event.key !== "Enter") return;
              event.preventDefault();
              props.onLeave();
            }}
            placeholder={texts.sessions.filter}
            aria-label={texts.sessions.filterLabel}
            aria-keyshortcuts="/"
            autoComplete="off"
            spellCheck={false}
            maxLength={500}
            className="h-7 w-full min-w-0 rounded-m border border-strong bg-sunken pr-7 pl-7 text-fg placeholder:text-fg-3 max-desk:h-9 max-desk:text-[16px]"
          />
          {list.words !== "" ? (
            <IconButton
              label={texts.sessions.clearWords}
              className="absolute right-0.5 size-6! max-desk:size-9!"
              onClick={() => list.type("")}
            >
              <X aria-hidden size={13} />
            </IconButton>
          ) : (
            <Kbd className="absolute right-1.5 max-desk:hidden">/</Kbd>
          )}
        </search>
        <div className="scroll-x flex h-9 min-w-0 flex-auto items-center max-desk:order-1 max-desk:h-10 max-desk:flex-[1_0_100%]">
          <Suspense>
            <FilterMenus list={list} savedOpen={savedOpen} onSavedOpen={setSavedOpen} />
          </Suspense>
        </div>
        {props.waiting > 0 && (
          <Button
            look="bare"
            className="h-6! flex-none px-2!"
            title={texts.sessions.heldHelp}
            onClick={props.onRelease}
          >
            {texts.sessions.held(props.waiting)}
          </Button>
        )}
        <Count {...props} active={list.active} />
      </div>
      <Chips
        filter={list.filter}
        onRemove={(key) => list.set({ [key]: undefined })}
        onClear={list.clear}
        onSave={() => setSavedOpen(true)}
      />
    </>
  );
}

type CountProps = Pick<ToolbarProps, "matches" | "total" | "complete"> & { active: boolean };

function Count({ active, matches, total, complete }: CountProps) {
  const loaded = useLive((store) => store.sessions.size);
  const all = useLive((store) => store.total);
  const known = complete ? matches : total === null ? null : Math.max(total, matches);
  const [shown, of] = active ? [matches, known] : [loaded, all];
  return (
    // Said aloud while somebody narrows the list; else it would speak with every session that begins.
    <span className="flex-none truncate text-fg-3" aria-live={active ? "polite" : "off"} data-count>
      {of === null
        ? texts.sessions.shownYet(shown)
        : shown < of
          ? texts.sessions.shownOf(shown, of)
          : texts.sessions.shown(shown)}
    </span>
  );
}
