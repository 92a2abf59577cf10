import { CommanderError } from "commander";
import { scanCommand, type UsageFlags } from "./commands/usage-options.ts";
import { printScan } from "./commands/usage-scan.ts";
import { Misuse } from "./misuse.ts";
import { plain, say } from "./terminal/print.ts";

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;

/**
 * `agentpane usage --scan` by itself, since it starts in a third of the time without the rest of the program. Answers the
 * exit code as the program does; never throws.
 */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const command = scanCommand();
    command.parse(args, { from: "user" });
    await printScan(command.opts<UsageFlags>());
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    say(plain(error instanceof Error ? error.message : String(error)));
    return error instanceof Misuse ? EXIT_USAGE : EXIT_FAILURE;
  }
}
