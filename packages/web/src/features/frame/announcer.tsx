import type { SessionRow } from "@agentpane/protocol";
import { useEffect, useRef, useState } from "react";
import { useConnection, useLive } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { groupOf } from "../sessions/groups.ts";
import { shapeOf, titleOf } from "../sessions/row.tsx";

/**
 * Said aloud by readers of the screen, wherever the person is: a session that begins to need one, a machine that goes
 * silent, a server that goes or comes back.
 */
export function Announcer() {
  const [message, setMessage] = useState("");
  useNeeds(setMessage);
  useSilence(setMessage);
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

function useSilence(say: (message: string) => void): void {
  const machines = useLive((store) => store.machines);
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    const silent = machines.filter((machine) => machine.state === "silent");
    const before = known.current;
    // Before the first snapshot there are none, and what was silent by then is no news.
    if (machines.length > 0) known.current = new Set(silent.map((machine) => machine.id));
    const fresh = before === null ? [] : silent.filter((machine) => !before.has(machine.id));
    if (fresh.length > 0) {
      say(fresh.length > 1 ? texts.machines.silentMany(fresh.length) : texts.toasts.silent(fresh[0]?.name ?? ""));
    }
  }, [machines, say]);
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
