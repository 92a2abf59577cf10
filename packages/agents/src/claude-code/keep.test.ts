import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { claudeCode } from "./index.ts";
import { MAX_KEPT_IMAGE_BYTES } from "./keep.ts";

const bytes = randomBytes(MAX_KEPT_IMAGE_BYTES);
const large = bytes.toString("base64");
const facts = { size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };

function image(data: unknown) {
  return { type: "image", source: { type: "base64", media_type: "image/png", data } };
}

function line(content: unknown, more: object = {}): Buffer {
  return Buffer.from(JSON.stringify({ type: "user", message: { role: "user", content }, ...more }));
}

function kept(original: Buffer): unknown {
  return JSON.parse(claudeCode.keep(original)?.toString() ?? "null");
}

describe("what is kept of a line", () => {
  it("is the line itself, to the byte, where nothing in it is large", () => {
    const original = line([image("AAAA")]);
    expect(claudeCode.keep(original)).toBe(original);
    const broken = Buffer.from('{"type":');
    expect(claudeCode.keep(broken)).toBe(broken);
  });

  it("is nothing where the line is plumbing", () => {
    for (const text of [
      '{"type":"api-request","sessionId":"s"',
      '{"type":"api-request-blob","message":{}}',
      '{"parentUuid":null,"isSidechain":false,"attachment":{"type":"prompt_snapshot","systemPrompt":[]}}',
      '{"parentUuid":"u","isSidechain":true,"agentId":"a1","attachment":{"type":"prompt_snapshot"}}',
    ])
      expect(claudeCode.keep(Buffer.from(text)), text).toBeNull();
  });

  it("is all of a line that only speaks of plumbing", () => {
    for (const text of [
      '{"type":"user","message":{"content":"{\\"type\\":\\"api-request\\"}"}}',
      '{"parentUuid":null,"message":{"attachment":{"type":"prompt_snapshot"}},"type":"user"}',
      '{"parentUuid":"\\"","attachment":{"type":"prompt_snapshot"}}',
      '{"parentUuid":"u","attachment":{"type":"file","x":{"attachment":{"type":"prompt_snapshot"}}}}',
      ' {"type":"api-request"}',
    ])
      expect(claudeCode.keep(Buffer.from(text)), text).not.toBeNull();
  });

  it("is size and hash of an image over 1 MiB, wherever it stands", () => {
    const result = { type: "tool_result", tool_use_id: "t", content: [image(large)] };
    const file = { type: "image", file: { base64: large, type: "image/png", dimensions: { width: 1, height: 1 } } };
    const original = line([image(large), result, image("AAAA")], { toolUseResult: file, uuid: "behind it" });
    expect(kept(original)).toEqual({
      type: "user",
      message: {
        role: "user",
        content: [image(facts), { type: "tool_result", tool_use_id: "t", content: [image(facts)] }, image("AAAA")],
      },
      toolUseResult: { type: "image", file: { base64: facts, type: "image/png", dimensions: { width: 1, height: 1 } } },
      uuid: "behind it",
    });
  });

  it("reads as the line did, and shows the same", () => {
    const original = line([{ type: "text", text: "Look" }, image(large)]);
    const small = claudeCode.keep(original) ?? Buffer.alloc(0);
    expect(small.length).toBeLessThan(1000);
    expect(claudeCode.readLine(small, 5)).toEqual(claudeCode.readLine(original, 5));
    expect(claudeCode.lineContent(small, 5)).toEqual(claudeCode.lineContent(original, 5));
    expect(claudeCode.lineContent(small, 5).get(0)).toEqual({
      text: "Look",
      images: [{ mediaType: "image/png", bytes: bytes.length }],
    });
  });

  it.each([
    [
      "a document",
      line([{ type: "document", source: { type: "base64", media_type: "application/pdf", data: large } }]),
    ],
    ["long text that is not base64", line([image(`${large} `)])],
    [
      "what an agent passed to a tool",
      Buffer.from(JSON.stringify({ type: "assistant", message: { content: [image(large)] } })),
    ],
    ["a quotation of an image", line(JSON.stringify(image(large)))],
    ["a line that is no JSON", Buffer.concat([line([image(large)]), Buffer.from("x")])],
  ])("is all of %s, however large", (_, original) => {
    expect(claudeCode.keep(original)).toBe(original);
  });
});
