import {
  AgentPaneError,
  type DeregisterBody,
  type HeartbeatBody,
  MACHINE_SILENT_MS,
  type MachineRow,
  PROTOCOL_VERSION,
  type RegisterBody,
  type SourceCursor,
} from "@agentpane/protocol";
import { machineRowAt } from "../fold/machine-row.ts";
import { isSilent, type RowMachine } from "../fold/row.ts";
import {
  allMachines,
  countSessionsOfMachine,
  machineById,
  machineLeft,
  machineSeen,
  type StoredMachine,
  saveMachine,
  saveReport,
} from "../store/machines.ts";
import { cursorsOfMachine } from "../store/sources.ts";
import type { Db } from "../store/sqlite.ts";
import { bindToken, tokenMachine } from "../store/tokens.ts";
import { protocolMismatch } from "./body.ts";

/** The writer's view of machines: few, so all of them, read once and changed here and in the store alike. */
export class Machines {
  readonly #db: Db;
  readonly #byId = new Map<string, StoredMachine>();
  /** Those whose silence the feed has been told of. */
  readonly #silent = new Set<string>();

  constructor(db: Db, now: number) {
    this.#db = db;
    this.#reload();
    for (const machine of this.#byId.values()) if (isSilent(machine, now)) this.#silent.add(machine.id);
  }

  /** After a transaction that was rolled back: each next sign of life is told again, in case its telling was lost. */
  distrust(): void {
    this.#reload();
    for (const id of this.#byId.keys()) this.#silent.add(id);
  }

  knows(id: string): boolean {
    return this.#byId.has(id);
  }

  rowMachine(id: string): RowMachine {
    const machine = this.#byId.get(id);
    if (machine === undefined) return { id, name: id, lastSeenAt: 0, left: true };
    return { id, name: machine.name, lastSeenAt: machine.lastSeenAt, left: machine.leftAt !== null };
  }

  row(id: string, now: number): MachineRow | null {
    const machine = this.#byId.get(id);
    return machine === undefined ? null : machineRowAt(machine, countSessionsOfMachine(this.#db, id), now);
  }

  /** Whether the feed was told that it is silent, which a sign of life then mends. */
  wasSilent(id: string): boolean {
    return this.#silent.has(id);
  }

  /** Machines that fell silent since the last look. */
  fallenSilent(now: number): string[] {
    const fallen = [...this.#byId.values()].filter(
      (machine) => isSilent(machine, now) && !this.#silent.has(machine.id),
    );
    for (const machine of fallen) this.#silent.add(machine.id);
    return fallen.map((machine) => machine.id);
  }

  /** When the next machine falls silent, if nothing is heard until then. */
  nextSilence(): number | null {
    const times = [...this.#byId.values()]
      .filter((machine) => !this.#silent.has(machine.id))
      .map((machine) => machine.lastSeenAt + MACHINE_SILENT_MS);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Binds the token on first use. Answers all cursors of the machine. */
  register(token: string, body: RegisterBody, now: number): SourceCursor[] {
    if (body.protocol !== PROTOCOL_VERSION) throw protocolMismatch(body.protocol);
    const bound = tokenMachine(this.#db, token, now);
    if (bound === undefined) throw new AgentPaneError("unauthenticated", "The token is unknown, expired or revoked.");
    const known = this.#byId.get(body.machine);
    if (bound.machine !== null && bound.machine !== body.machine) {
      throw new AgentPaneError("machine_mismatch", "This token is bound to another machine.");
    }
    if (known !== undefined && known.hostSha256 !== body.hostSha256) {
      throw new AgentPaneError(
        "machine_mismatch",
        `The id of machine "${known.name}" came from another host: a copied home needs a machine id of its own.`,
      );
    }
    if (bound.machine === null) bindToken(this.#db, token, body.machine);
    saveMachine(this.#db, body, now);
    this.#refresh(body.machine, now);
    return cursorsOfMachine(this.#db, body.machine);
  }

  /** False where the monitor should register: machine or token is new here, or another start of it registered since. */
  heartbeat(token: string, body: HeartbeatBody, now: number): boolean {
    const known = this.#spokenFor(token, body, now);
    if (known === null || known.leftAt !== null) return false;
    saveReport(this.#db, body.machine, body.report, now);
    this.#refresh(body.machine, now);
    return true;
  }

  /** Says goodbye for this start of the monitor only: of an older one that ends late, false. */
  deregister(token: string, body: DeregisterBody, now: number): boolean {
    if (this.#spokenFor(token, body, now) === null) return false;
    machineLeft(this.#db, body.machine, now);
    this.#refresh(body.machine, now);
    return true;
  }

  /**
   * Whether this start of the machine's monitor is the one that registered last. What an earlier start had under way when it died
   * may come after its successor was told the cursors, and would be stored beside what that makes of the same file.
   */
  isStart(id: string, bootId: string): boolean {
    return this.#byId.get(id)?.bootId === bootId;
  }

  /** A body of segments is a sign of life too. */
  seen(id: string, now: number): void {
    const machine = this.#byId.get(id);
    if (machine === undefined || machine.lastSeenAt >= now) return;
    machineSeen(this.#db, id, now);
    machine.lastSeenAt = now;
    if (!isSilent(machine, now)) this.#silent.delete(id);
  }

  /** The machine that the token speaks for; null where this start of it has not registered with this token. */
  #spokenFor(token: string, body: { machine: string; bootId: string }, now: number): StoredMachine | null {
    const bound = tokenMachine(this.#db, token, now);
    if (bound === undefined) throw new AgentPaneError("unauthenticated", "The token is unknown, expired or revoked.");
    if (bound.machine === null) return null;
    if (bound.machine !== body.machine) {
      throw new AgentPaneError("machine_mismatch", "This token is bound to another machine.");
    }
    const known = this.#byId.get(body.machine);
    return known?.bootId === body.bootId ? known : null;
  }

  #reload(): void {
    this.#byId.clear();
    for (const machine of allMachines(this.#db)) this.#byId.set(machine.id, machine);
  }

  #refresh(id: string, now: number): void {
    const machine = machineById(this.#db, id);
    if (machine === undefined) return;
    this.#byId.set(id, machine);
    if (!isSilent(machine, now)) this.#silent.delete(id);
  }
}
