import { MAX_LINE_BYTES } from "@agentpane/protocol";
import { describe, expect, it } from "vitest";
import { claudeCode } from "./index.ts";

function readText(text: string) {
  return claudeCode.readLine(Buffer.from(text), 77);
}

describe("a line that cannot be read", () => {
  it.each([
    ["", "empty line"],
    ['{"type":"user"', "not JSON: cut short, or followed by something else"],
    ['{"type":"user"} {"type":"user"}', "not JSON"],
    ['{"type":"user"}x', "not JSON: cut short, or followed by something else"],
    ['{"type":"user","x":"\0"}', "not JSON: holds NUL bytes"],
    ["\0\0\0\0", "not JSON: holds NUL bytes"],
    ["null", "not an object"],
    ["[]", "not an object"],
    ["7", "not an object"],
    ['"user"', "not an object"],
  ])("%j is malformed: %s", (text, reason) => {
    expect(readText(text)).toEqual({
      events: [{ kind: "malformed", at: null, offset: 77, index: 0, reason, bytes: Buffer.byteLength(text) }],
      copies: [],
      context: null,
      slow: true,
      unknownType: null,
    });
  });

  it("is one that is longer than what is parsed", () => {
    const { events } = claudeCode.readLine(Buffer.alloc(MAX_LINE_BYTES + 1, "a"), 0);
    expect(events).toMatchObject([{ kind: "malformed", reason: "longer than 16 MiB", bytes: MAX_LINE_BYTES + 1 }]);
  });

  it.each([
    ["broken UTF-8, which reads with a replacement character", [0xff], "\ufffd"],
    ["spaces between its tokens", [...Buffer.from('" , "x": "')], ""],
  ])("is not one with %s, which only takes longer", (_, bytes, instead) => {
    const start = Buffer.from('{"type":"ai-title","aiTitle":"a');
    const line = Buffer.concat([start, Buffer.from(bytes), Buffer.from('"}')]);
    expect(claudeCode.readLine(line, 0)).toMatchObject({
      events: [{ kind: "title", title: `a${instead}` }],
      slow: true,
    });
  });

  it("is not one that ends in a carriage return", () => {
    expect(readText('{"type":"ai-title","aiTitle":"a"}\r')).toMatchObject({ events: [{ kind: "title", title: "a" }] });
  });

  it("may be twelve megabytes long and valid", () => {
    const content = "x".repeat(12 * 1024 * 1024);
    const { events, slow } = readText(JSON.stringify({ type: "user", message: { content } }));
    expect(events).toMatchObject([{ kind: "prompt", chars: content.length, summary: `${"x".repeat(239)}…` }]);
    expect(slow).toBe(false);
  });
});

describe("a type that nobody knows", () => {
  it.each([
    ['{"type":"hologram"}', "hologram"],
    ['{"type":"system","subtype":"hologram"}', "system/hologram"],
    ['{"type":"attachment","attachment":{"type":"hologram"}}', "attachment/hologram"],
    ["{}", "untyped"],
    ['{"type":7}', "untyped"],
  ])("%s is a note, and counted as unknown", (text, type) => {
    const { events, unknownType } = readText(text);
    expect(events).toMatchObject([{ kind: "note", type, unknown: true }]);
    expect(unknownType).toBe(type);
  });

  it("of progress is still progress", () => {
    const { events, unknownType } = readText('{"type":"progress","data":{"type":"hologram"},"toolUseID":"t"}');
    expect(events).toMatchObject([{ kind: "progress", type: "hologram", call: "t" }]);
    expect(unknownType).toBe("progress/hologram");
  });
});

describe("a line's context", () => {
  it("is what it says of where and in what the agent works", () => {
    const line = {
      type: "system",
      subtype: "informational",
      cwd: "/p",
      gitBranch: "main",
      version: "2.1.330",
      entrypoint: "cli",
    };
    expect(readText(JSON.stringify(line)).context).toEqual({
      offset: 77,
      cwd: "/p",
      branch: "main",
      version: "2.1.330",
      entrypoint: "cli",
    });
    expect(readText('{"type":"mode","mode":"normal","sessionId":"s"}').context).toBeNull();
  });

  it("is never longer than the protocol allows", () => {
    const { context } = readText(JSON.stringify({ type: "user", cwd: "/é".repeat(5000), gitBranch: "b".repeat(5000) }));
    expect([context?.cwd?.length, context?.branch?.length]).toEqual([4096, 1024]);
  });
});

describe("the client's own total", () => {
  it.each([
    [0.004347200000000001, 4_347_200],
    [0, 0],
    [-1, null],
    ["12", null],
    [1e300, null],
  ])("%s dollars are %s nano-dollars", (totalCostUSD, nano) => {
    const { events } = readText(JSON.stringify({ type: "cost-state", totalCostUSD }));
    expect(events).toMatchObject([
      nano === null ? { kind: "note", type: "cost-state" } : { kind: "cost", totalNanoUsd: nano },
    ]);
  });
});
