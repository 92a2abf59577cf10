import { Agent, get, type IncomingMessage } from "node:http";
import { Product, WireMonitor } from "@agentpane/testkit";
import { type Figure, percentile } from "../lib/figures.ts";
import { sendYear } from "../lib/spend-year.ts";

const CALLS = 200;
const TARGET_MS = 10;
const DIMENSIONS = ["day", "session", "project", "model", "subagent"] as const;

/** Usage over a year of responses in the store, from the call to the last byte of its answer. */
export async function usageYear(): Promise<Figure[]> {
  await using product = new Product("bench-usage-year");
  await product.startServer();
  const api = await product.api();
  const wire = new WireMonitor(await product.api("monitor"));
  await wire.register();
  const responses = await sendYear(wire);
  using caller = new Caller(product.origin, api.token);
  const ask = async (by: string): Promise<{ ms: number; text: string }> => {
    const begun = performance.now();
    const text = await caller.get(`/api/v1/usage?by=${by}&tz=Europe/Berlin`);
    return { ms: performance.now() - begun, text };
  };
  const first = await ask("day");
  const { total } = JSON.parse(first.text) as { total: { responses: number } };
  if (total.responses !== responses) throw new Error(`${total.responses} of ${responses} responses are counted`);
  const figures: Figure[] = [
    {
      what: "usage by day over a year, first call",
      unit: "ms",
      measured: first.ms,
      target: null,
      note: `${responses} responses`,
    },
  ];
  for (const by of DIMENSIONS) {
    await ask(by);
    const ms: number[] = [];
    let bytes = 0;
    for (let i = 0; i < CALLS; i++) {
      const answer = await ask(by);
      ms.push(answer.ms);
      bytes = answer.text.length;
    }
    const note = `p50 ${percentile(ms, 0.5).toFixed(1)} ms, ${Math.round(bytes / 1000)} KB`;
    figures.push({ what: `by ${by}, warm, p99`, unit: "ms", measured: percentile(ms, 0.99), target: TARGET_MS, note });
  }
  return figures;
}

/** One connection that is kept open, with little of its own: what is measured is the server. */
class Caller implements Disposable {
  readonly #origin: string;
  readonly #headers: Record<string, string>;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(origin: string, token: string) {
    this.#origin = origin;
    this.#headers = { authorization: `Bearer ${token}` };
  }

  async get(path: string): Promise<string> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(this.#origin + path, { agent: this.#agent, headers: this.#headers }, resolve).on("error", reject);
    });
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString("utf8");
    if (answer.statusCode !== 200) throw new Error(`GET ${path}: ${answer.statusCode} ${text}`);
    return text;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
