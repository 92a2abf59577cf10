import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../until.ts";

/** The client shows the last 20 characters when it asks whether the key may be used; the answer is kept under them. */
const KEY = "dummy-key-for-loopback";
const COLUMNS = 160;
const ROWS = 50;
/** From its start to its composer, on a busy machine. */
const START_DEADLINE_MS = 60_000;

export interface ClientOptions {
  name: string;
  /** The client's config folder, which the monitor watches. */
  root: string;
  home: string;
  /** Where it works. */
  cwd: string;
  /** Address of the `ModelApi`. */
  model: string;
  /** Where tmux keeps its sockets. */
  sockets: string;
  args?: readonly string[];
  /** What starts the client, before its path: `agentpane run --`, say. */
  wrapper?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** What the client writes of itself below `sessions/`. */
export interface RegistryFile {
  pid: number;
  sessionId: string;
  status?: string;
  waitingFor?: string;
}

/**
 * The real client in a terminal of its own (a tmux pane), offline: a temporary home, a made key, a model on loopback. Only to be
 * started where there is no other network.
 */
export class RealClient implements AsyncDisposable {
  readonly options: ClientOptions;

  private constructor(options: ClientOptions) {
    this.options = options;
  }

  /** Starts it and waits for its composer. */
  static async start(options: ClientOptions): Promise<RealClient> {
    prepareRoot(options);
    const client = new RealClient(options);
    const command = [
      ...(options.wrapper ?? []),
      clientBinary(),
      "--permission-mode",
      "manual",
      ...(options.args ?? []),
    ];
    const environment = Object.entries(clientEnvironment(options)).map(([name, value]) => `${name}=${value}`);
    client.tmux(
      ...["new-session", "-d", "-s", options.name, "-x", String(COLUMNS), "-y", String(ROWS), "-c", options.cwd],
      ...["--", "env", "-i", ...environment, ...command],
    );
    await client.shows(/^\s*[❯>]/m, START_DEADLINE_MS);
    return client;
  }

  /** One call of tmux, in this stage's own server. */
  tmux(...args: string[]): string {
    return execFileSync("tmux", args, {
      encoding: "utf8",
      env: { ...process.env, TMUX_TMPDIR: this.options.sockets, TMUX: "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  screen(): string {
    return this.tmux("capture-pane", "-p", "-t", this.options.name);
  }

  /** Waits until the screen shows `pattern`. */
  async shows(pattern: RegExp, deadlineMs = 30_000): Promise<string> {
    let last = "";
    return await until(
      `the client's screen shows ${pattern}`,
      () => {
        last = this.screen();
        return pattern.test(last) ? last : null;
      },
      { deadlineMs, pollMs: 50, describe: () => last },
    );
  }

  /** Types text without entering it. */
  type(text: string): void {
    this.tmux("send-keys", "-t", this.options.name, "-l", text);
  }

  /** Presses keys by tmux's names: "Enter", "Escape", "Down". */
  press(...keys: string[]): void {
    this.tmux("send-keys", "-t", this.options.name, ...keys);
  }

  /** Types a prompt and enters it, once the composer shows it. */
  async prompt(text: string): Promise<void> {
    this.type(text);
    await this.shows(new RegExp(escaped(text.slice(-30))));
    this.press("Enter");
  }

  /** Its entry in the live registry, once there is one. */
  async registry(): Promise<RegistryFile> {
    return await until("the client is in its registry", () => this.entries()[0] ?? null, {
      deadlineMs: START_DEADLINE_MS,
    });
  }

  /** Waits for a registry entry of which `matches` holds. */
  async registered(
    what: string,
    matches: (entry: RegistryFile) => boolean,
    deadlineMs = 30_000,
  ): Promise<RegistryFile> {
    return await until(`the registry says ${what}`, () => this.entries().find(matches) ?? null, {
      deadlineMs,
      pollMs: 20,
      describe: () => [this.entries(), this.screen()],
    });
  }

  /** All entries of this client's root; one that is being written is left out. */
  entries(): RegistryFile[] {
    const folder = join(this.options.root, "sessions");
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .flatMap((name) => {
        try {
          return [JSON.parse(readFileSync(join(folder, name), "utf8")) as RegistryFile];
        } catch {
          return [];
        }
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.tmux("kill-session", "-t", this.options.name);
    } catch {
      // It ended by itself.
    }
  }
}

/** Where the client was put; the command that fetches it says so in the environment. */
function clientBinary(): string {
  const folder = process.env.AGENTPANE_CLIENT;
  if (folder === undefined)
    throw new Error("No client. These tests are started by `npm run test:agent`, which gets one.");
  return join(folder, "node_modules", ".bin", "claude");
}

/** What the real client is started with, in a terminal or without one. */
export function clientEnvironment(
  options: Pick<ClientOptions, "home" | "root" | "model" | "env">,
): Record<string, string> {
  return {
    HOME: options.home,
    CLAUDE_CONFIG_DIR: options.root,
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    ANTHROPIC_API_KEY: KEY,
    ANTHROPIC_BASE_URL: options.model,
    DISABLE_TELEMETRY: "1",
    DISABLE_ERROR_REPORTING: "1",
    DISABLE_AUTOUPDATER: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    ...options.env,
  };
}

/** Answers beforehand what the client asks at its first start. */
export function prepareRoot({ root, cwd }: Pick<ClientOptions, "root" | "cwd">): void {
  mkdirSync(root, { recursive: true });
  const file = join(root, ".claude.json");
  if (existsSync(file)) return;
  const facts = {
    hasCompletedOnboarding: true,
    theme: "dark",
    customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
    projects: { [cwd]: { hasTrustDialogAccepted: true, allowedTools: [] } },
  };
  writeFileSync(file, JSON.stringify(facts));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
