import { spawnSync } from "node:child_process";

/**
 * The person's terminal, handing every byte through unchanged. By `stty`: Node's own raw mode still turns each newline of the
 * output into two characters, which draws programs wrong that move the cursor down with one.
 */
export class RawTerminal {
  #saved: string | null = null;

  /** Also where somebody else has changed it since. */
  enter(): void {
    const saved = this.#saved ?? stty(["-g"]);
    if (saved !== null && stty(["raw", "-echo"]) !== null) this.#saved = saved;
    else process.stdin.setRawMode(true);
  }

  /** As it was before; harmless where it is that already. */
  leave(): void {
    if (this.#saved === null) process.stdin.setRawMode(false);
    else stty([this.#saved]);
    this.#saved = null;
  }
}

/** What it prints, without the newline; null where it fails. */
function stty(args: readonly string[]): string | null {
  const { status, stdout } = spawnSync("stty", args, { stdio: ["inherit", "pipe", "ignore"], encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}
