import type { MachineRow } from "@agentpane/protocol";
import { Check } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { useConnection, useLive } from "../../live/use-live.ts";
import { part } from "../../parts.ts";
import { hooksTexts } from "../../texts/hooks.ts";
import { texts } from "../../texts.ts";
import { Bar, Kbd } from "../../ui/controls.tsx";
import { CopyLine } from "../../ui/copy-line.tsx";
import { formatBytes, formatClock } from "../../ui/format.ts";
import { Glyph } from "../../ui/glyph.tsx";
import { Command, Words } from "../../ui/text.tsx";
import type { EmptyState } from "./empty-state.ts";

const HookSummary = lazy(part(async () => ({ default: (await import("../hooks/hook-summary.tsx")).HookSummary })));

/** What stands where the list will be: what is there already, and the one thing to do next. */
export function FirstRun({ state }: { state: EmptyState }) {
  const machines = useLive((store) => store.machines);
  const connection = useConnection();
  if (state === "waiting") {
    return connection.kind === "connecting" ? <Waiting /> : <div className="flex-1" />;
  }
  const silent = machines.find((machine) => machine.state === "silent");
  return (
    <div className="scroll min-h-0 flex-1">
      <div className="flex max-w-[1100px] flex-wrap gap-x-20 gap-y-10 px-6 py-8 split:px-16 split:py-12">
        <div className="min-w-0 max-w-[640px] flex-[1_1_360px]">
          {state === "no-session" && <NoSession machines={machines} />}
          {state === "no-monitor" && <NoMonitor />}
          {state === "silent" && silent !== undefined && <Silent machine={silent} />}
        </div>
        <Keys />
      </div>
    </div>
  );
}

function NoSession({ machines }: { machines: readonly MachineRow[] }) {
  const connected = machines.filter((machine) => machine.state === "connected");
  const first = connected[0];
  return (
    <>
      <Title title={texts.firstRun.title} lead={texts.firstRun.lead} />
      <Step
        done
        title={
          connected.length === 1 && first !== undefined
            ? texts.firstRun.connected(first.name)
            : texts.firstRun.connectedMany(connected.length)
        }
      >
        {connected.map((machine) => (
          <Watched key={machine.id} machine={machine} />
        ))}
      </Step>
      {connected.length > 0 && (
        <Step number={2} title={hooksTexts.step}>
          <p className="text-fg-2">{hooksTexts.lead}</p>
          <Suspense fallback={<p className="text-fg-3 text-s">{hooksTexts.loading}</p>}>
            <HookSummary />
          </Suspense>
        </Step>
      )}
      <Step number={connected.length > 0 ? 3 : 2} title={texts.firstRun.start} last>
        <CopyLine command="claude" />
        <p className="text-fg-2">{texts.firstRun.startHelp}</p>
      </Step>
    </>
  );
}

function Watched({ machine }: { machine: MachineRow }) {
  const { report } = machine;
  if (report === null) return null;
  return (
    <div className="grid gap-1 text-fg-2">
      {report.roots.map((root) => (
        <p key={root.path}>
          {texts.firstRun.watching}{" "}
          <code className="text-fg text-s">
            <Command>{root.path}</Command>
          </code>
          {!root.present && <span className="text-fg-3"> ({texts.firstRun.missing})</span>}
        </p>
      ))}
      {report.backfill !== null && report.backfill.totalBytes > 0 && (
        <div className="grid gap-2 pt-1">
          <p>{texts.firstRun.backfill}</p>
          <div className="flex items-center gap-3 text-fg-3 text-s">
            <Bar
              part={report.backfill.doneBytes / report.backfill.totalBytes}
              tone="accent"
              className="w-60 max-w-full"
            />
            {texts.machines.backfill(formatBytes(report.backfill.doneBytes), formatBytes(report.backfill.totalBytes))}
          </div>
        </div>
      )}
    </div>
  );
}

