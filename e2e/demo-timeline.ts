import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A long afternoon's session: waits for a person, a compaction, subagents, failures, files of every kind. */

type Line = Record<string, unknown>;

const MINUTE_MS = 60_000;
const CWD = "/home/dev/platform";
export const DEMO_TIMELINE_TITLE =
  "Trace why p99 doubles when the replica falls behind, and write up what a fix would cost";

export interface TimelineSession {
  id: string;
  /** The two agents that ended and the one that still works. */
  agents: { explore: string; verify: string; explain: string };
  /** Lets it go on: one more command. */
  grow(command: string): void;
}

/** Writes it below `root` as of `now`; its last call has no result yet. */
export function writeTimelineSession(root: string, now: number, id: string): TimelineSession {
  const folder = join(root, "projects", CWD.replaceAll(/[^A-Za-z0-9]/g, "-"));
  mkdirSync(join(folder, id, "subagents"), { recursive: true });
  const main = new Telling(join(folder, `${id}.jsonl`), id, null, now - 68 * MINUTE_MS);
  main.state({ type: "custom-title", customTitle: DEMO_TIMELINE_TITLE });
  main.prompt("p99 doubles when the replica lags, find out why and what a fix would cost");
  main.say("I look at the pool and at what the replica reports first.", 6);
  investigate(main, 5);
  main.call(
    "AskUserQuestion",
    1,
    { questions: [{ question: "May I run load against staging?", header: "Load" }] },
    264,
    "Yes",
  );
  main.prompt("measure it, do not guess");
  investigate(main, 6);
  main.compact(182_000, 68_000);
  main.prompt("use agents for the reading");
  const explore = main.agent(folder, "explore", "read how reads are routed, and who decides on the replica", 9, 16);
  investigate(main, 3);
  main.call("ExitPlanMode", 2, { plan: "# Pin reads above 5 s of lag" }, 84, "Approved");
  investigate(main, 2);
  const verify = main.agent(folder, "verify", "replay the load test against a replica held 30 s behind", 16, 26, true);
  investigate(main, 4);
  const explain = main.agent(folder, "explain", "write the findings for people who did not follow", 8, 14, true);
  investigate(main, 2);
  main.until(now - 40_000);
  main.open("Bash", { command: "node bench/route.mjs --lag 30 --duration 60" });
  return {
    id,
    agents: { explore, verify, explain },
    grow(command) {
      main.until(Date.now() - 1_000);
      main.settle("done");
      main.open("Bash", { command });
    },
  };
}

/** Some minutes of ordinary work, the same each time but for its figures. */
function investigate(main: Telling, rounds: number): void {
  const files = ["src/pool/route-reads.ts", "src/pool/replica.ts", "src/pool/staleness.ts", "docs/replica-lag.md"];
  for (let round = 0; round < rounds; round++) {
    const file = `${CWD}/${files[(round + main.calls) % files.length]}`;
    main.call("Grep", 4, { pattern: "staleness|max_lag", path: `${CWD}/src` }, 0.2, "src/pool/route-reads.ts");
    main.call("Read", 3, { file_path: file }, 0.1, "     1\texport const maxLag = 5_000;");
    if (round % 3 === 1) main.fail("Bash", 12, { command: "psql -f lag/probe.sql --csv > out/lag.csv" }, 95, 2);
    main.call("Bash", 14, { command: `node bench/route.mjs --lag ${round * 5} --duration 60` }, 61, "p99 84ms");
    main.say("The lag grows only while the vacuum holds back xmin; the two curves match.", 9);
    main.edit(file, round % 4 === 3);
    if (round % 2 === 0) main.call("mcp__grafana__query", 5, { query: "pg_replication_lag_seconds" }, 3, "[...]");
  }
}

class Telling {
  calls = 0;
  readonly #file: string;
  readonly #session: string;
  readonly #agent: string | null;
  #clock: number;
  #context = 24_000;
  #number = 0;
  #open: string | null = null;

  constructor(file: string, session: string, agent: string | null, startMs: number) {
    this.#file = file;
    this.#session = session;
    this.#agent = agent;
    this.#clock = startMs;
  }

