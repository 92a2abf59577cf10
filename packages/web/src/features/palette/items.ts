import type { MachineRow, SessionRow } from "@agentpane/protocol";
import { paletteTexts as texts } from "../../texts/palette.ts";
import type { Action } from "../../ui/actions.ts";
import type { Page } from "../frame/pages.ts";
import { groupSessions } from "../sessions/groups.ts";
import { titleOf } from "../sessions/row.tsx";
import { matchScore, plain, wordsOf } from "./match.ts";

export const ITEM_GROUPS = ["sessions", "projects", "machines", "pages", "actions"] as const;
export type ItemGroup = (typeof ITEM_GROUPS)[number];

/** Something to go to or to do. */
export type PaletteItem =
  | { group: "sessions"; id: string; label: string; row: SessionRow }
  | { group: "projects"; id: string; label: string; sessions: number }
  | { group: "machines"; id: string; label: string; machine: MachineRow }
  | { group: "pages"; id: string; label: string; page: Page }
  | { group: "actions"; id: string; label: string; action: Action };

export interface PaletteSources {
  sessions: ReadonlyMap<string, SessionRow>;
  /** Found by the server for the same words; they may stand among `sessions` too. */
  older: readonly SessionRow[];
  machines: readonly MachineRow[];
  pages: readonly Page[];
  actions: readonly Action[];
}

export interface ItemSection {
  group: ItemGroup;
  items: PaletteItem[];
}

/** Lines of each kind: a palette is for the first few, the list for all of them. */
const MAX_FOUND: Record<ItemGroup, number> = { sessions: 8, projects: 5, machines: 5, pages: 6, actions: 10 };
/** Before anything is typed. */
const MAX_OFFERED: Record<ItemGroup, number> = { sessions: 6, projects: 0, machines: 0, pages: 6, actions: 20 };

/** What there is to choose from for what is typed: each kind with its best first, the kind with the best of all first. */
export function findItems(sources: PaletteSources, query: string): ItemSection[] {
  const words = wordsOf(query);
  if (words.length === 0) return offered(sources);
  const sections = ITEM_GROUPS.map((group) => best(group, candidates(sources, group), words));
  return sections
    .filter((section) => section.items.length > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ group, items }) => ({ group, items }));
}

interface Candidate {
  item: PaletteItem;
  aside: string;
  /** Breaks a tie: what was active last is meant more often. */
  at: number;
}

function best(group: ItemGroup, all: Iterable<Candidate>, words: string[]) {
  const scored: { candidate: Candidate; score: number }[] = [];
  for (const candidate of all) {
    const score = matchScore(words, plain(candidate.item.label), candidate.aside);
    if (score !== null) scored.push({ candidate, score });
  }
  scored.sort((a, b) => b.score - a.score || b.candidate.at - a.candidate.at);
  return {
    group,
    score: scored[0]?.score ?? 0,
    items: scored.slice(0, MAX_FOUND[group]).map(({ candidate }) => candidate.item),
  };
}

function* candidates(sources: PaletteSources, group: ItemGroup): Iterable<Candidate> {
  if (group === "sessions") {
    const seen = new Set<string>();
    for (const row of [...sources.sessions.values(), ...sources.older]) {
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      yield { item: sessionItem(row), aside: asideOf(row), at: row.lastActivityAt ?? 0 };
    }
  } else if (group === "projects") {
    for (const [name, sessions] of projectsOf(sources)) {
      yield { item: { group, id: name, label: name, sessions }, aside: "", at: sessions };
    }
  } else if (group === "machines") {
    for (const machine of sources.machines) {
      yield { item: machineItem(machine), aside: plain(machine.os), at: 0 };
    }
  } else if (group === "pages") {
    for (const page of sources.pages) yield { item: pageItem(page), aside: plain(texts.goTo), at: 0 };
  } else {
    for (const action of sources.actions) yield { item: actionItem(action), aside: plain(action.words ?? ""), at: 0 };
  }
}

/** Before anything is typed: who waits, then who works; the pages; what can be done here. */
function offered(sources: PaletteSources): ItemSection[] {
  const rows = sources.sessions;
  const { need, working, ready } = groupSessions(rows.values());
  const sessions = [...need, ...working, ...ready].flatMap((id) => {
    const row = rows.get(id);
    return row === undefined ? [] : [sessionItem(row)];
  });
  const all: Record<ItemGroup, PaletteItem[]> = {
    sessions,
    projects: [],
    machines: [],
    pages: sources.pages.map(pageItem),
    actions: sources.actions.map(actionItem),
  };
  return ITEM_GROUPS.map((group) => ({ group, items: all[group].slice(0, MAX_OFFERED[group]) })).filter(
    (section) => section.items.length > 0,
  );
}

function projectsOf(sources: PaletteSources): Map<string, number> {
  const projects = new Map<string, number>();
  for (const { project } of sources.sessions.values()) {
    if (project !== null) projects.set(project, (projects.get(project) ?? 0) + 1);
  }
  for (const { project } of sources.older) if (project !== null && !projects.has(project)) projects.set(project, 1);
  return projects;
}

/** Beside the title; made once per row object, as every key searches all of them. */
const asides = new WeakMap<SessionRow, string>();
function asideOf(row: SessionRow): string {
  let aside = asides.get(row);
  if (aside === undefined) {
    aside = plain([row.project, row.branch, row.machine.name, row.goal, row.id].filter(Boolean).join("\n"));
    asides.set(row, aside);
  }
  return aside;
}

function sessionItem(row: SessionRow): PaletteItem {
  return { group: "sessions", id: row.id, label: titleOf(row), row };
}
function machineItem(machine: MachineRow): PaletteItem {
  return { group: "machines", id: machine.id, label: machine.name, machine };
}
function pageItem(page: Page): PaletteItem {
  return { group: "pages", id: page.to, label: page.label, page };
}
function actionItem(action: Action): PaletteItem {
  return { group: "actions", id: action.id, label: action.label, action };
}
