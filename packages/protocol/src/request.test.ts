import { describe, expect, it } from "vitest";
import {
  canonicalJson,
  DECISIONS_OF_KIND,
  type DecisionSubject,
  decision,
  decisionSubject,
  REQUEST_KINDS,
} from "./index.ts";

describe("canonical JSON", () => {
  it("is one text for one value, whatever order the keys came in", () => {
    const one = JSON.parse('{"b":[1,{"y":null,"x":"é\\u0001"}],"a":1.50,"\\u20ac":true}');
    const same = JSON.parse('{"€":true,"a":1.5,"b":[1.0,{"x":"\\u00e9\\u0001","y":null}]}');
    expect(canonicalJson(one)).toBe(canonicalJson(same));
    expect(canonicalJson(one)).toBe('{"a":1.5,"b":[1,{"x":"é\\u0001","y":null}],"€":true}');
  });

  it("keeps a key named __proto__ and a lone surrogate", () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"a":1},"s":"\\ud800"}'))).toBe(
      '{"__proto__":{"a":1},"s":"\\ud800"}',
    );
  });

  it("writes a number as everybody reads it, and refuses one that nobody can show", () => {
    expect(canonicalJson(JSON.parse("[-0,1.0,1e2,9007199254740993,5e-324]"))).toBe("[0,1,100,9007199254740992,5e-324]");
    for (const json of ["1e400", '{"a":[-1e999]}'])
      expect(() => canonicalJson(JSON.parse(json))).toThrow(/number beyond/);
  });

  it("takes of two equal keys the last, as the agent does", () => {
    expect(canonicalJson(JSON.parse('{"a":1,"a":2}'))).toBe('{"a":2}');
  });

  it("refuses what is nested too deep, by name", () => {
    const deep = JSON.parse(`${"[".repeat(2000)}${"]".repeat(2000)}`);
    expect(() => canonicalJson(deep)).toThrow(/nested deeper/);
  });
});

describe("the subject of a decision", () => {
  const shown: DecisionSubject = {
    request: `r_${"0".repeat(32)}`,
    machine: `m_${"1".repeat(32)}`,
    session: "s",
    subagent: null,
    tool: "Bash",
    inputJson: '{"command":"ls","description":"List"}',
    suggestions: [{ json: '{"type":"setMode","mode":"acceptEdits"}', words: "Accept edits" }],
    plan: null,
    decision: { type: "allow", always: [0] },
  };

  it("is the same for the same meaning, and another for anything else that was shown or chosen", () => {
    const subject = decisionSubject(shown);
    expect(decisionSubject({ ...shown, inputJson: '{ "description":"List", "command":"ls" }' })).toBe(subject);
    const others: DecisionSubject[] = [
      { ...shown, request: `r_${"2".repeat(32)}` },
      { ...shown, machine: `m_${"2".repeat(32)}` },
      { ...shown, session: "t" },
      { ...shown, subagent: "a1" },
      { ...shown, tool: "Write" },
      { ...shown, inputJson: '{"command":"ls -a","description":"List"}' },
      { ...shown, suggestions: [] },
      { ...shown, plan: { path: "/p.md", text: "x" } },
      { ...shown, decision: { type: "allow" } },
      { ...shown, decision: { type: "deny", words: "", stop: false } },
      { ...shown, decision: { type: "allow", always: [0], updatedInputJson: "{}" } },
    ];
    expect(new Set([subject, ...others.map(decisionSubject)]).size).toBe(others.length + 1);
  });
});

it("every decision settles exactly one kind of request", () => {
  const settled = REQUEST_KINDS.flatMap((kind) => DECISIONS_OF_KIND[kind]);
  const types = decision.options.map((option) => option.shape.type.value);
  expect([...settled].sort()).toEqual([...types].sort());
});
