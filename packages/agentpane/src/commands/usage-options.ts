import { Command, Option } from "commander";

/** What usage is grouped by, as the protocol and the scan name it (a test). Loading either here would keep a scan waiting. */
export const USAGE_GROUPS = ["day", "project", "model", "machine", "session", "subagent"] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

export interface UsageFlags {
  by: UsageGroup;
  from?: string;
  to?: string;
  tz?: string;
  /** Folders; absent where the server is to be asked. */
  scan?: string[];
  json?: boolean;
}

/** `usage` without the flags that every command has. */
export function addUsageOptions(command: Command): Command {
  return command
    .description("tokens and API-equivalent cost, from the running server or by reading transcripts")
    .addOption(new Option("--by <what>", "one row for each").choices(USAGE_GROUPS).default("day"))
    .option("--from <day>", "first day, like 2026-11-01")
    .option("--to <day>", "last day, the whole of it")
    .option("--tz <zone>", "time zone that days are cut in, like Europe/Berlin (default: this computer's)")
    .option("--scan <folder...>", "read the transcripts below these config or projects folders; needs no server");
}

/** The command as a scan needs it, without anything else of the program. */
export function scanCommand(): Command {
  return addUsageOptions(new Command("usage"))
    .option("--json", "print JSON")
    .option("--data <folder>", "where the store lies; a scan needs none")
    .option("--port <port>", "port of the server; a scan needs none")
    .exitOverride()
    .showHelpAfterError("(agentpane --help tells what there is)");
}
