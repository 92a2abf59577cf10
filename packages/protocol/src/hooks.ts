import { z } from "zod";

export const hookAskId = z.string().regex(/^h_[0-9a-f]{32}$/);

/**
 * Whether the hook stands in one settings file. `changed`: something of ours is there, but not as we wrote it.
 * `invalid`: the file cannot be read as JSON, `problem` says where.
 */
export const HOOK_STATES = ["installed", "absent", "changed", "invalid"] as const;
export const hookFile = z.object({
  /** Path of the agent's settings file on its machine. */
  path: z.string().min(1).max(4096),
  state: z.enum(HOOK_STATES),
  problem: z.string().max(1000).nullable(),
  /** What `install` would change, or `uninstall` where it is installed: a unified diff. Null where nothing would. */
  diff: z.object({ action: z.enum(["install", "uninstall"]), text: z.string().max(256 * 1024) }).nullable(),
});
export type HookFile = z.infer<typeof hookFile>;

/** The hook on one machine: in each root's settings, and what answers it. */
export const hooksReport = z.object({
  /** Whether the monitor listens for the hook now. */
  listening: z.boolean(),
  /** "http" to a loopback port, or "command" over a Unix socket where other users can log in. */
  how: z.enum(["http", "command"]).nullable(),
  /** Why it is so, or what is wrong, in a sentence. */
  reason: z.string().max(1000).nullable(),
  files: z.array(hookFile).max(50),
});
export type HooksReport = z.infer<typeof hooksReport>;

export const HOOK_ACTIONS = ["install", "uninstall"] as const;
/** `POST /machines/:id/hooks`; answered like `GET`, with what stands then. */
export const hooksBody = z.object({ action: z.enum(HOOK_ACTIONS) });
export type HooksBody = z.infer<typeof hooksBody>;
