import { Popover } from "@base-ui/react/popover";
import { Server } from "lucide-react";
import { Elapsed } from "../../live/time.tsx";
import { useLive } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { Glyph } from "../../ui/glyph.tsx";
import { Words } from "../../ui/text.tsx";
import { MachineCard } from "./machine-card.tsx";

/** The machines in one word, worst news first; opened, what each monitor reports. */
export default function MachinesButton() {
  const machines = useLive((store) => store.machines);
  const loaded = useLive((store) => store.loaded);
  if (!loaded) return null;
  const silent = machines.filter((machine) => machine.state === "silent");
  const first = silent[0];
  return (
    <Popover.Root>
      <Popover.Trigger className="flex h-7 min-w-0 items-center gap-1.5 rounded-m px-1.5 hover:bg-hover hover:text-fg max-desk:h-11">
        {first !== undefined ? (
          <>
            <Glyph shape="unknown" named={false} size={14} />
            <span className="truncate max-[380px]:sr-only">
              {silent.length > 1 ? (
                texts.machines.silentMany(silent.length)
              ) : (
                <>
                  <Words>{first.name}</Words> {texts.machines.silent}{" "}
                  <b className="font-medium text-fg max-desk:hidden">
                    <Elapsed at={first.lastSeenAt} />
                  </b>
                </>
              )}
            </span>
          </>
        ) : (
          <>
            <Server aria-hidden size={14} strokeWidth={1.75} className="flex-none" />
            <span className="max-desk:sr-only">
              {machines.length === 0 ? texts.machines.none : texts.machines.label(machines.length)}
            </span>
          </>
        )}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner align="end" sideOffset={6} collisionPadding={8} className="z-20">
          <Popover.Popup
            // It scrolls and holds nothing else that the focus could stand on.
            tabIndex={0}
            className="scroll max-h-[min(640px,calc(100vh-72px))] w-[min(400px,calc(100vw-16px))] rounded-l border border-strong bg-control outline-none"
          >
            <Popover.Title className="px-4 pt-3 pb-1 font-semibold text-fg-3 text-xs tracking-[0.04em] uppercase">
              {texts.machines.title}
            </Popover.Title>
            {machines.length === 0 && <p className="px-4 pb-3 text-fg-2 text-s">{texts.firstRun.noMonitorLead}</p>}
            {machines.map((machine) => (
              <MachineCard key={machine.id} machine={machine} />
            ))}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
