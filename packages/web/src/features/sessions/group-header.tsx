import { clsx } from "clsx";
import { useLive } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { formatClock, formatCount } from "../../ui/format.ts";
import type { Group } from "./groups.ts";

/** A group's name and how many it holds; it stays in sight while its rows pass under it. */
export function GroupHeader({ group, count }: { group: Group; count: number }) {
  const hot = group === "need";
  return (
    <h2
      id={`group-${group}`}
      className={clsx(
        "sticky top-0 z-2 flex h-7 items-center gap-2 bg-page px-4 font-semibold text-xs tracking-[0.04em] uppercase max-desk:h-8",
        hot ? "text-fg" : "text-fg-3",
      )}
    >
      {texts.sessions.group[group]}
      <span
        className={clsx(
          "tracking-[0px]",
          hot
            ? "min-w-[18px] rounded-l bg-approval-fill px-1.5 text-center font-semibold text-on-count forced-colors:border"
            : "font-medium",
        )}
      >
        {formatCount(count)}
      </span>
      <span className="ml-auto truncate font-normal text-fg-3 tracking-[0px] normal-case max-desk:hidden">
        <Note group={group} />
      </span>
    </h2>
  );
}

function Note({ group }: { group: Group }) {
  const silent = useLive((store) => store.machines.find((machine) => machine.state === "silent") ?? null);
  if (group === "quiet" && silent !== null) {
    return texts.sessions.silentNote(silent.name, formatClock(silent.lastSeenAt));
  }
  return texts.sessions.groupNote[group];
}
