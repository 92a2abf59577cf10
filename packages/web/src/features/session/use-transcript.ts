import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { pageTimers } from "../../live/clock.ts";
import { Transcript, type TranscriptView } from "../../live/transcript.ts";
import { useConnection, useLiveStore } from "../../live/use-live.ts";
import { useServices } from "../../services.ts";

/**
 * The transcript of a session or of one of its subagents, read and followed as long as the component is there; from the
 * middle where the address names an event.
 */
export function useTranscript(
  session: string,
  subagent: string | null,
  event: string | null,
): { view: TranscriptView; transcript: Transcript } {
  const { api } = useServices();
  const store = useLiveStore();
  const connection = useConnection();
  const [transcript] = useState(
    () =>
      new Transcript({
        session,
        subagent,
        timers: pageTimers,
        fetchPage: (place, limit, signal) => api.events({ session, subagent, place, limit }, signal),
        watch: (after, onEvents) => store.watch(session, subagent, after, onEvents),
      }),
  );
  const first = useRef(event);
  useEffect(() => {
    void transcript.start(first.current);
    return () => transcript[Symbol.dispose]();
  }, [transcript]);
  const view = useSyncExternalStore(transcript.subscribe, transcript.getSnapshot);
  // What could not be read while the server was away is read when it is back.
  const back = connection.kind === "live" && view.phase === "failed" && view.error?.code === "unreachable";
  useEffect(() => {
    if (back) void transcript.start();
  }, [back, transcript]);
  return { view, transcript };
}
