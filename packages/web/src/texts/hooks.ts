import { counted } from "./counted.ts";

/** The hook through which agents ask: how it stands on a machine, and the change that installs it. */
export const hooksTexts = {
  title: "Hook",
  step: "Let requests reach this page",
  lead: "One hook, called only when the agent really asks a person. If AgentPane is not running, the terminal asks as always.",
  state: {
    installed: "Installed",
    absent: "Not installed",
    changed: "Changed by hand",
    invalid: "Settings cannot be read",
  },
  stateHelp: {
    installed: "What agents ask comes here.",
    absent: "What agents ask stays in their terminals.",
    changed: "Something of ours is there, but not as it was installed. Installing puts it right.",
    invalid: "Mend the file first; nothing is written to it.",
  },
  deaf: "Nothing listens for it",
  wholeChange: "This is the whole change:",
  wholeRemoval: "This would be taken out:",
  install: "Install the hook",
  installIn: (files: number) => `in ${counted(files, "file")}`,
  uninstall: "Remove the hook",
  show: "Show what would be removed",
  hide: "Keep it",
  undo: "Undo at any time:",
  undoCommand: "agentpane hooks uninstall",
  changing: "Writing…",
  done: { install: "The hook is installed.", uninstall: "The hook is removed." },
  loading: "Asking its monitor…",
  again: "Ask again",
  notAdmin: "Only an admin may change it from a page. On that machine:",
  command: "agentpane hooks install",
  onMachine: (name: string) => `On ${name}`,
  noRoot: "No folder of an agent is there yet.",
} as const;
