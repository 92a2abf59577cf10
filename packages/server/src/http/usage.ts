import {
  AgentPaneError,
  API_PREFIX,
  type PricesRefreshAnswer,
  pricesRefreshBody,
  settings as settingsBody,
  usageQuery,
} from "@agentpane/protocol";
import type { FastifyInstance } from "fastify";
import { fetchPrices } from "../usage/fetch-prices.ts";
import { parsed, readJson } from "./body.ts";
import type { HttpDeps } from "./deps.ts";
import { holderOf } from "./guard.ts";
import { sendEncoded, sendJson } from "./replies.ts";

interface ById {
  Params: { id: string };
}

/** What was spent, and the prices that it is counted by. */
export function usageRoutes(app: FastifyInstance, { engine, feed, monitorOptions }: HttpDeps): void {
  const { reader, writer } = engine;
  const readable = { config: { needs: "viewer" as const } };
  const admin = { config: { needs: "admin" as const } };
  let fetching = false;

  app.get(`${API_PREFIX}/usage`, readable, async (request, reply) => {
    return sendEncoded(reply, await reader.usageBody(parsed(usageQuery, request.query, "query")));
  });

  app.get<ById>(`${API_PREFIX}/sessions/:id/usage`, readable, async (request, reply) => {
    const usage = await reader.sessionUsage(request.params.id);
    if (usage === null) throw new AgentPaneError("not_found", "There is no such session.");
    return sendJson(reply, usage);
  });

  app.get(`${API_PREFIX}/settings`, admin, async (_request, reply) => sendJson(reply, await reader.settings()));

  app.put(`${API_PREFIX}/settings`, admin, async (request, reply) => {
    const { identity } = holderOf(request);
    const body = await readJson(request, settingsBody);
    const saved = await feed.commit(writer.saveSettings(body, identity.name));
    monitorOptions.changed(saved);
    return sendJson(reply, saved);
  });

  app.post(`${API_PREFIX}/prices/refresh`, admin, async (request, reply) => {
    const { identity } = holderOf(request);
    const { url } = await readJson(request, pricesRefreshBody);
    if (fetching) throw new AgentPaneError("conflict", "Prices are being fetched already.");
    fetching = true;
    try {
      const prices = await fetchPrices(url);
      const answer: PricesRefreshAnswer = await feed.commit(writer.savePrices(prices, identity.name));
      return sendJson(reply, answer);
    } finally {
      fetching = false;
    }
  });
}
