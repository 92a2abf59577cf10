import { AgentPaneError } from "@agentpane/protocol";
import { Command, CommanderError } from "commander";
import { ConfigError, type RawMonitorConfig } from "../config.ts";
import { VERSION } from "../version.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";

interface Flags {
  server?: string;
  root?: string[];
  name?: string;
  tokenFile?: string;
  logLevel?: string;
  detach?: boolean;
  json?: boolean;
  dryRun?: boolean;
}

/** The `cli-monitor` command; `say` takes each line for a person, `onCode` the exit code. */
export function buildProgram(say: (line: string) => void, onCode: (code: ExitCode) => void): Command {
  const program = new Command("cli-monitor")
    .description("Reports this machine's coding-agent sessions to an AgentPane server")
    .version(VERSION)
    .exitOverride()
    .addHelpText(
      "after",
      `\nExit codes: ${EXIT.ok} done, ${EXIT.failed} failed, ${EXIT.usage} wrong usage, ${EXIT.notRunning} not running, ` +
        `${EXIT.alreadyRunning} already running, ${EXIT.refused} refused by the server, ${EXIT.startFailed} ended right after its start.`,
    );
  withRoots(program.command("start").description("watch the roots and report what happens"))
    .option("--server <url>", "the server's address")
    .option("--name <name>", "what to call this machine (default: its host name)")
    .option("--token-file <file>", "file with the token, readable by you alone (or set AGENTPANE_TOKEN)")
    .option("--log-level <level>", "silent, fatal, error, warn, info, debug or trace")
    .option("--detach", "run in the background, with a log")
    .action(async (flags: Flags) => {
      if (flags.detach) onCode(await (await import("./detach.ts")).runDetached(rawOf(flags), say));
      else onCode(await (await import("./start.ts")).runStart(rawOf(flags), say));
    });
  withRoots(program.command("stop").description("end the monitor of these roots")).action(async (flags: Flags) =>
    onCode(await (await import("./stop.ts")).runStop(rawOf(flags), say)),
  );
  withRoots(program.command("status").description("whether it runs, since when, and how far it is behind"))
    .option("--json", "as JSON")
    .action(async (flags: Flags) =>
      onCode((await import("./status.ts")).runStatus(rawOf(flags), flags.json === true, say)),
    );
  addHooks(program.command("hooks").description("the agent's hook, through which requests reach you"), say, onCode);
  program
    .command("version")
    .description("print the version")
    .action(() => say(VERSION));
  return program;
}

function addHooks(hooks: Command, say: (line: string) => void, onCode: (code: ExitCode) => void): void {
  for (const [action, description] of [
    ["install", "put it into the agent's settings, in every config folder"],
    ["uninstall", "take it out again"],
  ] as const) {
    withRoots(hooks.command(action).description(description))
      .option("--dry-run", "only say what would change")
      .option("--json", "as JSON")
      .action(async (flags: Flags) => {
        const { runHooksChange } = await import("./hooks.ts");
        const { dryRun = false, json = false } = flags;
        onCode(await runHooksChange(rawOf(flags), action, { dryRun, json }, say));
      });
  }
  withRoots(hooks.command("status").description("whether it is installed, and whether a monitor listens"))
    .option("--json", "as JSON")
    .action(async (flags: Flags) =>
      onCode(await (await import("./hooks.ts")).runHooksStatus(rawOf(flags), flags.json === true, say)),
    );
}

/** Runs the command and answers its exit code. */
export async function runCommand(
  args: readonly string[],
  say: (line: string) => void,
  complain: (line: string) => void,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  try {
    await buildProgram(say, (given) => {
      code = given;
    }).parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    // Commander has said its piece already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    complain(error instanceof Error ? error.message : String(error));
    if (error instanceof ConfigError) return EXIT.usage;
    if (error instanceof AgentPaneError && error.code === "monitor_running") return EXIT.alreadyRunning;
    return EXIT.failed;
  }
}

function withRoots(command: Command): Command {
  return command.option(
    "--root <folder>",
    "one more config folder of the agent; may be repeated",
    (folder: string, before: string[] = []) => [...before, folder],
  );
}

function rawOf(flags: Flags): RawMonitorConfig {
  const { server, name, tokenFile, logLevel } = flags;
  return { server, name, tokenFile, logLevel, roots: flags.root };
}
