import { AgentPaneError, API_PREFIX, auditQuery, decisionBody, hooksBody, requestsQuery } from "@agentpane/protocol";
import type { FastifyInstance } from "fastify";
import { parsed, readJson } from "./body.ts";
import type { HttpDeps } from "./deps.ts";
import { sendJson } from "./replies.ts";
import { whoCalls } from "./who-calls.ts";

interface ById {
  Params: { id: string };
}

/** What waits for a person, and settling it; what people did; the hook that asks. */
export function requestRoutes(app: FastifyInstance, { engine, hooks, requests }: HttpDeps): void {
  const { reader } = engine;
  const readable = { config: { needs: "viewer" as const } };
  const admin = { config: { needs: "admin" as const } };

  app.get(`${API_PREFIX}/requests`, readable, async (request, reply) => {
    return sendJson(reply, await reader.requests(parsed(requestsQuery, request.query, "query")));
  });

  app.get<ById>(`${API_PREFIX}/requests/:id`, readable, async (request, reply) => {
    const row = await reader.request(request.params.id);
    if (row === null) throw new AgentPaneError("not_found", "There is no such request.");
    return sendJson(reply, row);
  });

  app.post<ById>(`${API_PREFIX}/requests/:id/decision`, { config: { needs: "approver" } }, async (request, reply) => {
    const body = await readJson(request, decisionBody);
    return sendJson(reply, { request: await requests.decide(request.params.id, body, whoCalls(request)) });
  });

  app.get(`${API_PREFIX}/audit`, admin, async (request, reply) => {
    return sendJson(reply, await reader.audit(parsed(auditQuery, request.query, "query")));
  });

  app.get<ById>(`${API_PREFIX}/machines/:id/hooks`, admin, async (request, reply) => {
    return sendJson(reply, await hooks.ask(await known(request.params.id), "status"));
  });

  app.post<ById>(`${API_PREFIX}/machines/:id/hooks`, admin, async (request, reply) => {
    const body = await readJson(request, hooksBody);
    return sendJson(reply, await hooks.change(await known(request.params.id), body, whoCalls(request)));
  });

  async function known(machine: string): Promise<string> {
    if ((await reader.machines()).some(({ id }) => id === machine)) return machine;
    throw new AgentPaneError("not_found", "There is no such machine.");
  }
}
