import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { TmuxPane, TmuxPanes, terminalsOf, typeWords } from "@agentpane/cli-monitor";
import { type Block, ScriptedModel } from "./scripted-model.ts";

/** The key is known to the client already; it never leaves this host. */
const KEY = "dummy-key-for-loopback";
const START_MS = 30_000;
const STEP_MS = 15_000;
/** From a paste to its submit it takes some 200 ms; dialogs open before, in between and after. */
const LATEST_DIALOG_MS = 350;
const QUESTION = {
  questions: [
    {
      question: "Which database?",
      header: "Database",
      multiSelect: false,
      options: [
        { label: "PostgreSQL", description: "a server" },
        { label: "SQLite", description: "a file" },
      ],
    },
  ],
};

export interface RaceResult {
  /** Dialogs that opened. */
  dialogs: number;
  /** Dialogs that our keys answered: must be none. */
  answered: number;
  /** Words that were entered before the dialog came. */
  entered: number;
  /** Words that were held back because it was there. */
  heldBack: number;
  /** Words of ours that stood in the input line once all was over: must be none. */
  leftOver: number;
}

/**
 * Opens dialogs of the real client at random moments while words are typed into it through tmux, and counts those that the
 * words answered. To be run where nothing but loopback can be reached.
 */
export async function dialogRace(client: string, rounds: number): Promise<RaceResult> {
  const folder = mkdtempSync(path.join(tmpdir(), "agentpane-race-"));
  const work = path.join(folder, "work");
  const config = path.join(folder, "home", ".claude");
  for (const one of [work, config, path.join(folder, "tmux")]) mkdirSync(one, { recursive: true });
  writeFileSync(path.join(config, ".claude.json"), JSON.stringify(settings(work)));
  const result: RaceResult = { dialogs: 0, answered: 0, entered: 0, heldBack: 0, leftOver: 0 };
  const called = { at: Promise.withResolvers<void>() };
  await using model = await ScriptedModel.start(async (words) => {
    const round = /begin round (\d+)/.exec(words)?.[1];
    if (round === undefined) return [{ text: "taken" }];
    called.at.resolve();
    await sleep(Math.random() * LATEST_DIALOG_MS);
    return [blockOf(Number(round))];
  });
  const socket = path.join(folder, "tmux", "default");
  const tmux = (...args: string[]) =>
    execFileSync("tmux", ["-f", "/dev/null", "-S", socket, ...args], { encoding: "utf8" });
  try {
    const env = environment(folder, config, model.url);
    tmux(
      "new-session",
      "-d",
      "-s",
      "race",
      "-x",
      "110",
      "-y",
      "34",
      "-c",
      work,
      `env -i ${env} ${client} --permission-mode manual`,
    );
    const registry = () => readRegistry(config);
    await until(() => registry()?.status === "idle", START_MS, "the client to start");
    const { pid } = registry() as { pid: number };
    const terminal = (await terminalsOf([pid])).get(pid);
    const found = await new TmuxPanes(() => [socket]).find(terminal?.path ?? "");
    if (found === null) throw new Error("the client's pane was not found");
    const pane = new TmuxPane(found, pid);
    const status = () => {
      const said = registry();
      return said === null ? null : { status: said.status, asks: said.status === "waiting" };
    };
    for (let round = 0; round < rounds; round++) {
      called.at = Promise.withResolvers();
      const began = await typeWords(pane, `begin round ${round}`, status);
      if (began.state === "not_sent") throw new Error(`round ${round} did not begin: ${began.reason}`);
      await Promise.race([called.at.promise, sleep(STEP_MS)]);
      const typed = await typeWords(pane, `words of round ${round}`, status);
      await until(() => registry()?.status === "waiting", STEP_MS, `the dialog of round ${round}`);
      result.dialogs += 1;
      result[typed.state === "not_sent" ? "heldBack" : "entered"] += 1;
      await sleep(250);
      if (registry()?.status !== "waiting" || existsSync(path.join(work, `answered-${round}`))) result.answered += 1;
      tmux("send-keys", "-t", "race", "Escape");
      await until(() => registry()?.status === "idle", STEP_MS, `the end of round ${round}`);
      await until(async () => !(await shows(tmux, "❯ words of round")), STEP_MS, "an empty input line").catch(() => {
        result.leftOver += 1;
      });
      await until(() => registry()?.status === "idle", STEP_MS, `rest after round ${round}`);
    }
    return result;
  } catch (cause) {
    throw new Error(`the terminal showed:\n${tmux("capture-pane", "-p", "-t", "race").trim()}`, { cause });
  } finally {
    await promisify(execFile)("tmux", ["-S", socket, "kill-server"]).catch(() => {});
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

function blockOf(round: number): Block {
  if (round % 3 === 2) return { tool: "AskUserQuestion", input: QUESTION };
  return { tool: "Bash", input: { command: `touch answered-${round}`, description: "Leave a mark" } };
}

/** Only the input line itself, which stands above the last rule. */
async function shows(tmux: (...args: string[]) => string, words: string): Promise<boolean> {
  const rows = tmux("capture-pane", "-p", "-t", "race").replaceAll("\u00a0", " ").trimEnd().split("\n");
  const rule = rows.findLastIndex((row) => /^─+$/.test(row));
  return rows[rule - 1]?.includes(words) === true;
}

function settings(work: string): object {
  return {
    hasCompletedOnboarding: true,
    theme: "dark",
    customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
    projects: { [work]: { hasTrustDialogAccepted: true, allowedTools: [] } },
  };
}

function environment(folder: string, config: string, api: string): string {
  const values = {
    HOME: path.join(folder, "home"),
    CLAUDE_CONFIG_DIR: config,
    PATH: process.env.PATH ?? "",
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    ANTHROPIC_API_KEY: KEY,
    ANTHROPIC_BASE_URL: api,
    DISABLE_TELEMETRY: "1",
    DISABLE_ERROR_REPORTING: "1",
    DISABLE_AUTOUPDATER: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

function readRegistry(config: string): { pid: number; status: "busy" | "idle" | "waiting" } | null {
  const folder = path.join(config, "sessions");
  try {
    const name = readdirSync(folder).find((one) => one.endsWith(".json")) ?? "";
    return JSON.parse(readFileSync(path.join(folder, name), "utf8"));
  } catch {
    return null;
  }
}

async function until(check: () => boolean | Promise<boolean>, ms: number, what: string): Promise<void> {
  const end = performance.now() + ms;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await sleep(20);
  }
}

if (import.meta.main) {
  const [client = "", rounds = "100"] = process.argv.slice(2);
  const result = await dialogRace(client, Number(rounds));
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.answered === 0 && result.leftOver === 0 ? 0 : 1;
}
