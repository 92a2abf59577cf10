import { counted } from "./counted.ts";

/** The palette; loaded with it. */
export const paletteTexts = {
  title: "Jump to a session, project, machine or page, or do something",
  placeholder: "Jump, search, act",
  results: "What was found",
  close: "Close",
  goTo: "go to page",
  groups: {
    sessions: "Sessions",
    offered: "Needs you and working",
    projects: "Projects",
    machines: "Machines",
    pages: "Pages",
    actions: "Actions",
  },
  sessions: (count: number) => counted(count, "session"),
  found: (count: number) => counted(count, "result"),
  none: (words: string) => `Nothing is called “${words}”.`,
  looking: "Looking among older sessions",
  lookFailed: "Older sessions could not be searched: the server does not answer.",
  move: "to move",
  choose: "to choose",
  leave: "to close",
} as const;
