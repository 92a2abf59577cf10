import { Dialog } from "@base-ui/react/dialog";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { Search, X } from "lucide-react";
import { useId, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLiveStore } from "../../live/use-live.ts";
import { NO_FILTER } from "../../search.ts";
import { paletteTexts as texts } from "../../texts/palette.ts";
import { registry } from "../../ui/actions.ts";
import { IconButton, Kbd } from "../../ui/controls.tsx";
import { KeyCaps } from "../../ui/key-caps.tsx";
import { PAGES } from "../frame/pages.ts";
import { findItems, type ItemSection, type PaletteItem } from "./items.ts";
import { Options, optionId } from "./options.tsx";
import { useOlderSessions } from "./use-older-sessions.ts";

interface PaletteProps {
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Everything by name: sessions, projects, machines, pages, and what can be done here. */
export default function Palette({ open, onOpenChange }: PaletteProps) {
  // Where the focus goes when it closes; the default is where it came from.
  const focus = useRef<() => boolean | HTMLElement | null>(() => true);
  // Done once the palette is gone and the focus is back, since it may open something that takes it.
  const pending = useRef<(() => void) | null>(null);
  const go = useGo(focus, pending);
  const choose = (item: PaletteItem) => {
    onOpenChange(false);
    go(item);
  };
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(value) => {
        focus.current = () => true;
        onOpenChange(value);
      }}
      onOpenChangeComplete={(value) => {
        const run = pending.current;
        pending.current = null;
        if (!value && run !== null) requestAnimationFrame(run);
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-20 bg-scrim" />
        <Dialog.Popup
          data-palette
          finalFocus={() => focus.current()}
          className="fixed top-[12vh] left-1/2 z-20 flex max-h-[min(560px,76vh)] w-[min(640px,calc(100vw-32px))] -translate-x-1/2 flex-col overflow-hidden rounded-l border border-strong bg-control outline-none max-desk:top-2 max-desk:max-h-[calc(100dvh-16px)] max-desk:w-[calc(100vw-16px)]"
        >
          <Dialog.Title className="sr-only">{texts.title}</Dialog.Title>
          <Finder onChoose={choose} onClose={() => onOpenChange(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The field and what it finds. Mounted anew with each opening, so that it begins empty. */
function Finder({ onChoose, onClose }: { onChoose(item: PaletteItem): void; onClose(): void }) {
  const [query, setQuery] = useState("");
  const [activeId, setActiveId] = useState<string | null>(null);
  const listId = useId();
  const store = useLiveStore();
  const version = useSyncExternalStore(store.subscribe, store.getSnapshot);
  const older = useOlderSessions(query);
  const [actions] = useState(() => registry.actions());
  const sections = useMemo((): ItemSection[] => {
    void version;
    const { machines } = store;
    return findItems({ sessions: store.sessions, older: older.rows, machines, pages: PAGES, actions }, query);
  }, [store, version, older.rows, actions, query]);
  const items = sections.flatMap((section) => section.items);
  // The chosen line keeps its item while others come and go around it.
  const at = Math.max(
    0,
    items.findIndex((item) => optionId(listId, item) === activeId),
  );
  const active = items[at] ?? null;
  const move = (to: number) => {
    const item = items[(to + items.length) % items.length];
    if (item === undefined) return;
    setActiveId(optionId(listId, item));
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    const { key } = event;
    if (event.nativeEvent.isComposing) return;
    if (key === "ArrowDown" || (event.ctrlKey && key === "n")) move(at + 1);
    else if (key === "ArrowUp" || (event.ctrlKey && key === "p")) move(at - 1);
    else if (key === "PageDown") move(Math.min(at + PAGE_LINES, items.length - 1));
    else if (key === "PageUp") move(Math.max(at - PAGE_LINES, 0));
    else if (key === "Enter" && active !== null) onChoose(active);
    else if ((event.metaKey || event.ctrlKey) && key === "k") onClose();
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="flex h-12 flex-none items-center gap-3 border-line border-b px-4">
        <Search aria-hidden size={16} className="flex-none text-fg-3" />
        <input
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={active === null ? undefined : optionId(listId, active)}
          aria-label={texts.title}
          placeholder={texts.placeholder}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActiveId(null);
          }}
          onKeyDown={onKeyDown}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="go"
          className="h-full min-w-0 flex-1 bg-transparent text-l outline-none placeholder:text-fg-3 max-desk:text-[16px]"
        />
        <IconButton label={texts.close} className="desk:hidden" onClick={onClose}>
          <X aria-hidden size={16} />
        </IconButton>
        <KeyCaps keys="Escape" className="max-desk:hidden" />
      </div>
      <Options
        id={listId}
        sections={sections}
        active={active}
        typed={query.trim() !== ""}
        onActive={(item) => setActiveId(optionId(listId, item))}
        onChoose={onChoose}
      />
      <Foot query={query} count={items.length} older={older.state} />
    </>
  );
}

/** Lines that a page key moves. */
const PAGE_LINES = 8;

function Foot({ query, count, older }: { query: string; count: number; older: "idle" | "looking" | "failed" }) {
  const words = query.trim();
  return (
    <div className="flex min-h-9 flex-none flex-wrap items-center gap-x-4 border-line border-t px-4 py-1.5 text-fg-3 text-s">
      <span role="status" className="min-w-0 flex-1 truncate">
        {older === "looking"
          ? texts.looking
          : older === "failed"
            ? texts.lookFailed
            : words === ""
              ? ""
              : count === 0
                ? texts.none(words)
                : texts.found(count)}
      </span>
      {[
        ["↑↓", texts.move],
        ["↵", texts.choose],
      ].map(([key, what]) => (
        <span key={key} className="flex items-center gap-1.5 max-desk:hidden">
          <Kbd>{key}</Kbd>
          {what}
        </span>
      ))}
    </div>
  );
}

/** Goes there or does it, and says where the focus belongs afterwards. */
function useGo(
  focus: React.RefObject<() => boolean | HTMLElement | null>,
  pending: React.RefObject<(() => void) | null>,
): (item: PaletteItem) => void {
  const navigate = useNavigate();
  const router = useRouter();
  const toPage = () => document.getElementById("main");
  return (item) => {
    if (item.group === "sessions") {
      const path = `/sessions/${encodeURIComponent(item.id)}`;
      const isOpen = router.state.location.pathname === path;
      // What is opened takes the focus itself; what is open already has to be given it.
      focus.current = () => (isOpen ? (document.querySelector<HTMLElement>("[data-panel-focus]") ?? true) : false);
      void navigate({ to: "/sessions/$sessionId", params: { sessionId: item.id } });
    } else if (item.group === "actions") {
      focus.current = () => true;
      pending.current = item.action.run;
    } else {
      focus.current = toPage;
      if (item.group === "projects") void navigate({ to: "/", search: { ...NO_FILTER, project: item.id } });
      else if (item.group === "machines") void navigate({ to: "/machines/$machineId", params: { machineId: item.id } });
      else void navigate({ to: item.page.to });
    }
  };
}
