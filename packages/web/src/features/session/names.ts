import { entryTexts } from "../../texts/entry.ts";
import { commandParts } from "../../ui/safe-text.ts";
import type { Entry } from "./entries.ts";

const MAX_NAME_CHARS = 80;

/** What an entry is called where it cannot be looked at: "Bash: npm test". */
export function nameOf(entry: Entry): string {
  switch (entry.kind) {
    case "prompt":
      return named(entryTexts.you, entry.event.summary);
    case "answer":
      return named(entryTexts.answer, entry.event.summary);
    case "call":
      return named(entry.call.tool ?? entryTexts.result, entry.call.event?.summary ?? "");
    case "folds": {
      const fold = entry.folds[0];
      if (fold === undefined) return "";
      if (fold.kind === "thinking") return entryTexts.thought;
      if (fold.kind === "words") return entryTexts.promptOrigin[fold.event.origin];
      if (fold.kind === "calls") return named(fold.tool, fold.calls[0]?.event?.summary ?? "");
      return entryTexts.notes(fold.events.length);
    }
    case "mark":
      return entryTexts.marks[entry.event.kind];
    case "day":
      return "";
  }
}

function named(name: string, about: string): string {
  const words = commandParts(about)
    .map((part) => part.text)
    .join("")
    .slice(0, MAX_NAME_CHARS);
  return words === "" ? name : `${name}: ${words}`;
}
