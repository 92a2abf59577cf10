/** What the exit codes of `cli-monitor` mean; README.md lists the same. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** What was asked for contradicts itself or is incomplete; the message says how to mend it. */
  usage: 2,
  notRunning: 3,
  alreadyRunning: 4,
  /** The server refuses the token, the machine or the protocol. */
  refused: 5,
  /** The detached monitor ended at once; its log says why. */
  startFailed: 6,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
