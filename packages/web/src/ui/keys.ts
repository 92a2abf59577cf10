import { useEffect, useRef } from "react";

/** A second key that makes a sequence, such as "g s", has to come within this time. */
const SEQUENCE_MS = 1_000;

/** A key and what it does; `false` passes it on to whoever registered before, and then to the browser. */
export type KeyHandler = readonly [key: string, run: (event: KeyboardEvent) => unknown];
type KeyHandlers = readonly KeyHandler[];

const layers: { current: KeyHandlers }[] = [];
let prefix = "";
let prefixUntil = 0;

/**
 * Keys of a part of the page, as long as it is mounted: "j", "Escape", "g s". The part mounted last is asked first. Keys
 * typed into a field belong to the field, save Escape; those in a dialog or menu belong to it.
 */
export function useKeys(handlers: KeyHandlers): void {
  const layer = useRef(handlers);
  useEffect(() => {
    layer.current = handlers;
  });
  useEffect(() => {
    if (layers.length === 0) window.addEventListener("keydown", onKeyDown);
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      if (layers.length === 0) window.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (target?.closest("[role=dialog], [role=menu]")) return;
  if (isField(target) && event.key !== "Escape") return;
  const now = event.timeStamp;
  const sequence = prefix !== "" && now < prefixUntil ? `${prefix} ${event.key}` : null;
  prefix = "";
  if ((sequence !== null && run(sequence, event)) || run(event.key, event)) {
    event.preventDefault();
    return;
  }
  if (layers.some((layer) => layer.current.some(([key]) => key.startsWith(`${event.key} `)))) {
    prefix = event.key;
    prefixUntil = now + SEQUENCE_MS;
  }
}

function run(key: string, event: KeyboardEvent): boolean {
  for (const layer of [...layers].reverse()) {
    const handler = layer.current.find(([name]) => name === key);
    if (handler !== undefined && handler[1](event) !== false) return true;
  }
  return false;
}

function isField(target: HTMLElement | null): boolean {
  return target !== null && (target.matches("input, textarea, select") || target.isContentEditable);
}
