import { randomBytes } from "node:crypto";
import { AgentPaneError } from "@agentpane/protocol";
import { type FastifyInstance, fastify } from "fastify";
import { accessRoutes } from "./access-routes.ts";
import type { HttpDeps } from "./deps.ts";
import { setGuard } from "./guard.ts";
import { healthRoutes } from "./health-routes.ts";
import { liveRoutes } from "./live-routes.ts";
import { machineRoutes } from "./machine-routes.ts";
import { pageRoutes } from "./page-routes.ts";
import { reachRoutes } from "./reach-routes.ts";
import { setErrorHandler, writeRawError } from "./replies.ts";
import { requestRoutes } from "./request-routes.ts";
import { sessionRoutes } from "./session-routes.ts";
import { usageRoutes } from "./usage.ts";

/** Time for a whole request to arrive; a body is 5 MB at most. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the 10 s between two heartbeats, so that a monitor keeps its connection. */
const KEEP_ALIVE_MS = 75_000;
/** Session and token ids have up to 200 characters, each up to 12 bytes when escaped. */
const MAX_PARAM_CHARS = 2_400;

/** The HTTP side, ready to listen. */
export async function buildApp(deps: HttpDeps): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    // A caller's own id could not be trusted to be one.
    requestIdHeader: false,
    genReqId: () => randomBytes(6).toString("hex"),
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: false,
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_CHARS },
    frameworkErrors: (_error, _request, reply) => {
      reply.hijack();
      const refusal = new AgentPaneError("invalid_request", "The path is not a valid URL.");
      if (reply.raw.socket !== null) writeRawError(reply.raw.socket, refusal);
    },
    clientErrorHandler: (error, socket) => {
      if (error.code === "ECONNRESET") socket.destroy();
      else writeRawError(socket, new AgentPaneError("invalid_request", "This is not a valid HTTP request."));
    },
  });
  // Bodies are read by the routes themselves, after every other check and counted as they come.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  const patterns: { method: string; pattern: RegExp }[] = [];
  app.addHook("onRoute", ({ method, url }) => {
    if (url === "/*") return;
    const pattern = new RegExp(`^${url.replaceAll(/:[a-z]+/g, "[^/]+")}/?$`);
    for (const one of Array.isArray(method) ? method : [method]) patterns.push({ method: one, pattern });
  });
  setErrorHandler(app, deps.log);
  setGuard(app, deps);
  app.setNotFoundHandler((request) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const allowed = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (allowed.length === 0) throw new AgentPaneError("not_found", "There is no such path.");
    throw new AgentPaneError("method_not_allowed", `This path takes ${allowed.join(", ")}, not ${request.method}.`);
  });
  healthRoutes(app, deps);
  machineRoutes(app, deps);
  sessionRoutes(app, deps);
  requestRoutes(app, deps);
  reachRoutes(app, deps);
  usageRoutes(app, deps);
  accessRoutes(app, deps);
  liveRoutes(app, deps);
  await pageRoutes(app, deps);
  return app;
}
