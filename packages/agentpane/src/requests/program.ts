import { REQUEST_STATES } from "@agentpane/protocol";
import { Argument, type Command, type CommandOptions, InvalidArgumentError, Option } from "commander";
import type { CommonFlags, Settings } from "../settings.ts";

type MakeCommand = (parent: Command, name: string, description: string, options?: CommandOptions) => Command;

const MAX_LIMIT = 500;

/** `agentpane requests ...`: what waits for a person, and settling it from a terminal. */
export function addRequestCommands(
  root: Command,
  command: MakeCommand,
  settingsOf: (flags: CommonFlags) => Settings,
): void {
  const load = () => import("../commands/requests.ts");
  const requests = root
    .command("requests")
    .description("what agents ask you; exit code 3: somebody else was first, 4: its monitor is not connected");
  const id = () => new Argument("<request>", "its id, or the beginning of it");

  command(requests, "list", "list what is open", { isDefault: true })
    .addOption(new Option("--state <state>", "other ones").choices([...REQUEST_STATES, "closed", "all"]))
    .option("--session <id>", "only of this session")
    .addOption(new Option("--limit <n>", "how many").argParser(limit).default(100))
    .action(async (flags) => (await load()).listRequests(settingsOf(flags), flags));

  command(requests, "show", "show exactly what would run")
    .addArgument(id())
    .action(async (request, flags) => (await load()).showRequest(settingsOf(flags), request));

  command(requests, "allow", "allow what a permission is asked for")
    .addArgument(id())
    .addOption(new Option("--always <numbers>", "suggestions to accept as well, like 1,2").argParser(numbers))
    .option("--input <file>", "run this input instead, JSON in a file")
    .option("--yes", "do not ask a second time")
    .action(async (request, flags) => {
      const { allow, decide } = await load();
      await decide(settingsOf(flags), request, allow(flags), flags.yes === true);
    });

  command(requests, "deny", "deny a permission, with words for the agent")
    .addArgument(id())
    .addArgument(new Argument("[words...]", "why"))
    .option("--stop", "end the turn as well; then the agent is not told the words")
    .action(async (request, words: string[], flags) => {
      const decision = { type: "deny" as const, words: words.join(" "), stop: flags.stop === true };
      await (await load()).decide(settingsOf(flags), request, () => decision, true);
    });

  command(requests, "answer", "answer a question")
    .addArgument(id())
    .addArgument(new Argument("<answers...>", "choices or your own words; of several questions 1=..., 2=..."))
    .action(async (request, words: string[], flags) => {
      const { answer, decide } = await load();
      await decide(settingsOf(flags), request, answer(words), true);
    });

  command(requests, "skip", "leave a question unanswered, with words for the agent")
    .addArgument(id())
    .addArgument(new Argument("[words...]", "why"))
    .action(async (request, words: string[], flags) => {
      const decision = { type: "skip" as const, words: words.join(" ") };
      await (await load()).decide(settingsOf(flags), request, () => decision, true);
    });

  command(requests, "approve", "approve a plan")
    .addArgument(id())
    .option("--accept-edits", "and let the session edit files without asking")
    .action(async (request, flags) => {
      const decision = { type: "approve" as const, acceptEdits: flags.acceptEdits === true };
      await (await load()).decide(settingsOf(flags), request, () => decision, true);
    });

  command(requests, "reject", "reject a plan, with words for the agent")
    .addArgument(id())
    .addArgument(new Argument("[words...]", "what to change"))
    .action(async (request, words: string[], flags) => {
      const decision = { type: "reject" as const, words: words.join(" ") };
      await (await load()).decide(settingsOf(flags), request, () => decision, true);
    });
}

function limit(text: string): number {
  const value = Number(text);
  if (/^\d{1,3}$/.test(text) && value >= 1 && value <= MAX_LIMIT) return value;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${MAX_LIMIT}.`);
}

function numbers(text: string): number[] {
  if (/^[1-9]\d?(?:,[1-9]\d?)*$/.test(text)) return text.split(",").map(Number);
  throw new InvalidArgumentError("Give numbers of suggestions, like 1,2.");
}
