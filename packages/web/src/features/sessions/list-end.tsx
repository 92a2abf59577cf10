import { useLive } from "../../live/use-live.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/controls.tsx";

export interface ListEndProps {
  state: "idle" | "loading" | "failed" | "done";
  onLoad(): void;
}

/** What stands under the last row: whether there is more, and that it comes. */
export function ListEnd({ state, onLoad }: ListEndProps) {
  const total = useLive((store) => store.total);
  const loaded = useLive((store) => store.sessions.size);
  if (loaded === 0) return null;
  return (
    <div
      className="flex min-h-12 items-center justify-center gap-3 px-4 py-2 text-center text-fg-3 text-xs"
      role="status"
    >
      {state === "failed" && (
        <>
          {texts.sessions.olderFailed}
          <Button onClick={onLoad}>{texts.sessions.tryAgain}</Button>
        </>
      )}
      {state === "loading" && texts.sessions.loadingOlder}
      {state === "idle" && loaded < total && (
        <Button look="bare" onClick={onLoad}>
          {texts.sessions.loadOlder}
        </Button>
      )}
      {(state === "done" || (state === "idle" && loaded >= total)) && texts.sessions.allLoaded(total)}
    </div>
  );
}
