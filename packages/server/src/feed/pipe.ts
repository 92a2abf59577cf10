import type { Frame } from "./frame.ts";

/** Bytes that may wait towards one reader, beyond a snapshot just sent to it. */
export const MAX_WAITING_BYTES = 1024 * 1024;
/** A reader that takes nothing for so long is gone. */
export const MAX_STALL_MS = 60_000;

/** One live reader, whatever it reads with. */
export interface Pipe {
  write(frame: Frame): void;
  /** Bytes handed over that its socket has not taken yet. */
  readonly waitingBytes: number;
  /** Calls `run` once everything handed over was taken. Never, where the reader is gone before. */
  whenDrained(run: () => void): void;
  /** Ends it as gone. */
  destroy(): void;
  readonly closed: boolean;
}
