import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { AgentPaneError, API_PREFIX } from "@agentpane/protocol";
import type { FastifyInstance } from "fastify";
import { checkOrigin } from "../access/index.ts";
import type { HttpDeps } from "./deps.ts";
import { CHANNEL_PATH, holderOf, LIVE_PATH, notReady } from "./guard.ts";
import { writeRawError } from "./replies.ts";

/** `/stream` for scripts, `/live` for pages, `/channel` for monitors. */
export function liveRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { streams, sockets } = deps.feed;

  app.get(`${API_PREFIX}/stream`, { config: { needs: "viewer" }, exposeHeadRoute: false }, (request, reply) => {
    const { token, identity } = holderOf(request);
    streams.requirePlace();
    const lastEventId = request.headers["last-event-id"];
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    streams.open(reply.raw, { token, id: identity.id }, typeof lastEventId === "string" ? lastEventId : undefined);
  });

  for (const path of [LIVE_PATH, CHANNEL_PATH]) {
    app.get(path, { exposeHeadRoute: false }, async () => {
      throw new AgentPaneError("invalid_request", "This path is a WebSocket: ask for an upgrade.");
    });
  }

  app.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Whoever leaves in the middle of this must not take the process along.
    socket.on("error", () => socket.destroy());
    try {
      checkOrigin({ method: request.method ?? "", headers: request.headers, isPage: false }, deps.hosts());
      const path = request.url?.split("?", 1)[0];
      const places = path === LIVE_PATH ? sockets : path === CHANNEL_PATH ? deps.channels : null;
      if (places === null) throw new AgentPaneError("not_found", "No socket is served here.");
      if (!deps.ready()) throw notReady();
      places.accept(request, socket, head);
    } catch (error) {
      if (!(error instanceof AgentPaneError)) deps.log.error({ err: error }, "upgrade failed");
      writeRawError(
        socket,
        error instanceof AgentPaneError ? error : new AgentPaneError("internal", "The server failed."),
      );
    }
  });
}
