import { describe, expect, it } from "vitest";
import { type FixtureLine, fixtureLines, lineLabel, MADE, REAL } from "./fixture-lines.ts";
import { claudeCode } from "./index.ts";

/** The first line of each type, by `lineLabel`. Lines with a message have tests of their own. */
function firstOfEach(folder: string): Map<string, FixtureLine> {
  const first = new Map<string, FixtureLine>();
  for (const line of fixtureLines(folder)) {
    const label = lineLabel(line.bytes);
    if (!first.has(label)) first.set(label, line);
  }
  return first;
}

function eventsOf(line: FixtureLine | undefined): object[] {
  if (!line) return [{ kind: "no such line" }];
  return claudeCode.readLine(line.bytes, line.offset).events.map(({ offset: _, index: __, ...event }) => event);
}

const real = firstOfEach(REAL);
const made = firstOfEach(MADE);

/** Lines that nobody reads: they are counted, by type. `at` is the line's own time. */
const COUNTED: readonly [label: string, at: number | null][] = [
  ["atis-latch", null],
  ["attachment/agent_listing_delta", 1795330170928],
  ["attachment/auto_mode", 1795329715434],
  ["attachment/command_permissions", 1795329989012],
  ["attachment/date", 1795330171049],
  ["attachment/deferred_tools_delta", 1795330170928],
  ["attachment/deferred_tools_record", 1795330168748],
  ["attachment/environment", 1795330170927],
  ["attachment/instructions", 1795330171049],
  ["attachment/mcp_instructions_delta", 1795329773345],
  ["attachment/model", 1795330170928],
  ["attachment/remote_session_change", 1795330171052],
  ["attachment/session_context", 1795330171049],
  ["attachment/skill_listing", 1795330170928],
  ["file-history-snapshot", null],
  ["system/local_command", 1795329562979],
  ["system/stop_hook_summary", 1795330171359],
];

const TOLD: readonly [label: string, events: object[]][] = [
  ["agent-name", [{ kind: "title", title: "Title set by hook", source: "agent", at: null }]],
  ["ai-title", [{ kind: "title", title: "fake generated title", source: "ai", at: null }]],
  ["api-request", []],
  ["api-request-blob", []],
  ["api-request-shape", []],
  ["attachment/file", [{ kind: "note", type: "attachment/file", summary: "../edit.txt", at: 1795329554853 }]],
  [
    "attachment/hook_additional_context",
    [
      {
        kind: "note",
        type: "attachment/hook_additional_context",
        summary: "UserPromptSubmit: ctx from panel",
        at: 1795329848056,
      },
    ],
  ],
  [
    "attachment/hook_blocking_error",
    [
      {
        kind: "note",
        type: "attachment/hook_blocking_error",
        summary: "Stop: From the phone: now also do this @@bash echo continued-by-stop-hook@@",
        at: 1795329484822,
      },
    ],
  ],
  [
    "attachment/hook_deferred_tool",
    [{ kind: "note", type: "attachment/hook_deferred_tool", summary: "settings: Bash", at: 1795329936835 }],
  ],
  [
    "attachment/hook_non_blocking_error",
    [
      {
        kind: "note",
        type: "attachment/hook_non_blocking_error",
        summary: "UserPromptSubmit: connect ECONNREFUSED 127.0.0.1:8790",
        at: 1795330383196,
      },
    ],
  ],
  [
    "attachment/hook_permission_decision",
    [
      {
        kind: "note",
        type: "attachment/hook_permission_decision",
        summary: "PermissionRequest: allow",
        at: 1795329455775,
      },
    ],
  ],
  [
    "attachment/hook_success",
    [{ kind: "note", type: "attachment/hook_success", summary: "PreToolUse:Bash", at: 1795329936715 }],
  ],
  [
    "attachment/plan_mode",
    [
      {
        kind: "note",
        type: "attachment/plan_mode",
        summary: "/home/dev/.claude/plans/b24-text-forked-curious-lobster.md",
        at: 1795329574951,
      },
    ],
  ],
  [
    "attachment/plan_mode_exit",
    [
      {
        kind: "note",
        type: "attachment/plan_mode_exit",
        summary: "/home/dev/.claude/plans/b24-text-forked-curious-lobster.md",
        at: 1795329580273,
      },
    ],
  ],
  ["attachment/prompt_snapshot", []],
  [
    "attachment/queued_command",
    [
      {
        kind: "prompt",
        origin: "human",
        summary: "C5d queued @@text answer to queued@@",
        chars: 36,
        images: 0,
        queued: true,
        at: 1795329641179,
      },
    ],
  ],
  [
    "attachment/task_status",
    [
      {
        kind: "subagent.end",
        call: null,
        subagent: "a31b09b426b7bb2fb",
        status: "completed",
        summary: "Sub job",
        at: 1795329554854,
      },
    ],
  ],
  ["cost-state", [{ kind: "cost", totalNanoUsd: 4347200, durationMs: 1291, linesAdded: 0, linesRemoved: 0, at: null }]],
  ["custom-title", [{ kind: "title", title: "Title set by hook", source: "user", at: null }]],
  ["file-history-delta", [{ kind: "note", type: "file-history-delta", summary: "new.txt", at: 1795329499466 }]],
  ["last-prompt", [{ kind: "note", type: "last-prompt", summary: "S6 @@text in worktree@@", at: null }]],
  ["mode", [{ kind: "mode", mode: "normal", what: "input", at: null }]],
  ["permission-mode", [{ kind: "mode", mode: "default", what: "permission", at: null }]],
  ["queue-operation", [{ kind: "queue", operation: "enqueue", summary: "S6 @@text in worktree@@", at: 1795330170834 }]],
  ["relocated", [{ kind: "note", type: "relocated", summary: "/home/dev/shop/.claude/worktrees/wt1", at: null }]],
  [
    "system/api_error",
    [
      {
        kind: "api.error",
        status: 529,
        error: "overloaded_error",
        summary: "529 Overloaded",
        retry: { attempt: 1, max: 10, inMs: 582 },
        at: 1795329542290,
      },
    ],
  ],
  [
    "system/compact_boundary",
    [{ kind: "compaction", trigger: "manual", preTokens: 15983, postTokens: 3334, durationMs: 600, at: 1795329555117 }],
  ],
  [
    "system/informational",
    [
      {
        kind: "note",
        type: "system/informational",
        summary:
          "Auto mode lets Claude handle permission prompts automatically — Claude checks each tool call for risky actions and prompt injection before executing. Actions Claude identifies as safe are executed, while actions Claude identifies as risky …",
        at: 1795329713967,
      },
    ],
  ],
  ["system/turn_duration", [{ kind: "turn.end", durationMs: 2086, messages: 18, at: 1795329850004 }]],
  ["tools-used", [{ kind: "note", type: "tools-used", summary: "Bash", at: null }]],
  [
    "worktree-state",
    [{ kind: "note", type: "worktree-state", summary: "/home/dev/shop/.claude/worktrees/wtcli", at: null }],
  ],
];

