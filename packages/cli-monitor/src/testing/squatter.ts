import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync } from "node:fs";

/** An account that no one of the tests' own is. */
const OTHER_UID = 54_321;

/** Listens, says on a line where, and tells every byte that it hears; whoever connects is told `greeting`. */
const PROGRAM = `
  const [at, greeting] = process.argv.slice(1);
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
    const child = spawn(process.execPath, ["-e", PROGRAM, String(at), options.greeting ?? ""], {
      stdio: ["ignore", "pipe", "inherit"],
      cwd: "/",
      ...(isRoot ? { uid: OTHER_UID, gid: OTHER_UID } : {}),
    });
    const squatter = new Squatter(child);
    while (!squatter.#said.includes("listening\n"))
      await Promise.race([once(child.stdout ?? child, "data"), once(child, "exit")]);
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
