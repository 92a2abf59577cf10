import { ApiClient, type Product, promptSegment, WireMonitor, type WireSegment } from "@agentpane/testkit";

/** The next older session's last word is this much older. */
const APART_MS = 60_000;
const SEGMENTS_PER_BODY = 200;
const PROJECTS = ["api", "shop", "cli", "infra", "docs", "web", "billing", "search"];
const WORDS =
  "retry the flaky test, cache invoices by month, port the parser, trace slow queries, tidy the build".split(", ");

/** A store of many small sessions, said on the wire, since it is the list that is measured and not the tail. */
export class ManySessions {
  readonly #monitor: WireMonitor;
  readonly #ends: number[];
  readonly ids: readonly string[];

  private constructor(monitor: WireMonitor, count: number) {
    this.#monitor = monitor;
    this.ids = Array.from({ length: count }, (_, index) => sessionId(index));
    this.#ends = Array.from({ length: count }, () => 0);
  }

  static async in(product: Product, count: number): Promise<ManySessions> {
    const monitor = new WireMonitor(new ApiClient(product.origin, await product.token("wire", "monitor")));
    const answer = await monitor.register();
    if (answer.status !== 200) throw new Error(`not registered: ${answer.status}`);
    const many = new ManySessions(monitor, count);
    for (let from = 0; from < count; from += SEGMENTS_PER_BODY) {
      const to = Math.min(count, from + SEGMENTS_PER_BODY);
      await many.say(Array.from({ length: to - from }, (_, index) => from + index));
    }
    return many;
  }

  /** Each of `sessions`, by number, gets another prompt. */
  async say(sessions: readonly number[], text = ""): Promise<void> {
    const segments = sessions.map((index) => this.#segment(index, text));
    const answer = await this.#monitor.send(segments);
    if (answer.status !== 200) throw new Error(`not taken: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  #segment(index: number, text: string): WireSegment {
    const project = PROJECTS[index % PROJECTS.length];
    const from = this.#ends[index] ?? 0;
    const words = text === "" ? `${WORDS[index % WORDS.length]}, number ${index}` : text;
    const segment = promptSegment({ session: sessionId(index), from, texts: [words] });
    this.#ends[index] = segment.manifest.to as number;
    segment.manifest.contexts = [{ offset: from, cwd: `/home/dev/${project}`, branch: `feat/${index % 300}` }];
    // Their ages reach over a week, so that every group of the list has some; who speaks again does it now.
    const at = Date.now() - (text === "" ? index * APART_MS : 0);
    for (const event of segment.manifest.events as { at: number }[]) event.at = at;
    return segment;
  }
}

function sessionId(index: number): string {
  return `00000000-0000-4000-8000-${index.toString(16).padStart(12, "0")}`;
}
