import { pricesRefreshAnswer, pricesRefreshBody } from "@agentpane/protocol";
import { Misuse } from "../misuse.ts";
import { requireServer } from "../running-server.ts";
import type { Settings } from "../settings.ts";
import { plain, print, printJson } from "../terminal/print.ts";

/** Has the running server load newer list prices. Throws the server's error where it could not; the old ones stay then. */
export async function refreshPrices(settings: Settings, url: string | undefined): Promise<void> {
  const body = pricesRefreshBody.safeParse(url === undefined ? {} : { url });
  if (!body.success) throw new Misuse(`--url ${url} is no address; write it as https://example.com/prices.json.`);
  const answer = pricesRefreshAnswer.parse(await requireServer(settings).call("POST", "/prices/refresh", body.data));
  if (settings.json) return printJson(answer);
  const change = answer.changed ? "History is priced anew in the background." : "No price has changed.";
  print(plain(`Read the prices of ${answer.models} models from ${answer.url}. ${change}`));
}