/** Types that only older clients write, and what differs in the shape of the others. */
const OLDER: readonly [label: string, events: object[]][] = [
  ["attachment/diagnostics", [{ kind: "note", type: "attachment/diagnostics", summary: "", at: 1771336813000 }]],
  [
    "attachment/edited_text_file",
    [
      {
        kind: "note",
        type: "attachment/edited_text_file",
        summary: "/home/dev/shop/src/header.tsx",
        at: 1768906802000,
      },
    ],
  ],
  [
    "attachment/queued_command",
    [
      {
        kind: "prompt",
        origin: "human",
        summary: "and the second file too",
        chars: 23,
        images: 0,
        queued: true,
        at: 1771336812000,
      },
    ],
  ],
  ["attachment/todo_reminder", [{ kind: "note", type: "attachment/todo_reminder", summary: "", at: 1768906803000 }]],
  [
    "progress/agent_progress",
    [
      {
        kind: "progress",
        call: "toolu_01C2139task",
        type: "agent_progress",
        summary: "List every route without a test.",
        at: 1770710403050,
      },
    ],
  ],
  [
    "progress/bash_progress",
    [
      {
        kind: "progress",
        call: "toolu_01B2112bash",
        type: "bash_progress",
        summary: "✓ src/header.test.tsx (3 tests) 41ms",
        at: 1768906809000,
      },
    ],
  ],
  [
    "progress/hook_progress",
    [
      {
        kind: "progress",
        call: "toolu_01B2112bash",
        type: "hook_progress",
        summary: "PreToolUse:Bash",
        at: 1768906807000,
      },
    ],
  ],
  [
    "progress/waiting_for_task",
    [
      {
        kind: "progress",
        call: "toolu_01C2139task",
        type: "waiting_for_task",
        summary: "Audit the routes",
        at: 1770710407030,
      },
    ],
  ],
  ["queue-operation", [{ kind: "queue", operation: "enqueue", summary: "Fix the cart total", at: 1766221201000 }]],
  ["summary", [{ kind: "title", title: "Fix the cart total for empty baskets", source: "summary", at: null }]],
  [
    "system/api_error",
    [
      {
        kind: "api.error",
        status: 529,
        error: "overloaded_error",
        summary: "Overloaded",
        retry: { attempt: 2, max: 10, inMs: 1042 },
        at: 1766221226005,
      },
    ],
  ],
  ["system/compact_boundary", [{ kind: "compaction", trigger: "auto", preTokens: 155120, at: 1766221229005 }]],
  ["system/stop_hook_summary", [{ kind: "note", type: "system/stop_hook_summary", summary: "", at: 1770710412030 }]],
  ["system/turn_duration", [{ kind: "turn.end", durationMs: 48211, at: 1768906812000 }]],
];

describe("a line of 2.1.330", () => {
  it.each(COUNTED)("of type %s is a note and no more", (label, at) => {
    expect(eventsOf(real.get(label))).toEqual([{ kind: "note", type: label, summary: "", at }]);
  });

  it.each(TOLD)("of type %s is read", (label, events) => {
    expect(eventsOf(real.get(label))).toEqual(events);
  });

  it("is of one of these types", () => {
    const tested = [...COUNTED, ...TOLD].map(([label]) => label);
    expect([...real.keys()].filter((label) => label !== "user" && label !== "assistant").sort()).toEqual(tested.sort());
  });
});

describe("a line of an older client", () => {
  it.each(OLDER)("of type %s is read", (label, events) => {
    expect(eventsOf(made.get(label))).toEqual(events);
  });
});
