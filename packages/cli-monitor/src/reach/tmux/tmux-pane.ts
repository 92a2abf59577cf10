import { randomBytes } from "node:crypto";
import { KEYS, type Key, type Pane } from "../pane/pane.ts";
import { readStyledRows, type Screen } from "../pane/screen.ts";
import { tmux } from "./client.ts";
import type { FoundPane } from "./panes.ts";
import { terminalsOf } from "./tty.ts";

/** What is asked of a pane, in this order, a line before the rows. */
const FACTS = "#{cursor_x} #{cursor_y} #{pane_in_mode} #{pane_synchronized} #{pane_dead} #{pane_tty}";

/** A pane of tmux, whose program is one process that we know. */
export class TmuxPane implements Pane {
  readonly #found: FoundPane;
  readonly #pid: number;

  constructor(found: FoundPane, pid: number) {
    this.#found = found;
    this.#pid = pid;
  }

  async look(): Promise<Screen> {
    const { id } = this.#found;
    const printed = await this.#tmux([
      "display-message",
      "-p",
      "-t",
      id,
      FACTS,
      ";",
      "capture-pane",
      "-p",
      "-e",
      "-t",
      id,
    ]);
    const [facts = "", ...rows] = printed.replace(/\n$/, "").split("\n");
    const [x, y] = facts.split(" ").map(Number);
    return { rows: readStyledRows(rows.join("\n")), cursor: { x: x ?? 0, y: y ?? 0 } };
  }

  async obstacle(): Promise<string | null> {
    const printed = await this.#tmux(["display-message", "-p", "-t", this.#found.id, FACTS]);
    const [, , inMode, synchronized, dead, terminal = ""] = printed.trim().split(" ");
    const own = (await terminalsOf([this.#pid])).get(this.#pid);
    if (dead === "1" || own === undefined || own.path !== terminal) return "it no longer runs in this tmux pane";
    if (!own.foreground) return "it is suspended, or another program has its terminal";
    if (inMode === "1") return "its tmux pane is in copy mode: leave that first";
    if (synchronized === "1")
      return "its tmux pane repeats all input to other panes (synchronize-panes): turn that off";
    return null;
  }

  async paste(words: string): Promise<void> {
    const buffer = `agentpane-${randomBytes(6).toString("hex")}`;
    await this.#tmux(["load-buffer", "-b", buffer, "-"], words);
    // -p: bracketed; -r: newlines as they are; -d: the buffer is not kept.
    await this.#tmux(["paste-buffer", "-p", "-r", "-d", "-b", buffer, "-t", this.#found.id]);
  }

  async press(key: Key, times = 1): Promise<void> {
    const bytes = [...KEYS[key].repeat(times)].map((char) => char.charCodeAt(0).toString(16));
    // All in one command, so that nothing comes in between.
    await this.#tmux(["send-keys", "-t", this.#found.id, "-H", ...bytes]);
  }

  #tmux(args: readonly string[], input?: string): Promise<string> {
    return tmux(this.#found.socket, args, input);
  }
}
