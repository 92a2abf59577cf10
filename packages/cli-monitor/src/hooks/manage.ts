import type { HookFormat } from "@agentpane/agents";
import type { HooksReport } from "@agentpane/protocol";
import { keepPort, readHookKeys } from "./hook-keys.ts";
import { havePort, wayReason } from "./hooks.ts";
import { changeHooks, type HookAction, type HookPlaces, hookDiffs, hookFiles } from "./install.ts";
import { othersCanLogIn } from "./other-users.ts";
import { freePort, type Listening, probePort, probeSocket } from "./probe.ts";
import { socketPlace } from "./socket-place.ts";

export interface ManageOptions {
  /** This host's part of the state folder. */
  state: string;
  roots: readonly string[];
  format: HookFormat;
  /** Found out unless said. */
  othersCanLogIn?: boolean;
}

/** How the hook stands, seen from outside the monitor. */
export async function hooksStatus(options: ManageOptions): Promise<HooksReport> {
  const places = placesOf(options);
  const listening = await probe(places);
  const trouble = troubleOf(listening, places);
  return {
    listening: listening === "ours",
    how: places.way,
    reason: trouble ?? wayReason(places.way),
    files: hookFiles(places),
  };
}

/**
 * The change as unified diffs, made unless `dryRun`. A port that something else has is given up for another; a monitor that runs
 * follows within seconds. Throws `settings_invalid` and `conflict`.
 */
export async function manageHooks(options: ManageOptions, action: HookAction, dryRun: boolean): Promise<string[]> {
  const places = placesOf(options);
  if (action === "install") {
    const isSquatted = places.way === "http" && (await probe(places)) === "foreign";
    if (isSquatted) keepPort(places.state, await freePort());
    else await havePort(places);
  }
  const diffs = hookDiffs(places, action);
  if (!dryRun) changeHooks(places, action);
  return diffs;
}

function placesOf({ state, roots, format, othersCanLogIn: others }: ManageOptions): HookPlaces {
  return { state, roots, format, way: (others ?? othersCanLogIn()) ? "command" : "http" };
}

function probe({ state, way }: HookPlaces): Promise<Listening> {
  const keys = readHookKeys(state);
  return way === "http" ? probePort(keys) : probeSocket(socketPlace(state).path, keys);
}

function troubleOf(listening: Listening, { state, way }: HookPlaces): string | null {
  if (listening === "ours") return null;
  if (listening === "nobody") return "No monitor listens: requests stay in the terminal until one runs.";
  const where = way === "http" ? `port ${readHookKeys(state).port}` : socketPlace(state).path;
  return `Something that is not the monitor has ${where}. Run \`agentpane hooks install\` again.`;
}
