import { EventEmitter } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { claudeCode } from "@agentpane/agents";
import { expect, test } from "vitest";
import { createLoggers } from "../logger.ts";
import { until } from "../testing/rig.ts";
import { PresenceWatch, type PresenceWatchOptions } from "./presence-watch.ts";
import type { ProcessTable } from "./process-table.ts";
import { SeenFile } from "./seen-file.ts";

/** A root in a temporary folder, on a machine whose processes a test makes up. */
class Made implements Disposable {
  readonly folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "agentpane-presence-")));
  readonly root = path.join(this.folder, "root");
  readonly starts: Record<number, string | null | undefined> = {};
  refreshes = 0;
  readonly #open: PresenceWatch[] = [];

  constructor() {
    mkdirSync(path.join(this.root, "sessions"), { recursive: true });
  }

  write(pid: number, said: object): void {
    const entry = { pid, sessionId: `s${pid}`, procStart: "1", status: "busy", ...said };
    writeFileSync(path.join(this.root, "sessions", `${pid}.json`), JSON.stringify(entry));
  }

  watch(options: Partial<PresenceWatchOptions> = {}): PresenceWatch {
    const processes: ProcessTable = {
      tellsStarts: true,
      domain: { boot: "boot", pidNamespace: null },
      start: (pid) => (pid in this.starts ? this.starts[pid] : null),
      refresh: async () => {
        this.refreshes += 1;
      },
    };
    const watch = new PresenceWatch({
      roots: [this.root],
      adapter: claudeCode,
      seen: new SeenFile(path.join(this.folder, "seen.json")),
      onChange: () => {},
      timing: { livenessMs: 20, goodbyeMs: 10 },
      log: createLoggers("silent").presence,
      processes,
      ...options,
    });
    this.#open.push(watch);
    watch.start();
    return watch;
  }

  [Symbol.dispose](): void {
    for (const watch of this.#open) watch[Symbol.dispose]();
    rmSync(this.folder, { recursive: true });
  }
}

test("where the system has no folder watch left, the registry is read at each look", async () => {
  using made = new Made();
  made.starts[7] = "1";
  const watch = made.watch({
    watch: () => {
      throw Object.assign(new Error("no watches"), { code: "ENOSPC" });
    },
  });
  made.write(7, { status: "idle" });
  await until("it is found", () => watch.presences[0]?.status === "idle");
  made.write(7, { status: "busy" });
  await until("its change is found", () => watch.presences[0]?.status === "busy");
});

test("a registry folder that another replaced is watched anew, though it has the inode of the first", async () => {
  using made = new Made();
  made.starts[7] = "1";
  const folder = path.join(made.root, "sessions");
  const begun: { of: string; watcher: EventEmitter & { close(): void }; closed: boolean }[] = [];
  const watch = made.watch({
    // Looks are too late for this test: only a watch can tell.
    timing: { livenessMs: 3_600_000, goodbyeMs: 10 },
    watch: ((of: string) => {
      const close = () => {
        one.closed = true;
      };
      const one = { of, watcher: Object.assign(new EventEmitter(), { close }), closed: false };
      begun.push(one);
      return one.watcher;
    }) as unknown as NonNullable<PresenceWatchOptions["watch"]>,
  });
  const open = () => begun.filter(({ of, closed }) => of === folder && !closed);
  expect(open()).toHaveLength(1);
  const [first] = open();
  made.write(7, { status: "idle" });
  // As inotify tells that the folder itself is gone.
  first?.watcher.emit("change", "rename", "sessions");
  expect(watch.presences[0]?.status).toBe("idle");
  expect(open()).toHaveLength(1);
  expect(open()[0]).not.toBe(first);
  made.write(7, { status: "busy" });
  open()[0]?.watcher.emit("change", "change", "7.json");
  expect(watch.presences[0]?.status).toBe("busy");
});

test("a root that is given twice, by a link, is told once", async () => {
  using made = new Made();
  made.starts[7] = "1";
  made.write(7, {});
  const link = path.join(made.folder, "link");
  symlinkSync(made.root, link);
  const watch = made.watch({ roots: [link, made.root] });
  expect(watch.presences.map(({ root, session }) => [root, session])).toEqual([[made.root, "s7"]]);
});

test("a process whose start has to be looked up is told once it is known", async () => {
  using made = new Made();
  made.starts[7] = undefined;
  made.write(7, {});
  const watch = made.watch();
  expect(watch.presences).toEqual([]);
  expect(made.refreshes).toBe(1);
  made.starts[7] = "1";
  await until("it is told", () => watch.presences[0]?.life === "alive");
});

test("where what was seen cannot be written down, presence goes on", () => {
  using made = new Made();
  made.starts[7] = "1";
  made.write(7, {});
  const watch = made.watch({ seen: new SeenFile(path.join(made.folder, "missing", "seen.json")) });
  expect(watch.presences).toMatchObject([{ session: "s7", life: "alive" }]);
});

test("a file of notes that is broken counts as none", () => {
  using made = new Made();
  writeFileSync(path.join(made.folder, "seen.json"), '{"boot":"boot","pidNamespace":null,"seen":[{"pid":-1}]}');
  made.write(7, {});
  expect(made.watch().presences).toMatchObject([{ life: "unproven" }]);
});
