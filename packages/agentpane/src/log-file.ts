import { closeSync, openSync, renameSync, statSync } from "node:fs";

/** A longer one is set aside at the next start; the one set aside before goes. */
const MAX_LOG_BYTES = 5 * 1024 * 1024;

/** The log of `up`, readable by its owner alone, to be appended to. */
export function openLog(path: string): Disposable & { descriptor: number } {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
  const descriptor = openSync(path, "a", 0o600);
  return { descriptor, [Symbol.dispose]: () => closeSync(descriptor) };
}
