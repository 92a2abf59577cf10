import { ListFilter, X } from "lucide-react";
import { useLive } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { Button, IconButton, Kbd } from "../../ui/controls.tsx";

export interface ToolbarProps {
  filter: string;
  onFilter(filter: string): void;
  /** Rows that wait for the order to be let go. */
  waiting: number;
  onRelease(): void;
  /** Rows that the filter leaves. */
  matches: number;
  fieldRef: React.Ref<HTMLInputElement>;
  /** Down from the field into the list. */
  onLeave(): void;
}

export function Toolbar(props: ToolbarProps) {
  const loaded = useLive((store) => store.sessions.size);
  const total = useLive((store) => store.total);
  const filtered = props.filter.trim() !== "";
  return (
    <div className="flex h-10 flex-none items-center gap-4 border-line border-b px-4 text-fg-2 text-s max-desk:h-12">
      <search className="relative flex min-w-0 flex-[0_1_260px] items-center max-desk:flex-1">
        <ListFilter aria-hidden size={13} className="pointer-events-none absolute left-2 text-fg-3" />
        <input
          ref={props.fieldRef}
          value={props.filter}
          onChange={(event) => props.onFilter(event.target.value)}
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
          className="h-7 w-full min-w-0 rounded-m border border-strong bg-sunken pr-7 pl-7 text-fg placeholder:text-fg-3 max-desk:h-9 max-desk:text-[16px]"
        />
        {filtered ? (
          <IconButton
            label={texts.sessions.clearFilter}
            className="absolute right-0.5 size-6! max-desk:size-9!"
            onClick={() => props.onFilter("")}
          >
            <X aria-hidden size={13} />
          </IconButton>
        ) : (
          <Kbd className="absolute right-1.5 max-desk:hidden">/</Kbd>
        )}
      </search>
      <span className="flex-1 max-desk:hidden" />
      {props.waiting > 0 && (
        <Button look="bare" className="h-6! px-2!" title={texts.sessions.heldHelp} onClick={props.onRelease}>
          {texts.sessions.held(props.waiting)}
        </Button>
      )}
      <span className="truncate text-fg-3 max-desk:flex-none" data-count>
        {filtered
          ? `${texts.sessions.shown(props.matches)} ${texts.sessions.filterScope(loaded, total)}`
          : loaded < total
            ? texts.sessions.shownOf(loaded, total)
            : texts.sessions.shown(total)}
      </span>
    </div>
  );
}
