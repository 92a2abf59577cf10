import type { FileChange } from "@agentpane/protocol";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { fileChangesQuery } from "../../../api/queries.ts";
import { Moment } from "../../../live/time.tsx";
import { useServices } from "../../../services.ts";
import { filesTexts } from "../../../texts/files.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/controls.tsx";
import { Words } from "../../../ui/text.tsx";
import type { Call } from "../entries.ts";
import { EditBlock } from "../tools/edit.tsx";
import "../transcript.css";

interface FileChangesProps {
  session: string;
  path: string;
  names: ReadonlyMap<string, string>;
}

/** What the session changed in one file, in order. */
export function FileChanges({ session, path, names }: FileChangesProps) {
  const { api } = useServices();
  const query = useInfiniteQuery(fileChangesQuery(api, session, path));
  const changes = query.data?.pages.flatMap((page) => page.changes) ?? [];
  const total = query.data?.pages.at(-1)?.total ?? 0;
  if (query.data === undefined) {
    if (query.error === null || query.isFetching) {
      return (
        <p role="status" className="px-4 py-2 text-fg-3 text-s">
          {filesTexts.loadingChanges}
        </p>
      );
    }
    return (
      <p role="alert" className="flex items-center gap-3 px-4 py-2 text-s">
        {filesTexts.changesFailed}
        <Button onClick={() => void query.refetch()}>{texts.sessions.tryAgain}</Button>
      </p>
    );
  }
  return (
    <>
      {changes.map((change) => (
        <article key={`${change.agent} ${change.place}`} className="file-change">
          <Link
            to="/sessions/$sessionId"
            params={{ sessionId: session }}
            search={change.agent === null ? { event: change.place } : { agent: change.agent, event: change.place }}
          >
            {change.at === null ? null : <Moment at={change.at} />} {filesTexts.inTranscript}
            {change.agent !== null && (
              <>
                {", "}
                <Words>{names.get(change.agent) ?? change.agent}</Words>
              </>
            )}
          </Link>
          <EditBlock call={callOf(change)} />
        </article>
      ))}
      <div className="flex items-center gap-3 px-4 py-2 text-fg-3 text-s">
        {filesTexts.changesShown(changes.length, total)}
        {query.hasNextPage && (
          <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {filesTexts.moreChanges}
          </Button>
        )}
      </div>
    </>
  );
}

/** As the transcript shows a call. */
function callOf({ call, result, place, tool }: FileChange): Call {
  return {
    id: place,
    tool,
    event: call.kind === "tool.call" ? call : null,
    result: result?.kind === "tool.result" ? result : null,
    progress: null,
    subagent: null,
  };
}
