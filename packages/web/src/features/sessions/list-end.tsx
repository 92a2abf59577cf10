import { useLive } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/controls.tsx";
import { isStray } from "./strays.ts";
import type { OlderState } from "./use-older.ts";

export interface ListEndProps {
  older: { state: OlderState; more: boolean };
  onLoad(): void;
  /** Whether subagents without a parent are shown. */
  strays: boolean;
  onStrays(shown: boolean): void;
  /** How many there are in all; null while nobody knows. */
  total: number | null;
}

/** What stands under the last row: whether there is more, and that it comes. */
export function ListEnd({ older, onLoad, strays, onStrays, total }: ListEndProps) {
  const loaded = useLive((store) => store.sessions.size);
  const hidden = useLive((store) => {
    let count = 0;
    for (const row of store.sessions.values()) if (isStray(row)) count += 1;
    return count;
  });
  if (loaded === 0) return null;
  return (
    <div className="flex min-h-12 flex-wrap items-center justify-center gap-3 px-4 py-2 text-center text-fg-3 text-xs">
      <span role="status" className="contents">
        {older.state === "failed" && texts.sessions.olderFailed}
        {older.state === "loading" && texts.sessions.loadingOlder}
        {older.state === "idle" && !older.more && total !== null && texts.sessions.allLoaded(total)}
      </span>
      {older.state === "failed" && <Button onClick={onLoad}>{texts.sessions.tryAgain}</Button>}
      {older.state === "idle" && older.more && (
        <Button look="bare" onClick={onLoad}>
          {texts.sessions.loadOlder}
        </Button>
      )}
      {hidden > 0 && (
        <Button look="bare" aria-pressed={strays} title={texts.sessions.straysHelp} onClick={() => onStrays(!strays)}>
          {strays ? texts.sessions.straysShown : texts.sessions.strays(hidden)}
        </Button>
      )}
    </div>
  );
}
