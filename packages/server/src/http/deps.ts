import type { Access, Clock } from "../access/index.ts";
import type { Channels } from "../channel/index.ts";
import type { Feed } from "../feed/index.ts";
import type { Inputs } from "../reach/index.ts";
import type { MachineHooks, MonitorOptions, Requests } from "../requests/index.ts";
import type { Engine } from "../store/contract.ts";

/** What one subsystem logs with: pino's own shape, object first. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What every route group gets. */
export interface HttpDeps {
  engine: Engine;
  access: Access;
  feed: Feed;
  channels: Channels;
  requests: Requests;
  inputs: Inputs;
  hooks: MachineHooks;
  monitorOptions: MonitorOptions;
  clock: Clock;
  log: Log;
  version: string;
  startedAt: number;
  /** The built dashboard; null or a folder without `index.html` where there is none. */
  webRoot: string | null;
  /** Whether calls are taken: false while the server starts or stops. */
  ready(): boolean;
  /** `host:port` names that this server answers to. */
  hosts(): ReadonlySet<string>;
}
