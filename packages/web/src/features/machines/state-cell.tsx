import type { MachineRow } from "@agentpane/protocol";
import { clsx } from "clsx";
import { Moment } from "../../live/time.tsx";
import { machinesPageTexts as texts } from "../../texts/machines-page.ts";
import type { LiveCounts, Standing } from "./standing.ts";

/** How a machine stands, by a shape that works without colour: a disc, a half disc, a dashed ring, a square. */
export function StandingMark({ standing }: { standing: Standing }) {
  return (
    <svg
      aria-hidden="true"
      width={14}
      height={14}
      viewBox="0 0 14 14"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      className={clsx("flex-none", standing === "current" || standing === "new" ? "text-working-fill" : "text-fg-2")}
    >
      {MARKS[standing]}
    </svg>
  );
}

const MARKS: Record<Standing, React.ReactNode> = {
  current: <circle cx="7" cy="7" r="4" fill="currentColor" stroke="none" />,
  new: <circle cx="7" cy="7" r="4" />,
  behind: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="M7 2.5a4.5 4.5 0 0 1 0 9Z" fill="currentColor" stroke="none" />
    </>
  ),
  silent: <circle cx="7" cy="7" r="5" strokeDasharray="2 1.9" />,
  left: <rect x="3" y="3" width="8" height="8" rx="1.5" />,
};

/** The state in words and since when. */
export function StateWords({ machine, standing }: { machine: MachineRow; standing: Standing }) {
  const since =
    standing === "silent" || standing === "left"
      ? machine.lastSeenAt
      : standing === "behind"
        ? (machine.report?.behindSince ?? null)
        : null;
  return (
    <>
      {texts.standing[standing]}
      {since !== null && (
        <>
          {" "}
          {texts.since} <Moment at={since} />
        </>
      )}
    </>
  );
}

export function stateHelp(machine: MachineRow, standing: Standing, counts: LiveCounts | undefined): string {
  switch (standing) {
    case "current":
      return texts.currentHelp;
    case "new":
      return texts.newHelp;
    case "behind":
      return texts.behindHelp(machine.report?.behindFiles ?? 0);
    case "silent":
      return texts.silentHelp(counts?.live ?? 0);
    case "left":
      return texts.leftHelp;
  }
}
