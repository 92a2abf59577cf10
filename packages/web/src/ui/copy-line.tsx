import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { texts } from "../texts.ts";
import { IconButton } from "./controls.tsx";

const COPIED_SHOWN_MS = 1_500;

/** A command to be typed elsewhere, with a button that copies it. */
export function CopyLine({ command }: { command: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const id = setTimeout(() => setCopied(false), COPIED_SHOWN_MS);
    return () => clearTimeout(id);
  }, [copied]);
  const copy = () => {
    navigator.clipboard.writeText(command).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className="flex min-h-9 items-center gap-2 rounded-m border border-strong bg-sunken pr-1 pl-3">
      <span aria-hidden="true" className="font-mono text-fg-3 text-s select-none">
        $
      </span>
      <code className="min-w-0 flex-1 py-1 text-s [overflow-wrap:anywhere]">{command}</code>
      <IconButton label={copied ? texts.copy.copied : texts.copy.copy} onClick={copy}>
        {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      </IconButton>
    </div>
  );
}
