import type { Screen } from "./screen.ts";

/**
 * Keys that are pressed for a person. `submit` is Ctrl+X Enter, which client 2.1.330 calls chat:queueSubmit and takes in its
 * input line alone: where a dialog opened a moment before, the two keys are swallowed there, while Enter alone would
 * answer it. Clients that do not know it take the Enter.
 */
export const KEYS = { submit: "\x18\r", interrupt: "\x1b", clearLine: "\x15" } as const;
export type Key = keyof typeof KEYS;

/** The terminal that an agent's process runs in, as far as we may use it. */
export interface Pane {
  /** Rejects where it is gone. */
  look(): Promise<Screen>;
  /** Why nothing may be typed there now; null where it may. */
  obstacle(): Promise<string | null>;
  /** As one bracketed paste; holds no control character but newlines. */
  paste(words: string): Promise<void>;
  press(key: Key, times?: number): Promise<void>;
}
