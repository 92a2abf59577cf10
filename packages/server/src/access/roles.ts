import { AgentPaneError, type Role } from "@agentpane/protocol";
import type { TokenIdentity } from "../store/contract.ts";

/** What a route asks of its caller. `monitor` stands apart: it reports and reads nothing. */
export type NeededRole = Exclude<Role, "monitor"> | "monitor";

const RANK = { viewer: 1, approver: 2, admin: 3 } as const;

/** Throws `forbidden` unless the token's role may do what `needed` names; each human role includes the one before. */
export function requireRole(identity: TokenIdentity, needed: NeededRole): void {
  if (needed === "monitor") {
    if (identity.role !== "monitor") {
      throw new AgentPaneError(
        "forbidden",
        `Only a token of role monitor may report; this one is ${identity.role}. Make one: agentpane tokens add NAME --role monitor`,
      );
    }
    return;
  }
  if (identity.role === "monitor" || RANK[identity.role] < RANK[needed]) {
    throw new AgentPaneError("forbidden", `This needs the role ${needed}; the token's role is ${identity.role}.`);
  }
}
