import type { SessionRow } from "@agentpane/protocol";
import { useEffect, useRef, useState } from "react";
import { useConnection, useLive } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { groupOf } from "../sessions/groups.ts";
import { shapeOf, titleOf } from "../sessions/row.tsx";

/** Said aloud by readers of the screen: a session that begins to need a person, and a server that goes or comes back. */
export function Announcer() {
  const [message, setMessage] = useState("");
  useNeeds(setMessage);
  useServer(setMessage);
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {message}
    </div>
  );
}

function useNeeds(say: (message: string) => void): void {
  const known = useRef<Set<string> | null>(null);
  // One text of all that need a person: it changes only when they do.
  const needs = useLive((store) => {
    if (!store.loaded) return null;
    const ids: string[] = [];
    for (const row of store.sessions.values()) if (groupOf(row) === "need") ids.push(`${row.id} ${row.status}`);
    return ids.sort().join("\n");
  });
  const rows = useLive((store) => store.sessions);
  useEffect(() => {
    if (needs === null) return;
    const now = new Set(needs.split("\n").filter(Boolean));
    const before = known.current;
    known.current = now;
    if (before === null) return;
    const fresh = [...now].filter((key) => !before.has(key));
    if (fresh.length > 1) say(texts.frame.needYou(fresh.length));
    const row: SessionRow | undefined = fresh.length === 1 ? rows.get((fresh[0] ?? "").split(" ")[0] ?? "") : undefined;
    if (row !== undefined) say(texts.sessions.becameNeed(texts.status[shapeOf(row)], titleOf(row)));
  }, [needs, rows, say]);
}

function useServer(say: (message: string) => void): void {
  const { kind } = useConnection();
  const was = useRef(kind);
  useEffect(() => {
    if (was.current === "live" && (kind === "away" || kind === "offline")) say(texts.connection.wentAway);
    if ((was.current === "away" || was.current === "offline") && kind === "live") say(texts.connection.backLive);
    if (kind !== "connecting") was.current = kind;
  }, [kind, say]);
}
