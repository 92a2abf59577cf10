/** The page of who holds no token. */
export const signInTexts = {
  title: "This page needs a link",
  lead: "AgentPane opens with a link that works once. Make one where the server runs:",
  command: "agentpane link",
  hint: "Open what it prints in this browser. The link lasts two minutes; after that this browser stays signed in.",
  signingIn: "Signing in",
  refused: "This browser's access was revoked or has expired.",
  codeInvalid: "The link was used already or is older than two minutes.",
  unreachable: "The server did not answer, so the link is still unused.",
} as const;
