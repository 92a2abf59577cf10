import { Conversation, type MadeLine, type Random, type TranscriptWriter } from "@agentpane/testkit";

const MINUTE_MS = 60_000;

interface DemoSession {
  title: string;
  goal: string;
  cwd: string;
  branch: string;
  /** How long ago its last line was written. */
  agoMs: number;
  end(conversation: Conversation): MadeLine[];
}

const DIFF = {
  file_path: "/home/dev/shop/src/cart/total.ts",
  old_string: "  const tax = subtotal * rate;\n  return subtotal + tax;",
  new_string: "  const tax = roundToCents(subtotal * rate);\n  return subtotal + tax + shipping(subtotal);",
};
const TEST_OUTPUT =
  " ✓ src/cart/total.test.ts (14 tests) 84ms\n ✓ src/cart/coupon.test.ts (9 tests) 31ms\n\n Test Files  2 passed (2)\n      Tests  23 passed (23)";
const ANSWER = `The flaky test raced the clock: \`expiresAt\` was computed before the session was stored, so under load the
token was already old when the assertion ran.

- **Fix**: the clock is injected and frozen in the test.
- **Also**: \`refresh()\` no longer swallows a \`401\`.

\`\`\`ts
const session = await store.open({ now: () => clock.now() });
expect(session.expiresAt).toBe(clock.now() + HOUR);
\`\`\`

All 23 tests pass, ten times in a row.`;

/** What a person has running on an ordinary afternoon: one of every state. */
const SESSIONS: readonly DemoSession[] = [
  {
    title: "Fix the flaky auth test",
    goal: "the auth test fails about one time in ten on CI, find out why and fix it",
    cwd: "/home/dev/api",
    branch: "fix/flaky-auth",
    agoMs: 40_000,
    end: (to) => [
      to.call("Bash", {
        command: "for i in $(seq 10); do npm test -- --run auth || break; done",
        description: "Run it ten times",
      }),
    ],
  },
  {
    title: "Which database for the price history?",
    goal: "design the price history service and ask me where you are unsure",
    cwd: "/home/dev/shop",
    branch: "feat/price-history",
    agoMs: 3 * MINUTE_MS,
    end: (to) => [
      to.text("Two designs fit. Before I go on I need a decision from you."),
      to.call("AskUserQuestion", {
        questions: [
          {
            question: "Where should the price history live?",
            header: "Store",
            multiSelect: false,
            options: [
              { label: "PostgreSQL", description: "Beside the orders; joins stay simple" },
              { label: "ClickHouse", description: "Faster over years of prices, one more thing to run" },
            ],
          },
        ],
      }),
    ],
  },
  {
    title: "Plan the move to the new checkout",
    goal: "plan how we move checkout to the new payment provider without a freeze",
    cwd: "/home/dev/shop",
    branch: "feat/checkout-v2",
    agoMs: 5 * MINUTE_MS,
    end: (to) => [
      to.call("ExitPlanMode", {
        plan: "# Checkout v2\n\n1. Put the provider behind an interface\n2. Shadow traffic for a week\n3. Switch by country",
      }),
    ],
  },
  {
    title: "Generate the API client",
    goal: "generate a typed client from the OpenAPI file and use it everywhere",
    cwd: "/home/dev/console",
    branch: "main",
    agoMs: 7 * MINUTE_MS,
    end: (to) => [to.apiError()],
  },
  {
    title: "Port the parser to TypeScript",
    goal: "port the log parser from Python to TypeScript, keep the fixtures passing",
    cwd: "/home/dev/cli",
    branch: "port-parser",
    agoMs: 15_000,
    end: (to) => [
      to.call("Edit", DIFF),
      to.result("The file has been updated."),
      to.call("Read", { file_path: "/home/dev/cli/src/parser/tokens.ts" }),
    ],
  },
  {
    title: "Cart total is wrong with two coupons",
    goal: "two coupons on one cart give a wrong total, see the attached screenshot",
    cwd: "/home/dev/shop",
    branch: "fix/coupons",
    agoMs: 2 * MINUTE_MS,
    end: (to) => [
      to.thinking("The second coupon is applied to the price before the first one."),
      to.call("Grep", { pattern: "applyCoupon", path: "/home/dev/shop/src" }),
      to.result("src/cart/total.ts\nsrc/cart/coupon.ts\nsrc/cart/total.test.ts"),
      to.call("Edit", DIFF),
      to.result("The file has been updated."),
      to.call("Bash", { command: "npm test -- --run cart" }),
      to.result(TEST_OUTPUT),
      to.text(ANSWER, { final: true }),
      to.turnEnd(),
    ],
  },
  {
    title: "Write the release notes",
    goal: "write the release notes of 4.2 from the merged pull requests",
    cwd: "/home/dev/docs",
    branch: "release/4.2",
    agoMs: 21 * MINUTE_MS,
    end: (to) => [
      to.text("The notes are in `docs/releases/4.2.md`, grouped by what a user notices.", { final: true }),
      to.turnEnd(),
    ],
  },
  {
    title: "Upgrade to Node 24",
    goal: "upgrade everything to node 24",
    cwd: "/home/dev/api",
    branch: "node-24",
    agoMs: 95 * MINUTE_MS,
    end: (to) => [to.call("Bash", { command: "npm ci && npm test" })],
  },
  {
    title: "Tidy the CI caches",
    goal: "CI takes 14 minutes, most of it is cache misses",
    cwd: "/home/dev/infra",
    branch: "ci-cache",
    agoMs: 4 * 60 * MINUTE_MS,
    end: (to) => [to.text("CI takes 6 minutes now.", { final: true }), to.turnEnd(), to.costState(2.41)],
  },
];

/** Writes the demonstration's sessions below `root` and answers their ids by title. */
export function writeDemoSessions(writer: TranscriptWriter, root: string, random: Random): Map<string, string> {
  const ids = new Map<string, string>();
  const now = Date.now();
  for (const { title, goal, cwd, branch, agoMs, end } of SESSIONS) {
    const session = random.uuid();
    ids.set(title, session);
    const conversation = new Conversation({ random, session, cwd, branch, startMs: now - agoMs - 12 * MINUTE_MS });
    const file = writer.create({ root, project: cwd.replaceAll(/[^A-Za-z0-9]/g, "-"), session });
    writer.append(file, [
      conversation.title(title),
      conversation.prompt(goal),
      conversation.thinking("First see what is there, then change as little as possible."),
      conversation.text("I look at the code and its tests first."),
      conversation.call("Bash", { command: "git log --oneline -5 && git status --short" }),
      conversation.result("a1f9c02 Round totals to cents\n77d0b1e Take coupons in order\n M src/cart/total.ts"),
      conversation.call("Read", { file_path: `${cwd}/src/index.ts` }),
      conversation.result("     1\texport { total } from './cart/total.ts';"),
    ]);
    conversation.advanceTo(now - agoMs);
    writer.append(file, end(conversation));
  }
  return ids;
}
