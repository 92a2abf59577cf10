import type { MachineRow } from "@agentpane/protocol";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { Elapsed } from "../../live/time.tsx";
import { useLive, useLiveStore, useServerTime } from "../../live/use-live.ts";
import { machinesPageTexts as texts } from "../../texts/machines-page.ts";
import { CopyLine } from "../../ui/copy-line.tsx";
import { formatClock } from "../../ui/format.ts";
import { Glyph } from "../../ui/glyph.tsx";
import { useKeys } from "../../ui/keys.ts";
import { Words } from "../../ui/text.tsx";
import { PHONE, SPLIT, useMedia } from "../../ui/use-media.ts";
import { Connect, NoMachine } from "./connect.tsx";
import { Detail } from "./detail.tsx";
import { countLive, type LiveCounts, standingOf, worstFirst } from "./standing.ts";
import { MachineCards, MachineTable } from "./table.tsx";

/** Notices of silent machines; more of them are a number in the head. */
const MAX_NOTICES = 2;

/** Every machine and how its monitor does; below, one of them in full. */
export function MachinesPage({ machineId }: { machineId: string | null }) {
  const store = useLiveStore();
  const loaded = useLive((live) => live.loaded);
  const machines = useLive((live) => live.machines);
  const counts = useLiveCounts();
  const phone = useMedia(PHONE);
  const wide = useMedia(SPLIT);
  const silentIds = useServerTime(() => machines.filter((one) => one.state === "silent").length);
  useMachineKeys(machineId);
  if (!loaded) return <div className="flex-1" role="status" aria-label={texts.loading} />;
  if (machines.length === 0) return <NoMachine />;
  const asked = machines.find((machine) => machine.id === machineId) ?? null;
  if (machineId !== null && asked === null) return <NoMachine unknown />;
  // On a desk one of them is open anyway: the only one, or the one to look at first.
  const open =
    asked ?? (phone || (machines.length > 1 && !wide) ? null : (worstFirst(machines, store.clock.now())[0] ?? null));
  if (phone && asked !== null) {
    return (
      <div className="scroll min-h-0 flex-1" data-scrolls tabIndex={-1}>
        <Detail machine={asked} counts={counts.get(asked.id)} back />
      </div>
    );
  }
  const silent = machines.filter((machine) => machine.state === "silent");
  return (
    <div className="scroll min-h-0 flex-1">
      <Head machines={machines} counts={counts} silent={silentIds} />
      {silent.slice(0, MAX_NOTICES).map((machine) => (
        <SilentNotice key={machine.id} machine={machine} />
      ))}
      {phone ? (
        <MachineCards machines={machines} counts={counts} />
      ) : (
        <MachineTable machines={machines} counts={counts} openId={open?.id ?? null} />
      )}
      {open !== null && <Detail key={open.id} machine={open} counts={counts.get(open.id)} />}
      <Connect />
    </div>
  );
}

/** The keys of the list of sessions, on the machines. */
function useMachineKeys(machineId: string | null): void {
  const navigate = useNavigate();
  const move = (step: 1 | -1) => {
    const links = [...document.querySelectorAll<HTMLElement>("[data-machine]")];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const from = at >= 0 ? at : links.findIndex((link) => link.dataset.machine === machineId);
    const next = from < 0 ? links[step > 0 ? 0 : links.length - 1] : links[from + step];
    if (next === undefined) return false;
    next.focus();
  };
  const back = () => {
    if (machineId === null) return false;
    void navigate({ to: "/machines" });
  };
  useKeys([
    ["j", () => move(1), { label: texts.keys.down, group: "move" }],
    ["ArrowDown", () => move(1), { label: texts.keys.down, group: "move" }],
    ["k", () => move(-1), { label: texts.keys.up, group: "move" }],
    ["ArrowUp", () => move(-1), { label: texts.keys.up, group: "move" }],
    ["Escape", back, { label: texts.keys.back, group: "move" }],
  ]);
}

/** Counted anew with every change of the store, drawn anew only where a number changed. */
function useLiveCounts(): Map<string, LiveCounts> {
  const text = useLive((store) =>
    [...countLive(store.sessions.values())].map(([id, { live, need }]) => `${id} ${live} ${need}`).join("\n"),
  );
  return useMemo(
    () =>
      new Map(
        text
          .split("\n")
          .filter(Boolean)
          .map((line) => {
            const [id = "", live, need] = line.split(" ");
            return [id, { live: Number(live), need: Number(need) }];
          }),
      ),
    [text],
  );
}

interface HeadProps {
  machines: readonly MachineRow[];
  counts: Map<string, LiveCounts>;
  silent: number;
}

function Head({ machines, counts, silent }: HeadProps) {
  const live = machines.reduce((sum, machine) => sum + (counts.get(machine.id)?.live ?? 0), 0);
  const behind = useServerTime((now) => machines.filter((machine) => standingOf(machine, now) === "behind").length);
  const parts = [
    texts.summary(machines.length, live),
    ...(behind > 0 ? [texts.behindCount(behind)] : []),
    ...(silent > 0 ? [texts.silentCount(silent)] : []),
  ];
  return (
    <header className="flex min-h-12 flex-wrap items-baseline gap-x-4 px-6 pt-3 pb-2 max-desk:px-4">
      <h1 className="font-semibold text-l max-desk:sr-only">{texts.title}</h1>
      <p className="text-fg-2 text-s">{parts.join(", ")}</p>
    </header>
  );
}

function SilentNotice({ machine }: { machine: MachineRow }) {
  return (
    <div
      data-notice
      className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-t bg-sunken px-6 py-2 text-s max-desk:px-4"
    >
      <p className="relative min-w-0 flex-[1_1_280px] pl-7">
        <span className="absolute top-px left-0">
          <Glyph shape="unknown" named={false} />
        </span>
        <b className="font-semibold">
          <Words>{texts.silentNotice(machine.name)}</Words> <Elapsed at={machine.lastSeenAt} />.
        </b>{" "}
        <span className="text-fg-2">{texts.silentLead(formatClock(machine.lastSeenAt))}</span>
      </p>
      <span className="flex min-w-0 flex-wrap items-center gap-2 text-fg-2 max-desk:pl-7">
        {texts.onThat}
        <CopyLine command="cli-monitor status" />
      </span>
    </div>
  );
}
