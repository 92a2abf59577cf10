import { Link, useRouterState } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Search } from "lucide-react";
import { lazy, Suspense } from "react";
import type { ConnectionState } from "../../live/connection.ts";
import { Elapsed } from "../../live/time.tsx";
import { useConnection, useLive } from "../../live/use-live.ts";
import { part } from "../../parts.ts";
import { texts } from "../../texts.ts";
import { Bar } from "../../ui/controls.tsx";
import { formatBytes } from "../../ui/format.ts";
import { Glyph } from "../../ui/glyph.tsx";
import { KeyCaps } from "../../ui/key-caps.tsx";
import { Words } from "../../ui/text.tsx";
import { PAGES } from "./pages.ts";
import { Today } from "./today.tsx";
import { useLatency } from "./use-latency.ts";

// What floats is a third of the page's code and nothing of its first sight.
const MachineFilter = lazy(part(() => import("../machines/machine-filter.tsx")));
const ThemeMenu = lazy(part(() => import("./theme-menu.tsx")));

/** What a glance wants to know: what the day cost, which machine is silent, whether what is seen is current. */
export function TopBar({ onPalette }: { onPalette(): void }) {
  return (
    <header className="flex min-w-0 items-center gap-4 border-line border-b bg-page px-4 whitespace-nowrap text-fg-2 text-s max-desk:gap-2 max-desk:pr-2">
      <PageName />
      <PaletteButton onOpen={onPalette} />
      <Suspense>
        <MachineFilter />
      </Suspense>
      <span className="flex-1" />
      <Backfill />
      <Today />
      <Silent />
      <span aria-hidden="true" className="h-4 w-px bg-line max-desk:hidden" />
      <Connection />
      <span className="-mr-1.5 -ml-2 size-7 max-desk:-mx-1 max-desk:size-11">
        <Suspense>
          <ThemeMenu />
        </Suspense>
      </span>
    </header>
  );
}

/** On a phone the rail is away and the bar below has small letters. */
function PageName() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const page = PAGES.find((candidate) => candidate.holds(path));
  return <span className="flex-none font-semibold text-fg text-l desk:hidden">{page?.label ?? texts.product}</span>;
}

function PaletteButton({ onOpen }: { onOpen(): void }) {
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-keyshortcuts="Meta+K Control+K"
      className="flex h-7 min-w-0 flex-[0_1_312px] items-center gap-2 rounded-m border border-strong bg-sunken pr-1.5 pl-2 text-fg-3 hover:text-fg-2 max-desk:size-11 max-desk:flex-none max-desk:justify-center max-desk:border-transparent max-desk:bg-transparent max-desk:p-0"
      onClick={onOpen}
    >
      <Search aria-hidden size={14} strokeWidth={1.75} className="flex-none max-desk:size-[18px]" />
      <span className="flex-1 truncate text-left max-desk:sr-only">{texts.frame.palette}</span>
      <KeyCaps keys="Mod+k" className="flex-none max-desk:hidden" />
    </button>
  );
}

/** A machine that is not heard, with the way to what is known of it. */
function Silent() {
  const silent = useLive((store) => store.machines).filter((machine) => machine.state === "silent");
  const first = silent[0];
  if (first === undefined) return null;
  const content = (
    <>
      <Glyph shape="unknown" named={false} size={14} />
      <span className="truncate max-desk:sr-only">
        {silent.length > 1 ? (
          texts.machines.silentMany(silent.length)
        ) : (
          <>
            <Words>{first.name}</Words> {texts.machines.silent}{" "}
            <b className="font-medium text-fg max-split:hidden">
              <Elapsed at={first.lastSeenAt} />
            </b>
          </>
        )}
      </span>
    </>
  );
  const look =
    "flex h-7 min-w-0 items-center gap-1.5 rounded-m px-1.5 hover:bg-hover hover:text-fg max-desk:h-11 max-desk:px-2";
  return silent.length > 1 ? (
    <Link to="/machines" className={look} data-silent>
      {content}
    </Link>
  ) : (
    <Link to="/machines/$machineId" params={{ machineId: first.id }} className={look} data-silent>
      {content}
    </Link>
  );
}

/** The past that is still being read, over all machines; nothing when there is none. */
function Backfill() {
  const text = useLive((store) => {
    let done = 0;
    let total = 0;
    for (const { report, state } of store.machines) {
      if (state !== "connected" || report === null || report.backfill === null) continue;
      done += report.backfill.doneBytes;
      total += report.backfill.totalBytes;
    }
    return total === 0 || done >= total ? "" : `${done} ${total}`;
  });
  if (text === "") return null;
  const [done = 0, total = 1] = text.split(" ").map(Number);
  return (
    // A phone has no room for it beside the page's name; the machines say it as well.
    <span className="flex items-center gap-2 text-fg-3 max-desk:hidden">
      <span className="max-split:hidden">{texts.machines.readingPast(formatBytes(done), formatBytes(total))}</span>
      <Bar part={done / total} tone="accent" className="w-12" />
    </span>
  );
}

const DOTS: Record<ConnectionState["kind"], string> = {
  connecting: "border-[1.5px] border-ended",
  live: "bg-working-fill",
  away: "bg-error-fill rounded-none! rotate-45",
  offline: "bg-error-fill rounded-none! rotate-45",
  refused: "bg-error-fill rounded-none! rotate-45",
};

/** From here on a person waits for what they clicked. */
const SLOW_MS = 400;

function Connection() {
  const { kind } = useConnection();
  const latency = useLatency();
  const slow = kind === "live" && latency !== null && latency >= SLOW_MS;
  return (
    <span
      className="flex items-center gap-1.5"
      data-connection={kind}
      title={slow ? texts.connection.slowHelp : undefined}
    >
      <span aria-hidden="true" className={clsx("size-[7px] rounded-full forced-colors:border", DOTS[kind])} />
      <span
        className={clsx(
          kind === "live" ? "max-[380px]:sr-only" : "font-medium",
          kind !== "live" && kind !== "connecting" && "text-error",
        )}
      >
        {slow ? texts.connection.slow : texts.connection[kind]}
      </span>
      {kind === "live" && latency !== null && (
        <span className="text-fg-3 max-desk:hidden" title={texts.connection.latencyHelp}>
          {texts.connection.latency(Math.round(latency))}
        </span>
      )}
    </span>
  );
}
