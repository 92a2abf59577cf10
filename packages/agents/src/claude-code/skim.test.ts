import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "./arbitrary-line.ts";
import { skim, skimFrom } from "./skim.ts";
import { takeParsed } from "./take-parsed.ts";
import { LongText, Measured, want } from "./want.ts";

const WANT = want({
  keys: { text: { text: 5 }, number: {}, list: { each: { text: 3 } }, inner: { json: 8, keys: { a: {} } } },
});

function bytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

describe("skimming", () => {
  it("takes what is wanted and nothing else", () => {
    const line = {
      other: { deep: [1, { text: "no" }] },
      number: -12.5,
      list: ["a", 1, null, { b: 1 }, ["c"]],
      text: "hi",
    };
    expect(skim(bytes(line), WANT)).toEqual({ number: -12.5, list: ["a", 1, null, undefined, undefined], text: "hi" });
  });

  it("tells how long a text is that it cuts", () => {
    expect(skim(bytes({ text: "zwölf\n😀!" }), WANT)).toEqual({ text: new LongText("zwölf", 9) });
  });

  it("never cuts a pair of surrogates in two", () => {
    expect(skim(bytes({ text: "1234😀" }), WANT)).toEqual({ text: new LongText("1234", 6) });
    expect(skim(Buffer.from('{"text":"1234\\ud83d\\ude00"}'), WANT)).toEqual({ text: new LongText("1234", 6) });
  });

  it("measures a value as the JSON that stands there", () => {
    expect(skim(bytes({ inner: { a: 1, b: "ü\n" } }), WANT)).toEqual({
      inner: new Measured({ a: 1 }, new LongText('{"a":1,"', 17)),
    });
  });

  it("takes the last of two values under one key, as JSON.parse does", () => {
    expect(skim(Buffer.from('{"number":1,"number":2}'), WANT)).toEqual({ number: 2 });
  });

  it("reads one object from the middle of a line", () => {
    const line = Buffer.from('{"x":{"number":7},"number":8}');
    expect(skimFrom(line, 5, WANT)).toEqual({ number: 7 });
  });

  it("agrees with JSON.parse on every text, at every limit", () => {
    fc.assert(
      fc.property(anyText, fc.nat({ max: 40 }), (text, limit) => {
        const cut = want({ keys: { text: { text: limit }, inner: { keys: {}, json: limit } } });
        for (const line of [{ text }, { skipped: text, text }, { text, inner: [text] }]) {
          const skimmed = skim(bytes(line), cut);
          if (skimmed) expect(skimmed).toEqual(takeParsed(line, cut));
        }
        expect(skim(bytes({ text }), cut)).not.toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["nothing", ""],
    ["a list", "[]"],
    ["a number", "7"],
    ["an end that comes too soon", '{"a":1'],
    ["more behind the end", '{"a":1}{'],
    ["a comma too many", '{"a":1,}'],
    ["a comma too few", '{"a":1"b":2}'],
    ["a list that does not close", '{"a":[1,2}'],
    ["a leading zero", '{"a":01}'],
    ["a plus", '{"a":+1}'],
    ["a lonely minus", '{"a":-}'],
    ["a number without a fraction", '{"a":1.}'],
    ["a number without an exponent", '{"a":1e}'],
    ["a misspelt word", '{"a":nul}'],
    ["an escape that is none", '{"a":"\\x"}'],
    ["an escape cut short", '{"a":"\\u00'],
    ["an escape without digits", '{"a":"\\u00zz"}'],
    ["a newline in a text", '{"a":"\n"}'],
    ["a NUL in a text", '{"a":"\0"}'],
    ["a key that is no text", "{a:1}"],
    ["spaces between tokens, which the agent never writes", '{"a": 1}'],
    ["a wanted key in disguise", '{"numb\\u0065r":1}'],
  ])("leaves %s to JSON.parse", (_, text) => {
    expect(skim(Buffer.from(text), WANT)).toBeNull();
  });

  it.each([
    ["a stray continuation", [0x80]],
    ["an overlong form", [0xc0, 0xaf]],
    ["an overlong form of three", [0xe0, 0x80, 0x80]],
    ["half of a surrogate pair", [0xed, 0xa0, 0x80]],
    ["beyond Unicode", [0xf4, 0x90, 0x80, 0x80]],
    ["a character cut short", [0xe2, 0x82]],
    ["a byte of no encoding", [0xff]],
  ])("leaves broken UTF-8 to the decoder: %s", (_, broken) => {
    const line = Buffer.concat([Buffer.from('{"x":"'), Buffer.from(broken), Buffer.from('"}')]);
    expect(skim(line, WANT)).toBeNull();
  });

  it("leaves to JSON.parse what is nested too deeply for its own stack", () => {
    const deep = (levels: number) => Buffer.from(`{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`);
    expect(skim(deep(50), WANT)).toEqual({});
    expect(skim(deep(100_000), WANT)).toBeNull();
  });
});
