import type { MachineRow } from "@agentpane/protocol";
import { Link } from "@tanstack/react-router";
import { Age } from "../../live/time.tsx";
import { useLive } from "../../live/use-live.ts";
import { NO_FILTER } from "../../search.ts";
import { machinesPageTexts as texts } from "../../texts/machines-page.ts";
import { texts as common } from "../../texts.ts";
import { Glyph } from "../../ui/glyph.tsx";
import { Words } from "../../ui/text.tsx";
import { groupSessions } from "../sessions/groups.ts";
import { shapeOf, titleOf } from "../sessions/row.tsx";
import { Section } from "./section.tsx";

/** Live sessions of a machine that are listed here; all of them stand in the list. */
const MAX_SHOWN = 12;

/** What runs on a machine, in the order of the list, and the way to all that ever ran there. */
export function MachineSessions({ machine }: { machine: MachineRow }) {
  const ids = useLive((store) => {
    const rows = [...store.sessions.values()].filter((row) => row.machine.id === machine.id);
    const { need, working, ready, quiet } = groupSessions(rows);
    return [...need, ...working, ...ready, ...quiet].slice(0, MAX_SHOWN).join("\n");
  })
    .split("\n")
    .filter(Boolean);
  return (
    <Section
      title={texts.sessions}
      aside={
        <Link to="/" search={{ ...NO_FILTER, machine: machine.id }} className="text-accent hover:underline">
          {texts.sessionsAll(machine.sessions)}
        </Link>
      }
    >
      {ids.length === 0 ? (
        <p className="text-fg-2 text-s">{texts.noLive}</p>
      ) : (
        <ul className="-mx-2">
          {ids.map((id) => (
            <SessionLine key={id} id={id} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function SessionLine({ id }: { id: string }) {
  const row = useLive((store) => store.sessions.get(id) ?? null);
  if (row === null) return null;
  return (
    <li>
      <Link
        to="/sessions/$sessionId"
        params={{ sessionId: id }}
        className="flex h-8 items-center gap-3 rounded-m px-2 text-s hover:bg-hover max-desk:h-11"
      >
        <Glyph shape={shapeOf(row)} size={14} />
        <span className="min-w-0 flex-1 truncate font-medium">
          <Words>{titleOf(row)}</Words>
        </span>
        <span className="max-w-[30%] truncate text-fg-2">
          <Words>{row.project ?? common.sessions.noProject}</Words>
        </span>
        {row.since !== null && (
          <span className="w-14 flex-none text-right text-fg-3">
            <Age at={row.since} />
          </span>
        )}
      </Link>
    </li>
  );
}
