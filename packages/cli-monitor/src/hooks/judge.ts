import type { Presence } from "@agentpane/protocol";
import { isWithin } from "../roots/root-paths.ts";

/** The one entrypoint at which a person sits at a terminal, in 2.1.330: `-p` runs say "sdk-cli". */
const INTERACTIVE = "cli";

/** What is known when a request comes. */
export interface Circumstances {
  isConnected: boolean;
  held: number;
  heldBytes: number;
  /** The session's process, as the agent's registry has it. */
  presence: Presence | undefined;
  /** What the call itself says; null where it does not. */
  attended: boolean | null;
  cwd: string | null;
  holdPrintProjects: readonly string[];
  /** It is a subagent's, which runs on while nobody answers. */
  isBackground: boolean;
  approversPresent: boolean;
}

/** Requests held at once, and the bytes of them all. */
export const BOUNDS = { requests: 1000, bytes: 64 * 1024 * 1024 } as const;

export type Refusal = "not_connected" | "too_many" | "not_interactive" | "nobody_looks";

/** Why the request is not held, so that the agent's own dialog stands at once; null where it is held. */
export function refusalOf(known: Circumstances): Refusal | null {
  if (!known.isConnected) return "not_connected";
  if (known.held >= BOUNDS.requests || known.heldBytes > BOUNDS.bytes) return "too_many";
  if (!isInteractive(known) && !isOptedIn(known)) return "not_interactive";
  if (known.isBackground && !known.approversPresent) return "nobody_looks";
  return null;
}

/** A session that nobody knows is not held: it might be a run that would hang. */
function isInteractive({ presence, attended }: Circumstances): boolean {
  if (attended === false) return false;
  const entrypoint = presence?.entrypoint ?? null;
  return entrypoint === null ? attended === true : entrypoint === INTERACTIVE;
}

function isOptedIn({ cwd, holdPrintProjects }: Circumstances): boolean {
  return cwd !== null && holdPrintProjects.some((folder) => isWithin(folder, cwd));
}
