import {
  AgentPaneError,
  API_PREFIX,
  eventsQuery,
  facetsQuery,
  fileChangesQuery,
  findQuery,
  imageQuery,
  sessionsQuery,
} from "@agentpane/protocol";
import type { FastifyInstance } from "fastify";
import { parsed } from "./body.ts";
import type { HttpDeps } from "./deps.ts";
import { sendEncoded, sendJson } from "./replies.ts";

interface ById {
  Params: { id: string };
}

/** Reading sessions, their events and the machines; and deleting a session. */
export function sessionRoutes(app: FastifyInstance, { engine, feed }: HttpDeps): void {
  const { reader, writer } = engine;
  const readable = { config: { needs: "viewer" as const } };

  app.get(`${API_PREFIX}/sessions`, readable, async (request, reply) => {
    return sendEncoded(reply, await reader.sessionsBody(parsed(sessionsQuery, request.query, "query")));
  });

  app.get(`${API_PREFIX}/sessions/facets`, readable, async (request, reply) => {
    return sendJson(reply, await reader.facets(parsed(facetsQuery, request.query, "query")));
  });

  app.get<ById>(`${API_PREFIX}/sessions/:id`, readable, async (request, reply) => {
    const session = await reader.session(request.params.id);
    if (session === null) throw noSession();
    return sendJson(reply, session);
  });

  app.get<ById>(`${API_PREFIX}/sessions/:id/events`, readable, async (request, reply) => {
    const page = await reader.events(request.params.id, parsed(eventsQuery, request.query, "query"));
    if (page === null) throw noSession();
    return sendEncoded(reply, page);
  });

  app.get<ById>(`${API_PREFIX}/sessions/:id/image`, readable, async (request, reply) => {
    const image = await reader.image(request.params.id, parsed(imageQuery, request.query, "query"));
    if (image === null) throw new AgentPaneError("not_found", "There is no such image, or it was not kept.");
    return sendJson(reply, image);
  });

  app.get<ById>(`${API_PREFIX}/sessions/:id/find`, readable, async (request, reply) => {
    const page = await reader.find(request.params.id, parsed(findQuery, request.query, "query"));
    if (page === null) throw noSession();
    return sendJson(reply, page);
  });

  app.get<ById>(`${API_PREFIX}/sessions/:id/timeline`, readable, async (request, reply) => {
    const timeline = await reader.timeline(request.params.id);
    if (timeline === null) throw noSession();
    return sendEncoded(reply, timeline);
  });

  app.get<ById>(`${API_PREFIX}/sessions/:id/files`, readable, async (request, reply) => {
    const files = await reader.files(request.params.id);
    if (files === null) throw noSession();
    return sendJson(reply, files);
  });

  app.get<ById>(`${API_PREFIX}/sessions/:id/files/changes`, readable, async (request, reply) => {
    const changes = await reader.fileChanges(request.params.id, parsed(fileChangesQuery, request.query, "query"));
    if (changes === null) throw noSession();
    return sendEncoded(reply, changes);
  });

  app.delete<ById>(`${API_PREFIX}/sessions/:id`, { config: { needs: "admin" } }, async (request, reply) => {
    const { found } = await feed.commit(writer.deleteSession(request.params.id));
    if (!found) throw noSession();
    return reply.code(204).send();
  });

  app.get(`${API_PREFIX}/machines`, readable, async (_request, reply) => {
    return sendJson(reply, { machines: await reader.machines() });
  });
}

function noSession(): AgentPaneError {
  return new AgentPaneError("not_found", "There is no such session, or no such subagent in it.");
}
