import { Link, useRouterState } from "@tanstack/react-router";
import { clsx } from "clsx";
import { PanelLeft } from "lucide-react";
import { useLive } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { Kbd } from "../../ui/controls.tsx";
import { PAGES, type Page } from "./pages.ts";

/** The pages at the side of a desk: what exists, and how much waits there. */
export function Rail({ onKeys }: { onKeys(): void }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <aside className="row-span-2 flex w-[52px] flex-col border-line border-r bg-rail px-2 pb-2 max-desk:hidden split:w-(--rail)">
      <div className="flex h-(--top) flex-none items-center gap-2 px-2 font-semibold tracking-[-0.01em]">
        <PanelLeft aria-hidden size={16} strokeWidth={1.75} className="flex-none text-accent" />
        <span className="max-split:hidden">{texts.product}</span>
      </div>
      <nav aria-label={texts.frame.pages} className="grid gap-0.5 pt-1">
        {PAGES.map((page) => (
          <RailLink key={page.to} page={page} current={page.holds(path)} />
        ))}
      </nav>
      <button
        type="button"
        className="mt-auto flex h-7 items-center justify-between rounded-m px-2 text-fg-3 text-xs hover:text-fg"
        aria-keyshortcuts="?"
        onClick={onKeys}
      >
        <span className="max-split:sr-only">{texts.frame.allKeys}</span>
        <Kbd>?</Kbd>
      </button>
    </aside>
  );
}

function RailLink({ page, current }: { page: Page; current: boolean }) {
  const count = useLive(page.count);
  return (
    <Link
      to={page.to}
      title={page.label}
      aria-current={current ? "page" : undefined}
      aria-keyshortcuts={page.key}
      className="relative flex h-[30px] items-center gap-2 rounded-m px-2 text-fg-2 hover:bg-hover hover:text-fg aria-[current]:bg-selected aria-[current]:font-medium aria-[current]:text-fg forced-colors:aria-[current]:outline"
    >
      <page.icon aria-hidden size={16} strokeWidth={1.75} className="flex-none" />
      <span className="flex-1 max-split:sr-only">{page.label}</span>
      {count > 0 && (
        <Count
          page={page}
          count={count}
          className={clsx(
            "text-s max-split:absolute max-split:-top-1 max-split:-right-1.5 max-split:min-w-4 max-split:rounded-l max-split:px-1 max-split:text-center max-split:text-xs",
            page.urgent
              ? "font-semibold text-approval max-split:bg-approval-fill max-split:text-on-count"
              : "text-fg-3 max-split:border max-split:border-strong max-split:bg-control",
          )}
        />
      )}
    </Link>
  );
}

/** The pages under the thumb of who holds a phone. */
export function TabBar() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  // An open session has the whole of a phone; its way back is in its head.
  if (path.startsWith("/sessions/")) return null;
  return (
    <nav
      aria-label={texts.frame.pages}
      className="flex border-line border-t bg-rail pb-[env(safe-area-inset-bottom)] desk:hidden"
    >
      {PAGES.map((page) => (
        <TabLink key={page.to} page={page} current={page.holds(path)} />
      ))}
    </nav>
  );
}

function TabLink({ page, current }: { page: Page; current: boolean }) {
  const count = useLive(page.count);
  return (
    <Link
      to={page.to}
      aria-current={current ? "page" : undefined}
      className="relative grid h-[52px] min-w-0 flex-1 content-center justify-items-center gap-0.5 text-fg-2 text-xs -outline-offset-2 aria-[current]:text-accent"
    >
      <span className="relative">
        <page.icon aria-hidden size={20} strokeWidth={1.75} />
        {count > 0 && (
          <Count
            page={page}
            count={count}
            className={clsx(
              "absolute -top-1.5 left-3 min-w-4 rounded-l px-1 text-center text-xs",
              page.urgent
                ? "bg-approval-fill font-semibold text-on-count"
                : "border border-strong bg-control text-fg-2",
            )}
          />
        )}
      </span>
      {page.label}
    </Link>
  );
}

function Count({ page, count, className }: { page: Page; count: number; className: string }) {
  return (
    <span className={className}>
      <span aria-hidden="true">{count}</span>
      <span className="sr-only">{page.counted(count)}</span>
    </span>
  );
}
