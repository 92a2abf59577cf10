import type { Token } from "./tokens.ts";
import type { HighlightAnswer, HighlightRequest } from "./worker.ts";

/** Longer code stays plain. */
const MAX_CODE_CHARS = 50_000;
/** A highlighter that takes longer is ended, and started anew with the next code. */
const DEADLINE_MS = 3_000;
const MAX_CACHED = 200;

const cached = new Map<string, readonly Token[]>();
const waiting = new Map<number, { key: string; resolve(tokens: readonly Token[]): void }>();
let worker: Worker | null = null;
let lastId = 0;

/** What stands where in `code`, found in a worker; nothing where it takes too long, or there are no workers. */
export async function tokensIn(language: string, code: string): Promise<readonly Token[]> {
  if (code.length > MAX_CODE_CHARS || typeof Worker === "undefined") return [];
  const key = `${language}\n${code}`;
  const known = cached.get(key);
  if (known !== undefined) return known;
  const id = ++lastId;
  worker ??= start();
  worker.postMessage({ id, language, code } satisfies HighlightRequest);
  const { promise, resolve } = Promise.withResolvers<readonly Token[]>();
  const deadline = setTimeout(() => giveUp(), DEADLINE_MS);
  waiting.set(id, { key, resolve });
  try {
    return await promise;
  } finally {
    clearTimeout(deadline);
  }
}

function start(): Worker {
  const started = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  started.addEventListener("message", ({ data }: MessageEvent<HighlightAnswer>) => {
    const one = waiting.get(data.id);
    if (one === undefined) return;
    waiting.delete(data.id);
    remember(one.key, data.tokens);
    one.resolve(data.tokens);
  });
  started.addEventListener("error", () => giveUp());
  return started;
}

function giveUp(): void {
  worker?.terminate();
  worker = null;
  for (const { key, resolve } of waiting.values()) {
    remember(key, []);
    resolve([]);
  }
  waiting.clear();
}

function remember(key: string, tokens: readonly Token[]): void {
  cached.set(key, tokens);
  const oldest = cached.keys().next();
  if (cached.size > MAX_CACHED && oldest.done === false) cached.delete(oldest.value);
}
