import { randomBytes } from "node:crypto";
import type { Adapter } from "@agentpane/agents";
import { claudeCode } from "@agentpane/agents";
import type { AgentPaneError, MonitorReport } from "@agentpane/protocol";
import type { MonitorConfig, MonitorSecrets } from "./config.ts";
import { Hooks } from "./hooks/hooks.ts";
import { othersCanLogIn } from "./hooks/other-users.ts";
import { createLoggers, type MonitorLoggers } from "./logger.ts";
import { Observer } from "./observer.ts";
import { PRESENCE_TIMING, type PresenceTiming, PresenceWatch } from "./presence/presence-watch.ts";
import { SeenFile } from "./presence/seen-file.ts";
import { PtyDesk } from "./reach/pty/pty-desk.ts";
import { runSocket } from "./reach/pty/run-socket.ts";
import { SessionReach } from "./reach/reach.ts";
import { ROOT_TIMING, Roots, type RootTiming } from "./roots/roots.ts";
import { hostFolder } from "./state/host-id.ts";
import { machineIdentity } from "./state/machine-identity.ts";
import { beModest } from "./state/modest-process.ts";
import { RootLocks } from "./state/root-lock.ts";
import { readStatus, seenFile, statusFile, writeStatus } from "./state/status-file.ts";
import { noLines } from "./tail/segment-draft.ts";
import { behindBytes } from "./tail/source.ts";
import { CHANNEL_TIMING, Channel, type ChannelTiming } from "./uplink/channel.ts";
import { Delivery } from "./uplink/delivery.ts";
import { HttpClient } from "./uplink/http-client.ts";
import { Pump } from "./uplink/pump.ts";
import { UPLINK_TIMING, type UplinkTiming } from "./uplink/timing.ts";
import { Uplink } from "./uplink/uplink.ts";
import { VERSION } from "./version.ts";
import { Warnings } from "./warnings.ts";

/** A running monitor; disposing of it ends it within 5 s, with nothing lost that the server has not committed. */
export interface Monitor extends AsyncDisposable {
  /** The random id of this machine. */
  readonly machine: string;
  /** As the next heartbeat will say. */
  report(): MonitorReport;
  /** Resolves when everything on disk is committed as far as the monitor knows. */
  caughtUp(): Promise<void>;
}

export interface MonitorOptions {
  loggers?: MonitorLoggers;
  adapter?: Adapter;
  timing?: Partial<UplinkTiming & RootTiming & PresenceTiming & ChannelTiming>;
  /** The server refuses this monitor (token, machine, protocol); it is asked again every 30 s. */
  onRefused?: (error: AgentPaneError) => void;
  /** Whether somebody else can log in to this host; found out unless said. */
  othersCanLogIn?: boolean;
  /** Run at low priority and with little memory, as a process of its own should; true unless said otherwise. */
  modest?: boolean;
  /** Each time the server has taken this monitor on. */
  onRegistered?: () => void;
  /** Each time the server was not reached or could not answer; it is asked again. */
  onUnreached?: () => void;
}

/** Clock differences between the file system and us that a stamp may have. */
const STAMP_SLACK_MS = 15_000;
/** Where no earlier run left a stamp, what changed within a day is told again. */
const NO_STAMP_MS = 24 * 60 * 60 * 1000;
/** How long bodies on their way may still be answered when the monitor ends. */
const LAST_ANSWERS_MS = 1_000;
/** How often `caughtUp` looks. */
const CAUGHT_UP_POLL_MS = 5;

/**
 * Watches the roots and keeps the server up to date until disposed of. Fails where the state folder cannot be used, and
 * with `monitor_running` where another monitor of this user watches one of the roots.
 */
