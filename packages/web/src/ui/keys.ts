import { useEffect, useRef } from "react";
import { type Action, type KeyAbout, type KeyRun, registry } from "./actions.ts";

/**
 * A key and what it does: "j", "Escape", "g s", "Mod+k" (⌘ on a Mac, else Ctrl). `run` answers `false` to pass it on to
 * whoever registered before, and then to the browser. A key that is said `about` stands in the list of keys.
 */
export type KeyHandler = readonly [key: string, run: KeyRun, about?: KeyAbout | undefined];

/**
 * Keys of a part of the page, as long as it is mounted. The part mounted last is asked first. Keys typed into a field
 * belong to the field, save Escape and those with Mod; those in a dialog or menu belong to it.
 */
export function useKeys(handlers: readonly KeyHandler[]): void {
  useLayer(handlers, NO_ACTIONS);
}

/** What a part of the page can do, as long as it is mounted, for the palette; and its keys, where it has some. */
export function useActions(actions: readonly Action[]): void {
  useLayer(NO_KEYS, actions);
}

const NO_KEYS: readonly KeyHandler[] = [];
const NO_ACTIONS: readonly Action[] = [];

function useLayer(keys: readonly KeyHandler[], actions: readonly Action[]): void {
  const layer = useRef({ keys, actions });
  useEffect(() => {
    layer.current = { keys, actions };
  });
  useEffect(() => registry.add(layer), []);
}
