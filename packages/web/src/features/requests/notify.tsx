import { useEffect, useState, useSyncExternalStore } from "react";
import type { LiveStore } from "../../live/store.ts";
import { useLiveStore } from "../../live/use-live.ts";
import { Observable } from "../../observable.ts";
import { requestsTexts as words } from "../../texts/requests.ts";
import { Button } from "../../ui/controls.tsx";
import { titleOf } from "../sessions/row.tsx";

const WANTED_KEY = "agentpane.notify";

/** Whether a person asked for notifications of this desktop, and the browser allows them. */
class Wish extends Observable {
  #wanted = readWish();

  readonly getSnapshot = (): boolean => this.#wanted && isAllowed();

  set(wanted: boolean): void {
    this.#wanted = wanted;
    try {
      localStorage.setItem(WANTED_KEY, wanted ? "yes" : "no");
    } catch {
      // A forbidden storage: the wish lives as long as this page.
    }
    this.changed();
  }
}

function readWish(): boolean {
  try {
    return localStorage.getItem(WANTED_KEY) === "yes";
  } catch {
    return false;
  }
}

function isAllowed(): boolean {
  return typeof Notification !== "undefined" && Notification.permission === "granted";
}

const wish = new Wish();

/** Asks for notifications on a click, never by itself. Absent where the browser has none. */
export function NotifyButton() {
  const on = useSyncExternalStore(wish.subscribe, wish.getSnapshot);
  const [refused, setRefused] = useState(false);
  if (typeof Notification === "undefined") return null;
  const toggle = async (): Promise<void> => {
    if (on) return wish.set(false);
    const permission = await Notification.requestPermission();
    setRefused(permission !== "granted");
    wish.set(permission === "granted");
  };
  return (
    <span className="flex items-center gap-2 text-fg-3 text-s">
      {refused && <span role="alert">{words.notifyRefused}</span>}
      <Button look="bare" aria-pressed={on} onClick={() => void toggle()}>
        {on ? words.notifyOn : words.notify}
      </Button>
    </span>
  );
}

/** Shows a notification for each request that opens while this page is not looked at. */
export function Notifications() {
  const store = useLiveStore();
  const on = useSyncExternalStore(wish.subscribe, wish.getSnapshot);
  useEffect(() => (on ? notifyOf(store) : undefined), [store, on]);
  return null;
}

function notifyOf(store: LiveStore): () => void {
  let known = new Set(store.requests.keys());
  return store.subscribe(() => {
    const before = known;
    known = new Set(store.requests.keys());
    if (document.visibilityState === "visible" && document.hasFocus()) return;
    for (const row of store.requests.values()) {
      if (row.state !== "open" || before.has(row.id)) continue;
      const session = store.sessions.get(row.session);
      const title = session === undefined ? words.unknownSession : titleOf(session);
      const shown = new Notification(words.came(words.kind[row.kind], title), { body: row.summary, tag: row.id });
      shown.onclick = () => window.focus();
    }
  });
}
