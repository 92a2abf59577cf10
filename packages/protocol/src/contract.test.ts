import { describe, expect, it } from "vitest";
import {
  AgentPaneError,
  ERROR_CODES,
  ERRORS,
  EVENT_KINDS,
  errorBody,
  eventsQuery,
  formatFeedCursor,
  parseFeedCursor,
  sessionsQuery,
  sourceKeyString,
  transcriptEvent,
} from "./index.ts";

describe("the error registry", () => {
  it("answers every code with an HTTP error status and says what it means", () => {
    for (const code of ERROR_CODES) {
      expect(ERRORS[code].status, code).toBeGreaterThanOrEqual(400);
      expect(ERRORS[code].status, code).toBeLessThan(600);
      expect(ERRORS[code].meaning.endsWith("."), code).toBe(true);
    }
  });

  it("gives an error its status, whether to retry, and its cause", () => {
    const cause = new Error("inner");
    const error = new AgentPaneError("store_busy", "The store's queue is full", { cause, retryAfterSeconds: 2 });
    expect([error.status, error.retryable, error.retryAfterSeconds, error.cause]).toEqual([503, true, 2, cause]);
    expect(new AgentPaneError("forbidden", "no").retryable).toBe(false);
  });

  it("refuses a body with a code that it does not know", () => {
    expect(errorBody.safeParse({ error: { code: "not_found", message: "no such session" } }).success).toBe(true);
    expect(errorBody.safeParse({ error: { code: "teapot", message: "short and stout" } }).success).toBe(false);
  });
});

describe("an event", () => {
  it("is of one of the kinds that the design names", () => {
    expect([...EVENT_KINDS].sort()).toEqual(
      [
        ...[
          "prompt",
          "text",
          "thinking",
          "tool.call",
          "tool.result",
          "response",
          "turn.end",
          "interrupt",
          "title",
          "mode",
        ],
        ...["compaction", "api.error", "progress", "subagent.start", "subagent.end", "todo", "queue", "cost", "note"],
        "malformed",
      ].sort(),
    );
  });

  it("may lack a time but never a place", () => {
    const event = { kind: "interrupt", at: null, offset: 12, index: 0, during: "tool" };
    expect(transcriptEvent.safeParse(event).success).toBe(true);
    expect(transcriptEvent.safeParse({ ...event, offset: -1 }).success).toBe(false);
    expect(transcriptEvent.safeParse({ ...event, offset: 1.5 }).success).toBe(false);
    expect(transcriptEvent.safeParse({ ...event, offset: undefined }).success).toBe(false);
  });
});

describe("a query", () => {
  it("reads numbers from text and refuses what is out of bounds", () => {
    expect(sessionsQuery.parse({ limit: "500", offset: "3" })).toEqual({ limit: 500, offset: 3 });
    for (const limit of ["0", "501", "1.5", "many", "-1"]) {
      expect(sessionsQuery.safeParse({ limit }).success, limit).toBe(false);
    }
  });

  it("takes `after` or `before`, never both", () => {
    expect(eventsQuery.safeParse({ after: "1.0.0" }).success).toBe(true);
    expect(eventsQuery.safeParse({ before: "end" }).success).toBe(true);
    expect(eventsQuery.safeParse({ after: "1.0.0", before: "end" }).success).toBe(false);
    expect(eventsQuery.safeParse({ after: "1; drop table" }).success).toBe(false);
  });
});

describe("a feed cursor", () => {
  it("survives being written and read", () => {
    for (const cursor of [
      { epoch: "a1b2", n: 0 },
      { epoch: "with:colon", n: 9_007_199_254_740_991 },
    ]) {
      expect(parseFeedCursor(formatFeedCursor(cursor))).toEqual(cursor);
    }
  });

  it("is null when somebody made it up", () => {
    for (const text of ["", ":", ":5", "abc", "abc:", "abc:-1", "abc:1.5", "abc:x"]) {
      expect(parseFeedCursor(text), text).toBeNull();
    }
  });
});

describe("a source's key", () => {
  it("differs wherever one part differs, even where parts could run into one another", () => {
    const key = { product: "claude-code", root: "/r", session: "s", subagent: null, copy: 1 } as const;
    const keys = [
      key,
      { ...key, root: "/r2" },
      { ...key, session: 's","x' },
      { ...key, subagent: "s" },
      { ...key, copy: 2 },
      { ...key, root: '/r","s', session: "" },
    ];
    expect(new Set(keys.map(sourceKeyString)).size).toBe(keys.length);
  });
});
