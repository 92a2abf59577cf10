/**
 * The `command` hook, copied beside the monitor's keys and run by the agent: reads what the agent asks from stdin, takes it to the
 * monitor, and prints the answer, or nothing. Depends on nothing but Node, prints no error, and always ends with 0: whatever fails,
 * the agent's own dialog stands.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { lstatSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const MAX_LINE_CHARS = 1_000;

const here = dirname(fileURLToPath(import.meta.url));

/** Whether only this user can have made it, and can change it. */
function isOurs(file: string, kind: "isDirectory" | "isFile" | "isSocket"): boolean {
  const stats = lstatSync(file);
  return stats[kind]() && stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0;
}

function proof(key: string, role: string, nonce: string): string {
  return createHmac("sha256", key).update(`agentpane ${role} ${nonce}`).digest("hex");
}

function isProof(given: unknown, expected: string): boolean {
  return (
    typeof given === "string" &&
    given.length === expected.length &&
    timingSafeEqual(Buffer.from(given), Buffer.from(expected))
  );
}

function ask(body: Buffer): void {
  const keysFile = join(here, "keys.json");
  const isWindows = process.platform === "win32";
  const { path } = JSON.parse(readFileSync(join(here, "place.json"), "utf8")) as { path: string };
  if (!isWindows) {
    // Whoever could have put a socket there could answer for the monitor, and would read what is asked.
    if (!isOurs(here, "isDirectory") || !isOurs(keysFile, "isFile")) return;
    if (!isOurs(dirname(path), "isDirectory") || !isOurs(path, "isSocket")) return;
  }
  const { key } = JSON.parse(readFileSync(keysFile, "utf8")) as { key: string };
  const mine = randomBytes(16).toString("hex");
  const socket = connect({ path });
  let said = "";
  let proven = false;
  socket.setEncoding("utf8");
  socket.on("error", () => socket.destroy());
  socket.on("connect", () => socket.write(`${JSON.stringify({ nonce: mine })}\n`));
  socket.on("data", (text: string) => {
    said += text;
    if (proven || (!said.includes("\n") && said.length <= MAX_LINE_CHARS)) return;
    const nonce = nonceOf(said, proof(key, "monitor", mine));
    if (nonce === null) return void socket.destroy();
    proven = true;
    said = said.slice(said.indexOf("\n") + 1);
    tell(socket, proof(key, "hook", `${nonce} ${mine}`), body);
  });
  socket.on("end", () => {
    if (proven) process.stdout.write(said);
    socket.destroy();
  });
}

/** The monitor's random number; null where what it says does not prove that it is the monitor. */
function nonceOf(said: string, expected: string): string | null {
  try {
    const first = JSON.parse(said.slice(0, said.indexOf("\n"))) as { proof: unknown; nonce: unknown };
    return isProof(first.proof, expected) && typeof first.nonce === "string" ? first.nonce : null;
  } catch {
    return null;
  }
}

function tell(socket: Socket, mine: string, body: Buffer): void {
  const attended = { 1: true, 0: false }[process.env.CLAUDE_CODE_SESSION_ATTENDED ?? ""];
  // The socket stays open both ways: that it closes tells the monitor that nobody waits any more.
  socket.write(`${JSON.stringify({ proof: mine, attended: attended ?? null, bytes: body.byteLength })}\n`);
  socket.write(body);
}

const parts: Buffer[] = [];
process.stdin.on("data", (part: Buffer) => parts.push(part));
process.stdin.on("end", () => {
  try {
    ask(Buffer.concat(parts));
  } catch {
    // Nothing is said: the agent's own dialog stands.
  }
});
