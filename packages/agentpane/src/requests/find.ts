import { type RequestRow, requestRow, requestsPage } from "@agentpane/protocol";
import { Misuse } from "../misuse.ts";
import type { RunningServer } from "../running-server.ts";
import { isWhole } from "./describe.ts";

const MIN_PREFIX = 4;
const WHOLE = /^r_[0-9a-f]{32}$/;

/** The request that `name` means: its id, or as much of it as tells it from the others that stand open. */
export async function findRequest(server: RunningServer, name: string): Promise<RequestRow> {
  const id = WHOLE.test(name) ? name : await completed(server, name);
  const row = requestRow.parse(await server.call("GET", `/requests/${id}`));
  if (!isWhole(row)) throw new Error("The server did not send the whole request. Look at it in the page.");
  return row;
}

async function completed(server: RunningServer, name: string): Promise<string> {
  const prefix = name.startsWith("r_") ? name : `r_${name}`;
  if (!/^r_[0-9a-f]{1,32}$/.test(prefix) || prefix.length < MIN_PREFIX + 2) {
    throw new Misuse(`${name} is no request. Give at least ${MIN_PREFIX} characters of an id from: agentpane requests`);
  }
  const matching = (await openIds(server)).filter((id) => id.startsWith(prefix));
  const [id] = matching;
  if (id === undefined) throw new Misuse(`No open request begins with ${name}. See: agentpane requests`);
  if (matching.length > 1)
    throw new Misuse(`${matching.length} open requests begin with ${name}. Give more of the id.`);
  return id;
}

async function openIds(server: RunningServer): Promise<string[]> {
  const ids: string[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const query: string = after === "" ? "" : `&after=${encodeURIComponent(after)}`;
    const page = requestsPage.parse(await server.call("GET", `/requests?state=open&limit=500${query}`));
    ids.push(...page.requests.map(({ id }) => id));
    after = page.next;
  }
  return ids;
}
