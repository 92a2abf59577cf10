import type { SessionFiles, SessionRow, SubagentRow } from "@agentpane/protocol";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { filesQuery } from "../../../api/queries.ts";
import { useFreshQuery } from "../../../api/use-fresh-query.ts";
import { useServices } from "../../../services.ts";
import { filesTexts } from "../../../texts/files.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/controls.tsx";
import { FileItem } from "./file-item.tsx";
import { type FileKind, type FileSort, isChanged, rowsOf } from "./file-rows.ts";
import "./files.css";

const FRESH_MS = 3_000;
/** Files drawn at first; more come with a button, so that a thousand files stay quick. */
const PAGE = 200;
const KINDS: readonly FileKind[] = ["all", "changed", "read"];
const SORTS: readonly FileSort[] = ["recent", "path", "changes"];

interface FilesViewProps {
  row: SessionRow;
  agents: readonly SubagentRow[];
}

/** Which files the session read and changed, and how. */
export default function FilesView({ row, agents }: FilesViewProps) {
  const { api } = useServices();
  const query = filesQuery(api, row.id);
  const { data, error, refetch, isFetching } = useQuery(query);
  // Changes whose lines are still to be counted are asked for again even where nothing else happens.
  useFreshQuery(query.queryKey, `${row.events} ${row.bytes} ${data?.uncounted ?? 0}`, FRESH_MS);
  return (
    <section
      aria-label={filesTexts.title}
      data-scrolls
      data-panel-focus
      tabIndex={-1}
      className="files scroll min-h-0 flex-1 -outline-offset-2"
    >
      {data === undefined ? (
        <Waiting error={error} busy={isFetching} onRetry={() => void refetch()} />
      ) : (
        <>
          {error !== null && (
            <p role="status" className="border-line border-b bg-error-wash px-4 py-1.5 text-error text-s">
              {filesTexts.stale}
            </p>
          )}
          {data.files.length === 0 ? (
            <div className="px-4 py-12 text-center text-fg-3">
              <p>{filesTexts.empty}</p>
              <p className="mt-2 text-s">{filesTexts.unknown}</p>
            </div>
          ) : (
            <Listed row={row} agents={agents} data={data} />
          )}
        </>
      )}
    </section>
  );
}

function Listed({ row, agents, data }: FilesViewProps & { data: SessionFiles }) {
  const [words, setWords] = useState("");
  const [kind, setKind] = useState<FileKind>("all");
  const [sort, setSort] = useState<FileSort>("recent");
  const [open, setOpen] = useState<string | null>(null);
  const [most, setMost] = useState(PAGE);
  const rows = useMemo(
    () => rowsOf(data.files, row.cwd, { words, kind, sort }),
    [data.files, row.cwd, words, kind, sort],
  );
  const names = useMemo(() => new Map(agents.map((agent) => [agent.id, agent.type ?? agent.id])), [agents]);
  const kinds = { all: filesTexts.all, changed: filesTexts.changed, read: filesTexts.onlyRead };
  return (
    <>
      <div className="files-bar">
        <input
          type="search"
          aria-label={filesTexts.filter}
          placeholder={filesTexts.filter}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || words === "") return;
            event.stopPropagation();
            event.preventDefault();
            setWords("");
          }}
        />
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
        <span role="group" aria-label={filesTexts.show} className="files-kinds">
          {KINDS.map((each) => (
            <button key={each} type="button" aria-pressed={kind === each} onClick={() => setKind(each)}>
              {kinds[each]}
            </button>
          ))}
        </span>
        <select
          aria-label={filesTexts.sortBy}
          value={sort}
          onChange={(event) => setSort(event.target.value as FileSort)}
        >
          {SORTS.map((each) => (
            <option key={each} value={each}>
              {filesTexts.sorts[each]}
            </option>
          ))}
        </select>
        <span className="files-sum">{filesTexts.summary(data.files.length, data.files.filter(isChanged).length)}</span>
      </div>
      {rows.length === 0 ? (
        <p className="px-4 py-12 text-center text-fg-3">{filesTexts.none(words)}</p>
      ) : (
        <ul>
          {rows.slice(0, most).map((each) => (
            <FileItem
              key={each.file.path}
              session={row.id}
              row={each}
              names={names}
              open={open === each.file.path}
              onToggle={() => setOpen((before) => (before === each.file.path ? null : each.file.path))}
            />
          ))}
        </ul>
      )}
      {rows.length > most && (
        <p className="px-4 py-2">
          <Button onClick={() => setMost(most + PAGE)}>{filesTexts.moreFiles}</Button>
        </p>
      )}
      <p className="px-4 py-3 text-fg-3 text-s">
        {data.omitted > 0 && `${filesTexts.omitted(data.omitted)} `}
        {filesTexts.unknown}
      </p>
    </>
  );
}

function Waiting({ error, busy, onRetry }: { error: Error | null; busy: boolean; onRetry(): void }) {
  if (error === null || busy) return <div role="status" aria-label={filesTexts.loading} />;
  return (
    <div role="alert" className="grid content-start justify-items-center gap-3 px-6 py-16 text-center">
      <h2 className="font-semibold text-l">{filesTexts.failedTitle}</h2>
      <p className="max-w-[48ch] text-fg-2">{error.message}</p>
      <Button onClick={onRetry}>{texts.sessions.tryAgain}</Button>
    </div>
  );
}
