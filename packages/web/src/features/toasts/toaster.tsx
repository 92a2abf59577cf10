import { Link, useRouter } from "@tanstack/react-router";
import { ChevronRight, Plug, X } from "lucide-react";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { useLive, useLiveStore } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { IconButton } from "../../ui/controls.tsx";
import { Glyph } from "../../ui/glyph.tsx";
import { Words } from "../../ui/text.tsx";
import { shapeOf, titleOf } from "../sessions/row.tsx";
import { TOAST_KINDS, ToastBoard, type ToastKind } from "./board.ts";
import { pageSight } from "./sight.ts";
import { watchForToasts } from "./watch.ts";

/**
 * What changed and cannot be seen where the person is, with the way there. It is said aloud by the announcer of the
 * frame, which speaks of what can be seen as well; so this is no live region, or it would be heard twice.
 */
export function Toaster() {
  const store = useLiveStore();
  const router = useRouter();
  const [board] = useState(() => new ToastBoard(store.timers));
  useEffect(() => {
    const sight = pageSight(() => router.state.location.pathname);
    const off = watchForToasts(store, board, sight);
    // Who goes there by another way has seen it.
    const offRouter = router.subscribe("onResolved", () => {
      const shown = board.getSnapshot();
      board.withdraw("need", shown.need.filter(sight.session));
      board.withdraw("silent", shown.silent.filter(sight.machine));
    });
    const onVisible = () => board.hold("hidden", document.hidden);
    onVisible();
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      off();
      offRouter();
      document.removeEventListener("visibilitychange", onVisible);
      board[Symbol.dispose]();
    };
  }, [store, board, router]);
  const shown = useSyncExternalStore(board.subscribe, board.getSnapshot);
  const kinds = TOAST_KINDS.filter((kind) => shown[kind].length > 0);
  if (kinds.length === 0) return null;
  return (
    <section
      aria-label={texts.toasts.label}
      className="fixed right-4 bottom-4 z-10 grid w-[min(360px,calc(100vw-32px))] gap-2 max-desk:bottom-[calc(64px+env(safe-area-inset-bottom))]"
      onPointerEnter={() => board.hold("pointed", true)}
      onPointerLeave={() => board.hold("pointed", false)}
      onFocus={() => board.hold("pointed", true)}
      onBlur={() => board.hold("pointed", false)}
    >
      {kinds.map((kind) => (
        <Toast key={kind} kind={kind} ids={shown[kind]} onDone={() => board.dismiss(kind)} />
      ))}
    </section>
  );
}

function Toast({ kind, ids, onDone }: { kind: ToastKind; ids: readonly string[]; onDone(): void }) {
  return (
    <div
      data-toast={kind}
      className="flex min-h-11 items-stretch overflow-hidden rounded-l border border-strong bg-control text-s"
    >
      {kind === "need" && <Need ids={ids} onGo={onDone} />}
      {kind === "silent" && <Silent ids={ids} onGo={onDone} />}
      {kind === "back" && (
        <Said icon={<Plug aria-hidden size={16} className="text-working" />}>{texts.connection.backLive}</Said>
      )}
      <IconButton label={texts.toasts.dismiss} className="mx-1.5 self-center max-desk:mx-0" onClick={onDone}>
        <X aria-hidden size={14} />
      </IconButton>
    </div>
  );
}

const GO = "group flex min-w-0 flex-1 -outline-offset-2 hover:bg-hover";

function Need({ ids, onGo }: { ids: readonly string[]; onGo(): void }) {
  const row = useLive((store) => store.sessions.get(ids[0] ?? "") ?? null);
  if (row === null) return null;
  const many = ids.length > 1;
  const said = (
    <Said icon={<Glyph shape={shapeOf(row)} named={false} />} goes>
      <b className="block truncate font-medium">
        {many ? texts.frame.needYou(ids.length) : <Words>{titleOf(row)}</Words>}
      </b>
      <span className="block truncate text-fg-2">
        {many ? <Words>{titleOf(row)}</Words> : <Words>{needOf(texts.status[shapeOf(row)], row.project)}</Words>}
      </span>
    </Said>
  );
  return many ? (
    <Link to="/" className={GO} onClick={onGo}>
      {said}
    </Link>
  ) : (
    <Link to="/sessions/$sessionId" params={{ sessionId: row.id }} className={GO} onClick={onGo}>
      {said}
    </Link>
  );
}

function needOf(status: string, project: string | null): string {
  return project === null ? status : texts.toasts.in(status, project);
}

function Silent({ ids, onGo }: { ids: readonly string[]; onGo(): void }) {
  const name = useLive((store) => store.machines.find((machine) => machine.id === ids[0])?.name ?? "");
  const said = (
    <Said icon={<Glyph shape="unknown" named={false} />} goes>
      <b className="block truncate font-medium">
        {ids.length > 1 ? texts.frame.silentMachines(ids.length) : <Words>{texts.toasts.silent(name)}</Words>}
      </b>
      <span className="block truncate text-fg-2">{texts.toasts.silentHelp}</span>
    </Said>
  );
  return ids.length > 1 ? (
    <Link to="/machines" className={GO} onClick={onGo}>
      {said}
    </Link>
  ) : (
    <Link to="/machines/$machineId" params={{ machineId: ids[0] ?? "" }} className={GO} onClick={onGo}>
      {said}
    </Link>
  );
}

function Said({ icon, goes = false, children }: { icon: ReactNode; goes?: boolean; children: ReactNode }) {
  return (
    <span className="flex min-w-0 flex-1 items-center gap-3 py-2 pl-3">
      <span className="flex-none">{icon}</span>
      <span className="min-w-0 flex-1">{children}</span>
      {goes && <ChevronRight aria-hidden size={14} className="flex-none text-fg-3 group-hover:text-fg" />}
    </span>
  );
}
