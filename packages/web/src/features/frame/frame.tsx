import { Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { part } from "../../parts.ts";
import { texts } from "../../texts.ts";
import { useKeys } from "../../ui/keys.ts";
import { Toaster } from "../toasts/toaster.tsx";
import { useFrameActions } from "./actions.ts";
import { Announcer } from "./announcer.tsx";
import { Banner } from "./banner.tsx";
import { PAGES } from "./pages.ts";
import { Rail, TabBar } from "./rail.tsx";
import { useSign } from "./sign.ts";
import { TopBar } from "./top-bar.tsx";

const KeysDialog = lazy(part(() => import("./keys-dialog.tsx")));
const Notifications = lazy(part(async () => ({ default: (await import("../requests/notify.tsx")).Notifications })));
const Palette = lazy(part(() => import("../palette/palette.tsx")));

/** Rail, top bar and the page; what floats over all of them; and the sign in the browser's own tab. */
export function Frame() {
  const keys = useOpened();
  const palette = useOpened();
  const navigate = useNavigate();
  useSign();
  useFrameActions(keys.open);
  useKeys([
    ["Mod+k", palette.open, { label: texts.keys.palette, group: "page" }],
    ...PAGES.map(
      (page) =>
        [
          page.key,
          () => void navigate({ to: page.to }),
          { label: texts.keys.goTo(page.label), group: "page" },
        ] as const,
    ),
  ]);
  return (
    <div className="grid h-full grid-cols-1 grid-rows-[var(--top)_minmax(0,1fr)_auto] desk:grid-cols-[auto_minmax(0,1fr)]">
      <button
        type="button"
        className="absolute -left-[999px] z-10 rounded-m bg-control px-3 py-2 focus:top-2 focus:left-2"
        onClick={() => document.getElementById("main")?.focus()}
      >
        {texts.frame.skip}
      </button>
      <Rail onKeys={keys.open} />
      <TopBar onPalette={palette.open} />
      <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 flex-col outline-none">
        <Banner />
        <Outlet />
      </main>
      <TabBar />
      <Toaster />
      <Announcer />
      <Suspense>
        {keys.wanted && <KeysDialog open={keys.isOpen} onOpenChange={keys.set} />}
        <Notifications />
        {palette.wanted && <Palette open={palette.isOpen} onOpenChange={palette.set} />}
      </Suspense>
    </div>
  );
}

/** Once it was asked for it stays, so that it can give the focus back when it closes. */
function useOpened() {
  const [isOpen, set] = useState(false);
  const [wanted, setWanted] = useState(false);
  const open = () => {
    setWanted(true);
    set(true);
  };
  return { isOpen, wanted, open, set };
}
