import { clsx } from "clsx";
import { ChevronDown, ChevronRight } from "lucide-react";
import { useLive } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { formatClock, formatCount } from "../../ui/format.ts";
import type { Group } from "./groups.ts";

export interface GroupHeaderProps {
  group: Group;
  count: number;
  collapsed: boolean;
  onToggle(group: Group): void;
}

/** A group's name and how many it holds; it stays in sight while its rows pass under it, and folds them away. */
export function GroupHeader({ group, count, collapsed, onToggle }: GroupHeaderProps) {
  const hot = group === "need";
  const name = (
    <>
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
    </>
  );
  const Chevron = collapsed ? ChevronRight : ChevronDown;
  return (
    <h2
      id={`group-${group}`}
      className={clsx(
        "group sticky top-0 z-2 flex h-7 items-center gap-2 bg-page px-4 font-semibold text-xs tracking-[0.04em] uppercase max-desk:h-8",
        hot ? "text-fg" : "text-fg-3",
      )}
    >
      {/* Who needs a person is never folded away. */}
      {hot ? (
        name
      ) : (
        <button
          type="button"
          aria-expanded={!collapsed}
          title={collapsed ? texts.sessions.unfold : texts.sessions.fold}
          className="-ml-1 flex h-full items-center gap-2 rounded-m px-1 uppercase hover:text-fg"
          onClick={() => onToggle(group)}
        >
          {name}
          <Chevron
            aria-hidden
            size={13}
            className={clsx(
              "group-hover:opacity-100 in-focus-visible:opacity-100 pointer-coarse:opacity-100",
              !collapsed && "opacity-0",
            )}
          />
        </button>
      )}
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
