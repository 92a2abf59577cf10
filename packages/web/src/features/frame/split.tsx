import { Maximize2, Minimize2 } from "lucide-react";
import { type CSSProperties, type ReactNode, useRef, useSyncExternalStore } from "react";
import { texts } from "../../texts.ts";
import { IconButton } from "../../ui/controls.tsx";
import { useKeys } from "../../ui/keys.ts";
import { SPLIT, useMedia } from "../../ui/use-media.ts";
import { clampShare, DEFAULT_SHARE, MAX_SHARE, MIN_SHARE, SHARE_STEP, splitChoice } from "./split-choice.ts";

function useExpanded(): boolean {
  return useSyncExternalStore(splitChoice.subscribe, splitChoice.expanded);
}

/** Whether list and open session stand side by side: the window is wide enough, and nobody gave it all to one. */
export function useSideBySide(): boolean {
  const wide = useMedia(SPLIT);
  return !useExpanded() && wide;
}

/** `list` and, where something is `open`, `panel` beside it; the line between them can be moved. */
export function Split({ open, list, panel }: { open: boolean; list: ReactNode; panel: ReactNode }) {
  const beside = useSideBySide() && open;
  const wide = useMedia(SPLIT);
  const share = useSyncExternalStore(splitChoice.subscribe, splitChoice.share);
  const box = useRef<HTMLDivElement>(null);
  useKeys(
    open && wide
      ? [["e", () => splitChoice.setExpanded(!splitChoice.expanded()), { label: texts.split.key, group: "session" }]]
      : [],
  );
  return (
    <div
      ref={box}
      style={beside ? ({ "--list-share": share } as CSSProperties) : undefined}
      className={beside ? SIDE_BY_SIDE : "grid min-h-0 flex-1 grid-cols-1"}
    >
      {list}
      {beside && <Divider share={share} box={box} />}
      {panel}
    </div>
  );
}

/** Neither side is squeezed below what it needs, whatever was chosen on a wider screen. */
const SIDE_BY_SIDE =
  "grid min-h-0 flex-1 grid-cols-[clamp(360px,calc(var(--list-share)*100%),calc(100%-480px))_0_minmax(0,1fr)]";

function Divider({ share, box }: { share: number; box: React.RefObject<HTMLDivElement | null> }) {
  const dragged = useRef<number | null>(null);
  const shareAt = (clientX: number): number => {
    const rect = box.current?.getBoundingClientRect();
    return rect === undefined || rect.width === 0 ? share : clampShare((clientX - rect.left) / rect.width);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const next = NEXT[event.key]?.(share);
    if (next === undefined) return;
    event.preventDefault();
    splitChoice.setShare(next);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a line that can be moved is no thematic break
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={texts.split.label}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={MIN_SHARE * 100}
      aria-valuemax={MAX_SHARE * 100}
      title={texts.split.help}
      className="group relative z-[5] w-[9px] -translate-x-[5px] cursor-col-resize touch-none outline-none"
      onKeyDown={onKeyDown}
      onDoubleClick={() => splitChoice.setShare(DEFAULT_SHARE)}
      // The browser would drag what is selected on the page instead, and take the pointer away.
      onMouseDown={(event) => event.preventDefault()}
      onDragStart={(event) => event.preventDefault()}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.focus({ preventScroll: true });
        event.currentTarget.setPointerCapture(event.pointerId);
        dragged.current = share;
      }}
      onPointerMove={(event) => {
        if (dragged.current === null) return;
        dragged.current = shareAt(event.clientX);
        // Written past React: the whole page would be drawn for each step of the pointer.
        box.current?.style.setProperty("--list-share", String(dragged.current));
      }}
      onPointerUp={() => {
        if (dragged.current !== null && dragged.current !== share) splitChoice.setShare(dragged.current);
        dragged.current = null;
      }}
      onPointerCancel={() => {
        box.current?.style.setProperty("--list-share", String(share));
        dragged.current = null;
      }}
    >
      <span
        aria-hidden="true"
        className="absolute inset-y-0 left-1 w-px bg-line group-hover:w-[3px] group-hover:-translate-x-px group-hover:bg-strong group-focus-visible:w-[3px] group-focus-visible:-translate-x-px group-focus-visible:bg-accent forced-colors:bg-[CanvasText]"
      />
    </div>
  );
}

const NEXT: Readonly<Record<string, (share: number) => number>> = {
  ArrowLeft: (share) => share - SHARE_STEP,
  ArrowRight: (share) => share + SHARE_STEP,
  Home: () => MIN_SHARE,
  End: () => MAX_SHARE,
  Enter: () => DEFAULT_SHARE,
};

/** Gives the open session the whole width of a desk, and takes it back. */
export function ExpandButton({ className }: { className?: string }) {
  const expanded = useExpanded();
  const Icon = expanded ? Minimize2 : Maximize2;
  return (
    <IconButton
      label={expanded ? texts.split.collapse : texts.split.expand}
      aria-keyshortcuts="e"
      className={`max-split:hidden ${className ?? ""}`}
      onClick={() => splitChoice.setExpanded(!expanded)}
    >
      <Icon aria-hidden size={15} />
    </IconButton>
  );
}
