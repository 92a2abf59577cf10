import type { FastifyRequest } from "fastify";
import { holderOf } from "./guard.ts";

/** Under whose name and from where, for the audit. */
export function whoCalls(request: FastifyRequest): { name: string; from: string | null } {
  return { name: holderOf(request).identity.name, from: request.socket.remoteAddress ?? null };
}
