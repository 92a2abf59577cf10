import type { FastifyInstance } from "fastify";
import type { HttpDeps } from "./deps.ts";
import { notReady } from "./guard.ts";
import { sendJson } from "./replies.ts";

/** `/healthz`: the process answers. `/readyz`: it takes calls. Neither needs a token. */
export function healthRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const open = { config: { always: true } };
  app.get("/healthz", open, async (_request, reply) => sendJson(reply, { status: "ok" }));
  app.get("/readyz", open, async (_request, reply) => {
    if (!deps.ready()) throw notReady();
    return sendJson(reply, { status: "ready" });
  });
}
