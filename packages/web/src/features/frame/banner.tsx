import { Unplug } from "lucide-react";
import { useEffect, useState } from "react";
import type { ConnectionState } from "../../live/connection.ts";
import { useConnection, useLiveStore } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/controls.tsx";
import { CopyLine } from "../../ui/copy-line.tsx";
import { formatMoment, formatSpan } from "../../ui/format.ts";

/** A blip shorter than this is not worth a word. */
const PATIENCE_MS = 1_200;

/** Says that what is seen is not current, since when, and what helps. */
export function Banner() {
  const connection = useConnection();
  const store = useLiveStore();
  const lost = connection.kind === "away" || connection.kind === "offline";
  const shown = useLater(lost, PATIENCE_MS);
  if (connection.kind === "refused" && connection.reason === "version") {
    return (
      <Bar title={texts.connection.versionTitle} help={texts.connection.versionHelp}>
        <Button onClick={() => location.reload()}>{texts.connection.reload}</Button>
      </Bar>
    );
  }
  if (!lost || !shown) return null;
  const now = store.clock.now();
  const data = store.loaded ? texts.connection.awayData(formatMoment(now, Date.now())) : texts.connection.awayNoData;
  if (connection.kind === "offline") {
    return (
      <Bar
        title={texts.connection.offlineTitle}
        help={`${store.loaded ? `${data} ` : ""}${texts.connection.offlineHelp}`}
      />
    );
  }
  return (
    <Bar title={connection.answers ? texts.connection.busyTitle : texts.connection.awayTitle} help={data}>
      <span className="text-fg-3">
        <NextTry connection={connection} />
      </span>
      <Button onClick={store.connection.connect}>{texts.connection.retryNow}</Button>
      {!store.loaded && !connection.answers && (
        <div className="flex basis-full items-center gap-3 pt-1">
          {texts.connection.awayHelp}
          <CopyLine command="agentpane up" />
        </div>
      )}
    </Bar>
  );
}

function Bar({ title, help, children }: { title: string; help: string; children?: React.ReactNode }) {
  return (
    <div
      data-banner
      className="flex flex-none flex-wrap items-center gap-x-3 gap-y-1 border-line border-b bg-error-wash px-4 py-1.5 text-s"
    >
      <Unplug aria-hidden size={15} className="flex-none text-error" />
      <b className="font-semibold text-error">{title}</b>
      <span className="text-fg">{help}</span>
      <span className="ml-auto flex flex-wrap items-center gap-3">{children}</span>
    </div>
  );
}

/** Counted by the page's own clock: the server's stands still while it is away. */
function NextTry({ connection }: { connection: Extract<ConnectionState, { kind: "away" }> }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const id = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(id);
  }, []);
  if (connection.nextTryAt === null) return texts.connection.retrying;
  return texts.connection.retryIn(formatSpan(connection.nextTryAt - now + 999));
}

/** `value`, but true only after it was so for a while. */
function useLater(value: boolean, afterMs: number): boolean {
  const [later, setLater] = useState(false);
  useEffect(() => {
    if (!value) {
      setLater(false);
      return;
    }
    const id = setTimeout(() => setLater(true), afterMs);
    return () => clearTimeout(id);
  }, [value, afterMs]);
  return value && later;
}
