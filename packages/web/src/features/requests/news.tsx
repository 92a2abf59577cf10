import type { RequestRow } from "@agentpane/protocol";
import { useEffect, useRef, useState } from "react";
import { requestsTexts as words } from "../../texts/requests.ts";
import { Words } from "../../ui/text.tsx";

/** So long it stands there to be read. */
const SHOWN_MS = 8_000;
/** Of more that leave at once only their number is said. */
const MAX_NAMED = 3;

/**
 * Says of each request that leaves by whom it was settled: one that vanishes without a word makes people doubt. Stands over
 * the end of what it is put after, so that nothing moves under anybody's hand.
 */
export function ClosingNews({ requests }: { requests: ReadonlyMap<string, RequestRow> }) {
  const news = useClosings(requests);
  return (
    <div className="pointer-events-none sticky bottom-3 z-10 h-0">
      <p
        role="status"
        className={
          news === ""
            ? "sr-only"
            : "absolute bottom-0 left-1/2 w-max max-w-full -translate-x-1/2 rounded-m border border-strong bg-control px-3 py-1.5 text-s [overflow-wrap:anywhere]"
        }
      >
        {news !== "" && <Words>{news}</Words>}
      </p>
    </div>
  );
}

function useClosings(requests: ReadonlyMap<string, RequestRow>): string {
  const before = useRef<ReadonlyMap<string, RequestRow>>(requests);
  const [news, setNews] = useState("");
  useEffect(() => {
    const closed = [...requests.values()].filter(
      (row) => row.closing !== null && before.current.get(row.id)?.state === "open",
    );
    before.current = requests;
    if (closed.length > 0) setNews(said(closed));
  }, [requests]);
  useEffect(() => {
    if (news === "") return;
    const id = setTimeout(() => setNews(""), SHOWN_MS);
    return () => clearTimeout(id);
  }, [news]);
  return news;
}

function said(closed: readonly RequestRow[]): string {
  if (closed.length > MAX_NAMED) return words.leftMany(closed.length);
  return closed.map((row) => words.left(row.summary, row.closing?.how ?? "")).join(". ");
}
