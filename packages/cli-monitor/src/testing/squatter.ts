import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync } from "node:fs";

/** An account that no one of the tests' own is. */
const OTHER_UID = 54_321;

/**
 * Becomes the other account, listens, says so on a line, and tells every byte that it hears; whoever connects is told `greeting`.
 * It goes into the socket's folder first: the folders above may be closed to that account.
 */
const PROGRAM = `
  let [at, greeting, uid] = process.argv.slice(1);
  const { basename, dirname } = require("node:path");
  if (!/^\\d+$/.test(at)) {
    process.chdir(dirname(at));
    at = basename(at);
  }
  if (uid) {
    process.setgroups([]);
    process.setgid(Number(uid));
    process.setuid(Number(uid));
  }
  const server = require("node:net").createServer((socket) => {
    process.stdout.write("connected\\n");
    socket.on("error", () => {});
    socket.on("data", (data) => process.stdout.write(data.toString("hex") + "\\n"));
    if (greeting) socket.write(greeting);
  });
  server.listen(/^\\d+$/.test(at) ? { port: Number(at), host: "127.0.0.1" } : at, () => process.stdout.write("listening\\n"));
`;

/** Somebody else's process in a place of ours: under another account where this test may start one. */
export class Squatter implements AsyncDisposable {
  readonly #child: ChildProcess;
  #said = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#said += text;
    });
  }

  /** `at` is a port, or the path of a socket in a folder that becomes the other account's. */
  static async start(at: string | number, options: { greeting?: string; folder?: string } = {}): Promise<Squatter> {
    const isRoot = process.getuid?.() === 0;
    if (isRoot && options.folder !== undefined) chownSync(options.folder, OTHER_UID, OTHER_UID);
    const args = [String(at), options.greeting ?? "", isRoot ? String(OTHER_UID) : ""];
    const child = spawn(process.execPath, ["-e", PROGRAM, ...args], { stdio: ["ignore", "pipe", "inherit"], cwd: "/" });
    const squatter = new Squatter(child);
    while (!squatter.#said.includes("listening\n")) {
      await Promise.race([once(child.stdout ?? child, "data"), once(child, "exit")]);
      if (child.exitCode !== null) throw new Error(`the other account's process ended with ${child.exitCode}`);
    }
    return squatter;
  }

  get connections(): number {
    return this.#said.split("connected\n").length - 1;
  }

  /** Every byte that it was sent, as text. */
  get heard(): string {
    const lines = this.#said.split("\n").filter((line) => /^[0-9a-f]+$/.test(line));
    return Buffer.from(lines.join(""), "hex").toString("utf8");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }
}
