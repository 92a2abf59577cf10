import { setTimeout as delay } from "node:timers/promises";
import type { Decision, RequestRow } from "@agentpane/protocol";
import { AgentHook, type ApiClient, decideOn, type LiveClient, Product, seededRandom } from "@agentpane/testkit";
import { type Figure, percentile } from "../lib/figures.ts";

const WARM_UP = 50;
const PROBES = 500;
const PROBE_LIMIT_MS = 5_000;
const ALLOW: Decision = { type: "allow" };

/** From the agent's hook to every page, and from a person's click back to the agent: real monitor, server and sockets. */
export async function requestRoundtrip(): Promise<Figure[]> {
  await using product = new Product("bench-request");
  await product.startServer();
  const machine = await product.addMachine("bench");
  product.startMonitor(machine);
  using hook = await AgentHook.of(machine);
  const api = await product.api();
  using page = await product.live();
  page.keepFrames = false;
  hook.session("asking");
  const random = seededRandom(5);
  const arrival: number[] = [];
  const answered: number[] = [];
  let lost = 0;
  for (let i = 0; i < WARM_UP + PROBES; i++) {
    const seen = opened(page);
    const begun = performance.now();
    const call = hook.call(hook.body("asking", { command: `npm test -- ${i}`, description: "Run the tests" }));
    const told = await seen;
    if (told === null) {
      lost += 1;
      call.answer.catch(() => {});
      call.hangUp();
      continue;
    }
    await delay(5 + random.int(0, 20));
    const clicked = performance.now();
    const [answer] = await Promise.all([call.answer.then(() => performance.now()), allow(api, told.row)]);
    if (i < WARM_UP) continue;
    arrival.push(told.at - begun);
    answered.push(answer - clicked);
    await delay(5 + random.int(0, 20));
  }
  const note = `${PROBES} requests (${hook.way}), ${lost} not seen`;
  return [
    { what: "hook arrival to page, p50", unit: "ms", measured: percentile(arrival, 0.5), target: null },
    { what: "hook arrival to page, p99", unit: "ms", measured: percentile(arrival, 0.99), target: 15, note },
    { what: "click to hook answer, p50", unit: "ms", measured: percentile(answered, 0.5), target: null },
    { what: "click to hook answer, p99", unit: "ms", measured: percentile(answered, 0.99), target: 20, note },
  ];
}

/** The next request that stands open, and when the page heard of it. */
function opened(page: LiveClient): Promise<{ row: RequestRow; at: number } | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), PROBE_LIMIT_MS);
    page.onFrame = (frame, at) => {
      if (frame.type !== "changes") return;
      const row = (frame.requests as RequestRow[] | undefined)?.find(({ state }) => state === "open");
      if (row === undefined) return;
      clearTimeout(timer);
      resolve({ row, at });
    };
  });
}

/** As the page does it: the digest over what was shown, then the call. */
async function allow(api: ApiClient, row: RequestRow): Promise<void> {
  const answer = await decideOn(api, row, ALLOW);
  if (answer.status !== 200) throw new Error(`the decision was refused: ${JSON.stringify(answer.body)}`);
}
