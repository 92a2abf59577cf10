import type { LiveStore } from "../../live/store.ts";
import { groupOf } from "../sessions/groups.ts";
import type { ToastBoard } from "./board.ts";

/** A row that is about to come into sight has come by then. */
const SETTLE_MS = 400;

/** What began to wait before this is no news: a machine that comes back tells of all it has at once. */
const NEWS_MS = 5 * 60_000;

/** Whether a person has it before their eyes already. */
export interface Sight {
  session(id: string): boolean;
  machine(id: string): boolean;
}

/** Puts on the board what changed in the store and cannot be seen where the person is. The returned function ends it. */
export function watchForToasts(store: LiveStore, board: ToastBoard, sight: Sight): () => void {
  const needs = new Newcomers();
  const silent = new Newcomers();
  let wasAway = false;
  const waits = new Set<() => void>();

  /** After what is drawn because of the same change was drawn. */
  const later = (run: () => void): void => {
    const cancel = store.timers.after(SETTLE_MS, () => {
      waits.delete(cancel);
      run();
    });
    waits.add(cancel);
  };

  const onChange = (): void => {
    if (!store.loaded) return;
    const needing = needs.update(needOf(store));
    board.withdraw("need", needing.gone);
    if (needing.come.length > 0) {
      later(() => {
        const now = needOf(store);
        board.add(
          "need",
          needing.come.filter((id) => now.has(id) && isNews(store, id) && !sight.session(id)),
        );
      });
    }
    const quiet = silent.update(silentOf(store));
    board.withdraw("silent", quiet.gone);
    if (quiet.come.length > 0) {
      board.add(
        "silent",
        quiet.come.filter((id) => !sight.machine(id)),
      );
    }
  };

  const onConnection = (): void => {
    const { kind } = store.connection.getSnapshot();
    if (kind === "away" || kind === "offline") {
      wasAway = true;
      board.dismiss("back");
    } else if (kind === "live" && wasAway) {
      wasAway = false;
      board.add("back", ["server"]);
    }
  };

  onChange();
  const offs = [store.subscribe(onChange), store.connection.subscribe(onConnection)];
  return () => {
    for (const off of [...offs, ...waits]) off();
  };
}

function isNews(store: LiveStore, id: string): boolean {
  const since = store.sessions.get(id)?.since ?? null;
  return since === null || store.clock.now() - since < NEWS_MS;
}

/** Who came and who went since the time before; at the first look nobody is new. */
class Newcomers {
  #known: ReadonlySet<string> | null = null;

  update(now: ReadonlySet<string>): { come: string[]; gone: string[] } {
    const before = this.#known ?? now;
    this.#known = now;
    return { come: [...now].filter((id) => !before.has(id)), gone: [...before].filter((id) => !now.has(id)) };
  }
}

function needOf(store: LiveStore): Set<string> {
  const ids = new Set<string>();
  for (const row of store.sessions.values()) if (groupOf(row) === "need") ids.add(row.id);
  return ids;
}

function silentOf(store: LiveStore): Set<string> {
  return new Set(store.machines.filter((machine) => machine.state === "silent").map((machine) => machine.id));
}
