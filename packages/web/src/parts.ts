/** Pauses between tries to load a part of the page. */
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 10_000;

const all: (() => Promise<unknown>)[] = [];

/**
 * A part of the page that is loaded apart from the first sight. It never fails: while the server is away it waits and
 * tries again, since a fault in the place of what a person reads would be worse than its plainer form.
 */
export function part<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loading: Promise<Module> | null = null;
  const once = (): Promise<Module> => {
    loading ??= patiently(load);
    return loading;
  };
  all.push(once);
  return once;
}

/** Loads every part once the browser has nothing better to do, so that a server that goes away later is not missed. */
export function loadPartsWhenIdle(): void {
  const loadAll = () => {
    for (const load of all) void load();
  };
  // Safari has no idle callback.
  if ("requestIdleCallback" in window) window.requestIdleCallback(loadAll, { timeout: 2_000 });
  else setTimeout(loadAll, 1_000);
}

async function patiently<Module>(load: () => Promise<Module>): Promise<Module> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
