import type { UsageCopy } from "@agentpane/protocol";
import { promptSegment, type Random, seededRandom, type WireMonitor, type WireSegment } from "@agentpane/testkit";

const SESSIONS = 2_500;
const RESPONSES_PER_SESSION = 80;
const PROJECTS = 40;
const DAYS = 365;
const DAY_MS = 86_400_000;
/** So many sessions are sent in one body, about 2 MB. */
const SESSIONS_PER_BODY = 50;
const MODELS = ["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-4-5", "claude-opus-4-6", "nobody-knows-1"];
const LAST_TRY_MS = 600_000;

/** Sends a year of responses that ends today; every fifth transcript is a subagent's. Answers how many. */
export async function sendYear(wire: WireMonitor): Promise<number> {
  const random = seededRandom(29);
  const start = Math.floor(Date.now() / DAY_MS) * DAY_MS - (DAYS - 1) * DAY_MS;
  for (let from = 0; from < SESSIONS; from += SESSIONS_PER_BODY) {
    const segments = Array.from({ length: SESSIONS_PER_BODY }, (_, n) => segmentOf(from + n, start, random));
    await sendAll(wire, segments);
  }
  return SESSIONS * RESPONSES_PER_SESSION;
}

async function sendAll(wire: WireMonitor, segments: readonly WireSegment[]): Promise<void> {
  for (const deadline = performance.now() + LAST_TRY_MS; ; ) {
    const { status, headers, body } = await wire.send(segments);
    if (status === 200) {
      const { answers } = body as { answers: { result: string }[] };
      const refused = answers.find(({ result }) => result !== "committed");
      if (refused !== undefined) throw new Error(`a segment was refused: ${JSON.stringify(refused)}`);
      return;
    }
    if (status !== 429 || performance.now() > deadline) throw new Error(`ingest: ${status} ${JSON.stringify(body)}`);
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(headers.get("retry-after") ?? 1)));
  }
}

function segmentOf(number: number, start: number, random: Random): WireSegment {
  const subagent = number % 5 === 4 ? `a${number}` : null;
  const session = `year-${subagent === null ? number : number - 1}`;
  const begun = start + Math.floor((number / SESSIONS) * DAYS) * DAY_MS + random.int(0, DAY_MS / 2);
  const segment = promptSegment({ session, texts: [`Session ${number}`] });
  const copies = Array.from({ length: RESPONSES_PER_SESSION }, (_, n) => copyOf(`${number}-${n}`, n, begun, random));
  const { source } = segment.manifest as { source: object };
  const cwd = `/home/dev/project-${number % PROJECTS}`;
  Object.assign(segment.manifest, { source: { ...source, subagent }, contexts: [{ offset: 0, cwd }], copies });
  return segment;
}

function copyOf(id: string, index: number, begun: number, random: Random): UsageCopy {
  return {
    offset: 0,
    index,
    at: begun + index * random.int(60_000, 180_000),
    key: `msg_year_${id}`,
    keyKind: "message",
    model: MODELS[Math.min(random.int(0, 9), MODELS.length - 1)] as string,
    stopReason: "end_turn",
    inputTokens: random.int(1, 2_000),
    outputTokens: random.int(1, 4_000),
    cacheReadTokens: random.int(0, 150_000),
    cacheWriteTokens: 2_000,
    cacheWrite5mTokens: 1_000,
    cacheWrite1hTokens: 1_000,
    webSearches: 0,
  };
}
