import type { MachineRow, MonitorReport } from "@agentpane/protocol";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, TriangleAlert } from "lucide-react";
import { Moment } from "../../live/time.tsx";
import { useServerTime } from "../../live/use-live.ts";
import { hooksTexts } from "../../texts/hooks.ts";
import { machinesPageTexts as texts } from "../../texts/machines-page.ts";
import { Bar } from "../../ui/controls.tsx";
import { formatBytes, formatPercent } from "../../ui/format.ts";
import { Command, Words } from "../../ui/text.tsx";
import { HookPanel } from "../hooks/hook-panel.tsx";
import { Facts } from "./facts.tsx";
import { MachineSessions } from "./machine-sessions.tsx";
import { Section } from "./section.tsx";
import { type LiveCounts, standingOf } from "./standing.ts";
import { StandingMark, StateWords, stateHelp } from "./state-cell.tsx";

interface DetailProps {
  machine: MachineRow;
  counts: LiveCounts | undefined;
  /** Shown by itself, with the way back. */
  back?: boolean;
}

/** One machine: what warns, how far it is, its sessions, what it watches, and the facts. */
export function Detail({ machine, counts, back = false }: DetailProps) {
  const { report } = machine;
  const standing = useServerTime((now) => standingOf(machine, now));
  return (
    <section
      id={machine.id}
      aria-labelledby="machine-name"
      className="grid grid-cols-1 border-line split:grid-cols-[minmax(0,1fr)_minmax(0,508px)]"
    >
      <div className="grid min-w-0 content-start gap-6 px-6 py-5 max-desk:px-4 split:border-line split:border-r">
        <header className="grid gap-1">
          {back && (
            <Link to="/machines" className="-ml-1 flex h-11 w-fit items-center gap-1 text-accent">
              <ChevronLeft aria-hidden size={16} />
              {texts.back}
            </Link>
          )}
          <h2 id="machine-name" tabIndex={-1} className="flex items-center gap-3 font-semibold text-l outline-none">
            <StandingMark standing={standing} />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <Words>{machine.name}</Words>
            </span>
          </h2>
          <p className="text-fg-2 text-s">
            <StateWords machine={machine} standing={standing} />, {stateHelp(machine, standing, counts)}
          </p>
        </header>
        {report !== null && <Warnings report={report} />}
        {report !== null && <Progress report={report} lastKnown={standing === "silent" || standing === "left"} />}
        <MachineSessions machine={machine} />
        {report !== null && <Roots report={report} />}
        {machine.state === "connected" && (
          <Section title={hooksTexts.title}>
            <HookPanel key={machine.id} machine={machine.id} />
          </Section>
        )}
      </div>
      <div className="min-w-0 border-line px-6 py-5 max-split:border-t max-desk:px-4">
        <Facts machine={machine} />
      </div>
    </section>
  );
}

function Warnings({ report }: { report: MonitorReport }) {
  if (report.warnings.length === 0) return null;
  return (
    <Section title={texts.warnings}>
      <ul className="grid gap-2 text-s">
        {report.warnings.map((warning) => (
          <li key={`${warning.code} ${warning.since} ${warning.message}`} className="flex gap-2">
            <TriangleAlert aria-hidden size={14} className="mt-0.5 flex-none text-approval-fill" />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <Words>{warning.message}</Words>{" "}
              <span className="text-fg-3">
                {texts.warned} <Moment at={warning.since} />
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Progress({ report, lastKnown }: { report: MonitorReport; lastKnown: boolean }) {
  const { backfill, behindBytes, behindFiles } = report;
  const reading = backfill !== null && backfill.totalBytes > 0 && backfill.doneBytes < backfill.totalBytes;
  return (
    <Section title={texts.progress}>
      <div className="grid gap-3 text-s">
        <p>
          {lastKnown && <span className="text-fg-3">{texts.lastKnown} </span>}
          {behindBytes === 0 ? texts.allCommitted : texts.behindNow(formatBytes(behindBytes), behindFiles)}
        </p>
        {reading && <Backfill done={backfill.doneBytes} total={backfill.totalBytes} />}
      </div>
    </Section>
  );
}

function Backfill({ done, total }: { done: number; total: number }) {
  const words = texts.pastOf(formatBytes(done), formatBytes(total), formatPercent(done / total));
  return (
    <div className="grid gap-1.5">
      <p className="flex flex-wrap justify-between gap-x-4">
        <b className="font-medium">{texts.past}</b>
        <span className="text-fg-2">{words}</span>
      </p>
      <Bar part={done / total} tone="accent" />
      <p className="text-fg-3">{texts.pastHelp}</p>
    </div>
  );
}

function Roots({ report }: { report: MonitorReport }) {
  return (
    <Section title={texts.watches}>
      <ul className="grid gap-1 text-s">
        {report.roots.map((root) => (
          <li key={root.path} className="min-w-0">
            <code className="[overflow-wrap:anywhere]">
              <Command>{root.path}</Command>
            </code>
            {!root.present && <span className="text-fg-3"> {texts.rootAbsent}</span>}
          </li>
        ))}
      </ul>
    </Section>
  );
}
