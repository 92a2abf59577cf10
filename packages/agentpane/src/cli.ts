import { AgentPaneError, type Role, role, SESSION_STATUSES } from "@agentpane/protocol";
import { Argument, Command, CommanderError, type CommandOptions, InvalidArgumentError, Option } from "commander";
import { addUsageOptions } from "./commands/usage-options.ts";
import { Lifetime } from "./lifetime.ts";
import { Misuse } from "./misuse.ts";
import { addRequestCommands } from "./requests/program.ts";
import { type CommonFlags, resolveSettings, type Settings } from "./settings.ts";
import { plain, print, printJson, say } from "./terminal/print.ts";
import { VERSION } from "./version.ts";

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;
const MAX_EXPIRY_DAYS = 36_500;
const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"];

/** Runs one command to its end; answers the exit code: 0 well, 1 failed, 2 not understood. Never throws. */
export async function run(args: readonly string[]): Promise<number> {
  const life = new Lifetime();
  try {
    const ended = program(life).parseAsync(args, { from: "user" });
    const overdue = await Promise.race([ended.then(() => false), life.overdue.then(() => true)]);
    return overdue ? EXIT_FAILURE : Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    if (error instanceof Misuse || (error instanceof Error && error.name === "ConfigError")) {
      say(plain(error.message));
      return EXIT_USAGE;
    }
    say(plain(error instanceof AgentPaneError ? error.message : `AgentPane failed: ${describe(error)}`));
    return EXIT_FAILURE;
  }
}

