import { clsx } from "clsx";
import { lazy, Suspense } from "react";
import type { ConnectionState } from "../../live/connection.ts";
import { useConnection, useLive } from "../../live/use-live.ts";
import { part } from "../../parts.ts";
import { texts } from "../../texts.ts";
import { Bar } from "../../ui/controls.tsx";
import { formatBytes, formatCount } from "../../ui/format.ts";
import { Glyph, type GlyphShape } from "../../ui/glyph.tsx";
import { GROUPS, type Group, groupOf } from "../sessions/groups.ts";
import { Today } from "./today.tsx";

// What floats is a third of the page's code and nothing of its first sight.
const MachinesButton = lazy(part(() => import("../machines/machines-button.tsx")));
const ThemeMenu = lazy(part(() => import("./theme-menu.tsx")));

/** What a glance wants to know: how many need a person, and whether what is seen is current. */
export function TopBar() {
  return (
    <header className="flex min-w-0 items-center gap-4 border-line border-b bg-page px-4 whitespace-nowrap text-fg-2 text-s max-desk:gap-3">
      <span className="font-semibold text-fg text-l desk:hidden">{texts.frame.sessions}</span>
      <Totals />
      <span className="flex-1" />
      <Backfill />
      <Today />
      <Suspense>
        <MachinesButton />
      </Suspense>
      <span aria-hidden="true" className="h-4 w-px bg-line max-desk:hidden" />
      <Connection />
      <span className="-mr-1.5 -ml-2 size-7 max-desk:size-11">
        <Suspense>
          <ThemeMenu />
        </Suspense>
      </span>
    </header>
  );
}

const TOTALS = [
  ["need", "approval"],
  ["working", "working"],
  ["ready", "ready"],
] as const satisfies readonly [Group, GlyphShape][];

function Totals() {
  const counts = useLive((store) => {
    const count: Record<Group, number> = { need: 0, working: 0, ready: 0, quiet: 0, ended: 0 };
    for (const row of store.sessions.values()) count[groupOf(row)] += 1;
    return GROUPS.map((group) => count[group]).join(" ");
  }).split(" ");
  return (
    <ul className="flex min-w-0 items-center gap-4 overflow-hidden max-desk:hidden">
      {TOTALS.map(([group, shape]) => {
        const count = Number(counts[GROUPS.indexOf(group)]);
        if (count === 0) return null;
        return (
          <li key={group} className="flex items-center gap-1.5">
            <Glyph shape={shape} named={false} size={14} />
            <b className="font-medium text-fg">{formatCount(count)}</b>
            <span className="max-split:sr-only">{texts.frame.totals[group]}</span>
          </li>
        );
      })}
    </ul>
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
    <span className="flex items-center gap-2 text-fg-3">
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

function Connection() {
  const { kind } = useConnection();
  return (
    <span className="flex items-center gap-1.5" data-connection={kind}>
      <span aria-hidden="true" className={clsx("size-[7px] rounded-full forced-colors:border", DOTS[kind])} />
      <span className={kind === "live" || kind === "connecting" ? undefined : "font-medium text-error"}>
        {texts.connection[kind]}
      </span>
    </span>
  );
}
