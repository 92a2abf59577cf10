import { Check, Copy, X } from "lucide-react";
import { useEffect, useState } from "react";
import { copyTexts } from "../texts/copy.ts";

const SHOWN_MS = 1_500;
const ICONS = { ready: Copy, copied: Check, failed: X };

/** Copies a text as it is written, not as it is shown. It is seen where the pointer or the focus is. */
export function CopyText({ text, label }: { text: string | (() => string); label: string }) {
  const [state, setState] = useState<"ready" | "copied" | "failed">("ready");
  useEffect(() => {
    if (state === "ready") return;
    const id = setTimeout(() => setState("ready"), SHOWN_MS);
    return () => clearTimeout(id);
  }, [state]);
  const Icon = ICONS[state];
  const name = state === "ready" ? label : copyTexts[state];
  return (
    <button
      type="button"
      className="copy-text"
      aria-label={name}
      title={name}
      onClick={() => {
        const copied = typeof text === "string" ? text : text();
        navigator.clipboard.writeText(copied).then(
          () => setState("copied"),
          () => setState("failed"),
        );
      }}
    >
      <Icon aria-hidden size={13} />
    </button>
  );
}