/** Each command loads its own code when it runs, so that a small one need not wait for the server's libraries. */
function program(life: Lifetime): Command {
  const root = new Command("agentpane")
    .description("Every coding-agent session on your machines in one live page")
    .exitOverride()
    .showHelpAfterError("(agentpane --help tells what there is)");

  command(root, "up", "start server and monitor for your own sessions and open the page")
    .option("--no-open", "print the link, open no browser")
    .option("--host <address>", "loopback address to listen on")
    .addOption(rootOption())
    .option("--name <name>", "what this machine is called")
    .addOption(logLevel())
    .action(async (flags) => (await import("./commands/up.ts")).up(settingsOf(flags), flags, life.signal));

  command(root, "serve", "start the server alone")
    .option("--host <address>", "loopback address to listen on")
    .addOption(logLevel())
    .action(async (flags) => (await import("./commands/serve.ts")).serve(settingsOf(flags), flags, life.signal));

  command(root, "monitor", "report this machine's sessions to a server")
    .option("--server <url>", "the server to report to")
    .option("--token-file <file>", "file that holds the token; else AGENTPANE_TOKEN")
    .addOption(rootOption())
    .option("--name <name>", "what this machine is called")
    .addOption(logLevel())
    .action(async (flags) => (await import("./commands/monitor.ts")).monitor(settingsOf(flags), flags, life.signal));

  const hooks = root.command("hooks").description("the agent's hook, through which its requests reach you");
  for (const [action, description] of [
    ["install", "put it into the agent's settings, in every config folder"],
    ["uninstall", "take it out again"],
  ] as const) {
    command(hooks, action, description)
      .addOption(rootOption())
      .option("--dry-run", "only say what would change")
      .action(async (flags) => (await import("./commands/hooks.ts")).changeHooks(action, flags));
  }
  command(hooks, "status", "whether it is installed, and whether a monitor listens")
    .addOption(rootOption())
    .action(async (flags) => (await import("./commands/hooks.ts")).printHooks(flags));

  // Its words are the agent's own, so the program's first file runs it before any of them is read here.
  root
    .command("run")
    .description("run an agent so that the page can show its terminal and write to it")
    .argument("[command...]", "the agent and its arguments (default: claude)");

  command(root, "sessions", "list the sessions of the running server")
    .addOption(new Option("--limit <n>", "how many").argParser(integer(1, 500)).default(50))
    .addOption(new Option("--status <status>", "only these").choices(SESSION_STATUSES))
    .option("--project <name>", "only these")
    .option("--branch <name>", "only these")
    .option("--machine <id>", "only these")
    .option("--q <words>", "words that all stand in title, goal, project or branch")
    .action(async ({ limit, status, project, branch, machine, q, ...flags }) => {
      const { printSessions } = await import("./commands/sessions.ts");
      await printSessions(settingsOf(flags), { limit, status, project, branch, machine, q });
    });

  addUsageOptions(command(root, "usage", "")).action(async (flags) => {
    if (flags.scan !== undefined) return (await import("./commands/usage-scan.ts")).printScan(flags);
    await (await import("./commands/usage.ts")).printUsage(settingsOf(flags), flags);
  });

  addRequestCommands(root, command, settingsOf);

  const settings = root
    .command("settings")
    .description("settings of the running server: your own prices, what Allow asks twice for");
  command(settings, "get", "print what is set")
    .addArgument(new Argument("[name]", "only this, like prices.MODEL, dangerous or holdPrintProjects"))
    .action(async (name, flags) => (await import("./commands/settings.ts")).getSettings(settingsOf(flags), name));
  command(settings, "set", "set a price, in dollars a million tokens, or a list")
    .addArgument(
      new Argument(
        "<name>",
        "prices.MODEL.KIND (input, output, cacheRead, cacheWrite5m, cacheWrite1h), dangerous (what Allow asks twice for), or holdPrintProjects (folders whose -p runs wait for you)",
      ),
    )
    .addArgument(new Argument("[values...]", "like 3.5; of a list all values"))
    .option("--add", "add the values to the list")
    .option("--none", "make the list empty")
    .action(async (name, values: string[], flags) =>
      (await import("./commands/settings.ts")).setSetting(settingsOf(flags), name, values, flags),
    );
  command(
    settings,
    "unset",
    "take a price back, so that what is listed counts again; or make a list what it was at first",
  )
    .addArgument(new Argument("<name>", "prices.MODEL.KIND, prices.MODEL for all of them, or the name of a list"))
    .action(async (name, flags) => (await import("./commands/settings.ts")).unsetSetting(settingsOf(flags), name));

  const prices = root.command("prices").description("the price list of the running server");
  command(prices, "refresh", "load newer prices; where that fails the old ones stay")
    .option("--url <url>", "where to load them from (default: the price library's own address)")
    .action(async (flags) => (await import("./commands/prices.ts")).refreshPrices(settingsOf(flags), flags.url));

  const tokens = root.command("tokens").description("tokens for people, scripts and monitors");
  command(tokens, "add", "make a token; it is shown once")
    .addArgument(new Argument("<name>", "what it is called"))
    .addOption(roleOption(role.options, true))
    .addOption(new Option("--expires <days>", "days until it expires").argParser(integer(1, MAX_EXPIRY_DAYS)))
    .action(async (name, flags) => (await import("./commands/tokens.ts")).addToken(settingsOf(flags), name, flags));
  command(tokens, "list", "list the valid tokens")
    .option("--all", "those that were revoked or have expired, too")
    .action(async (flags) => (await import("./commands/tokens.ts")).listTokens(settingsOf(flags), flags));
  command(tokens, "revoke", "make a token invalid at once")
    .addArgument(new Argument("<name>", "its name or id"))
    .action(async (name, flags) => (await import("./commands/tokens.ts")).revokeToken(settingsOf(flags), name));

  command(root, "link", "print a fresh link to the page of the running server")
    .addOption(roleOption(["viewer", "approver", "admin"], false).default("admin"))
    .action(async (flags) => (await import("./commands/link.ts")).printLink(settingsOf(flags), flags));

  command(root, "reindex", "rebuild events and states from the kept originals, through the running server").action(
    async (flags) => (await import("./commands/reindex.ts")).reindex(settingsOf(flags)),
  );

  command(root, "version", "print the version").action((flags) => {
    if (settingsOf(flags).json) printJson({ version: VERSION, node: process.versions.node });
    else print(VERSION);
  });
  return root;
}

function command(parent: Command, name: string, description: string, options: CommandOptions = {}): Command {
  return parent
    .command(name, options)
    .description(description)
    .exitOverride()
    .showHelpAfterError(
      `(${parent.parent === null ? "" : "agentpane "}${parent.name()} ${name} --help tells what there is)`,
    )
    .option("--data <folder>", "where the store lies (AGENTPANE_DATA)")
    .addOption(new Option("--port <port>", "port of the server (default: 4477)").argParser(integer(0, 65_535)))
    .option("--json", "print JSON");
}

function settingsOf(flags: CommonFlags): Settings {
  return resolveSettings(flags);
}

function roleOption(choices: readonly Role[], mandatory: boolean): Option {
  return new Option("--role <role>", "what its holder may do").choices(choices).makeOptionMandatory(mandatory);
}

function logLevel(): Option {
  return new Option("--log-level <level>", "what is logged").choices(LOG_LEVELS);
}

function rootOption(): Option {
  return new Option("--root <folder>", "one more config folder of the agent; may be repeated")
    .argParser((value: string, before: string[]) => [...before, value])
    .default([], "those of the environment alone");
}

function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
