import { runInPty } from "@agentpane/cli-monitor";
import { print, say } from "../terminal/print.ts";

const EXIT_USAGE = 2;
const DEFAULT_COMMAND = "claude";
const HELP = `Usage: agentpane run [--] [command] [arguments...]

Runs an agent so that the page can show its terminal and write to it; without a command, ${DEFAULT_COMMAND}. Your own terminal
behaves as without it. Where no monitor runs, the agent just runs.`;

/** `agentpane run [-- claude ...]`; answers the program's own exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const [first] = args;
  if (first === "--help" || first === "-h") {
    print(HELP);
    return 0;
  }
  if (first?.startsWith("-") === true && first !== "--") {
    say(
      `agentpane run takes no ${first}; write options of the agent behind its name: agentpane run -- claude ${first}`,
    );
    return EXIT_USAGE;
  }
  const [file = DEFAULT_COMMAND, ...rest] = first === "--" ? args.slice(1) : args;
  return runInPty([file, ...rest]);
}