  prompt(text: string): void {
    this.#line(
      "user",
      { message: { role: "user", content: text }, origin: { kind: "human" }, promptSource: "typed" },
      2,
    );
  }

  say(text: string, seconds: number): void {
    this.#answer({ type: "text", text }, null, seconds);
  }

  call(tool: string, thinkS: number, input: Line, tookS: number, output: string, beside: unknown = undefined): void {
    this.open(tool, input, thinkS);
    this.#result(output, false, tookS, beside ?? { stdout: output, stderr: "" });
  }

  fail(tool: string, thinkS: number, input: Line, tookS: number, code: number): void {
    this.open(tool, input, thinkS);
    this.#result(`Exit code ${code}\nserver closed the connection`, true, tookS, "Error");
  }

  edit(path: string, asNew: boolean): void {
    const note = `${CWD}/notes/finding-${this.calls}.md`;
    const content = "# Finding\n\nReads above 5 s of lag are pinned to the primary.\n";
    if (asNew) {
      const kept = { type: "create", filePath: note, content, structuredPatch: [] };
      this.call("Write", 8, { file_path: note, content }, 0.2, "written", kept);
    }
    const old = "  return replicas.next();";
    const lines = [
      " export function route(read: Read) {",
      `-${old}`,
      "+  if (lag() > maxLag) return primary;",
      `+${old}`,
      " }",
    ];
    this.call(
      "Edit",
      7,
      { file_path: path, old_string: old, new_string: `  if (lag() > maxLag) return primary;\n${old}` },
      0.2,
      "updated",
      {
        filePath: path,
        structuredPatch: [{ oldStart: 12, oldLines: 3, newStart: 12, newLines: 4, lines }],
      },
    );
  }

  /** A call without a result. */
  open(tool: string, input: Line, thinkS = 3): void {
    this.calls += 1;
    this.#open = `toolu_${this.#agent ?? "main"}_${this.calls}`;
    this.#answer({ type: "tool_use", id: this.#open, name: tool, input }, "tool_use", thinkS);
  }

  settle(output: string): void {
    this.#result(output, false, 0, { stdout: output, stderr: "" });
  }

  compact(preTokens: number, postTokens: number): void {
    const compactMetadata = { trigger: "auto", preTokens, postTokens };
    this.#line("system", { subtype: "compact_boundary", content: "Conversation compacted", compactMetadata }, 8);
    this.#context = postTokens;
  }

  /** A subagent that was started now and worked for `minutes`; `running`: it is not done. Answers its id. */
  agent(folder: string, type: string, description: string, rounds: number, minutes: number, running = false): string {
    const agent = `a${type.padEnd(16, "0")}`;
    this.open("Agent", { description, subagent_type: type, prompt: description }, 6);
    const call = this.#open ?? "";
    const path = join(folder, this.#session, "subagents", `agent-${agent}.jsonl`);
    writeFileSync(
      path.replace(".jsonl", ".meta.json"),
      JSON.stringify({
        agentType: type,
        description,
        toolUseId: call,
        spawnDepth: 1,
        model: "claude-opus-5-5",
        finished: !running,
      }),
    );
    const told = new Telling(path, this.#session, agent, this.#clock + 500);
    told.prompt(description);
    const end = this.#clock + minutes * MINUTE_MS;
    for (let round = 0; round < rounds && told.#clock < end; round++) {
      told.call("Read", 12, { file_path: `${CWD}/src/pool/part-${round}.ts` }, 0.3, "text");
      told.call("Bash", 24, { command: `rg -n lag src/pool/part-${round}.ts` }, 18, "12 matches");
      told.say("That part asks the replica before it asks the primary.", 14);
    }
    if (running) told.open("Bash", { command: `node bench/replay.mjs --agent ${type}` }, 5);
    this.#result("launched", false, 0.2, { status: "async_launched", agentId: agent, agentType: type, description });
    return agent;
  }

  until(atMs: number): void {
    this.#clock = Math.max(this.#clock, atMs);
  }

  state(line: Line): void {
    this.#write({ ...line, sessionId: this.#session });
  }

  #result(output: string, isError: boolean, tookS: number, toolUseResult: unknown): void {
    const content = [{ type: "tool_result", tool_use_id: this.#open, content: output, is_error: isError }];
    this.#line("user", { message: { role: "user", content }, toolUseResult }, tookS);
    this.#open = null;
    this.#context += 400;
  }

  #answer(block: Line, stop: string | null, seconds: number): void {
    this.#number += 1;
    this.#context += 700;
    const id = `msg_${this.#agent ?? "main"}_${this.#number}`;
    const usage = {
      input_tokens: 12,
      cache_creation_input_tokens: 1_400,
      cache_read_input_tokens: this.#context,
      output_tokens: 640,
    };
    const message = {
      id,
      type: "message",
      role: "assistant",
      model: "claude-sonnet-4-5-20250929",
      content: [block],
      stop_reason: stop,
      usage,
    };
    this.#line("assistant", { message, requestId: `req_${id}` }, seconds);
  }

  #line(type: string, more: Line, seconds: number): void {
    this.#clock += Math.round(seconds * 1_000);
    this.#write({
      ...{
        parentUuid: null,
        isSidechain: this.#agent !== null,
        type,
        uuid: `${this.#agent ?? "main"}-${this.#clock}-${this.#number}`,
      },
      ...{ timestamp: new Date(this.#clock).toISOString(), cwd: CWD, sessionId: this.#session, version: "2.1.330" },
      ...{
        gitBranch: "investigate/replica-lag-p99-after-pg17",
        ...(this.#agent === null ? {} : { agentId: this.#agent }),
      },
      ...more,
    });
  }

  #write(line: Line): void {
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}