export async function startMonitor(
  config: MonitorConfig,
  secrets: MonitorSecrets,
  options: MonitorOptions = {},
): Promise<Monitor> {
  const startedAtMs = Date.now();
  if (options.modest ?? true) beModest();
  const loggers = options.loggers ?? createLoggers(config.logLevel);
  const adapter = options.adapter ?? claudeCode;
  const timing = { ...UPLINK_TIMING, ...ROOT_TIMING, ...PRESENCE_TIMING, ...CHANNEL_TIMING, ...options.timing };
  const state = hostFolder(config.stateFolder);
  const identity = machineIdentity(state);
  const locks = RootLocks.take(state, config.roots, config.server.origin);
  const status = statusFile(state, config.roots);
  let toldUntil = readStatus(status)?.toldUntil ?? null;
  const counts = noLines();
  const warnings = new Warnings((warning) => loggers.monitor.warn({ code: warning.code }, warning.message));
  const client = new HttpClient(config.server, secrets.token);

  const pump: Pump = new Pump({
    adapter,
    counts,
    deliver: (items) => delivery.deliver(items),
    onMissing: (source) => observer.onMissing(source),
    giveUp: (source) => observer.giveUp(source),
    onUnreadable: (source, error) => {
      if (error === null) warnings.end("file_unreadable", source.path);
      else warnings.raise("file_unreadable", source.path, `${source.path} cannot be read: ${error.message}`);
    },
    log: loggers.tail,
  });
  const observer = new Observer({
    adapter,
    pump,
    startedAtMs,
    metaToldUntilMs: toldUntil === null ? startedAtMs - NO_STAMP_MS : toldUntil - STAMP_SLACK_MS,
  });
  const roots = new Roots({
    roots: config.roots,
    adapter,
    sink: observer,
    onScanned: (present) => observer.onScanned(present),
    warnings,
    timing,
    log: loggers.roots,
  });

  const bootId = randomBytes(16).toString("hex");
  const presence = new PresenceWatch({
    roots: config.roots,
    adapter,
    seen: new SeenFile(seenFile(state, config.roots)),
    onChange: (change) => {
      channel.tell({ ...change, changed: change.changed.map((one) => reach.withReach(one)) });
      reach.noticed(change);
      hooks.onPresence();
    },
    timing,
    log: loggers.presence,
  });
  const channel = new Channel({
    server: config.server,
    token: secrets.token,
    machine: identity.id,
    bootId,
    presences: () => presence.presences.map((one) => reach.withReach(one)),
    timing,
    log: loggers.uplink,
  });
  const desk = new PtyDesk(runSocket(state, config.roots), loggers.reach);
  const reach = new SessionReach({
    line: channel,
    presences: () => presence.presences,
    lookNow: () => presence.lookNow(),
    isAsking: (session) => hooks.isAsking(session),
    onChange: (changed) => channel.tell({ changed, gone: [] }),
    desk,
    log: loggers.reach,
  });

  const hooks = new Hooks({
    machine: identity.id,
    state,
    roots: config.roots,
    format: adapter.hook,
    othersCanLogIn: options.othersCanLogIn ?? othersCanLogIn(),
    channel,
    presences: () => presence.presences,
    lookNow: () => presence.lookNow(),
    onTrouble: (message) => {
      if (message === null) warnings.end("hook_unheard", "");
      else warnings.raise("hook_unheard", "", message);
    },
    log: loggers.hooks,
  });

  let begun = false;
  const uplink = new Uplink({
    client,
    machine: {
      machine: identity.id,
      hostSha256: identity.hostSha256,
      name: config.name,
      os: process.platform,
      monitorVersion: VERSION,
      bootId,
    },
    report,
    onRegistered: ({ cursors }) => {
      const changed = observer.table.adopt(cursors);
      for (const source of changed) pump.notice(source, "backfill");
      if (!begun) observer.begin();
      begun = true;
      channel.connect();
      options.onRegistered?.();
      void firstScan.then(() => {
        pump.start();
        stamp();
      });
    },
    onAnswered: () => channel.serverAnswers(),
    onRefused: (error) => options.onRefused?.(error),
    onUnreached: () => options.onUnreached?.(),
    onBeat: () => stamp(),
    timing,
    log: loggers.uplink,
  });
  // What waits for a person should not wait for the next try of a channel that broke.
  channel.onLost(() => uplink.lookOut());
  const delivery = new Delivery({
    uplink,
    onCursorsLost: () => uplink.register(),
    onSetAside: (source, message) =>
      warnings.raise("line_refused", source.id, `The server refuses ${source.path}: ${message}`),
    log: loggers.uplink,
  });

  function report(): MonitorReport {
    let behind = 0;
    let behindFiles = 0;
    for (const source of observer.table) {
      const bytes = source.drainedAt === null || source.busy ? behindBytes(source) : 0;
      if (bytes === 0) continue;
      behind += bytes;
      behindFiles += 1;
    }
    return {
      uptimeMs: Date.now() - startedAtMs,
      roots: roots.present,
      filesKnown: observer.table.size,
      foldersWatched: roots.foldersWatched,
      behindBytes: behind,
      behindFiles,
      behindSince: behind === 0 ? null : (toldUntil ?? startedAtMs),
      backfill: pump.progress,
      lines: { total: counts.total, slow: counts.slow, malformed: counts.malformed },
      unknownTypes: Object.fromEntries(counts.unknownTypes),
      warnings: warnings.list(),
      residentBytes: process.memoryUsage.rss(),
    };
  }

  function stamp(): void {
    try {
      const at = Date.now();
      const { connected } = uplink;
      if (connected && pump.isIdle) toldUntil = at;
      const server = config.server.origin;
      writeStatus(status, { pid: process.pid, at, server, connected, toldUntil, report: report() });
    } catch (error) {
      loggers.monitor.warn({ err: error }, "the status file cannot be written");
    }
  }

  const firstScan = roots.scan();
  uplink.start();
  presence.start();
  hooks.start();
  loggers.monitor.info({ roots: config.roots, server: config.server.origin, machine: identity.id }, "started");

  return {
    machine: identity.id,
    report,
    async caughtUp() {
      await firstScan;
      while (!begun || !pump.isIdle || observer.isWaiting) {
        await new Promise((resolve) => setTimeout(resolve, CAUGHT_UP_POLL_MS));
      }
    },
    async [Symbol.asyncDispose]() {
      presence[Symbol.dispose]();
      await hooks[Symbol.asyncDispose]();
      reach[Symbol.dispose]();
      await desk[Symbol.asyncDispose]();
      const channelClosed = channel[Symbol.asyncDispose]();
      await roots[Symbol.asyncDispose]();
      observer[Symbol.dispose]();
      const pumped = pump[Symbol.asyncDispose]();
      const late = setTimeout(() => uplink.cancel(), LAST_ANSWERS_MS);
      if (!uplink.connected) uplink.cancel();
      await pumped;
      clearTimeout(late);
      await channelClosed;
      await uplink[Symbol.asyncDispose]();
      client[Symbol.dispose]();
      stamp();
      locks[Symbol.dispose]();
      loggers.monitor.info("stopped");
    },
  };
}
