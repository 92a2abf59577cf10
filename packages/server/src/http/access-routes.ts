import {
  AgentPaneError,
  API_PREFIX,
  DEFAULT_DANGEROUS,
  linkBody,
  loginBody,
  newTokenBody,
  PROTOCOL_VERSION,
} from "@agentpane/protocol";
import type { FastifyInstance } from "fastify";
import { readJson } from "./body.ts";
import type { HttpDeps } from "./deps.ts";
import { holderOf } from "./guard.ts";
import { sendJson } from "./replies.ts";

/** Logging in and out, tokens, links; and the one administrative task there is yet. */
export function accessRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { access, clock, engine, feed } = deps;
  const admin = { config: { needs: "admin" as const } };

  app.post(`${API_PREFIX}/login`, async (request, reply) => {
    const { code } = await readJson(request, loginBody);
    return sendJson(reply, await access.redeem(code));
  });

  app.post(`${API_PREFIX}/logout`, { config: { needs: "viewer" } }, async (request, reply) => {
    await access.revoke(holderOf(request).identity.id);
    return reply.code(204).send();
  });

  app.get(`${API_PREFIX}/me`, { config: { needs: "viewer" } }, async (request, reply) => {
    const { role, name } = holderOf(request).identity;
    const { version, startedAt } = deps;
    // Whoever may allow something has to know what is asked about twice.
    const decides = role === "approver" || role === "admin";
    const dangerous = decides ? ((await engine.reader.settings()).dangerous ?? DEFAULT_DANGEROUS) : undefined;
    const now = clock.now();
    return sendJson(reply, { version, protocol: PROTOCOL_VERSION, role, name, startedAt, now, dangerous });
  });

  app.get(`${API_PREFIX}/tokens`, admin, async (_request, reply) => {
    return sendJson(reply, { tokens: await engine.reader.tokens() });
  });

  app.post(`${API_PREFIX}/tokens`, admin, async (request, reply) => {
    const { name, role, expiresAt } = await readJson(request, newTokenBody);
    if (expiresAt !== null && expiresAt <= clock.now()) {
      throw new AgentPaneError("invalid_request", "The token would have expired already.");
    }
    return sendJson(reply.code(201), await access.mint(name, role, expiresAt));
  });

  app.delete<{ Params: { id: string } }>(`${API_PREFIX}/tokens/:id`, admin, async (request, reply) => {
    const revoked = await access.revoke(request.params.id);
    if (revoked.length === 0) throw new AgentPaneError("not_found", "There is no valid token of that name or id.");
    return sendJson(reply, { tokens: revoked });
  });

  app.post(`${API_PREFIX}/links`, admin, async (request, reply) => {
    const { role } = await readJson(request, linkBody);
    const { code, expiresAt } = await access.makeCode(role);
    return sendJson(reply.code(201), { path: `/#code=${code}`, role, expiresAt });
  });

  app.post(`${API_PREFIX}/reindex`, admin, async (_request, reply) => {
    return sendJson(reply, await feed.commit(engine.writer.reindex()));
  });
}
