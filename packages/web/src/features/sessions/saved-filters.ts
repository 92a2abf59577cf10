import { SESSION_STATUSES, type SessionFilter } from "@agentpane/protocol";
import { z } from "zod";
import { browserStorage } from "../../api/access.ts";
import { Observable } from "../../observable.ts";

const STORAGE_KEY = "agentpane.filters";
export const MAX_SAVED_FILTERS = 50;
export const MAX_FILTER_NAME_CHARS = 60;
/** The first ones have a key each: 1 to 9. */
export const FILTERS_WITH_KEYS = 9;

const text = z.string().max(500).optional();
const savedFilter = z.object({
  name: z.string().min(1).max(MAX_FILTER_NAME_CHARS),
  filter: z.object({
    status: z.enum(SESSION_STATUSES).optional(),
    project: text,
    branch: text,
    machine: text,
    model: text,
    q: text,
  }),
});
export interface SavedFilter {
  name: string;
  filter: SessionFilter;
}

/** Filters under names, in this browser only. A name is one filter's: saving under it again replaces that one. */
export class SavedFilters extends Observable {
  readonly #storage: Pick<Storage, "getItem" | "setItem">;
  #all: readonly SavedFilter[];

  constructor(storage: Pick<Storage, "getItem" | "setItem">) {
    super();
    this.#storage = storage;
    this.#all = read(storage);
  }

  readonly getSnapshot = (): readonly SavedFilter[] => this.#all;

  /** False where there is no room for another. */
  save(name: string, filter: SessionFilter): boolean {
    const entry = { name: named(name), filter };
    const at = this.#all.findIndex((one) => one.name === entry.name);
    if (at < 0 && this.#all.length >= MAX_SAVED_FILTERS) return false;
    this.#set(at < 0 ? [...this.#all, entry] : this.#all.with(at, entry));
    return true;
  }

  /** A name that another filter has is not taken: false. */
  rename(from: string, to: string): boolean {
    const name = named(to);
    if (name === "" || (name !== from && this.#all.some((one) => one.name === name))) return false;
    this.#set(this.#all.map((one) => (one.name === from ? { ...one, name } : one)));
    return true;
  }

  remove(name: string): void {
    this.#set(this.#all.filter((one) => one.name !== name));
  }

  #set(all: readonly SavedFilter[]): void {
    this.#all = all;
    try {
      this.#storage.setItem(STORAGE_KEY, JSON.stringify(all));
    } catch {
      // Without storage they last as long as the page.
    }
    this.changed();
  }
}

function named(name: string): string {
  return name.trim().slice(0, MAX_FILTER_NAME_CHARS);
}

function read(storage: Pick<Storage, "getItem">): SavedFilter[] {
  try {
    const parsed = z
      .array(savedFilter)
      .max(MAX_SAVED_FILTERS)
      .safeParse(JSON.parse(storage.getItem(STORAGE_KEY) ?? "[]"));
    return parsed.success ? (parsed.data as SavedFilter[]) : [];
  } catch {
    return [];
  }
}

/** The browser's own; made when first asked for, since a browser may refuse storage. */
let own: SavedFilters | null = null;
export function savedFilters(): SavedFilters {
  own ??= new SavedFilters(browserStorage());
  return own;
}
