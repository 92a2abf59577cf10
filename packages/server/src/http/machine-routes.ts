import {
  AgentPaneError,
  API_PREFIX,
  deregisterBody,
  heartbeatBody,
  PROTOCOL_VERSION,
  registerBody,
} from "@agentpane/protocol";
import type { FastifyInstance } from "fastify";
import { declaredBytes, parsed, readIngestBody, readJson, readRawJson } from "./body.ts";
import type { HttpDeps } from "./deps.ts";
import { type Holder, holderOf } from "./guard.ts";
import { IngestGate } from "./ingest-gate.ts";
import { sendJson } from "./replies.ts";

/** What monitors call. The machine is the token's; what a body says of it must agree. */
export function machineRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { access, clock, engine, feed } = deps;
  const gate = new IngestGate(clock);
  const route = { config: { needs: "monitor" as const } };

  app.post(`${API_PREFIX}/register`, route, async (request, reply) => {
    const { identity } = holderOf(request);
    gate.enter(identity.id, declaredBytes(request));
    const raw = await readRawJson(request);
    requireProtocol(raw);
    const body = parsed(registerBody, raw, "body");
    requireMachine(identity, body.machine);
    const answer = await feed.commit(engine.writer.register(identity.id, body));
    if (identity.machine === null) access.forget();
    const { version } = deps;
    return sendJson(reply, { protocol: PROTOCOL_VERSION, serverVersion: version, now: clock.now(), ...answer });
  });

  app.post(`${API_PREFIX}/ingest`, route, async (request, reply) => {
    const { identity } = holderOf(request);
    const { machine } = identity;
    if (machine === null)
      throw new AgentPaneError("conflict", "This token's machine is not registered. Register first.");
    const bytes = declaredBytes(request);
    gate.enter(identity.id, bytes);
    const answer = await gate.hold(bytes, async () => {
      const body = await readIngestBody(request);
      return feed.commit(engine.writer.ingest(machine, body));
    });
    return sendJson(reply, answer);
  });

  app.post(`${API_PREFIX}/heartbeat`, route, async (request, reply) => {
    const { identity } = holderOf(request);
    gate.enter(identity.id, declaredBytes(request));
    const body = await readJson(request, heartbeatBody);
    requireMachine(identity, body.machine);
    const { known } = await feed.commit(engine.writer.heartbeat(identity.id, body));
    return sendJson(reply, { known, now: clock.now() });
  });

  app.post(`${API_PREFIX}/deregister`, route, async (request, reply) => {
    const { identity } = holderOf(request);
    gate.enter(identity.id, declaredBytes(request));
    const body = await readJson(request, deregisterBody);
    requireMachine(identity, body.machine);
    await feed.commit(engine.writer.deregister(identity.id, body));
    return reply.code(204).send();
  });
}

/** Before the rest of the body is looked at: another version may well have another form. */
function requireProtocol(raw: unknown): void {
  const protocol = typeof raw === "object" && raw !== null && "protocol" in raw ? raw.protocol : undefined;
  if (protocol === PROTOCOL_VERSION || typeof protocol !== "number") return;
  const older = protocol < PROTOCOL_VERSION ? "monitor" : "server";
  throw new AgentPaneError(
    "protocol_mismatch",
    `The monitor speaks protocol ${protocol}, the server ${PROTOCOL_VERSION}. Update the ${older}.`,
    { details: { monitor: protocol, server: PROTOCOL_VERSION, update: older } },
  );
}

function requireMachine(identity: Holder["identity"], machine: string): void {
  if (identity.machine === null || identity.machine === machine) return;
  throw new AgentPaneError(
    "machine_mismatch",
    "This token is bound to another machine. Make one for this machine: agentpane tokens add NAME --role monitor",
  );
}
