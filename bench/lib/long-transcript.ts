import { Conversation, type MadeLine, type Random, type TranscriptWriter, type WrittenFile } from "@agentpane/testkit";

const LINES_AT_ONCE = 400;
const CODE = `\`\`\`ts
export async function total(cart: Cart, now: number): Promise<Money> {
  const lines = cart.lines.map((line) => line.price * line.quantity); // before any coupon
  return roundToCents(lines.reduce((sum, price) => sum + price, 0), now);
}
\`\`\``;

export interface LongTranscript {
  session: string;
  file: WrittenFile;
  conversation: Conversation;
  /** Lines of the agent's, each of which gives one event or two. */
  lines: number;
}

/** A session that went on for days: prompts, answers with code, edits, commands and files read, until `enough`. */
export function writeLongTranscript(
  writer: TranscriptWriter,
  root: string,
  random: Random,
  options: { title: string; outputChars: number; enough(lines: number, bytes: number): boolean },
): LongTranscript {
  const session = random.uuid();
  const cwd = "/home/dev/shop";
  const conversation = new Conversation({ random, session, cwd, branch: "main", startMs: Date.now() - 3 * 86_400_000 });
  const file = writer.create({ root, project: "-home-dev-shop", session });
  writer.append(file, [conversation.title(options.title)]);
  let lines = 1;
  let waiting: MadeLine[] = [];
  for (let turn = 0; !options.enough(lines, file.life.completeBytes); turn++) {
    waiting.push(...turnOf(conversation, cwd, turn, options.outputChars));
    if (waiting.length < LINES_AT_ONCE) continue;
    writer.append(file, waiting);
    lines += waiting.length;
    waiting = [];
  }
  return { session, file, conversation, lines };
}

function turnOf(to: Conversation, cwd: string, turn: number, outputChars: number): MadeLine[] {
  const output = Array.from({ length: Math.ceil(outputChars / 80) }, (_, line) => ` ✓ test ${line} ${to.words(9)}`);
  return [
    to.prompt(`${turn}: ${to.words(12)}`),
    to.thinking(to.words(40)),
    to.call("Read", { file_path: `${cwd}/src/${turn}.ts` }),
    to.result(output.slice(0, 60).join("\n")),
    to.call("Grep", { pattern: to.words(1), path: `${cwd}/src` }),
    to.result(output.slice(0, 9).join("\n")),
    to.text(`${to.words(30)}\n\n- **one**: ${to.words(9)}\n- \`two\`: ${to.words(9)}\n\n${CODE}\n\n${to.words(20)}`),
    to.call("Edit", {
      file_path: `${cwd}/src/${turn}.ts`,
      old_string: `const a = ${turn};\n${to.words(6)}\nconst b = 1;`,
      new_string: `const a = ${turn + 1};\n${to.words(6)}\n${to.words(5)}\nconst b = 1;`,
    }),
    to.result("The file has been updated."),
    to.call("Bash", { command: `npm test -- --run ${turn}`, description: "Run the tests" }),
    to.result(output.join("\n")),
    to.text(`Done. ${to.words(25)}`, { final: true }),
    to.turnEnd(),
  ];
}
