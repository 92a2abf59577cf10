import { type UsageAnswer, usageAnswer, usageQuery } from "@agentpane/protocol";
import { reportTable } from "@agentpane/usage";
import { Misuse } from "../misuse.ts";
import { requireServer } from "../running-server.ts";
import type { Settings } from "../settings.ts";
import { print, printJson } from "../terminal/print.ts";
import type { UsageFlags } from "./usage-options.ts";

const PERCENT = 100;

/** What the running server's store says was spent, in days of this computer's time zone unless told otherwise. */
export async function printUsage(settings: Settings, flags: UsageFlags): Promise<void> {
  const { by, from, to } = flags;
  const tz = flags.tz ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const [name, day] of Object.entries({ from, to })) {
    if (!usageQuery.shape.from.safeParse(day).success)
      throw new Misuse(`--${name} ${day} is no day; write it as 2026-11-22.`);
  }
  if (!isZone(tz)) throw new Misuse(`--tz ${tz} is no time zone; write it as Europe/Berlin.`);
  const server = requireServer(settings);
  const query = new URLSearchParams({ by, tz });
  if (from !== undefined) query.set("from", from);
  if (to !== undefined) query.set("to", to);
  const answer = usageAnswer.parse(await server.call("GET", `/usage?${query}`));
  if (settings.json) return printJson(answer);
  const report = { rows: answer.rows, total: { key: "total", ...answer.total } };
  print(reportTable(report, by, notes(answer)).trimEnd());
}

/** Prices that changed are said while history is still counted at the old ones. */
function notes({ repricing }: UsageAnswer): string[] {
  if (repricing === 0) return [];
  return [`Prices have changed: ${Math.ceil(repricing * PERCENT)} % of history is still counted at the old ones.`];
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
