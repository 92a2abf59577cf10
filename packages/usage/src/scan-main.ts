import { parseArgs } from "node:util";
import { runUsageScan, USAGE_GROUPS } from "./index.ts";

/** `node scan-main.ts [--by day] [--from DAY] [--to DAY] [--tz ZONE] [--json] DIR...` */
const text = { type: "string" } as const;
const { values, positionals } = parseArgs({
  options: { by: text, from: text, to: text, tz: text, json: { type: "boolean" } },
  allowPositionals: true,
});
const by = USAGE_GROUPS.find((group) => group === (values.by ?? "day"));
if (!by) throw new RangeError(`--by is one of ${USAGE_GROUPS.join(", ")}`);
const tell = process.stderr.isTTY ? (line: string): void => void process.stderr.write(line) : undefined;
process.stdout.write(await runUsageScan(positionals, { ...values, by }, tell));
