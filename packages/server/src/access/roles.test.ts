import type { AgentPaneError, Role } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { type NeededRole, requireRole } from "./roles.ts";

const TABLE: Record<Role, Record<NeededRole, boolean>> = {
  viewer: { viewer: true, approver: false, admin: false, monitor: false },
  approver: { viewer: true, approver: true, admin: false, monitor: false },
  admin: { viewer: true, approver: true, admin: true, monitor: false },
  monitor: { viewer: false, approver: false, admin: false, monitor: true },
};
const CASES = Object.entries(TABLE).flatMap(([role, row]) =>
  Object.entries(row).map(([needed, allowed]) => ({ role: role as Role, needed: needed as NeededRole, allowed })),
);

test.each(CASES)("$role for what needs $needed: $allowed", ({ role, needed, allowed }) => {
  const identity = { id: "t", name: "t", role, machine: null, expiresAt: null };
  let code = "allowed";
  try {
    requireRole(identity, needed);
  } catch (error) {
    code = (error as AgentPaneError).code;
  }
  expect(code).toBe(allowed ? "allowed" : "forbidden");
});
