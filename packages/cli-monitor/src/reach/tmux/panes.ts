import { tmux, tmuxSockets } from "./client.ts";

/** How long a list of panes is good for. */
const LIST_MS = 3_000;

export interface FoundPane {
  socket: string;
  /** `%3`, which tmux never gives twice. */
  id: string;
}

/** This user's tmux panes by their terminal, asked of all servers at once and kept for a few seconds. */
export class TmuxPanes {
  readonly #sockets: () => readonly string[];
  #list: Promise<Map<string, FoundPane>> | null = null;
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(sockets: () => readonly string[] = tmuxSockets) {
    this.#sockets = sockets;
  }

  /** The next answer comes of a list that is not older than this call: a pane may be as new as the session in it. */
  forget(): void {
    this.#list = null;
  }

  /** The pane that has this terminal; `fresh` asks anew. */
  async find(terminal: string, fresh = false): Promise<FoundPane | null> {
    if (fresh || this.#list === null || performance.now() - this.#listedAt > LIST_MS) {
      this.#listedAt = performance.now();
      this.#list = list(this.#sockets());
    }
    return (await this.#list).get(terminal) ?? null;
  }
}

async function list(sockets: readonly string[]): Promise<Map<string, FoundPane>> {
  const found = new Map<string, FoundPane>();
  const printed = await Promise.allSettled(
    sockets.map((socket) => tmux(socket, ["list-panes", "-a", "-F", "#{pane_tty} #{pane_id}"])),
  );
  for (const [index, answer] of printed.entries()) {
    // A socket without a server behind it answers nothing.
    if (answer.status === "rejected") continue;
    for (const line of answer.value.split("\n")) {
      const [terminal, id] = line.split(" ");
      if (terminal !== undefined && id !== undefined) found.set(terminal, { socket: sockets[index] ?? "", id });
    }
  }
  return found;
}
