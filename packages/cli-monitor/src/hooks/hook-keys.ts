import { randomBytes } from "node:crypto";
import path from "node:path";
import { z } from "zod";
import { createFile, openStateFolder, readJson, replaceFile } from "../state/state-folder.ts";

const hookKeys = z.object({
  /** The loopback port of the `http` hook, once one was chosen. */
  port: z.int().min(1).max(65_535).nullable(),
  /** Opens requests, and does nothing else; stands in the agent's settings. */
  token: z.string().regex(/^[0-9a-f]{64}$/),
  /** Proves to each end of the Unix socket that the other is the same user; stands in this file alone. */
  key: z.string().regex(/^[0-9a-f]{64}$/),
});
export type HookKeys = z.infer<typeof hookKeys>;

/** Where all that concerns the hook stands: `state` is this host's part of the state folder. */
export function hookFolder(state: string): string {
  return path.join(state, "hook");
}

/** One for each user and host, made when first asked for, readable by its owner alone. */
export function readHookKeys(state: string): HookKeys {
  const folder = hookFolder(state);
  openStateFolder(state);
  openStateFolder(folder);
  const file = path.join(folder, "keys.json");
  const kept = hookKeys.safeParse(readJson(file));
  if (kept.success) return kept.data;
  const made: HookKeys = { port: null, token: secret(), key: secret() };
  if (createFile(file, textOf(made))) return made;
  // Another start may have made it a moment ago; only one that is broken is replaced.
  const again = hookKeys.safeParse(readJson(file));
  if (again.success) return again.data;
  replaceFile(file, textOf(made));
  return made;
}

/** Notes the port that is listened on from now on. */
export function keepPort(state: string, port: number): HookKeys {
  const keys = { ...readHookKeys(state), port };
  replaceFile(path.join(hookFolder(state), "keys.json"), textOf(keys));
  return keys;
}

function textOf(keys: HookKeys): string {
  return `${JSON.stringify(keys)}\n`;
}

function secret(): string {
  return randomBytes(32).toString("hex");
}
