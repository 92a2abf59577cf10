import type { LibraryModel } from "./library.ts";

/** Claude Code's mark for "with the 1M window" (its model configuration page, 2026). */
const LONG_SUFFIX = /\[1m\]$/;
const LONG_WINDOW_TOKENS = 1_000_000;

/**
 * Context windows that the library lacks, in tokens, with their sources.
 * claude-sonnet-5-5: `context_window_size` of the client's status line, Claude Code 2.1.330
 * (fixtures/claude-code-2.1.330/statusline).
 */
const OWN_WINDOWS: ReadonlyMap<string, number> = new Map([["claude-sonnet-5-5", LONG_WINDOW_TOKENS]]);

/**
 * Tokens that fit into the window of `model`, of which `listedId` is the listed name; null where nobody says. A request that was
 * longer than the listed window was made with the 1M one: transcripts name the model without the mark.
 */
export function contextWindow(
  model: string,
  listedId: string | null,
  contextTokens: number,
  library: readonly LibraryModel[],
): number | null {
  if (LONG_SUFFIX.test(model)) return LONG_WINDOW_TOKENS;
  if (listedId === null) return null;
  const listed = OWN_WINDOWS.get(listedId) ?? library.find(({ id }) => id === listedId)?.context_window ?? null;
  return listed !== null && contextTokens > listed ? Math.max(listed, LONG_WINDOW_TOKENS) : listed;
}
