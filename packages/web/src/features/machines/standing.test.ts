import type { MachineRow, MonitorReport } from "@agentpane/protocol";
import { describe, expect, it } from "vitest";
import { madeMachine, madeRow, NOON } from "../../testing/made.ts";
import { madeReport } from "../../testing/made-report.ts";
import { countLive, standingOf, unknownLines, worstFirst } from "./standing.ts";

const machine = (change: Partial<MonitorReport> | null, more: Partial<MachineRow> = {}): MachineRow =>
  madeMachine("atlas", { report: change === null ? null : madeReport(change), ...more });

describe("a machine stands", () => {
  it.each([
    ["current", machine({})],
    ["current", machine({ behindBytes: 900, behindFiles: 1, behindSince: NOON - 5_000 })],
    ["behind", machine({ behindBytes: 900, behindFiles: 1, behindSince: NOON - 31_000 })],
    ["behind", machine({ behindBytes: 5_000_000, behindFiles: 1, behindSince: NOON - 1_000 })],
    ["behind", machine({ behindBytes: 5_000_000, behindFiles: 1 })],
    ["new", machine(null)],
    ["silent", machine({ behindBytes: 5_000_000 }, { state: "silent" })],
    ["left", machine(null, { state: "left" })],
  ] as const)("%s", (standing, made) => expect(standingOf(made, NOON)).toBe(standing));
});

it("whom to look at first stands first", () => {
  const machines = [
    machine({}, { name: "fine" }),
    machine({ behindBytes: 2e6, behindFiles: 1 }, { name: "behind" }),
    machine({}, { name: "silent", state: "silent" }),
  ];
  expect(worstFirst(machines, NOON).map(({ name }) => name)).toEqual(["silent", "behind", "fine"]);
});

it("sessions that have ended are not counted, and those that need a person are counted apart", () => {
  const rows = [
    madeRow("a"),
    madeRow("b", { status: "question" }),
    madeRow("c", { status: "ended" }),
    madeRow("d", { machine: { id: "m_other", name: "birch" } }),
  ];
  const counts = countLive(rows);
  expect(counts.get(rows[0]?.machine.id ?? "")).toEqual({ live: 2, need: 1 });
  expect(counts.get("m_other")).toEqual({ live: 1, need: 0 });
});

it("unknown lines of all types are one number", () => {
  expect(unknownLines(machine({ unknownTypes: { a: 3, b: 4 } }))).toBe(7);
  expect(unknownLines(machine(null))).toBe(0);
});
