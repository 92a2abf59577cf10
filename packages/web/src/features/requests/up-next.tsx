import type { RequestRow } from "@agentpane/protocol";
import { Elapsed } from "../../live/time.tsx";
import { useLive } from "../../live/use-live.ts";
import { requestsTexts as words } from "../../texts/requests.ts";
import { Glyph } from "../../ui/glyph.tsx";
import { Command, Words } from "../../ui/text.tsx";
import { titleOf } from "../sessions/row.tsx";
import { INK, SHAPE } from "./shown.ts";

const MAX_NEXT = 6;

/** What waits after the current one, to see how much there is and to take another one first. */
export function UpNext({ rows, onChoose }: { rows: readonly RequestRow[]; onChoose(id: string): void }) {
  if (rows.length === 0) return null;
  return (
    <section aria-label={words.upNext} className="grid content-start gap-1 pb-6 max-split:hidden">
      <h2 className="font-semibold text-fg-3 text-xs uppercase tracking-[0.04em]">{words.upNext}</h2>
      <ul className="divide-y divide-line border-line border-y">
        {rows.slice(0, MAX_NEXT).map((row) => (
          <NextRow key={row.id} row={row} onChoose={onChoose} />
        ))}
      </ul>
      {rows.length > MAX_NEXT && <p className="text-fg-3 text-s">{words.more(rows.length - MAX_NEXT)}</p>}
    </section>
  );
}

function NextRow({ row, onChoose }: { row: RequestRow; onChoose(id: string): void }) {
  const session = useLive((store) => store.sessions.get(row.session) ?? null);
  return (
    <li>
      <button
        type="button"
        className="grid w-full grid-cols-[16px_minmax(0,1fr)_auto] items-start gap-x-2 py-1.5 text-left text-s hover:bg-hover"
        onClick={() => onChoose(row.id)}
      >
        <Glyph shape={SHAPE[row.kind]} />
        <span className="truncate">
          {row.kind === "permission" ? (
            <code className="text-xs">
              <Command>{row.summary}</Command>
            </code>
          ) : (
            <Words>{row.summary}</Words>
          )}
        </span>
        <b className={`text-right font-medium ${INK[row.kind]}`}>
          <Elapsed at={row.openedAt} />
        </b>
        <span className="col-start-2 truncate text-fg-3">
          <Words>{session === null ? words.unknownSession : titleOf(session)}</Words>
        </span>
        <span className="text-right text-fg-3">
          <Words>{row.kind === "permission" ? row.tool : words.kind[row.kind]}</Words>
        </span>
      </button>
    </li>
  );
}
