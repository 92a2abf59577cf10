// Over 400 lines because it is one self-contained script whose output must never change.
// A deterministic generator of Claude Code transcripts, for benchmarks and load tests.
// usage: node gen-transcripts.mjs --out DIR --files N --mb TOTAL_MB [--seed 42] [--days 90] [--projects P] [--end 2026-02-20]
//   (--end is the last day; files get the mtime of their last line, so with --end today about 1 in 90 is today's)
//   1 GB: --files 2000 --mb 1000      5 GB: --files 10000 --mb 5000
// layout: DIR/projects/<slug>/<session>.jsonl and .../<session>/subagents/agent-<id>.jsonl, so DIR serves as CLAUDE_CONFIG_DIR.
// DIR/truth.json: files, lines, responses, tokens and cost by model and day that a correct reader must find.
// Line shapes and the size mix follow 2.0-2.1.44 transcripts; a third of the sessions are 2.1.330, with its plumbing lines.
import fs from "node:fs";
import path from "node:path";

const A = Object.fromEntries(
  process.argv
    .slice(2)
    .join(" ")
    .split("--")
    .filter(Boolean)
    .map((s) => s.trim().split(/\s+/)),
);
const OUT = A.out,
  NF = +A.files,
  MB = +A.mb,
  SEED = +(A.seed ?? 42),
  DAYS = +(A.days ?? 90),
  NPROJ = +(A.projects ?? Math.max(8, Math.round(NF / 50)));
