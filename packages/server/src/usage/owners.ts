import { insertOwner, nameId, type Owner, ownerById, ownerOf, setOwnerType, subagentType } from "../store/rollups.ts";
import type { Db } from "../store/sqlite.ts";

/** Numbers kept in memory; what is beyond them is read from the store again. */
const MAX_KEPT = 20_000;

/** Numbers of who spends, of models and of machines; made where they are new. Within the writer's transaction. */
export class Owners {
  readonly #db: Db;
  readonly #ids = new Map<string, number>();
  readonly #owners = new Map<number, Owner>();
  readonly #names = new Map<string, number>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** `subagent` is empty for the session's own spend. */
  id(session: string, subagent: string): number {
    const key = keyOf(session, subagent);
    const kept = this.#ids.get(key);
    if (kept !== undefined) return kept;
    let owner = ownerOf(this.#db, session, subagent);
    if (owner === undefined) {
      const type = subagent === "" ? null : subagentType(this.#db, session, subagent);
      owner = { id: insertOwner(this.#db, session, subagent, type), session, subagent, type };
    }
    this.#keep(owner);
    return owner.id;
  }

  session(id: number): string {
    const owner = this.#owners.get(id) ?? ownerById(this.#db, id);
    if (owner === undefined) throw new Error(`a response is counted for the owner ${id}, who is not there`);
    this.#keep(owner);
    return owner.session;
  }

  name(name: string): number {
    let id = this.#names.get(name);
    if (id === undefined) {
      id = nameId(this.#db, name);
      if (this.#names.size >= MAX_KEPT) this.#names.clear();
      this.#names.set(name, id);
    }
    return id;
  }

  typeSaid(session: string, subagent: string): void {
    const owner = ownerOf(this.#db, session, subagent);
    if (owner === undefined) return;
    const type = subagentType(this.#db, session, subagent);
    if (type === owner.type) return;
    setOwnerType(this.#db, owner.id, type);
    if (this.#owners.has(owner.id)) this.#owners.set(owner.id, { ...owner, type });
  }

  forget(ids: readonly number[]): void {
    for (const id of ids) {
      const owner = this.#owners.get(id);
      if (owner === undefined) continue;
      this.#owners.delete(id);
      this.#ids.delete(keyOf(owner.session, owner.subagent));
    }
  }

  forgetAll(): void {
    this.#ids.clear();
    this.#owners.clear();
    this.#names.clear();
  }

  #keep(owner: Owner): void {
    if (this.#owners.size >= MAX_KEPT) {
      this.#ids.clear();
      this.#owners.clear();
    }
    this.#ids.set(keyOf(owner.session, owner.subagent), owner.id);
    this.#owners.set(owner.id, owner);
  }
}

function keyOf(session: string, subagent: string): string {
  return `${session}\n${subagent}`;
}
