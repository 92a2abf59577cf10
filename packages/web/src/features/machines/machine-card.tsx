import type { MachineRow, MonitorReport } from "@agentpane/protocol";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Moment } from "../../live/time.tsx";
import { texts } from "../../texts.ts";
import { Bar } from "../../ui/controls.tsx";
import { formatBytes, formatCount } from "../../ui/format.ts";
import { Command, Words } from "../../ui/text.tsx";

/** What one monitor says of itself: whether it is current, what it reads, and what it could not read. */
export function MachineCard({ machine }: { machine: MachineRow }) {
  const { report } = machine;
  return (
    <section className="grid gap-1 border-line px-4 py-2.5 text-s not-first-of-type:border-t">
      <h3 className="flex items-baseline gap-2">
        <b className="font-semibold">
          <Words>{machine.name}</Words>
        </b>
        <span className="text-fg-3">{machine.os}</span>
        <span className="ml-auto text-fg-3">{texts.machines.sessions(machine.sessions)}</span>
      </h3>
      <p className="text-fg-2">
        {machine.state === "connected" ? (
          texts.machines.state.connected
        ) : (
          <>
            {texts.machines.state[machine.state]} <Moment at={machine.lastSeenAt} />
          </>
        )}
        {machine.state === "connected" && report !== null && `, ${progressOf(report)}`}
      </p>
      {report?.backfill != null && report.backfill.totalBytes > 0 && (
        <div className="flex items-center gap-3 text-fg-3">
          <Bar part={report.backfill.doneBytes / report.backfill.totalBytes} tone="accent" className="w-20" />
          {texts.machines.backfill(formatBytes(report.backfill.doneBytes), formatBytes(report.backfill.totalBytes))}
        </div>
      )}
      {report !== null && <Report report={report} />}
      <p className="text-fg-3">{texts.machines.monitor(machine.monitorVersion)}</p>
    </section>
  );
}

function progressOf(report: MonitorReport): string {
  if (report.behindBytes === 0) return texts.machines.current;
  return texts.machines.behind(formatBytes(report.behindBytes), report.behindFiles);
}

function Report({ report }: { report: MonitorReport }) {
  const unknown = Object.entries(report.unknownTypes).sort((a, b) => b[1] - a[1]);
  const { total, slow, malformed } = report.lines;
  const lines = [
    texts.machines.lines(total),
    slow > 0 && texts.machines.slow(slow),
    malformed > 0 && texts.machines.malformed(malformed),
  ].filter((part) => part !== false);
  return (
    <div className="grid gap-1 text-fg-3">
      {report.roots.map((root) => (
        <code key={root.path} className="text-xs [overflow-wrap:anywhere]">
          <Command>{texts.machines.root(root.path, root.present)}</Command>
        </code>
      ))}
      <p>{texts.machines.files(report.filesKnown, report.foldersWatched)}</p>
      <p>{lines.join(", ")}</p>
      {unknown.length > 0 && (
        <p>
          {texts.machines.unknownTypes}:{" "}
          {unknown.slice(0, SHOWN_TYPES).map(
            ([type, count], index): ReactNode => (
              <span key={type}>
                {index > 0 && ", "}
                <code className="text-xs">
                  <Command>{type}</Command>
                </code>{" "}
                {formatCount(count)}
              </span>
            ),
          )}
          {unknown.length > SHOWN_TYPES && ` ${texts.machines.more(unknown.length - SHOWN_TYPES)}`}
        </p>
      )}
      {report.warnings.map((warning) => (
        <p key={`${warning.code} ${warning.since}`} className="flex gap-2 text-approval">
          <TriangleAlert aria-hidden size={14} className="mt-0.5 flex-none" />
          <span>
            <Words>{warning.message}</Words>
          </span>
        </p>
      ))}
    </div>
  );
}

const SHOWN_TYPES = 6;
