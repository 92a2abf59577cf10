import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import nodePty from "@lydell/node-pty";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hostFolder } from "../../../state/host-id.ts";
import { PtyDesk } from "../pty-desk.ts";
import type { RunLink } from "../run-link.ts";
import { runSocket } from "../run-socket.ts";

const DEADLINE = { timeout: 25_000 };
const TEST_MS = 60_000;
const LOG = pino({ level: "silent" });
const ROOTS = ["/home/dev/.claude"];
const ENTRY = `const { runInPty } = await import(${JSON.stringify(path.join(import.meta.dirname, "run.ts"))});
process.exitCode = await runInPty(process.argv.slice(1)); process.stdin.unref?.(); setTimeout(() => process.exit(), 100);`;

let state = "";
const terminals: PersonsTerminal[] = [];

beforeEach(() => {
  state = mkdtempSync(path.join(realpathSync(tmpdir()), "ap-"));
});
afterEach(async () => {
  for (const terminal of terminals.splice(0)) terminal.kill();
  rmSync(state, { recursive: true, force: true });
});

/** A person's terminal in which a program runs as `agentpane run` runs it. */
class PersonsTerminal {
  readonly #pty: nodePty.IPty;
  shown = "";
  code: number | null = null;

  constructor(command: readonly string[], shell = false) {
    const env = { ...process.env, AGENTPANE_STATE: state, TERM: "xterm-256color", PS1: "$ " };
    const program = [process.execPath, "--input-type=module", "-e", ENTRY, "--", ...command];
    const [file = "", ...args] = shell ? ["/bin/bash", "--norc", "--noprofile", "-i"] : program;
    this.#pty = nodePty.spawn(file, args, { cols: 80, rows: 24, env });
    this.#pty.onData((text) => {
      this.shown += text;
    });
    this.#pty.onExit(({ exitCode }) => {
      this.code = exitCode;
    });
    terminals.push(this);
    if (shell) this.type(`${program.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ")}\r`);
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  resize(cols: number, rows: number): void {
    this.#pty.resize(cols, rows);
  }

  signal(signal: string): void {
    this.#pty.kill(signal);
  }

  kill(): void {
    if (this.code === null) this.#pty.kill("SIGKILL");
  }

  async shows(text: string | RegExp): Promise<void> {
    await expect.poll(() => this.shown, DEADLINE).toMatch(text);
  }

  async ends(): Promise<number | null> {
    await expect.poll(() => this.code, DEADLINE).not.toBeNull();
    return this.code;
  }
}

async function deskWithLink(): Promise<{ desk: PtyDesk; link: () => RunLink }> {
  const folder = hostFolder(state);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const desk = new PtyDesk(runSocket(folder, ROOTS), LOG);
  return {
    desk,
    link: () => {
      const [link] = desk.links;
      if (link === undefined) throw new Error("no run has connected");
      return link;
    },
  };
}

test.each([
  ["its own", "exit 7", 7],
  ["that of a signal", "kill -TERM $$", 143],
  ["that of a code as suspension has it", "exit 148", 148],
])("the exit code is %s", { timeout: TEST_MS }, async (_what, script, code) => {
  const terminal = new PersonsTerminal(["sh", "-c", script]);
  expect(await terminal.ends()).toBe(code);
});

test("a program that is not there is named, with the code of a shell", { timeout: TEST_MS }, async () => {
  const terminal = new PersonsTerminal(["no-such-agent"]);
  expect(await terminal.ends()).toBe(127);
  expect(terminal.shown).toContain("not found");
});

test("the program has the person's size and environment, and follows the window", { timeout: TEST_MS }, async () => {
  const script =
    "stty size; echo state $AGENTPANE_STATE; trap 'stty size' WINCH; echo ready; while :; do sleep 0.1; done";
  const terminal = new PersonsTerminal(["sh", "-c", script]);
  await terminal.shows("ready");
  expect(terminal.shown).toContain("24 80");
  expect(terminal.shown).toContain(`state ${state}`);
  terminal.resize(101, 31);
  await terminal.shows("31 101");
});

test("a newline alone moves the cursor down, and no further", { timeout: TEST_MS }, async () => {
  const terminal = new PersonsTerminal(["sh", "-c", "stty raw; printf 'one\\ntwo'; stty -raw"]);
  await terminal.ends();
  expect(terminal.shown).toContain("one\ntwo");
});

test("^C, and a signal to ourselves, reach the program", { timeout: TEST_MS }, async () => {
  const trap = "trap 'echo told INT' INT; trap 'echo told TERM; exit 3' TERM; echo ready; while :; do sleep 0.1; done";
  const terminal = new PersonsTerminal(["sh", "-c", trap]);
  await terminal.shows("ready");
  terminal.type("\x03");
  await terminal.shows("told INT");
  terminal.signal("SIGTERM");
  await terminal.shows("told TERM");
  expect(await terminal.ends()).toBe(3);
});

test("^Z gives the person's shell its terminal back, and fg goes on", { timeout: TEST_MS }, async () => {
  const terminal = new PersonsTerminal(["sh", "-c", "echo ready; exec cat"], true);
  await terminal.shows(/ready\r\n/);
  terminal.type("\x1a");
  await terminal.shows(/Stopped/);
  terminal.type("echo in the $((1 + 1))nd shell\r");
  await terminal.shows("in the 2nd shell");
  terminal.type("fg\r");
  await terminal.shows(/\$ fg\r\n/);
  terminal.shown = "";
  terminal.type("back again\r");
  // Once echoed by the terminal, once by the program.
  await terminal.shows(/back again\r\nback again/);
});

test("a monitor that comes later sees the screen and types; the run outlives it", { timeout: TEST_MS }, async () => {
  const terminal = new PersonsTerminal(["sh", "-c", "printf '\\033[2mfaint\\033[0m solid\\n'; exec cat"]);
  await terminal.shows("solid");
  const { desk, link } = await deskWithLink();
  await expect.poll(() => desk.links.length, DEADLINE).toBe(1);
  expect((await link().look()).rows[0]).toEqual({ text: "faint solid", solid: " solid" });
  await link().paste("typed from afar");
  await link().press("submit");
  await terminal.shows("typed from afar");
  let drawn = "";
  await link().screen((screen) => {
    drawn = `${screen.cols}x${screen.rows} ${Buffer.from(screen.data, "base64").toString("utf8")}`;
  });
  expect(drawn).toMatch(/^80x24 .*faint/s);
  await desk[Symbol.asyncDispose]();
  terminal.type("still here\r");
  await terminal.shows("still here");
  terminal.type("\x03");
  await terminal.ends();
});

test("a folder that others can enter is no monitor's", { timeout: TEST_MS }, async () => {
  const { desk } = await deskWithLink();
  chmodSync(hostFolder(state), 0o755);
  const terminal = new PersonsTerminal(["sh", "-c", "echo ready; exec cat"]);
  await terminal.shows("ready");
  // Each look for monitors is over before the program's words are shown.
  terminal.type("words\r");
  await terminal.shows("words");
  expect(desk.links).toEqual([]);
  await desk[Symbol.asyncDispose]();
});
