/** One block of an answer of the model, or a failure in place of the answer. */
export type Step =
  /** `paceMs`: each line of the text comes so long after the one before. */
  | { text: string; paceMs?: number }
  | { think: string }
  | { tool: string; input: unknown }
  /** Answered `times` times with this HTTP status before the rest of the answer is given. */
  | { error: number; times: number };

/** What the model answers to the first request after a prompt, to the second, and so on. */
export type Script = readonly (readonly Step[])[];

const DATABASE = {
  question: "Which database should we use?",
  header: "Database",
  multiSelect: false,
  options: [
    { label: "PostgreSQL", description: "Relational" },
    { label: "SQLite", description: "Embedded" },
  ],
};
const FEATURES = {
  question: "Which features?",
  header: "Features",
  multiSelect: true,
  options: [
    { label: "Auth", description: "Login" },
    { label: "Logs", description: "Logging" },
  ],
};

const PLAN = "# Make it faster\n\n1. Measure\n2. Mend the worst\n";
/** As the client writes the plan's place into the conversation. */
const PLAN_FILE = /\/[^\s"'`\\]*\/plans\/[\w.-]+\.md/;

function bash(command: string): Step {
  return { tool: "Bash", input: { command, description: "Run a command" } };
}

/** A subagent whose own prompt holds `marker`. */
function agent(marker: string, background: boolean): Step {
  const prompt = `You are the helper. @@${marker}@@`;
  return {
    tool: "Agent",
    input: { description: "Sub job", prompt, subagent_type: "general-purpose", run_in_background: background },
  };
}

/** By the first word of the marker; each gets what stands behind that word. */
const SCRIPTS: Readonly<Record<string, (words: string, said: string) => Script>> = {
  text: (words) => [[{ text: words || "Hello." }]],
  slow: (words) => [[{ text: lines(Number(words || 60)), paceMs: 250 }]],
  bash: (words) => [[{ text: "I run a command." }, bash(words || "touch made.txt")], [{ text: "Command finished." }]],
  /** Two calls in one answer; the client asks for one after the other. */
  bash2: (words) => {
    const [first = "mkdir -p d1", second = "mkdir -p d2"] = words.split(" AND ").filter(Boolean);
    return [[bash(first), bash(second)], [{ text: "Both finished." }]];
  },
  write: (words) => [
    [{ tool: "Write", input: { file_path: words, content: "line one\nline two\n" } }],
    [{ text: "Wrote the file." }],
  ],
  ask: () => [[{ tool: "AskUserQuestion", input: { questions: [DATABASE] } }], [{ text: "Thanks for the answer." }]],
  ask2: () => [
    [{ tool: "AskUserQuestion", input: { questions: [DATABASE, FEATURES] } }],
    [{ text: "Thanks for the answers." }],
  ],
  /** The plan goes into the file that the client names, which it allows by itself in plan mode. */
  plan: (words, said) => [
    [{ tool: "Write", input: { file_path: PLAN_FILE.exec(said)?.[0] ?? "plan.md", content: words || PLAN } }],
    [{ text: "Here is the plan." }, { tool: "ExitPlanMode", input: {} }],
    [{ text: "Plan handled." }],
  ],
  agent: (words) => [[agent(words || "bash ls", false)], [{ text: "The subagent reported back." }]],
  agentbg: (words) => [[agent(words || "bash ls", true)], [{ text: "Started it." }]],
  think: () => [[{ think: "Let me think." }, { text: "Thought about it." }]],
  overloaded: (words) => [[{ error: 529, times: Number(words || 2) }, { text: "Recovered." }]],
};

function lines(count: number): string {
  return Array.from({ length: count }, (_, line) => `line ${line}`).join("\n");
}

interface Message {
  role: string;
  content: string | { type: string; text?: string }[];
}

/**
 * What the conversation, of which `said` is all text, asks for: the last `@@name words@@` in a person's text, and how many answers were given since. Null
 * where no marker stands.
 */
export function scriptOf(
  messages: readonly Message[],
  said: string,
): { marker: string; script: Script; answered: number } | null {
  for (let at = messages.length - 1; at >= 0; at--) {
    const message = messages[at] as Message;
    if (message.role !== "user") continue;
    const marker = [...textOf(message).matchAll(/@@([\s\S]+?)@@/g)].at(-1)?.[1]?.trim();
    if (marker === undefined) continue;
    const name = marker.split(/\s/, 1)[0] as string;
    const script = SCRIPTS[name]?.(marker.slice(name.length).trim(), said) ?? [
      [{ text: `There is no script ${name}.` }],
    ];
    const answered = messages.slice(at + 1).filter((later) => later.role === "assistant").length;
    return { marker, script, answered };
  }
  return null;
}

/** All text that came since the model spoke last. */
export function wordsSinceAnswer(messages: readonly Message[]): string {
  return messages
    .slice(messages.findLastIndex(({ role }) => role === "assistant") + 1)
    .map(textOf)
    .join("\n");
}

function textOf({ content }: Message): string {
  return typeof content === "string" ? content : content.map((block) => block.text ?? "").join("\n");
}
