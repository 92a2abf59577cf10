import { GROUPS, type Group } from "./groups.ts";

const STORAGE_KEY = "agentpane.collapsed";

/** Groups that a person closed, as long as the browser keeps it. Who needs a person is never out of sight. */
export function readCollapsed(): ReadonlySet<Group> {
  try {
    const names = (localStorage.getItem(STORAGE_KEY) ?? "").split(" ");
    return new Set(GROUPS.filter((group) => group !== "need" && names.includes(group)));
  } catch {
    return new Set();
  }
}

export function keepCollapsed(groups: ReadonlySet<Group>): void {
  try {
    localStorage.setItem(STORAGE_KEY, [...groups].join(" "));
  } catch {
    // Without storage it lasts as long as the page.
  }
}
