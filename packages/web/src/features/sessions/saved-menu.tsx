import type { SessionFilter } from "@agentpane/protocol";
import { Popover } from "@base-ui/react/popover";
import { Bookmark, ChevronDown, Pencil, Trash2 } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { texts } from "../../texts.ts";
import { Button, IconButton, Kbd } from "../../ui/controls.tsx";
import { Words } from "../../ui/text.tsx";
import { partsOf } from "./filter.ts";
import {
  FILTERS_WITH_KEYS,
  MAX_FILTER_NAME_CHARS,
  MAX_SAVED_FILTERS,
  type SavedFilter,
  savedFilters,
} from "./saved-filters.ts";

export interface SavedMenuProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  /** What would be saved. */
  filter: SessionFilter;
  onApply(filter: SessionFilter): void;
}

/** Filters under names: applied by a click or by their key, renamed, deleted; and the present one saved. */
export function SavedMenu({ open, onOpenChange, filter, onApply }: SavedMenuProps) {
  const saved = savedFilters();
  const all = useSyncExternalStore(saved.subscribe, saved.getSnapshot);
  const apply = (one: SavedFilter) => {
    onApply(one.filter);
    onOpenChange(false);
  };
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger className="flex h-7 flex-none items-center gap-1 rounded-m px-2 hover:bg-hover hover:text-fg data-popup-open:bg-hover max-desk:h-9">
        <Bookmark aria-hidden size={13} className="text-fg-3" />
        {texts.sessions.saved}
        <ChevronDown aria-hidden size={13} className="text-fg-3" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner align="start" sideOffset={4} className="z-20 outline-none">
          <Popover.Popup
            aria-label={texts.sessions.savedTitle}
            className="scroll max-h-[min(460px,var(--available-height))] w-[min(320px,calc(100vw-16px))] rounded-l border border-strong bg-control p-1 text-s outline-none"
          >
            {all.length === 0 && <p className="px-2 py-2 text-fg-3">{texts.sessions.noneSaved}</p>}
            <ul>
              {all.map((one, index) => (
                <Saved key={one.name} saved={one} number={index + 1} onApply={() => apply(one)} />
              ))}
            </ul>
            <Save filter={filter} full={all.length >= MAX_SAVED_FILTERS} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Saved({ saved, number, onApply }: { saved: SavedFilter; number: number; onApply(): void }) {
  const [renaming, setRenaming] = useState(false);
  const store = savedFilters();
  if (renaming) {
    return (
      <li>
        <NameForm
          label={texts.sessions.renameFilter(saved.name)}
          initial={saved.name}
          submit={texts.sessions.rename}
          onSubmit={(name) => {
            if (store.rename(saved.name, name)) setRenaming(false);
          }}
          onCancel={() => setRenaming(false)}
        />
      </li>
    );
  }
  return (
    <li className="flex items-center">
      <button
        type="button"
        className="flex min-h-7 min-w-0 flex-1 items-center gap-2 rounded-m px-2 text-left hover:bg-hover max-desk:min-h-11"
        title={partsOf(saved.filter)
          .map(({ value }) => value)
          .join(" · ")}
        onClick={onApply}
      >
        <span className="min-w-0 flex-1 truncate">
          <Words>{saved.name}</Words>
        </span>
        {number <= FILTERS_WITH_KEYS && <Kbd>{number}</Kbd>}
      </button>
      <IconButton label={texts.sessions.renameFilter(saved.name)} onClick={() => setRenaming(true)}>
        <Pencil aria-hidden size={13} />
      </IconButton>
      <IconButton label={texts.sessions.deleteFilter(saved.name)} onClick={() => store.remove(saved.name)}>
        <Trash2 aria-hidden size={13} />
      </IconButton>
    </li>
  );
}

/** Names the filter that stands now; nothing where there is none. */
function Save({ filter, full }: { filter: SessionFilter; full: boolean }) {
  const [done, setDone] = useState(false);
  const parts = partsOf(filter);
  if (parts.length === 0) return <p className="px-2 pt-1 pb-2 text-fg-3 text-xs">{texts.sessions.nothingToSave}</p>;
  if (full) return <p className="px-2 pt-1 pb-2 text-fg-3 text-xs">{texts.sessions.savedFull(MAX_SAVED_FILTERS)}</p>;
  return (
    <div className="mt-1 border-line border-t pt-1">
      <NameForm
        label={texts.sessions.filterName}
        initial={
          done
            ? ""
            : parts
                .map(({ value }) => value)
                .join(" ")
                .slice(0, MAX_FILTER_NAME_CHARS)
        }
        submit={texts.sessions.save}
        onSubmit={(name) => {
          if (savedFilters().save(name, filter)) setDone(true);
        }}
      />
      <p role="status" className="px-2 text-fg-3 text-xs empty:hidden">
        {done ? texts.sessions.savedNow : ""}
      </p>
    </div>
  );
}

function NameForm(props: {
  label: string;
  initial: string;
  submit: string;
  onSubmit(name: string): void;
  onCancel?(): void;
}) {
  const [name, setName] = useState(props.initial);
  return (
    <form
      className="flex items-center gap-1 p-1"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") props.onSubmit(name);
      }}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to type here
        autoFocus={props.onCancel !== undefined}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || props.onCancel === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          props.onCancel();
        }}
        aria-label={props.label}
        maxLength={MAX_FILTER_NAME_CHARS}
        autoComplete="off"
        spellCheck={false}
        className="h-7 min-w-0 flex-1 rounded-m border border-strong bg-sunken px-2 text-fg max-desk:h-9 max-desk:text-[16px]"
      />
      <Button type="submit">{props.submit}</Button>
    </form>
  );
}
