import type { MachineRow } from "@agentpane/protocol";
import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { useServerTime } from "../../live/use-live.ts";
import { machinesPageTexts as texts } from "../../texts/machines-page.ts";
import { formatAge, formatBytes, formatCount, formatFullTime } from "../../ui/format.ts";
import { Words } from "../../ui/text.tsx";
import { type LiveCounts, osName, type Standing, standingOf, unknownLines } from "./standing.ts";
import { StandingMark, StateWords, stateHelp } from "./state-cell.tsx";

interface ListProps {
  machines: readonly MachineRow[];
  counts: Map<string, LiveCounts>;
}

/** One row a machine, its figures in columns. A whole row is its link. */
export function MachineTable({ machines, counts, openId }: ListProps & { openId: string | null }) {
  return (
    <table className="w-full border-line border-y text-left">
      <caption className="sr-only">{texts.list}</caption>
      <thead>
        <tr className="h-9 text-fg-3 text-s">
          <Head className="pl-6">{texts.head.machine}</Head>
          <Head>{texts.head.state}</Head>
          <Head right>{texts.head.live}</Head>
          <Head right>{texts.head.behind}</Head>
          <Head right className="max-split:pr-6">
            {texts.head.heard}
          </Head>
          <Head className="max-split:hidden">{texts.head.monitor}</Head>
          <Head right className="pr-6 max-split:hidden">
            {texts.head.unknown}
          </Head>
        </tr>
      </thead>
      <tbody>
        {machines.map((machine) => (
          <MachineLine
            key={machine.id}
            machine={machine}
            counts={counts.get(machine.id)}
            open={machine.id === openId}
          />
        ))}
      </tbody>
    </table>
  );
}

function MachineLine({
  machine,
  counts,
  open,
}: {
  machine: MachineRow;
  counts: LiveCounts | undefined;
  open: boolean;
}) {
  const standing = useServerTime((now) => standingOf(machine, now));
  const unsure = standing === "silent";
  const unknown = unknownLines(machine);
  return (
    <tr
      className={clsx(
        "relative h-[52px] border-line border-t hover:bg-hover",
        open && "bg-selected hover:bg-selected forced-colors:outline-2 forced-colors:-outline-offset-2",
      )}
    >
      <th scope="row" className="max-w-[280px] pl-6 font-normal">
        <span className="flex items-center gap-3">
          <StandingMark standing={standing} />
          <span className="grid min-w-0">
            <Link
              to="/machines/$machineId"
              params={{ machineId: machine.id }}
              aria-current={open ? "true" : undefined}
              data-machine={machine.id}
              className="truncate font-semibold after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
            >
              <Words>{machine.name}</Words>
            </Link>
            <span className="truncate text-fg-3 text-s">{osName(machine.os)}</span>
          </span>
        </span>
      </th>
      <Cell top={<StateWords machine={machine} standing={standing} />}>{stateHelp(machine, standing, counts)}</Cell>
      <Cell right top={formatCount(counts?.live ?? 0)}>
        {unsure ? texts.notKnown : counts !== undefined && counts.need > 0 ? texts.need(counts.need) : texts.noNeed}
      </Cell>
      <Cell right top={<BehindFigure machine={machine} standing={standing} />}>
        {machine.report !== null && machine.report.behindFiles > 0 && !unsure
          ? texts.inFiles(machine.report.behindFiles)
          : undefined}
      </Cell>
      <Cell right className="max-split:pr-6" top={<Heard machine={machine} />} />
      <Cell className="max-split:hidden" top={machine.monitorVersion} />
      <Cell right className="pr-6 max-split:hidden" top={machine.report === null ? "?" : formatCount(unknown)} />
    </tr>
  );
}

function BehindFigure({ machine, standing }: { machine: MachineRow; standing: Standing }) {
  if (machine.report === null || standing === "silent" || standing === "left") return <>?</>;
  return <>{formatBytes(machine.report.behindBytes)}</>;
}

function Heard({ machine }: { machine: MachineRow }) {
  const at = machine.lastSeenAt;
  const text = useServerTime((now) => texts.ago(formatAge(now - at)));
  return (
    <time dateTime={new Date(at).toISOString()} title={formatFullTime(at)}>
      {text}
    </time>
  );
}

function Head({ right = false, className, children }: { right?: boolean; className?: string; children: ReactNode }) {
  return (
    <th scope="col" className={clsx("px-3 font-normal", right && "text-right", className)}>
      {children}
    </th>
  );
}

interface CellProps {
  top: ReactNode;
  right?: boolean;
  className?: string;
  children?: ReactNode;
}

function Cell({ top, right = false, className, children }: CellProps) {
  return (
    <td className={clsx("px-3 whitespace-nowrap", right && "text-right", className)}>
      <span className="block font-medium text-s">{top}</span>
      {children !== undefined && <span className="block min-h-[18px] text-fg-3 text-s">{children}</span>}
    </td>
  );
}

/** The same on a phone: what a machine is and how it stands; the rest is behind it. */
export function MachineCards({ machines, counts }: ListProps) {
  return (
    <ul className="border-line border-t" aria-label={texts.list}>
      {machines.map((machine) => (
        <MachineCard key={machine.id} machine={machine} counts={counts.get(machine.id)} />
      ))}
    </ul>
  );
}

function MachineCard({ machine, counts }: { machine: MachineRow; counts: LiveCounts | undefined }) {
  const standing = useServerTime((now) => standingOf(machine, now));
  const live = counts?.live ?? 0;
  return (
    <li className="border-line border-b">
      <Link
        to="/machines/$machineId"
        params={{ machineId: machine.id }}
        data-machine={machine.id}
        className="flex min-h-[70px] items-center gap-3 px-4 py-2 -outline-offset-2"
      >
        <StandingMark standing={standing} />
        <span className="grid min-w-0 flex-1">
          <b className="truncate font-semibold">
            <Words>{machine.name}</Words>
          </b>
          <span className="truncate text-s">
            <StateWords machine={machine} standing={standing} />
          </span>
          <span className="truncate text-fg-3 text-s">{stateHelp(machine, standing, counts)}</span>
        </span>
        <span className="flex-none text-right text-s">
          <b className="block font-medium">{formatCount(live)}</b>
          <span className="text-fg-3">{texts.head.live.toLowerCase()}</span>
        </span>
        <ChevronRight aria-hidden size={16} className="flex-none text-fg-3" />
      </Link>
    </li>
  );
}
