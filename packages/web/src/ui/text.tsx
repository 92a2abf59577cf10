import { commandParts, proseParts, type TextPart } from "./safe-text.ts";

/** A title or other words of the agent's, isolated from the words around it and with nothing hidden in it. */
export function Words({ children }: { children: string }) {
  return (
    <bdi>
      <Parts parts={proseParts(children)} />
    </bdi>
  );
}

/** A command, path or pattern: left to right whatever stands in it, everything without ink as an escape. */
export function Command({ children }: { children: string }) {
  return (
    <bdi dir="ltr">
      <Parts parts={commandParts(children)} />
    </bdi>
  );
}

function Parts({ parts }: { parts: TextPart[] }) {
  return parts.map((part, index) =>
    part.escape ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name
      <span key={index} className="rounded-s bg-error-wash px-px font-mono text-error">
        {part.text}
      </span>
    ) : (
      part.text
    ),
  );
}
