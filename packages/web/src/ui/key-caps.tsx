import { KEY_CAPS } from "../texts/keys.ts";
import { isMac } from "./actions.ts";
import { Kbd } from "./controls.tsx";

/** A key as its caps show it: "g s" is two of them, "Mod+k" is ⌘K on a Mac and Ctrl K elsewhere. */
export function KeyCaps({ keys, className }: { keys: string; className?: string }) {
  if (keys === "…") return <span aria-hidden="true">…</span>;
  return (
    <span className={className}>
      <span className="inline-flex gap-1">
        {capsOf(keys).map((cap) => (
          <Kbd key={cap}>{cap}</Kbd>
        ))}
      </span>
    </span>
  );
}

function capsOf(keys: string): string[] {
  if (!keys.startsWith("Mod+")) return keys.split(" ").map((key) => KEY_CAPS[key] ?? key);
  const key = keys.slice("Mod+".length).toUpperCase();
  return isMac() ? [`⌘${key}`] : ["Ctrl", key];
}
