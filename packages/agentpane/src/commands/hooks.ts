import { type RawMonitorConfig, runHooksChange, runHooksStatus } from "@agentpane/cli-monitor";
import { print } from "../terminal/print.ts";

export interface HookFlags {
  root: string[];
  dryRun?: boolean;
  json?: boolean;
}

/** Puts the agent's hook into every root's settings, or takes it out; ends with the exit code that says so. */
export async function changeHooks(action: "install" | "uninstall", flags: HookFlags): Promise<void> {
  const { dryRun = false, json = false } = flags;
  process.exitCode = await runHooksChange(rawOf(flags), action, { dryRun, json }, print);
}

export async function printHooks(flags: HookFlags): Promise<void> {
  process.exitCode = await runHooksStatus(rawOf(flags), flags.json === true, print);
}

function rawOf({ root }: HookFlags): RawMonitorConfig {
  return { roots: root };
}
