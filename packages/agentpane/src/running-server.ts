import { AgentPaneError, API_PREFIX, errorBody } from "@agentpane/protocol";
import { readServerFile } from "@agentpane/server";
import type { Settings } from "./settings.ts";

/** The server that runs on this person's data folder, spoken to as its admin. */
export interface RunningServer {
  address: string;
  /** Throws the server's own error by its code, `server_unreachable` where none answers. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
}

/** Null where no server runs on the data folder. */
export function findServer({ dataDir, port, portGiven }: Settings): RunningServer | null {
  const file = readServerFile(dataDir);
  if (file === null || (portGiven && port !== file.port)) return null;
  const host = file.host.includes(":") ? `[${file.host}]` : file.host;
  const address = `http://${host}:${file.port}`;
  return { address, call: (method, path, body) => call(address, file.control, method, path, body) };
}

export function requireServer(settings: Settings): RunningServer {
  const server = findServer(settings);
  if (server !== null) return server;
  const where = settings.portGiven ? ` on port ${settings.port}` : "";
  throw new AgentPaneError(
    "server_unreachable",
    `No server runs on ${settings.dataDir}${where}. Start it: agentpane up`,
  );
}

async function call(address: string, token: string, method: string, path: string, body: unknown): Promise<unknown> {
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  const init: RequestInit = { method, headers };
  if (body !== undefined) {
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  let answer: Response;
  try {
    answer = await fetch(`${address}${API_PREFIX}${path}`, init);
  } catch (cause) {
    throw new AgentPaneError("server_unreachable", `No server answers at ${address}. Start it: agentpane up`, {
      cause,
    });
  }
  const text = await answer.text();
  const json: unknown = text === "" ? null : JSON.parse(text);
  if (answer.ok) return json;
  const refused = errorBody.safeParse(json);
  if (refused.success) throw new AgentPaneError(refused.data.error.code, refused.data.error.message);
  throw new AgentPaneError("internal", `The server answered ${answer.status} without saying why.`);
}
