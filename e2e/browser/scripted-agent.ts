/**
 * Stands in for the agent in a terminal: an input line drawn as client 2.1.330 draws its own, an entry in the live registry,
 * a transcript that grows by what it is told. Some words have it do more than answer:
 * `work` runs a turn until Escape, `lose` forgets what it was told, `hostile` prints what no page may act upon.
 */
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Conversation, type MadeLine, seededRandom } from "@agentpane/testkit";
import { HOSTILE_LINK, HOSTILE_OUTPUT } from "./hostile-output.ts";

const { AGENT_ROOT: root = "", AGENT_SESSION: session = "", AGENT_TITLE: title = "" } = process.env;
const PROJECT = "-home-dev-shop";
const { stdin, stdout } = process;

/** Its clock runs ahead with every line; a transcript that is newer than the end of its process would be somebody else's. */
const BEGAN_BEFORE_MS = 10 * 60_000;
const conversation = new Conversation({
  random: seededRandom(process.pid),
  session,
  startMs: Date.now() - BEGAN_BEFORE_MS,
});
const said: string[] = [];
const queue: string[] = [];
let status: "idle" | "busy" = "idle";
/** What stands in the input line. */
let draft = "";

const registry = join(root, "sessions", `${process.pid}.json`);
const startedAt = Date.now();
mkdirSync(join(root, "sessions"), { recursive: true });
mkdirSync(join(root, "projects", PROJECT), { recursive: true });
append(conversation.title(title), conversation.prompt("hello"), ...answer("Hello. What shall I do?"));
become("idle");

stdout.write("\x1b[?2004h");
stdin.setRawMode(true);
stdin.setEncoding("utf8");
stdin.on("data", (keys: string) => {
  read(keys);
  draw();
});
stdout.on("resize", draw);
process.on("exit", () => rmSync(registry, { force: true }));
draw();

/** A paste; what a terminal answers to queries; a key of several bytes; Ctrl+X Enter; one character. */
const TYPED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the bytes of a terminal
  /\x1b\[200~([\s\S]*?)\x1b\[201~|(\x1b[\]P][\s\S]*?(?:\x07|\x1b\\)|\x1b\[[?>][\d;]*[$\w]+)|\x1b\[[\d;]*[A-Za-z~]|\x18\r|[\s\S]/g;

function read(keys: string): void {
  for (const [key, paste, reply] of keys.matchAll(TYPED)) {
    if (reply !== undefined) continue;
    if (paste !== undefined) draft += paste.replaceAll("\r", "\n");
    else if (key === "\r" || key === "\x18\r") enter();
    else if (key === "\x15") draft = draft.slice(0, Math.max(0, draft.lastIndexOf("\n")));
    else if (key === "\x7f") draft = draft.slice(0, -1);
    else if (key === "\x03") process.exit(0);
    else if (key === "\x1b") interrupt();
    else if (key.length === 1 && key >= " ") draft += key;
    else said.push(`key ${JSON.stringify(key)}`);
  }
}

function enter(): void {
  const words = draft.trim();
  draft = "";
  if (words === "") return;
  if (status === "busy") queue.push(words);
  else take(words);
}

function take(words: string): void {
  if (words === "lose") return;
  append(conversation.prompt(words));
  said.push(`> ${words.replaceAll("\n", " / ")}`);
  if (words === "work") {
    append(conversation.call("Bash", { command: "npm test", description: "Run the tests" }));
    become("busy");
    return;
  }
  if (words === "hostile") {
    stdout.write(HOSTILE_OUTPUT.join(""));
    said.push(HOSTILE_LINK);
  }
  append(...answer(`You said: ${words}`));
  said.push(`You said: ${words.replaceAll("\n", " / ")}`);
}

function interrupt(): void {
  if (status === "idle") return;
  append(conversation.result("stopped", true), ...answer("Interrupted."));
  said.push("Interrupted.");
  become("idle");
  for (const words of queue.splice(0)) take(words);
}

function answer(text: string): MadeLine[] {
  return [conversation.text(text, { final: true }), conversation.turnEnd()];
}

function append(...lines: MadeLine[]): void {
  const text = lines.map(({ bytes }) => `${bytes.toString("utf8")}\n`).join("");
  appendFileSync(join(root, "projects", PROJECT, `${session}.jsonl`), text);
}

function become(next: typeof status): void {
  status = next;
  const now = Date.now();
  const entry = {
    pid: process.pid,
    sessionId: session,
    cwd: "/home/dev/shop",
    startedAt,
    procStart: startOf(process.pid),
    version: "2.1.330",
    kind: "interactive",
    entrypoint: "cli",
    status,
    statusUpdatedAt: now,
    updatedAt: now,
  };
  writeFileSync(`${registry}.draft`, JSON.stringify(entry));
  renameSync(`${registry}.draft`, registry);
}

/** Field 22 of proc_pid_stat(5). */
function startOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function draw(): void {
  const [columns, rows] = [stdout.columns, stdout.rows];
  const rule = "─".repeat(columns);
  const input = draft.split("\n").map((line, at) => (at === 0 ? `❯\u00a0${line}` : `  ${line}`));
  const above = said.slice(-(rows - input.length - 5)).map((line) => `\x1b[36m●\x1b[0m ${line}`);
  const foot = `\x1b[2m  ${status} in ${columns}x${rows}\x1b[0m`;
  const screen = [...above, "", rule, ...input, rule, foot].join("\r\n");
  const last = input.at(-1) ?? "";
  stdout.write(`\x1b[H\x1b[2J${screen}\x1b[${above.length + 2 + input.length};${last.length + 1}H`);
}
