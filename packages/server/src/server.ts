import { AgentPaneError, type InputReport } from "@agentpane/protocol";
import type { FastifyInstance } from "fastify";
import { Access, allowedHosts, type Clock, newTokenSecret, systemClock } from "./access/index.ts";
import { Channels } from "./channel/index.ts";
import { resolveConfig, type ServerConfig, type ServerOptions } from "./config.ts";
import { Feed } from "./feed/index.ts";
import { type Loggers, openLoggers } from "./logging.ts";
import { Inputs, Terminals } from "./reach/index.ts";
import { Approvers, MachineHooks, MonitorOptions, Requests } from "./requests/index.ts";
import { removeServerFile, writeServerFile } from "./server-file.ts";
import type { Committed, Engine } from "./store/contract.ts";

/** Readers are given this long to take the goodbye before their connections are cut. */
const GOODBYE_MS = 1_000;
/** After so long whatever still runs is cut off, so that a stop is a stop. */
const MAX_CLOSE_MS = 4_500;

type OpenEngine = (options: {
  dataDir: string;
  clock: () => number;
  onFault: (error: unknown) => void;
}) => Promise<Engine>;

/** What a test puts in the place of the real thing. */
export interface ServerParts {
  clock?: Clock;
  openEngine?: OpenEngine;
  loggers?: Loggers;
}

/** A running server. Disposing it ends sockets and streams, commits what waits, and takes at most 5 s. */
export interface Server extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:4477`, without a slash at the end. */
  readonly address: string;
  readonly access: Access;
  readonly engine: Engine;
}

/**
 * Resolves once calls are taken. Rejects with the code that says why not: `address_refused`, `port_in_use`,
 * `store_locked`, `store_newer`, `store_unsuitable`.
 */
export async function startServer(options: ServerOptions, parts: ServerParts = {}): Promise<Server> {
  const config = resolveConfig(options);
  const clock = parts.clock ?? systemClock;
  const loggers = parts.loggers ?? openLoggers(config.logLevel, config.logFile);
  await using undo = new AsyncDisposableStack();
  // The store's threads start while this one loads the HTTP side.
  const loadingHttp = import("./http/index.ts");
  const openEngine = parts.openEngine ?? (await import("./engine.ts")).openEngine;
  const engine = undo.use(
    await openEngine({
      dataDir: config.dataDir,
      clock: () => clock.now(),
      onFault: (error) => loggers.store.error({ err: error }, "the store failed"),
    }),
  );
  const { buildApp } = await loadingHttp;
  const control = newTokenSecret("admin");
  const onAccessFault = (error: unknown) => loggers.access.warn({ err: error }, "a token could not be marked as used");
  const access = new Access({ ...engine, clock, control, onFault: onAccessFault });
  const onFeedFault = (error: unknown) => loggers.feed.error({ err: error }, "the feed failed");
  const feed = new Feed({ engine, access, clock, onFault: onFeedFault });
  const channels = new Channels({
    access,
    clock,
    commit: (news) => feed.commit(engine.writer.presence(news)),
    log: loggers.channel,
    onFault: (error) => loggers.channel.error({ err: error }, "the channel failed"),
  });
  const commit = <Answer>(committing: Promise<Committed<Answer>>) => feed.commit(committing);
  const { reader, writer } = engine;
  const requests = new Requests({ line: channels, reader, writer, clock, commit });
  const hooks = new MachineHooks({ line: channels, writer, clock });
  const onOptionsFault = (error: unknown) => loggers.channel.error({ err: error }, "options could not be told");
  const monitorOptions = new MonitorOptions({ line: channels, reader, onFault: onOptionsFault });
  new Approvers({ line: channels, pages: feed.sockets, clock });
  const onReachFault = (error: unknown) => loggers.channel.error({ err: error }, "words or terminals failed");
  const tell = (report: InputReport) => feed.tellInput(report);
  const inputs = new Inputs({ line: channels, reader, writer, clock, tell, onFault: onReachFault });
  const terminals = new Terminals({
    line: channels,
    pages: feed.sockets,
    reader,
    writer,
    clock,
    onFault: onReachFault,
  });
  let ready = false;
  let hosts: ReadonlySet<string> = new Set();
  const startedAt = clock.now();
  const app = await buildApp({
    engine,
    access,
    feed,
    channels,
    requests,
    inputs,
    hooks,
    monitorOptions,
    clock,
    log: loggers.http,
    version: config.version,
    webRoot: config.webRoot,
    startedAt,
    ready: () => ready,
    hosts: () => hosts,
  });
  const stop = async () => {
    ready = false;
    removeServerFile(config.dataDir, control);
    inputs.close();
    terminals.close();
    feed.close();
    channels.close();
    await closeApp(app, [feed.sockets, channels]);
  };
  undo.defer(stop);
  const port = await listen(app, config);
  hosts = allowedHosts(port);
  writeServerFile(config.dataDir, {
    pid: process.pid,
    host: config.host,
    port,
    startedAt,
    version: config.version,
    control,
  });
  await channels.start();
  feed.start();
  ready = true;
  loggers.server.info({ port, version: config.version }, "listening");
  const owned = undo.move();
  return {
    host: config.host,
    port,
    address: `http://${config.host === "::1" ? "[::1]" : config.host}:${port}`,
    access,
    engine,
    [Symbol.asyncDispose]: () => within(MAX_CLOSE_MS, owned.disposeAsync()),
  };
}

async function listen(app: FastifyInstance, { host, port }: ServerConfig): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE") {
      throw new AgentPaneError("port_in_use", `Port ${port} is taken. Stop what holds it or choose another: --port N`, {
        cause,
      });
    }
    throw cause;
  }
  const address = app.server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

/** Calls that run are answered; readers are let go, and cut off when they do not leave. */
async function closeApp(app: FastifyInstance, sockets: readonly { terminate(): void }[]): Promise<void> {
  const cut = setTimeout(() => {
    for (const all of sockets) all.terminate();
    app.server.closeAllConnections();
  }, GOODBYE_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
