import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { PanelLeft, Rows3 } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useLive } from "../../live/use-live.ts";
import { part } from "../../parts.ts";
import { texts } from "../../texts.ts";
import { Kbd } from "../../ui/controls.tsx";
import { useKeys } from "../../ui/keys.ts";
import { groupOf } from "../sessions/groups.ts";
import { Announcer } from "./announcer.tsx";
import { Banner } from "./banner.tsx";
import { TopBar } from "./top-bar.tsx";

const KeysDialog = lazy(part(() => import("./keys-dialog.tsx")));

/** Rail, top bar and the page. The rail shows what exists; on a phone a bar of one page would say nothing. */
export function Frame() {
  const [keysOpen, setKeysOpen] = useState(false);
  // Once it was asked for it stays, so that it can give the focus back when it closes.
  const [keysWanted, setKeysWanted] = useState(false);
  const openKeys = () => {
    setKeysWanted(true);
    setKeysOpen(true);
  };
  const navigate = useNavigate();
  useKeys([
    ["?", openKeys],
    ["g s", () => void navigate({ to: "/" })],
  ]);
  const needs = useLive((store) => {
    let count = 0;
    for (const row of store.sessions.values()) if (groupOf(row) === "need") count += 1;
    return count;
  });
  useEffect(() => {
    document.title = needs > 0 ? texts.frame.titleCount(needs) : texts.product;
  }, [needs]);
  return (
    <div className="grid h-full grid-cols-1 grid-rows-[var(--top)_minmax(0,1fr)] desk:grid-cols-[auto_minmax(0,1fr)]">
      <button
        type="button"
        className="absolute -left-[999px] z-10 rounded-m bg-control px-3 py-2 focus:top-2 focus:left-2"
        onClick={() => document.getElementById("main")?.focus()}
      >
        {texts.frame.skip}
      </button>
      <Rail needs={needs} onKeys={openKeys} />
      <TopBar />
      <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 flex-col outline-none">
        <Banner />
        <Outlet />
      </main>
      <Announcer />
      {keysWanted && (
        <Suspense>
          <KeysDialog open={keysOpen} onOpenChange={setKeysOpen} />
        </Suspense>
      )}
    </div>
  );
}

function Rail({ needs, onKeys }: { needs: number; onKeys(): void }) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <aside className="row-span-2 flex w-[52px] flex-col border-line border-r bg-rail px-2 pb-2 max-desk:hidden split:w-(--rail)">
      <div className="flex h-(--top) flex-none items-center gap-2 px-2 font-semibold tracking-[-0.01em]">
        <PanelLeft aria-hidden size={16} strokeWidth={1.75} className="flex-none text-accent" />
        <span className="max-split:hidden">{texts.product}</span>
      </div>
      <nav aria-label={texts.frame.pages} className="grid gap-0.5 pt-1">
        <Link
          to="/"
          title={texts.frame.sessions}
          aria-current={path === "/" || path.startsWith("/sessions/") ? "page" : undefined}
          className="relative flex h-[30px] items-center gap-2 rounded-m px-2 text-fg-2 hover:text-fg aria-[current]:bg-selected aria-[current]:font-medium aria-[current]:text-fg"
        >
          <Rows3 aria-hidden size={16} strokeWidth={1.75} className="flex-none" />
          <span className="flex-1 max-split:sr-only">{texts.frame.sessions}</span>
          {needs > 0 && (
            <span className="font-semibold text-approval text-s max-split:absolute max-split:-top-1 max-split:right-0 max-split:min-w-4 max-split:rounded-l max-split:bg-approval-fill max-split:px-1 max-split:text-center max-split:text-on-count max-split:text-xs">
              <span aria-hidden="true">{needs}</span>
              <span className="sr-only">{texts.frame.needYou(needs)}</span>
            </span>
          )}
        </Link>
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
