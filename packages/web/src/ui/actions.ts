/** A second key that makes a sequence, such as "g s", has to come within this time. */
const SEQUENCE_MS = 1_000;

/** Where a key stands in the list of keys. */
export const KEY_GROUPS = ["move", "list", "session", "page"] as const;
export type KeyGroup = (typeof KEY_GROUPS)[number];

/** `false`: not for me, ask the one who registered before. */
export type KeyRun = (event: KeyboardEvent) => unknown;
export interface KeyAbout {
  /** What it does: "next session". Keys of the same words share a line. */
  label: string;
  group: KeyGroup;
}

/** Something that a person can have done by name. */
export interface Action {
  /** Names it for the page's own purposes. */
  id: string;
  /** "Delete this session" */
  label: string;
  /** Other words under which it is looked for. */
  words?: string;
  /** A key that does the same, as the list of keys says it. */
  key?: string;
  group?: KeyGroup;
  run(): void;
}

/** What one mounted part of the page brings: keys to be pressed and actions to be found by name. */
export interface ActionLayer {
  keys: readonly (readonly [key: string, run: KeyRun, about?: KeyAbout | undefined])[];
  actions: readonly Action[];
}

export interface ListedKey extends KeyAbout {
  keys: string[];
}

/**
 * The one truth about what can be done now, and by which key. Parts of the page add what they can while they are there;
 * the list of keys and the palette read what stands in it. Knows no React.
 */
export class ActionRegistry {
  readonly #layers: { current: ActionLayer }[] = [];
  #prefix = "";
  #prefixUntil = 0;

  /** The returned function takes the layer away. What is in it may be replaced at any time. */
  readonly add = (layer: { current: ActionLayer }): (() => void) => {
    if (this.#layers.length === 0) window.addEventListener("keydown", this.#onKeyDown);
    this.#layers.push(layer);
    return () => {
      this.#layers.splice(this.#layers.indexOf(layer), 1);
      if (this.#layers.length === 0) window.removeEventListener("keydown", this.#onKeyDown);
    };
  };

  /** Every action by id, the last that was added where two have the same. */
  actions(): Action[] {
    const byId = new Map<string, Action>();
    for (const layer of this.#layers) for (const action of layer.current.actions) byId.set(action.id, action);
    return [...byId.values()];
  }

  /** Every key that does something now, in the order of the groups. */
  keys(): ListedKey[] {
    const listed = new Map<string, ListedKey>();
    for (const [key, , about] of this.#allKeys()) {
      if (about === undefined) continue;
      const name = `${about.group} ${about.label}`;
      const line = listed.get(name) ?? { ...about, keys: [] };
      if (!line.keys.includes(key)) line.keys.push(key);
      listed.set(name, line);
    }
    return [...listed.values()].sort((a, b) => KEY_GROUPS.indexOf(a.group) - KEY_GROUPS.indexOf(b.group));
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (target?.closest("[role=dialog], [role=alertdialog], [role=menu]")) return;
    const key = nameOf(event);
    if (key === null) return;
    if (isField(target) && key !== "Escape" && !key.startsWith("Mod+")) return;
    const now = event.timeStamp;
    const sequence = this.#prefix !== "" && now < this.#prefixUntil ? `${this.#prefix} ${key}` : null;
    this.#prefix = "";
    if ((sequence !== null && this.#run(sequence, event)) || this.#run(key, event)) {
      event.preventDefault();
      return;
    }
    if (this.#allKeys().some(([name]) => name.startsWith(`${key} `))) {
      this.#prefix = key;
      this.#prefixUntil = now + SEQUENCE_MS;
    }
  };

  #run(key: string, event: KeyboardEvent): boolean {
    for (const layer of [...this.#layers].reverse()) {
      const handler = keysOf(layer.current).find(([name]) => name === key);
      if (handler !== undefined && handler[1](event) !== false) return true;
    }
    return false;
  }

  #allKeys(): ActionLayer["keys"] {
    return this.#layers.flatMap((layer) => keysOf(layer.current));
  }
}

/** The page's own: keys are pressed on one window. */
export const registry = new ActionRegistry();

/** ⌘ on a Mac, where Ctrl belongs to the fields; Ctrl elsewhere. */
export function isMac(): boolean {
  return /Mac|iP(hone|ad)/.test(navigator.platform);
}

/** Null where it is a key of the browser's or the system's. */
function nameOf(event: KeyboardEvent): string | null {
  const { ctrlKey, metaKey, altKey, key } = event;
  // Many keyboards have [ and ] on a third level, which is held with Alt or AltGr.
  if (event.getModifierState?.("AltGraph")) return key;
  if (altKey) return isMac() && !ctrlKey && !metaKey ? key : null;
  const [mod, other] = isMac() ? [metaKey, ctrlKey] : [ctrlKey, metaKey];
  if (other) return null;
  return mod ? `Mod+${key.toLowerCase()}` : key;
}

function keysOf(layer: ActionLayer): ActionLayer["keys"] {
  return [...layer.keys, ...layer.actions.flatMap(keyOfAction)];
}

function keyOfAction(action: Action): ActionLayer["keys"] {
  const { key, group = "page", label } = action;
  return key === undefined ? [] : [[key, () => action.run(), { label, group }]];
}

function isField(target: HTMLElement | null): boolean {
  return target !== null && (target.matches("input, textarea, select") || target.isContentEditable);
}
