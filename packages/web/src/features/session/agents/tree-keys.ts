import type { PlacedAgent } from "./agent-tree.ts";

type Does = { kind: "move"; to: string } | { kind: "fold"; open: boolean } | { kind: "open" };

/** What a key does in a treegrid whose rows have the focus (WAI-ARIA Authoring Practices); null where it does nothing. */
export function moved(
  key: string,
  rows: readonly PlacedAgent[],
  focused: PlacedAgent,
  folded: ReadonlySet<string>,
): Does | null {
  const index = rows.indexOf(focused);
  const to = (place: PlacedAgent | undefined): Does | null =>
    place === undefined ? null : { kind: "move", to: place.agent.id };
  const { id } = focused.agent;
  const open = focused.children > 0 && !folded.has(id);
  switch (key) {
    case "ArrowDown":
      return to(rows[index + 1]) ?? to(focused);
    case "ArrowUp":
      return to(rows[index - 1]) ?? to(focused);
    case "Home":
      return to(rows[0]);
    case "End":
      return to(rows.at(-1));
    case "ArrowRight":
      if (focused.children === 0) return null;
      return open ? to(rows[index + 1]) : { kind: "fold", open: true };
    case "ArrowLeft":
      if (open) return { kind: "fold", open: false };
      return to(rows.find(({ agent }) => agent.id === focused.parent));
    case "Enter":
      return { kind: "open" };
    default:
      return null;
  }
}