function NoMonitor() {
  return (
    <>
      <Title title={texts.firstRun.noMonitorTitle} lead={texts.firstRun.noMonitorLead} />
      <Step done title={texts.firstRun.serverRuns}>
        <p className="text-fg-2">{texts.firstRun.serverRunsHelp}</p>
      </Step>
      <Step number={2} title={texts.firstRun.startMonitor} last>
        <p className="text-fg-2">{texts.firstRun.monitorAlone}</p>
        <CopyLine command="agentpane monitor" />
        <p className="text-fg-2">{texts.firstRun.startMonitorHelp}</p>
        <CopyLine command="agentpane up" />
        <p className="text-fg-3">{texts.firstRun.nothingRead}</p>
      </Step>
    </>
  );
}

function Silent({ machine }: { machine: MachineRow }) {
  return (
    <>
      <div className="mb-8 flex gap-3">
        <span className="mt-1.5">
          <Glyph shape="unknown" named={false} />
        </span>
        <div>
          <h1 className="font-semibold text-xl">
            <Words>{texts.firstRun.silentTitle(machine.name)}</Words>
          </h1>
          <p className="text-fg-2">{texts.firstRun.silentLead(formatClock(machine.lastSeenAt))}</p>
        </div>
      </div>
      <div className="grid gap-2">
        <p className="text-fg-2">{texts.firstRun.silentHelp}</p>
        <CopyLine command="cli-monitor status" />
      </div>
    </>
  );
}

function Title({ title, lead }: { title: string; lead: string }) {
  return (
    <div className="mb-8">
      <h1 className="font-semibold text-xl">{title}</h1>
      <p className="mt-1 text-fg-2">{lead}</p>
    </div>
  );
}

interface StepProps {
  title: string;
  done?: boolean;
  number?: number;
  last?: boolean;
  children: ReactNode;
}

function Step({ title, done = false, number, last = false, children }: StepProps) {
  return (
    <section className="relative grid grid-cols-[24px_minmax(0,1fr)] gap-x-4 pb-8">
      {!last && <span aria-hidden="true" className="absolute top-7 bottom-1 left-[11.5px] w-px bg-line" />}
      <span
        className={
          done
            ? "grid size-6 place-items-center rounded-full bg-add-bg text-add-fg"
            : "grid size-6 place-items-center rounded-full border border-accent font-semibold text-accent text-s"
        }
      >
        {done ? <Check aria-hidden size={14} /> : number}
      </span>
      <div className="grid min-w-0 gap-2 pt-px">
        <h2 className="font-semibold text-l">{title}</h2>
        {children}
      </div>
    </section>
  );
}

const WORTH_KNOWING: readonly [keys: string[], what: string][] = [
  [["j"], texts.keys.down],
  [["k"], texts.keys.up],
  [["↵"], texts.keys.open],
  [["esc"], texts.keys.escape],
  [["/"], texts.keys.filter],
  [["?"], texts.keys.help],
];

function Keys() {
  return (
    <section className="flex-[0_0_220px] max-desk:hidden">
      <h2 className="mb-2 font-semibold text-fg-3 text-xs tracking-[0.04em] uppercase">{texts.firstRun.keys}</h2>
      <dl className="grid grid-cols-[40px_1fr] gap-y-2 text-fg-2 text-s">
        {WORTH_KNOWING.map(([keys, what]) => (
          <div key={what} className="contents">
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The shape of what comes, without a claim about it. */
function Waiting() {
  return (
    <div className="flex-1 overflow-hidden" role="status" aria-label={texts.connection.connecting}>
      <div className="h-10 border-line border-b" />
      <div className="grid gap-[26px] px-4 pt-9" aria-hidden="true">
        {[62, 48, 71, 55, 40, 66, 52, 44].map((width) => (
          <div key={width} className="flex gap-3">
            <span className="size-4 rounded-m bg-hover" />
            <span className="h-4 rounded-m bg-hover" style={{ width: `${width}%` }} />
          </div>
        ))}
      </div>
    </div>
  );
}
