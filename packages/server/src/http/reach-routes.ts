import { AgentPaneError, API_PREFIX, inputBody } from "@agentpane/protocol";
import type { FastifyInstance } from "fastify";
import { readJson } from "./body.ts";
import type { HttpDeps } from "./deps.ts";
import { sendJson } from "./replies.ts";
import { whoCalls } from "./who-calls.ts";

interface ById {
  Params: { id: string };
}

/** What a terminal would take for a key, or draw in disguise; newlines and tabs are words. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** Words for a running session, and the end of its turn. */
export function reachRoutes(app: FastifyInstance, { inputs }: Pick<HttpDeps, "inputs">): void {
  const approver = { config: { needs: "approver" as const } };

  app.post<ById>(`${API_PREFIX}/sessions/:id/input`, approver, async (request, reply) => {
    const { text } = await readJson(request, inputBody);
    if (CONTROL.test(text.replace(/[\r\n\t]/g, ""))) {
      throw new AgentPaneError(
        "invalid_request",
        "The text holds control characters, which a terminal takes for keys. Take them out and send it again.",
      );
    }
    return sendJson(reply, await inputs.type(request.params.id, text, whoCalls(request)));
  });

  app.post<ById>(`${API_PREFIX}/sessions/:id/interrupt`, approver, async (request, reply) => {
    return sendJson(reply, await inputs.interrupt(request.params.id, whoCalls(request)));
  });
}
