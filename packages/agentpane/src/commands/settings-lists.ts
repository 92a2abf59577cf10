import { DEFAULT_DANGEROUS, type Settings as ServerSettings, settings } from "@agentpane/protocol";
import { Misuse } from "../misuse.ts";

/** Settings that are lists of texts. */
export const LISTS = ["dangerous", "holdPrintProjects"] as const;
export type ListName = (typeof LISTS)[number];

/** What counts where a list was never set. */
const DEFAULTS: Readonly<Record<ListName, readonly string[]>> = { dangerous: DEFAULT_DANGEROUS, holdPrintProjects: [] };

export function isList(name: string): name is ListName {
  return LISTS.some((list) => list === name);
}

/** What counts now. */
export function listOf(known: ServerSettings, name: ListName): readonly string[] {
  return known[name] ?? DEFAULTS[name];
}

/**
 * The settings with these values instead of the list, or behind it. Throws a misuse with the reason where a value is none, or they
 * are too many.
 */
export function withList(
  known: ServerSettings,
  name: ListName,
  values: readonly string[],
  add: boolean,
): ServerSettings {
  const list = [...new Set([...(add ? listOf(known, name) : []), ...values])];
  const checked = settings.shape[name].safeParse(list);
  if (checked.success) return { ...known, [name]: list };
  const [issue] = checked.error.issues;
  const at = issue?.path[0];
  const value = typeof at === "number" ? `${JSON.stringify(list[at])}: ` : "";
  throw new Misuse(`${value}${issue?.message ?? "no list of texts"}.`);
}

/** As where it was never set. Told in full: what is not told stays. */
export function withoutList(known: ServerSettings, name: ListName): ServerSettings {
  return { ...known, [name]: [...DEFAULTS[name]] };
}
