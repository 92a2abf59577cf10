import type { MachineRow, MonitorReport } from "@agentpane/protocol";
import type { ReactNode } from "react";
import { Elapsed, Moment } from "../../live/time.tsx";
import { machinesPageTexts as texts } from "../../texts/machines-page.ts";
import { formatBytes, formatCount } from "../../ui/format.ts";
import { Command, Words } from "../../ui/text.tsx";
import { Section } from "./section.tsx";
import { osName } from "./standing.ts";

/** Types of lines that are listed by name. */
const MAX_TYPES = 8;

/** What one machine is and what its monitor has counted. */
export function Facts({ machine }: { machine: MachineRow }) {
  const { report, state } = machine;
  const { facts } = texts;
  return (
    <Section title={texts.about(machine.name)}>
      <dl className="text-s">
        <Fact name={facts.id}>
          <code className="[overflow-wrap:anywhere]">{machine.id}</code>
        </Fact>
        <Fact name={facts.system}>{osName(machine.os)}</Fact>
        <Fact name={facts.monitor}>{machine.monitorVersion}</Fact>
        <Fact name={facts.firstSeen}>
          <Moment at={machine.registeredAt} />
        </Fact>
        <Fact name={facts.lastHeard}>
          <Moment at={machine.lastSeenAt} />
        </Fact>
        {report !== null && state === "connected" && (
          <Fact name={facts.uptime}>
            <Elapsed at={machine.lastSeenAt - report.uptimeMs} />
          </Fact>
        )}
        {report !== null && <Counted report={report} />}
      </dl>
    </Section>
  );
}

function Counted({ report }: { report: MonitorReport }) {
  const { facts } = texts;
  return (
    <>
      <Fact name={facts.memory}>{formatBytes(report.residentBytes)}</Fact>
      <Fact name={facts.files}>{texts.files(report.filesKnown, report.foldersWatched)}</Fact>
      <Fact name={facts.lines}>{formatCount(report.lines.total)}</Fact>
      <Fact name={facts.slow} help={report.lines.slow > 0 ? texts.slowHelp : undefined}>
        {formatCount(report.lines.slow)}
      </Fact>
      <Fact name={facts.malformed} help={report.lines.malformed > 0 ? texts.malformedHelp : undefined}>
        {formatCount(report.lines.malformed)}
      </Fact>
      <Fact name={facts.unknown}>
        <UnknownTypes types={report.unknownTypes} />
      </Fact>
    </>
  );
}

function UnknownTypes({ types }: { types: MonitorReport["unknownTypes"] }) {
  const unknown = Object.entries(types).sort((a, b) => b[1] - a[1]);
  if (unknown.length === 0) return texts.noneUnknown;
  return (
    <span className="flex flex-wrap gap-x-3">
      {unknown.slice(0, MAX_TYPES).map(([type, count]) => (
        <span key={type}>
          <code>
            <Command>{type}</Command>
          </code>{" "}
          <span className="text-fg-3">{formatCount(count)}</span>
        </span>
      ))}
      {unknown.length > MAX_TYPES && <span className="text-fg-3">{texts.moreTypes(unknown.length - MAX_TYPES)}</span>}
    </span>
  );
}

function Fact({ name, help, children }: { name: string; help?: string | undefined; children: ReactNode }) {
  return (
    <div className="grid min-h-8 grid-cols-[140px_minmax(0,1fr)] items-baseline gap-x-4 border-line border-t py-1.5 max-desk:grid-cols-[116px_minmax(0,1fr)]">
      <dt className="text-fg-3">{name}</dt>
      <dd className="min-w-0">
        {typeof children === "string" ? <Words>{children}</Words> : children}
        {help !== undefined && <span className="text-fg-3"> {help}</span>}
      </dd>
    </div>
  );
}
