import { describe, expect, it } from "vitest";
import { madeMachine, madeRow } from "../../testing/made.ts";
import { emptyState } from "./empty-state.ts";

const store = (change: Partial<Parameters<typeof emptyState>[0]>) => ({
  loaded: true,
  sessions: new Map(),
  total: 0,
  machines: [],
  ...change,
});

describe("an empty list", () => {
  it("says nothing of sessions before the server has spoken", () => {
    expect(emptyState(store({ loaded: false }))).toBe("waiting");
  });
  it("tells a missing monitor from a silent one and from one that has seen no session", () => {
    expect(emptyState(store({}))).toBe("no-monitor");
    expect(emptyState(store({ machines: [madeMachine("atlas", { state: "left" })] }))).toBe("no-monitor");
    expect(emptyState(store({ machines: [madeMachine("atlas", { state: "silent" })] }))).toBe("silent");
    const both = [madeMachine("atlas", { state: "silent" }), madeMachine("birch")];
    expect(emptyState(store({ machines: both }))).toBe("no-session");
  });
  it("is none where there are sessions, loaded or not", () => {
    expect(emptyState(store({ sessions: new Map([["a", madeRow("a")]]) }))).toBeNull();
    expect(emptyState(store({ total: 4 }))).toBeNull();
  });
});
