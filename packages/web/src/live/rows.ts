import type { FeedCursor, LiveServerFrame, MachineRow, RequestRow, SessionRow } from "@agentpane/protocol";

type Snapshot = Extract<LiveServerFrame, { type: "snapshot" }>;
type Changes = Extract<LiveServerFrame, { type: "changes" }>;

/** Deleted sessions are remembered so that a late frame or page does not bring them back; the next snapshot forgets them. */
const MAX_TOMBSTONES = 10_000;
/** Requests that were closed while the page looked, kept so that it can say what became of them. */
const MAX_CLOSED_REQUESTS = 200;

/**
 * The rows that the feed told of. Each row carries the `n` of the frame that last said something of it, and an older frame
 * never overrides it: frames may repeat and, across a reconnect, come in any order, and the rows still converge.
 */
export class LiveRows {
  /** Changes in place; a row's object is replaced when the row changed and keeps its identity when not. */
  readonly sessions = new Map<string, SessionRow>();
  #epoch: string | null = null;
  /** The newest frame of either kind, and the newest snapshot. */
  #n = -1;
  #snapshotN = -1;
  #total = 0;
  #machines: readonly MachineRow[] = [];
  /** Those that stand open, and those that were closed while the page looked; replaced when something changed. */
  #requests: ReadonlyMap<string, RequestRow> = new Map();
  readonly #requestVersions = new Map<string, number>();
  readonly #versions = new Map<string, number>();
  readonly #machineVersions = new Map<string, number>();
  /** Rises with every snapshot that replaced what was there: rows that came over HTTP are gone then. */
  #resets = 0;

  /** Where to resume; null before the first snapshot. */
  get cursor(): FeedCursor | null {
    return this.#epoch === null ? null : { epoch: this.#epoch, n: this.#n };
  }
  get total(): number {
    return this.#total;
  }
  get machines(): readonly MachineRow[] {
    return this.#machines;
  }
  get requests(): ReadonlyMap<string, RequestRow> {
    return this.#requests;
  }
  get resets(): number {
    return this.#resets;
  }

  /** Whether anything changed. */
  apply(frame: Snapshot | Changes): boolean {
    return frame.type === "snapshot" ? this.#applySnapshot(frame) : this.#applyChanges(frame);
  }

  /** Older sessions, from a page over HTTP. The feed knows better where it has spoken of one. */
  admit(rows: readonly SessionRow[]): boolean {
    let changed = false;
    for (const row of rows) {
      if (this.#versions.has(row.id) || this.sessions.get(row.id) === row) continue;
      this.sessions.set(row.id, row);
      changed = true;
    }
    return changed;
  }

  #applySnapshot(frame: Snapshot): boolean {
    if (frame.epoch === this.#epoch && frame.n <= this.#snapshotN) return false;
    if (frame.epoch !== this.#epoch) this.#forget(frame.epoch);
    const listed = new Set(frame.sessions.map((row) => row.id));
    for (const id of [...this.sessions.keys()]) {
      if (!listed.has(id) && (this.#versions.get(id) ?? -1) <= frame.n) this.sessions.delete(id);
    }
    for (const [id, version] of this.#versions) if (version <= frame.n) this.#versions.delete(id);
    for (const row of frame.sessions) this.#put(row, frame.n);
    const machines = new Set(frame.machines.map((machine) => machine.id));
    this.#machines = this.#machines.filter(
      (machine) => machines.has(machine.id) || (this.#machineVersions.get(machine.id) ?? -1) > frame.n,
    );
    this.#putMachines(frame.machines, frame.n);
    this.#standOnly(frame.requests ?? [], frame.n);
    this.#snapshotN = frame.n;
    this.#advance(frame);
    this.#resets += 1;
    return true;
  }

  #applyChanges(frame: Changes): boolean {
    if (frame.epoch !== this.#epoch || frame.n <= this.#snapshotN) return false;
    for (const row of frame.sessions) this.#put(row, frame.n);
    for (const id of frame.removed) {
      if ((this.#versions.get(id) ?? -1) > frame.n) continue;
      this.sessions.delete(id);
      this.#versions.set(id, frame.n);
    }
    this.#boundTombstones();
    this.#putMachines(frame.machines, frame.n);
    this.#putRequests(frame.requests ?? [], frame.n);
    this.#advance(frame);
    return true;
  }

  /** A snapshot names all that stand open: others that were open before it were closed while nobody told us. */
  #standOnly(rows: readonly RequestRow[], n: number): void {
    const open = new Set(rows.map((row) => row.id));
    const kept = new Map(this.#requests);
    for (const [id, row] of this.#requests) {
      if (row.state !== "open" || open.has(id) || (this.#requestVersions.get(id) ?? -1) > n) continue;
      kept.delete(id);
      this.#requestVersions.delete(id);
    }
    this.#requests = kept;
    this.#putRequests(rows, n);
  }

  #putRequests(rows: readonly RequestRow[], n: number): void {
    if (rows.length === 0) return;
    const byId = new Map(this.#requests);
    for (const row of rows) {
      if ((this.#requestVersions.get(row.id) ?? -1) > n) continue;
      this.#requestVersions.set(row.id, n);
      // What was closed goes to the end, so that the oldest closed one is the first of them.
      byId.delete(row.id);
      byId.set(row.id, row);
    }
    let surplus = [...byId.values()].filter((row) => row.state !== "open").length - MAX_CLOSED_REQUESTS;
    for (const [id, row] of byId) {
      if (surplus <= 0) break;
      if (row.state === "open") continue;
      byId.delete(id);
      this.#requestVersions.delete(id);
      surplus -= 1;
    }
    this.#requests = byId;
  }

  #put(row: SessionRow, n: number): void {
    if ((this.#versions.get(row.id) ?? -1) > n) return;
    this.#versions.set(row.id, n);
    this.sessions.set(row.id, row);
  }

  #putMachines(rows: readonly MachineRow[], n: number): void {
    if (rows.length === 0) return;
    const byId = new Map(this.#machines.map((machine) => [machine.id, machine]));
    for (const row of rows) {
      if ((this.#machineVersions.get(row.id) ?? -1) > n) continue;
      this.#machineVersions.set(row.id, n);
      byId.set(row.id, row);
    }
    this.#machines = [...byId.values()].sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
  }

  #advance(frame: Snapshot | Changes): void {
    if (frame.n < this.#n) return;
    this.#n = frame.n;
    this.#total = frame.total;
  }

  #forget(epoch: string): void {
    this.#epoch = epoch;
    this.#n = -1;
    this.#snapshotN = -1;
    this.#machines = [];
    this.sessions.clear();
    this.#versions.clear();
    this.#machineVersions.clear();
    this.#requests = new Map();
    this.#requestVersions.clear();
  }

  #boundTombstones(): void {
    let surplus = this.#versions.size - this.sessions.size - MAX_TOMBSTONES;
    for (const id of this.#versions.keys()) {
      if (surplus <= 0) return;
      if (this.sessions.has(id)) continue;
      this.#versions.delete(id);
      surplus -= 1;
    }
  }
}
