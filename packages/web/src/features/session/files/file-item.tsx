import type { SessionFile } from "@agentpane/protocol";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { useId } from "react";
import { Moment } from "../../../live/time.tsx";
import { filesTexts } from "../../../texts/files.ts";
import { Command } from "../../../ui/text.tsx";
import { FileChanges } from "./file-changes.tsx";
import { type FileRow, isChanged } from "./file-rows.ts";

interface FileItemProps {
  session: string;
  row: FileRow;
  /** What each subagent is called, by id. */
  names: ReadonlyMap<string, string>;
  open: boolean;
  onToggle(): void;
}

/** One file: what was done with it, by whom, when last; opened, its changes. */
export function FileItem({ session, row, names, open, onToggle }: FileItemProps) {
  const id = useId();
  const { file, folder, name, outside } = row;
  const changes = isChanged(file) || file.failed > 0;
  return (
    <li className="file">
      <div className="file-line">
        <button type="button" aria-expanded={open} aria-controls={open ? id : undefined} onClick={onToggle}>
          <ChevronRight aria-hidden size={14} className={open ? "rotate-90" : undefined} />
          <span className="file-path" title={file.path}>
            <span className="file-folder">
              <Command>{folder}</Command>
            </span>
            <b>
              <Command>{name}</Command>
            </b>
          </span>
          {file.created && <span className="file-mark">{filesTexts.created}</span>}
          {outside && (
            <span className="file-mark" title={filesTexts.outsideHelp}>
              {filesTexts.outside}
            </span>
          )}
        </button>
        <span className="file-lines">{isChanged(file) && <Lines file={file} />}</span>
        <span className="file-uses">
          <Uses file={file} />
        </span>
        <span className="file-by">{byWords(file, names)}</span>
        <Link
          to="/sessions/$sessionId"
          params={{ sessionId: session }}
          search={
            file.last.agent === null ? { event: file.last.place } : { agent: file.last.agent, event: file.last.place }
          }
          className="file-last"
        >
          <span className="sr-only">
            {name}, {filesTexts.inTranscript}{" "}
          </span>
          {file.lastAt === null ? "→" : <Moment at={file.lastAt} />}
        </Link>
      </div>
      {open && (
        <section id={id} aria-label={filesTexts.changes(name)} className="file-changes">
          {changes ? (
            <FileChanges session={session} path={file.path} names={names} />
          ) : (
            <p className="px-4 py-2 text-fg-3 text-s">{filesTexts.noChanges}</p>
          )}
        </section>
      )}
    </li>
  );
}

function Lines({ file: { added, removed } }: { file: SessionFile }) {
  if (added === null || removed === null) {
    return (
      <span title={filesTexts.notCounted}>
        <span aria-hidden="true">?</span>
        <span className="sr-only">{filesTexts.notCounted}</span>
      </span>
    );
  }
  return (
    <>
      {added > 0 && <span className="text-add-fg">{filesTexts.added(added)}</span>}{" "}
      {removed > 0 && <span className="text-del-fg">{filesTexts.removed(removed)}</span>}
    </>
  );
}

function Uses({ file }: { file: SessionFile }) {
  const told = [
    file.writes > 0 ? filesTexts.writes(file.writes) : null,
    file.edits > 0 ? filesTexts.edits(file.edits) : null,
    file.reads > 0 ? filesTexts.reads(file.reads) : null,
    file.open > 0 ? filesTexts.open(file.open) : null,
  ].filter((part) => part !== null);
  return (
    <>
      {told.join(", ")}
      {file.failed > 0 && (
        <span className="text-error">
          {told.length > 0 && ", "}
          {filesTexts.failed(file.failed)}
        </span>
      )}
    </>
  );
}

/** Nothing where it was the session's own thread alone. */
function byWords({ by }: SessionFile, names: ReadonlyMap<string, string>): string {
  if (by.every((agent) => agent === null)) return "";
  const words = by.map((agent) => (agent === null ? filesTexts.mainAgent : (names.get(agent) ?? agent)));
  return filesTexts.by([...new Set(words)].join(", "));
}
