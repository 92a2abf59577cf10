import { texts } from "../../texts.ts";
import { Button } from "../../ui/controls.tsx";

/** A page that broke; the frame around it and the other pages stand. */
export function PageError({ error, reset }: { error: unknown; reset(): void }) {
  return (
    <div
      className="scroll grid min-h-0 flex-1 content-start justify-items-center gap-3 px-6 py-16 text-center"
      role="alert"
    >
      <h1 className="font-semibold text-l">{texts.error.title}</h1>
      <p className="text-fg-2">{texts.error.lead}</p>
      <div className="flex gap-2">
        <Button look="primary" onClick={reset}>
          {texts.error.again}
        </Button>
        <Button onClick={() => location.reload()}>{texts.error.reload}</Button>
      </div>
      <details className="max-w-full text-left text-fg-3 text-s">
        <summary>{texts.error.details}</summary>
        <pre className="mt-2 whitespace-pre-wrap [overflow-wrap:anywhere]">
          {error instanceof Error ? (error.stack ?? error.message) : String(error)}
        </pre>
      </details>
    </div>
  );
}
