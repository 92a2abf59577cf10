/** The live terminal of a session. */
export const terminalTexts = {
  tab: "Terminal",
  label: "Terminal of the session",
  field: "Type into the terminal",
  placeholder: "Keys and pastes go to the terminal",
  loading: "The terminal is being opened",
  looking: "You look on. The person at the terminal can always type.",
  typeHere: "Type here",
  youType: "You type",
  types: (name: string) => `${name} types`,
  takeOver: "Take over",
  readOnly: "Your link only lets you look.",
  closed: (reason: string) => `Not shown: ${reason}`,
  refused: (message: string) => `Not typed: ${message}`,
  again: "Open again",
} as const;
