import fc from "fast-check";
import { fixtureLines, MADE, REAL } from "./fixture-lines.ts";

/** For property tests: lines as an agent might write them, almost write them, and never write them. */

const TYPES = [
  ...["user", "assistant", "system", "attachment", "progress", "summary", "custom-title", "ai-title", "agent-name"],
  ...[
    "mode",
    "permission-mode",
    "queue-operation",
    "cost-state",
    "tools-used",
    "last-prompt",
    "relocated",
    "brand-new",
  ],
];
const INNER_TYPES = [
  ...["text", "thinking", "tool_use", "tool_result", "image", "queued_command", "task_status", "hook_success", "file"],
  ...["turn_duration", "api_error", "compact_boundary", "bash_progress", "agent_progress", "web_search_tool_result"],
];
/** All keys that are looked at, and some that are not. */
const KEYS = [
  ...["type", "subtype", "message", "content", "usage", "iterations", "cache_creation", "server_tool_use", "input"],
  ...["id", "model", "role", "stop_reason", "text", "thinking", "name", "tool_use_id", "is_error", "input_tokens"],
  ...["output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "ephemeral_1h_input_tokens", "uuid"],
  ...["timestamp", "cwd", "gitBranch", "version", "entrypoint", "requestId", "apiBlockIndex", "thinkingDurationMs"],
  ...["isMeta", "isSidechain", "isCompactSummary", "isApiErrorMessage", "apiErrorStatus", "apiErrorType", "error"],
  ...["origin", "kind", "promptSource", "permissionMode", "permissionDecision", "decision", "source", "toolDenialKind"],
  ...["toolUseResult", "agentId", "status", "task", "tasks", "subject", "statusChange", "to", "success", "taskId"],
  ...["exitCode", "durationMs", "totalDurationMs", "durationSeconds", "attachment", "prompt", "taskType", "hookName"],
  ...["data", "output", "toolUseID", "parentToolUseID", "messageCount", "retryInMs", "retryAttempt", "maxRetries"],
  ...["compactMetadata", "trigger", "preTokens", "summary", "customTitle", "aiTitle", "mode", "operation", "todos"],
  ...["totalCostUSD", "totalDuration", "totalLinesAdded", "questions", "question", "command", "file_path", "plan"],
  ...[
    "tools",
    "rendered",
    "file",
    "base64",
    "media_type",
    "__proto__",
    "constructor",
    "toString",
    "",
    "7",
    "schlüssel",
  ],
];

const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, -1, 1e21, 1e300, 2 ** 53, 2 ** 53 + 2, 0.1, 1e-9, Number.MAX_VALUE, 4095, 1767225600000),
);

/** Text with everything that is hard: halves of surrogate pairs, controls, colours, wrappers, and lengths at a bound. */
export const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.constantFrom(...TYPES, ...INNER_TYPES, "human", "peer", "task-notification", "local_agent", "completed", "Task"),
  fc.constantFrom("2026-11-22T06:49:31.148Z", "2026-02-30T25:00:00.000Z", "1969-12-31T23:59:59.999Z", "9999-99-99T"),
  fc.constantFrom("<command-name>", "<task-notification>\n<task-id>a1</task-id><summary>Agent x", "<bash-stdout>x"),
  fc.constantFrom(
    "[Request interrupted by user]",
    "Exit code 7\nno",
    "API Error: 500 {}",
    "\ud83d",
    "\udc00",
    "\u001b[31m",
  ),
  fc
    .tuple(fc.constantFrom("a", "é", "€", "🎉", "\ud83d", "\n", '"', "\u0001", " "), fc.integer({ min: 195, max: 450 }))
    .map(([unit, times]) => unit.repeat(times)),
);

const innerType = fc.oneof(fc.constantFrom(...INNER_TYPES), anyText);

const leaf = fc.oneof(anyText, number, fc.boolean(), fc.constant(null));

const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true, maxDepth: 5 },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie("value"), { maxKeys: 6 }),
  ),
}));

const inventedLine = fc
  .record(
    {
      type: fc.constantFrom(...TYPES),
      subtype: innerType,
      timestamp: anyText,
      uuid: anyText,
      isSidechain: fc.boolean(),
      message: fc.record({
        id: leaf,
        model: leaf,
        content: fc.oneof(anyText, fc.array(anyValue, { maxLength: 4 })),
        usage: anyValue,
      }),
      attachment: fc.record({
        type: innerType,
        prompt: anyValue,
        status: anyText,
        taskId: anyText,
      }),
      data: fc.record({ type: innerType, message: anyValue, output: anyText }),
      toolUseResult: anyValue,
    },
    { requiredKeys: ["type"] },
  )
  .chain((line) =>
    fc.dictionary(fc.constantFrom(...KEYS), anyValue, { maxKeys: 5 }).map((more) => ({ ...more, ...line })),
  );

const realLines = [...fixtureLines(REAL), ...fixtureLines(MADE)].map((line) => line.bytes);
const realLine = fc.constantFrom(...realLines);

/** A real line in which one value, somewhere, is another one or gone. */
const changedLine = fc
  .tuple(realLine, fc.nat(), fc.option(anyValue, { nil: undefined }))
  .map(([bytes, place, value]) => {
    const line = JSON.parse(bytes.toString("utf8"));
    const places: [object: Record<string, unknown>, key: string][] = [];
    const visit = (object: Record<string, unknown>) => {
      for (const [key, inner] of Object.entries(object)) {
        places.push([object, key]);
        if (typeof inner === "object" && inner !== null) visit(inner as Record<string, unknown>);
      }
    };
    visit(line);
    const [object, key] = places[place % places.length] ?? [line, "type"];
    object[key] = value;
    return line as unknown;
  });

/** Lines that are JSON, spelt as the agent spells it. */
export const jsonLine = fc.oneof(inventedLine, changedLine).map((line) => Buffer.from(JSON.stringify(line)));

/** The same, spelt otherwise: still JSON mostly, but with escapes and spaces that the agent would not write. */
const oddlySpelt = fc
  .tuple(jsonLine, fc.constantFrom("a", "e", "t", " ", "/", ",", "0", "}", "é"))
  .map(([bytes, character]) => {
    const spelt = `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
    const by = character === "/" ? "\\/" : character === "," ? ", " : character === "0" ? "0.0" : spelt;
    return Buffer.from(bytes.toString("utf8").replaceAll(character, by));
  });

/** Real lines, torn, overwritten or doubled. */
const brokenLine = fc
  .tuple(realLine, fc.nat(), fc.uint8Array({ maxLength: 4 }), fc.nat({ max: 3 }))
  .map(([bytes, place, insert, removed]) => {
    const at = place % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + removed)]);
  });

const tornLine = fc.tuple(realLine, fc.nat()).map(([bytes, end]) => bytes.subarray(0, end % (bytes.length + 1)));

export const anyLine = fc.oneof(
  jsonLine,
  oddlySpelt,
  brokenLine,
  tornLine,
  anyValue.map((value) => Buffer.from(JSON.stringify(value) ?? "")),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
);
