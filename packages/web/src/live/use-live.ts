import { createContext, useContext, useSyncExternalStore } from "react";
import type { ConnectionState } from "./connection.ts";
import type { LiveStore } from "./store.ts";

export const LiveContext = createContext<LiveStore | null>(null);

export function useLiveStore(): LiveStore {
  const store = useContext(LiveContext);
  if (store === null) throw new Error("a component that follows the feed stands outside of LiveContext");
  return store;
}

/** What `select` reads from the store; it must give the same object as long as nothing changed. */
export function useLive<T>(select: (store: LiveStore) => T): T {
  const store = useLiveStore();
  return useSyncExternalStore(store.subscribe, () => select(store));
}

export function useConnection(): ConnectionState {
  const { connection } = useLiveStore();
  return useSyncExternalStore(connection.subscribe, connection.getSnapshot);
}

/** What `select` makes of the server's time, each second anew; the component is drawn again only when that changed. */
export function useServerTime<T extends string | number | boolean | null>(select: (now: number) => T): T {
  const { clock } = useLiveStore();
  return useSyncExternalStore(clock.subscribe, () => select(clock.now()));
}
