import { AgentHook, Product, until } from "@agentpane/testkit";
import { type Figure, percentile } from "../lib/figures.ts";
import { peakResidentMb, residentMb } from "../lib/process-figures.ts";

const HELD = 200;
/** What an edit of a page of code asks: several times a command. */
const INPUT_CHARS = 4 * 1024;
const NOT_HELD = 2_000;

/** What the hook costs the agent where nobody is asked through us, and what holding costs the monitor. */
export async function hookHeld(): Promise<Figure[]> {
  await using product = new Product("bench-hook");
  await product.startServer();
  const machine = await product.addMachine("bench");
  const monitor = product.startMonitor(machine);
  using hook = await AgentHook.of(machine);
  const api = await product.api();
  hook.session("print", "sdk-cli");
  const notHeld = hook.body("print", { command: "npm test", description: "Run the tests" });
  const spans: number[] = [];
  for (let i = 0; i < NOT_HELD; i++) {
    const begun = performance.now();
    const answer = await hook.call(notHeld).answer;
    spans.push(performance.now() - begun);
    if (answer !== "{}") throw new Error(`a run without a terminal was answered ${answer}`);
  }
  const calls = Array.from({ length: HELD }, (_, i) => {
    hook.session(`held-${i}`);
    return `held-${i}`;
  });
  const open = async () => (await api.get<{ open: number }>("/api/v1/requests?state=open&limit=1")).open;
  const waiting = calls.map((session) => hook.call(hook.body(session, { command: "x".repeat(INPUT_CHARS) })));
  await until("every request is held", async () => (await open()) === HELD, { deadlineMs: 60_000 });
  const figures: Figure[] = [
    {
      what: "an answer not held, p99",
      unit: "ms",
      measured: percentile(spans, 0.99),
      target: 2,
      note: `${NOT_HELD} calls of a run without a terminal, one after the other (${hook.way}); p50 ${percentile(spans, 0.5).toFixed(2)}`,
    },
    {
      what: `monitor with ${HELD} requests held, resident`,
      unit: "MB",
      measured: residentMb(monitor.pid),
      target: 150,
      note: `of ${INPUT_CHARS / 1024} KiB each; peak ${peakResidentMb(monitor.pid).toFixed(0)}`,
    },
  ];
  for (const call of waiting) {
    call.answer.catch(() => {});
    call.hangUp();
  }
  return figures;
}
