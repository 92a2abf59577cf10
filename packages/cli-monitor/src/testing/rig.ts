import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { resolveMonitorConfig } from "../config.ts";
import { createLoggers } from "../logger.ts";
import { type Monitor, type MonitorOptions, startMonitor } from "../monitor.ts";
import { ScriptedServer } from "./scripted-server.ts";

const DEADLINE_MS = 10_000;

/** Waits until `condition` holds; fails with `what` when it does not within ten seconds. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Short waits, so that what takes minutes for a person takes milliseconds here. */
export const QUICK = {
  heartbeatMs: 50,
  retryFirstMs: 5,
  retryMaxMs: 40,
  probeMs: 10,
  probeFailingMs: 20,
  scanMs: 60_000,
  awaitRootMs: 20,
};

/** A config folder, a server and monitors in a temporary folder; nothing of a real home is touched. */
export class Rig implements AsyncDisposable {
  readonly folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "agentpane-monitor-")));
  readonly root = path.join(this.folder, "config");
  readonly server: ScriptedServer;
  readonly #monitors = new Set<Monitor>();

  private constructor(server: ScriptedServer) {
    this.server = server;
    mkdirSync(path.join(this.root, "projects"), { recursive: true });
  }

  static async start(): Promise<Rig> {
    return new Rig(await ScriptedServer.start());
  }

  async monitor(options: MonitorOptions & { roots?: string[] } = {}): Promise<Monitor> {
    const [first = this.root, ...more] = options.roots ?? [];
    const config = resolveMonitorConfig(
      {
        server: this.server.url,
        roots: more,
        name: "rig",
        logLevel: "silent",
        state: path.join(this.folder, "state"),
      },
      {
        env: { CLAUDE_CONFIG_DIR: first },
        home: this.folder,
        cwd: this.folder,
        hostname: "rig",
        platform: process.platform,
      },
    );
    const monitor = await startMonitor(
      config,
      { token: "secret" },
      { loggers: createLoggers("silent"), modest: false, ...options, timing: { ...QUICK, ...options.timing } },
    );
    this.#monitors.add(monitor);
    return monitor;
  }

  async stop(monitor: Monitor): Promise<void> {
    this.#monitors.delete(monitor);
    await monitor[Symbol.asyncDispose]();
  }

  /** Path of a transcript, its folder made. */
  transcript(session: string, options: { project?: string; subagent?: string; root?: string } = {}): string {
    const project = path.join(options.root ?? this.root, "projects", options.project ?? "-home-dev-shop");
    const file =
      options.subagent === undefined
        ? path.join(project, `${session}.jsonl`)
        : path.join(project, session, "subagents", `agent-${options.subagent}.jsonl`);
    mkdirSync(path.dirname(file), { recursive: true });
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const monitor of this.#monitors) await monitor[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

let made = 0;
/** One transcript line of a prompt, with its newline. */
export function promptLine(text: string): string {
  made += 1;
  const timestamp = new Date(1_760_000_000_000 + made * 1000).toISOString();
  const line = {
    type: "user",
    uuid: `u${made}`,
    timestamp,
    sessionId: "s",
    cwd: "/home/dev/shop",
    version: "2.1.330",
    message: { role: "user", content: text },
    origin: { kind: "human" },
  };
  return `${JSON.stringify(line)}\n`;
}

export function append(file: string, ...texts: string[]): void {
  appendFileSync(file, texts.join(""));
}