let s0 = SEED >>> 0; // sfc-ish / mulberry32
function R() {
  s0 = (s0 + 0x6d2b79f5) >>> 0;
  let t = s0;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const ri = (a, b) => a + Math.floor(R() * (b - a + 1));
const pick = (a) => a[Math.floor(R() * a.length)];
const gauss = () => {
  let u = 0;
  while (!u) u = R();
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * R());
};
const logn = (med, sig, lo, hi) => Math.max(lo, Math.min(hi, Math.round(med * Math.exp(sig * gauss()))));
const HEX = "0123456789abcdef",
  B62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const hex = (n) => {
  let s = "";
  for (let i = 0; i < n; i++) s += HEX[(R() * 16) | 0];
  return s;
};
const b62 = (n) => {
  let s = "";
  for (let i = 0; i < n; i++) s += B62[(R() * 62) | 0];
  return s;
};
const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-${"89ab"[(R() * 4) | 0]}${hex(3)}-${hex(12)}`;
// text pools
const W =
  "the of and to a in is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may first then do any my now such like our over man me even most made after also did many off before must well back through years much where your way down should because long each just state those people too how Mr little good world make very year still see own work men day get here between both being under three never know same last another while us might great go come since against right came take used himself few house use place during high without again home around small however found thought went say part once general upon school every function const return export import async await interface type string number boolean undefined error session token cache stream parser buffer index query database migration component render state effect hook server client request response handler router middleware schema validate".split(
    " ",
  );
const CODE = [
  '  const result = await db.prepare("SELECT id, name FROM sessions WHERE id = ?").get(id);\n',
  "    if (!entry || entry.type !== 'assistant') return null;\n",
  "export function parseLine(line: string): Entry | undefined {\n",
  '      <div className="flex items-center gap-2 text-sm">\n',
  "  }\n\n",
  '    // TODO: handle the edge case where "usage" is missing\n',
  "\tfor (let i = 0; i < lines.length; i++) {\n",
  '  expect(screen.getByText("Session")).toBeInTheDocument();\n',
  'import { describe, it, expect } from "vitest";\n',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: sample source code
  "        throw new Error(`unexpected token at ${pos}`);\n",
  "     ✓ src/server/ingest.test.ts (12 tests) 143ms\n",
  "✖ 3 problems (1 error, 2 warnings)\n",
  "/home/dev/projects/app/src/components/SessionList.tsx:42:17\n",
  "-rw-r--r-- 1 dev dev 18342 Feb 12 15:36 package-lock.json\n",
  '  return <Tooltip content="Größe — naïve café ☕">{children}</Tooltip>;\n',
];
let PROSE = "";
while (PROSE.length < 1 << 21) {
  const n = ri(6, 22);
  for (let i = 0; i < n; i++) PROSE += `${pick(W)} `;
  PROSE += R() < 0.2 ? "\n\n" : ". ";
}
let CODES = "";
{
  let n = 1;
  while (CODES.length < 1 << 21) {
    CODES += (R() < 0.5 ? `${String(n++ % 2000).padStart(6)}→` : "") + pick(CODE);
    if (R() < 0.1) CODES += `${PROSE.substr(ri(0, 1 << 20), ri(30, 120))}\n`;
  }
}
const B64 = (() => {
  let s = "";
  while (s.length < 1 << 22) s += b62(4096);
  return s;
})();
const prose = (n) => {
  const o = ri(0, PROSE.length - Math.min(n, 1 << 20) - 1);
  return PROSE.substr(o, n);
};
const code = (n) => {
  if (n > 1 << 20) return CODES.repeat(Math.ceil(n / CODES.length)).slice(0, n);
  return CODES.substr(ri(0, CODES.length - n - 1), n);
};
const b64 = (n) => {
  let s = "";
  while (s.length < n) s += B64.substr(ri(0, 1 << 20), Math.min(n - s.length, 1 << 21));
  return s;
};
const MODELS = [
  ["claude-opus-4-6", 0.5],
  ["claude-sonnet-4-5-20250929", 0.35],
  ["claude-haiku-4-5-20251001", 0.15],
];
const pickModel = () => {
  let r = R();
  for (const [m, p] of MODELS) {
    r -= p;
    if (r < 0) return m;
  }
  return MODELS[0][0];
};
const TOOLS = [
  "Bash",
  "Bash",
  "Bash",
  "Read",
  "Read",
  "Read",
  "Edit",
  "Edit",
  "Grep",
  "Glob",
  "Write",
  "TodoWrite",
  "WebFetch",
  "Task",
  "mcp__github__get_issue",
];
const END = A.end ? Date.parse(A.end) + 864e5 : Date.UTC(2026, 1, 20),
  START = END - DAYS * 864e5;
const truth = {
  files: 0,
  bytes: 0,
  lines: 0,
  usageLines: 0,
  messages: 0,
  byModel: {},
  byDay: {},
  types: {},
  sizeHist: {},
};
const seen = new Map(); // msgid:req -> last usage (final output)
function acct(model, day, u, key) {
  const o = seen.get(key);
  if (!o || u.output_tokens > o.u.output_tokens) seen.set(key, { model, day: o?.day ?? day, u });
} // highest output wins
// 2.1.330: another key order, later fields, the usage object far from the line's end
const ORDER = {
  assistant: [
    "parentUuid",
    "isSidechain",
    "agentId",
    "message",
    "toolInputStreamMs",
    "apiBlockIndex",
    "requestId",
    "requestRef",
    "requestedModel",
    "promptCacheRequested",
    "type",
    "uuid",
    "timestamp",
    "effort",
    "perTurnEffort",
    "madeBy",
    "session_id",
    "userType",
    "entrypoint",
    "cwd",
    "sessionId",
    "version",
    "gitBranch",
    "slug",
  ],
  user: [
    "parentUuid",
    "isSidechain",
    "agentId",
    "promptId",
    "type",
    "message",
    "uuid",
    "timestamp",
    "toolUseResult",
    "sourceToolAssistantUUID",
    "permissionMode",
    "origin",
    "promptSource",
    "turnOrigin",
    "turnPosition",
    "session_id",
    "userType",
    "entrypoint",
    "cwd",
    "sessionId",
    "version",
    "gitBranch",
    "slug",
  ],
};
function as330(o, c) {
  const x = { ...o, entrypoint: "cli", session_id: c.sid };
  if (o.type === "assistant") {
    const m = o.message,
      u = m.usage,
      first = m.id !== c.mid;
    c.mid = m.id;
    c.blk = first ? 0 : c.blk + 1;
    x.message = {
      id: m.id,
      type: m.type,
      role: m.role,
      model: m.model,
      content: m.content,
      stop_reason: m.stop_reason,
      stop_sequence: null,
      usage: {
        input_tokens: u.input_tokens,
        cache_creation_input_tokens: u.cache_creation_input_tokens,
        cache_read_input_tokens: u.cache_read_input_tokens,
        output_tokens: u.output_tokens,
        output_tokens_details: { thinking_tokens: 0 },
        server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
        service_tier: "standard",
        cache_creation: {
          ephemeral_1h_input_tokens: u.cache_creation.ephemeral_1h_input_tokens,
          ephemeral_5m_input_tokens: u.cache_creation.ephemeral_5m_input_tokens,
        },
        inference_geo: "global",
        iterations: [],
        speed: "standard",
        fallback_credit: null,
      },
      stop_details: null,
    };
    Object.assign(x, {
      apiBlockIndex: c.blk,
      requestRef: uuid(),
      requestedModel: m.model,
      promptCacheRequested: "5m",
      effort: "medium",
      perTurnEffort: "medium",
      madeBy: "model",
    });
  } else if (o.type === "user" && !o.toolUseResult)
    Object.assign(x, {
      promptId: uuid(),
      origin: { kind: "human" },
      promptSource: "typed",
      turnOrigin: "human",
      turnPosition: { promptIndex: 1, turnIndex: 1 },
    });
  const order = ORDER[o.type];
  if (!order) return x;
  const y = {};
  for (const k of order) if (x[k] !== undefined) y[k] = x[k];
  for (const k in x) if (!(k in y) && x[k] !== undefined) y[k] = x[k];
  return y;
}
class File {
  constructor(p, ctx) {
    this.p = p;
    this.c = ctx;
    this.chunks = [];
    this.len = 0;
    this.prev = null;
    this.lines = [];
    fs.mkdirSync(path.dirname(p), { recursive: true });
    fs.writeFileSync(p, "");
  }
  put(o, kind) {
    if (this.c.ver === "2.1.330" && (o.type === "assistant" || o.type === "user" || o.type === "system"))
      o = as330(o, this.c);
    const s = `${JSON.stringify(o)}\n`;
    this.raw(s, kind);
    return s;
  }
  raw(s, kind) {
    const b = Buffer.byteLength(s);
    this.chunks.push(s);
    this.len += b;
    this.pend = (this.pend ?? 0) + b;
    truth.lines++;
    truth.types[kind] ??= { n: 0, bytes: 0 };
    const t = truth.types[kind];
    t.n++;
    t.bytes += b;
    if (s.includes('"usage"')) truth.usageLines++;
    const h = 2 ** Math.floor(Math.log2(b));
    truth.sizeHist[h] = (truth.sizeHist[h] ?? 0) + 1;
    if (this.pend > 4 << 20) this.flush();
  }
  flush() {
    if (this.chunks.length) {
      fs.appendFileSync(this.p, this.chunks.join(""));
      this.chunks = [];
      this.pend = 0;
    }
  }
  close() {
    if (this.c.ver === "2.1.330" && !this.c.side) {
      this.put({ type: "last-prompt", lastPrompt: prose(40), leafUuid: uuid(), sessionId: this.c.sid }, "plumbing");
      this.put({ type: "permission-mode", permissionMode: "default", sessionId: this.c.sid }, "plumbing");
    }
    this.flush();
    truth.files++;
    truth.bytes += this.len;
    fs.utimesSync(this.p, this.c.t / 1000, this.c.t / 1000);
  }
  base(extra) {
    const c = this.c;
    const u = uuid();
    const o = {
      parentUuid: this.prev,
      isSidechain: c.side,
      userType: "external",
      cwd: c.cwd,
      sessionId: c.sid,
      version: c.ver,
      gitBranch: c.branch,
      ...(c.agentId ? { agentId: c.agentId } : {}),
      ...(c.slug ? { slug: c.slug } : {}),
      ...extra,
    };
    this.prev = u;
    this.u = u;
    return o;
  }
  ts(ms = 0) {
    this.c.t += ms;
    return new Date(this.c.t).toISOString();
  }
}
function usage(c) {
  c.ctx ??= ri(15000, 30000);
  const ctx = c.ctx;
  const create = R() < 0.9 ? logn(1800, 1.1, 50, 40000) : 0,
    h1 = c.h1 && R() < 0.8;
  c.ctx = ctx + create > 185000 ? ri(25000, 40000) : ctx + create;
  return {
    input_tokens: R() < 0.8 ? ri(1, 12) : logn(600, 1, 20, 20000),
    cache_creation_input_tokens: create,
    cache_read_input_tokens: R() < 0.97 ? ctx : 0,
    cache_creation: { ephemeral_5m_input_tokens: h1 ? 0 : create, ephemeral_1h_input_tokens: h1 ? create : 0 },
    output_tokens: 1,
    service_tier: "standard",
    inference_geo: "not_available",
  };
}
function turn(f) {
  const c = f.c,
    ver = c.ver;
  // user prompt
  const hasImg = R() < c.imgp;
  const content = hasImg
    ? [
        { type: "text", text: prose(ri(40, 400)) },
        {
          type: "image",
          source: { type: "base64", media_type: "image/png", data: b64(logn(500_000, 0.8, 60_000, 3_000_000)) },
        },
      ]
    : prose(logn(220, 1.1, 10, 12000));
  if (!c.side && R() < 0.7) {
    const mid = uuid();
    f.put(
      {
        type: "file-history-snapshot",
        messageId: mid,
        snapshot: {
          messageId: mid,
          trackedFileBackups: Object.fromEntries(
            Array.from({ length: ri(0, 12) }, (_, i) => [
              `src/${pick(W)}/${pick(W)}${i}.ts`,
              { backupFileName: `${hex(16)}@v${ri(1, 9)}`, version: ri(1, 9), backupTime: f.ts() },
            ]),
          ),
          timestamp: f.ts(),
        },
        isSnapshotUpdate: R() < 0.3,
      },
      "file-history-snapshot",
    );
  }
  if (!c.side && R() < 0.12) {
    f.put(
      {
        type: "queue-operation",
        operation: "enqueue",
        timestamp: f.ts(),
        sessionId: c.sid,
        content: prose(ri(20, 400)),
      },
      "queue-operation",
    );
    f.put({ type: "queue-operation", operation: "dequeue", timestamp: f.ts(900), sessionId: c.sid }, "queue-operation");
  }
  f.put(
    {
      ...f.base({ type: "user", message: { role: "user", content } }),
      uuid: f.u,
      timestamp: f.ts(ri(2000, 240000)),
      ...(c.side ? {} : { thinkingMetadata: { maxThinkingTokens: 31999 }, todos: [], permissionMode: "default" }),
    },
    hasImg ? "user/image" : "user",
  );
  if (!c.side && R() < 0.25)
    f.put(
      {
        ...f.base({
          type: "attachment",
          attachment:
            R() < 0.5
              ? {
                  type: "edited_text_file",
                  filename: `${c.cwd}/src/${pick(W)}.ts`,
                  snippet: code(logn(900, 0.9, 80, 12000)),
                }
              : { type: "todo_reminder", content: [], itemCount: 0 },
        }),
        uuid: f.u,
        timestamp: f.ts(),
      },
      "attachment",
    );
  const steps = ri(1, c.side ? 10 : 14);
  if (ver === "2.1.330" && !c.shape) {
    c.shape = hex(64);
    f.put(
      {
        type: "api-request-shape",
        sessionId: c.sid,
        shapeHash: c.shape,
        shape: { system: prose(ri(9000, 30000)), tools: prose(ri(20000, 40000)) },
        timestamp: f.ts(),
        version: ver,
      },
      "plumbing",
    );
  }
  for (let i = 0; i < steps; i++) {
    if (ver === "2.1.330") {
      if (R() < 0.5)
        f.put(
          {
            type: "api-request-blob",
            sessionId: c.sid,
            hash: hex(64),
            message: { role: "user", content: prose(logn(2500, 1, 200, 20000)) },
          },
          "plumbing",
        );
      f.put(
        {
          type: "api-request",
          sessionId: c.sid,
          id: uuid(),
          timestamp: f.ts(),
          querySource: "repl_main_thread",
          shapeHash: c.shape,
          params: { max_tokens: 32000 },
          keep: ri(1, 200),
          tail: [hex(64)],
          cacheControl: [],
          requestDigest: hex(64),
          version: ver,
        },
        "plumbing",
      );
      if (!c.side && R() < 0.3) f.put({ type: "atis-latch", atis: "", sessionId: c.sid }, "plumbing");
    }
    const last = i === steps - 1;
    const model = c.model,
      id = `msg_01${b62(22)}`,
      req = `req_011C${b62(20)}`,
      u = usage(c);
    const blocks = [];
    if (R() < 0.35)
      blocks.push({
        type: "thinking",
        thinking: prose(logn(500, 1.1, 40, 25000)),
        signature: b64(logn(700, 0.6, 200, 8000)),
      });
    if (last || R() < 0.4) blocks.push({ type: "text", text: prose(logn(last ? 900 : 160, 1, 3, 16000)) });
    const nt = last ? 0 : R() < 0.75 ? 1 : ri(2, 4);
    const calls = [];
    for (let k = 0; k < nt; k++) {
      const name = pick(TOOLS),
        tid = `toolu_01${b62(22)}`;
      const input =
        name === "Bash"
          ? { command: prose(logn(90, 0.8, 8, 3000)).replace(/\n/g, " "), description: prose(40) }
          : name === "Edit"
            ? {
                replace_all: false,
                file_path: `${c.cwd}/src/${pick(W)}.ts`,
                old_string: code(logn(300, 1, 20, 6000)),
                new_string: code(logn(420, 1, 20, 9000)),
              }
            : name === "Write"
              ? { file_path: `${c.cwd}/src/${pick(W)}.ts`, content: code(logn(2600, 1, 100, 40000)) }
              : name === "Task"
                ? { description: prose(30), prompt: prose(logn(900, 0.7, 200, 6000)), subagent_type: "Explore" }
                : name === "TodoWrite"
                  ? {
                      todos: Array.from({ length: ri(3, 9) }, () => ({
                        content: prose(60),
                        status: "pending",
                        activeForm: prose(60),
                      })),
                    }
                  : {
                      file_path: `${c.cwd}/src/${pick(W)}/${pick(W)}.ts`,
                      ...(R() < 0.3 ? { offset: ri(1, 900), limit: 200 } : {}),
                    };
      calls.push([name, tid, input]);
      blocks.push({ type: "tool_use", id: tid, name, input, caller: { type: "direct" } });
    }
    const finalOut = logn(260, 1.1, 5, 16000);
    const stub = ri(1, 20);
    for (let b = 0; b < blocks.length; b++) {
      const fin = b === blocks.length - 1;
      const uu = { ...u, output_tokens: fin && R() < 0.85 ? finalOut : stub };
      if (fin) {
        acct(model, f.ts().slice(0, 10), uu, `${id}:${req}`);
      } else acct(model, f.ts().slice(0, 10), uu, `${id}:${req}`);
      f.put(
        {
          ...f.base({
            message: {
              model,
              id,
              type: "message",
              role: "assistant",
              content: [blocks[b]],
              stop_reason: fin ? (last ? "end_turn" : "tool_use") : null,
              stop_sequence: null,
              usage: uu,
            },
            requestId: req,
            type: "assistant",
          }),
          uuid: f.u,
          timestamp: f.ts(ri(200, 6000)),
        },
        `assistant/${blocks[b].type}`,
      );
    }
    for (const [name, tid, input] of calls) {
      const nh = c.hooks ? ri(1, 4) : 0;
      for (let h = 0; h < nh; h++) {
        const ev = h < 2 ? "PreToolUse" : "PostToolUse";
        f.put(
          {
            ...f.base({
              type: "progress",
              data: {
                type: "hook_progress",
                hookEvent: ev,
                hookName: `${ev}:${name}`,
                // biome-ignore lint/suspicious/noTemplateCurlyInString: as the agent writes it
                command: "${CLAUDE_PLUGIN_ROOT}/scripts/tool-call-capture.sh",
              },
              parentToolUseID: tid,
              toolUseID: tid,
            }),
            timestamp: f.ts(20),
            uuid: f.u,
          },
          "progress/hook",
        );
      }
      if (name === "Bash" && R() < 0.3)
        for (let k = ri(1, 6); k > 0; k--)
          f.put(
            {
              ...f.base({
                type: "progress",
                data: {
                  type: "bash_progress",
                  output: code(ri(60, 600)),
                  fullOutput: code(logn(700, 1, 60, 12000)),
                  elapsedTimeSeconds: ri(2, 90),
                  totalLines: ri(3, 400),
                  timeoutMs: 60000,
                },
                toolUseID: `bash-progress-${k}`,
                parentToolUseID: tid,
              }),
              uuid: f.u,
              timestamp: f.ts(1000),
            },
            "progress/bash",
          );
      if (name === "Task")
        for (let k = ri(2, 12); k > 0; k--) {
          const asst = R() < 0.5;
          f.put(
            {
              ...f.base({
                type: "progress",
                data: {
                  message: asst
                    ? {
                        type: "assistant",
                        timestamp: f.ts(),
                        message: {
                          model: "claude-haiku-4-5-20251001",
                          id: `msg_01${b62(22)}`,
                          type: "message",
                          role: "assistant",
                          content: [
                            {
                              type: "tool_use",
                              id: `toolu_01${b62(22)}`,
                              name: "Read",
                              input: { file_path: `${c.cwd}/a.ts` },
                            },
                          ],
                          stop_reason: null,
                          stop_sequence: null,
                          usage: usage({ ctx: 20000 }),
                        },
                        requestId: `req_011C${b62(20)}`,
                        uuid: uuid(),
                      }
                    : {
                        type: "user",
                        message: { role: "user", content: [{ type: "text", text: prose(logn(900, 0.8, 50, 30000)) }] },
                        uuid: uuid(),
                        timestamp: f.ts(),
                      },
                  normalizedMessages: [],
                  type: "agent_progress",
                  prompt: prose(700),
                  agentId: hex(7),
                },
                toolUseID: `agent_msg_01${b62(22)}`,
                parentToolUseID: tid,
              }),
              uuid: f.u,
              timestamp: f.ts(400),
            },
            "progress/agent",
          );
        }
      const imgRes = R() < c.imgp * 0.15;
      const n = R() < 0.04 ? logn(60_000, 0.6, 20_000, 220_000) : logn(900, 1.35, 20, 24_000);
      const out = imgRes
        ? [
            {
              type: "image",
              source: { type: "base64", media_type: "image/png", data: b64(logn(700_000, 0.7, 100_000, 3_000_000)) },
            },
          ]
        : code(n);
      const err = R() < 0.06;
      const tur = err
        ? `Error: ${String(out).slice(0, 400)}`
        : name === "Bash"
          ? { stdout: imgRes ? "" : out, stderr: "", interrupted: false, isImage: imgRes, noOutputExpected: false }
          : name === "Edit"
            ? {
                filePath: input.file_path,
                oldString: input.old_string,
                newString: input.new_string,
                originalFile: code(Math.min(n * 2, 60000)),
                structuredPatch: [
                  {
                    oldStart: ri(1, 900),
                    oldLines: 8,
                    newStart: ri(1, 900),
                    newLines: 11,
                    lines: code(600).split("\n"),
                  },
                ],
                userModified: false,
                replaceAll: false,
              }
            : name === "Read"
              ? {
                  type: "text",
                  file: {
                    filePath: input.file_path,
                    content: imgRes ? "" : out,
                    numLines: ri(1, 2000),
                    startLine: 1,
                    totalLines: ri(1, 2000),
                  },
                }
              : name === "Task"
                ? {
                    status: "completed",
                    prompt: input.prompt,
                    agentId: hex(7),
                    content: [{ type: "text", text: prose(800) }],
                    totalDurationMs: ri(9000, 400000),
                    totalTokens: ri(9000, 90000),
                    totalToolUseCount: ri(2, 40),
                    usage: usage({ ctx: 20000 }),
                  }
                : undefined;
      f.put(
        {
          ...f.base({
            type: "user",
            message: {
              role: "user",
              content: [{ tool_use_id: tid, type: "tool_result", content: out, is_error: err }],
            },
          }),
          uuid: f.u,
          timestamp: f.ts(ri(30, 20000)),
          ...(c.side || !tur ? {} : { toolUseResult: tur }),
          sourceToolAssistantUUID: uuid(),
        },
        imgRes ? "user/tool_result_image" : "user/tool_result",
      );
    }
    if (f.len >= c.target) return;
  }
  if (!c.side) {
    f.put(
      {
        ...f.base({ type: "system", subtype: "turn_duration", durationMs: ri(4000, 900000) }),
        timestamp: f.ts(),
        uuid: f.u,
        isMeta: false,
      },
      "system",
    );
    if (c.hooks)
      f.put(
        {
          ...f.base({
            type: "system",
            subtype: "stop_hook_summary",
            hookCount: 2,
            hookInfos: [{ command: "a.sh" }, { command: "b.sh" }],
            hookErrors: [],
            preventedContinuation: false,
            stopReason: "",
            hasOutput: false,
            level: "suggestion",
          }),
          timestamp: f.ts(),
          uuid: f.u,
          toolUseID: uuid(),
        },
        "system",
      );
  }
}
fs.mkdirSync(`${OUT}/projects`, { recursive: true });
const projs = Array.from({ length: NPROJ }, (_, i) => {
  const cwd = `/home/dev/projects/${pick(W).toLowerCase()}-${pick(W).toLowerCase()}-${i}`;
  return {
    cwd,
    slug: cwd.replace(/[^A-Za-z0-9]/g, "-"),
    branches: ["main", `feat/${pick(W)}`, `fix/${pick(W)}-${i}`, "HEAD"],
  };
});
const total = MB * 1e6;
let files = 0,
  _prevSession = null;
const meanTarget = total / NF;
let forkSrc = null;
while (files < NF) {
  const left = NF - files,
    adj = (total - truth.bytes) / left / meanTarget; // steer to the byte target
  const p = projs[Math.min(NPROJ - 1, Math.floor((Math.abs(gauss()) * NPROJ) / 2.2))],
    sid = uuid();
  const t0 = START + R() * (END - START - 6 * 36e5);
  const ctx = {
    cwd: p.cwd,
    sid,
    ver: pick(["2.1.330", "2.1.330", "2.1.39", "2.1.44", "2.0.76", "2.1.12"]),
    branch: pick(p.branches),
    side: false,
    t: t0,
    model: pickModel(),
    h1: R() < 0.3,
    hooks: R() < 0.3,
    imgp: R() < 0.25 ? 0.06 : 0,
    slug: R() < 0.8 ? `${pick(W)}-${pick(W)}-${pick(W)}` : undefined,
    target: adj * logn(meanTarget * 0.95, 1.15, 3000, meanTarget * 25),
  };
  const f = new File(path.join(OUT, "projects", p.slug, `${sid}.jsonl`), ctx);
  if (R() < 0.3) f.put({ type: "summary", summary: prose(60), leafUuid: uuid() }, "summary");
  if (forkSrc && R() < 0.04) {
    for (const l of forkSrc.lines) f.raw(l.replaceAll(forkSrc.sid, sid), "forked");
  }
  const keep = R() < 0.1 ? [] : null;
  const put0 = f.put.bind(f);
  if (keep)
    f.put = (o, k) => {
      const s = put0(o, k);
      if (keep.length < 60 && s.length < 50000) keep.push(s);
      return s;
    };
  while (f.len < ctx.target) turn(f);
  if (R() < 0.6) f.put({ type: "ai-title", aiTitle: prose(50), sessionId: sid }, "ai-title");
  f.close();
  files++;
  if (keep) forkSrc = { sid, lines: keep };
  const ns = R() < 0.35 ? ri(1, 4) : 0;
  for (let k = 0; k < ns && files < NF; k++) {
    const agentId = `a${hex(6)}`;
    const c2 = {
      ...ctx,
      side: true,
      agentId,
      t: t0 + ri(0, 36e5),
      model: R() < 0.6 ? "claude-haiku-4-5-20251001" : ctx.model,
      ctx: undefined,
      imgp: 0,
      target: adj * logn(meanTarget * 0.35, 0.9, 3000, meanTarget * 6),
    };
    const g = new File(path.join(OUT, "projects", p.slug, sid, "subagents", `agent-${agentId}.jsonl`), c2);
    while (g.len < c2.target) turn(g);
    g.close();
    files++;
  }
}
for (const { model, day, u } of seen.values()) {
  truth.messages++;
  for (const [k, o] of [
    [model, truth.byModel],
    [day, truth.byDay],
  ]) {
    o[k] ??= { n: 0, in: 0, out: 0, cc: 0, cc1h: 0, cr: 0 };
    const a = o[k];
    a.n++;
    a.in += u.input_tokens;
    a.out += u.output_tokens;
    a.cc += u.cache_creation_input_tokens;
    a.cc1h += u.cache_creation.ephemeral_1h_input_tokens;
    a.cr += u.cache_read_input_tokens;
  }
}
const PR = {
  "claude-opus-4-6": [5, 25, 6.25, 10, 0.5],
  "claude-sonnet-4-5-20250929": [3, 15, 3.75, 6, 0.3],
  "claude-haiku-4-5-20251001": [1, 5, 1.25, 2, 0.1],
};
// list prices, dollars a million; the whole request at the long rate over 200k where the model has one (sonnet 4.5)
truth.cost = {};
for (const { model, u } of seen.values()) {
  const [i, o, w5, w1, r] = PR[model],
    h1 = u.cache_creation.ephemeral_1h_input_tokens,
    long =
      model === "claude-sonnet-4-5-20250929" &&
      u.input_tokens + u.cache_creation_input_tokens + u.cache_read_input_tokens > 200000;
  truth.cost[model] =
    (truth.cost[model] ?? 0) +
    ((u.input_tokens * i + (u.cache_creation_input_tokens - h1) * w5 + h1 * w1 + u.cache_read_input_tokens * r) *
      (long ? 2 : 1) +
      u.output_tokens * o * (long ? 1.5 : 1)) /
      1e6;
}
truth.projects = NPROJ;
fs.writeFileSync(`${OUT}/truth.json`, JSON.stringify(truth, null, 1));
process.stdout.write(
  `${JSON.stringify({ files: truth.files, bytes: truth.bytes, lines: truth.lines, usageLines: truth.usageLines, messages: truth.messages, cost: truth.cost })}\n`,
);
