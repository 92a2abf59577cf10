import { createInterface } from "node:readline/promises";
import { DEFAULT_DANGEROUS, type Decision, dangerOf, type RequestRow, settings } from "@agentpane/protocol";
import { Misuse } from "../misuse.ts";
import type { RunningServer } from "../running-server.ts";
import { shown } from "../terminal/shown.ts";

/** Asks a second time before something dangerous is allowed. False where the person thinks better of it. */
export async function confirmed(
  server: RunningServer,
  row: RequestRow,
  decision: Decision,
  yes: boolean,
): Promise<boolean> {
  if (decision.type !== "allow" || yes) return true;
  const inputJson = decision.updatedInputJson ?? row.inputJson ?? "null";
  const { dangerous } = settings.parse(await server.call("GET", "/settings"));
  const pattern = dangerOf(dangerous ?? DEFAULT_DANGEROUS, row.tool, JSON.parse(inputJson));
  if (pattern === null) return true;
  const why = `Settings call this dangerous: ${shown(pattern)}`;
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new Misuse(`${why}. To allow it all the same: --yes`);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await asking.question(`${why}. Allow it all the same? Type yes: `)).trim().toLowerCase() === "yes";
  } finally {
    asking.close();
  }
}
