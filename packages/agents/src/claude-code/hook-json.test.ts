import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { containerAt, rawValue } from "./hook-json.ts";
import { jsonErrorAt } from "./hook-json-error.ts";

describe("places in JSON text", () => {
  it("are those of the values that JSON.parse gives, whatever the spaces", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())),
        fc.constantFrom(0, 2, "\t"),
        fc.constantFrom("", "\n ", "\r\n"),
        (given, indent, around) => {
          const text = `${around}${JSON.stringify(given, null, indent)}${around}`;
          const value = JSON.parse(text);
          const places = containerAt(text);
          const members = places?.members.map(({ key, from, to }) => [key, JSON.parse(text.slice(from, to))]);
          expect(members).toEqual(Array.isArray(value) ? value.map((item) => [null, item]) : Object.entries(value));
          expect(text.slice(places?.from, places?.to)).toBe(text.slice(around.length, text.length - around.length));
        },
      ),
    );
  });

  it("keep the characters of a value, and of two values with one name the last", () => {
    const text = '{"a": 12345678901234567890, "b" : "x\\"}", "a":{ "deep" : [1,{}] } }';
    expect(rawValue(text, containerAt(text), "a")).toBe('{ "deep" : [1,{}] }');
    expect(rawValue(text, containerAt(text), "b")).toBe('"x\\"}"');
    expect(rawValue(text, containerAt(text), "c")).toBeUndefined();
    expect(containerAt("7")).toBeNull();
  });
});

describe("where JSON ends to be JSON", () => {
  it.each([
    ['{"a" 1}', 5],
    ['{"a":1,}', 7],
    ["[1,,2]", 3],
    ["[1 2]", 3],
    ["{a:1}", 1],
    ["[1}", 2],
    ['{"a":1} x', 8],
    ['{"a":', 5],
    ['["a\nb"]', 1],
    ["[01]", 2],
    ["", 0],
    ["}", 0],
    ["[]]", 2],
  ])("%j: at %d", (text, at) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(jsonErrorAt(text)).toBe(at);
  });

  it("is at its end where it is whole", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(jsonErrorAt(text)).toBe(text.length);
      }),
    );
  });
});
