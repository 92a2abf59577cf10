import { describe, expect, it } from "vitest";
import { FakeTimers } from "../../testing/fake-timers.ts";
import { ToastBoard } from "./board.ts";

function made() {
  const timers = new FakeTimers();
  return { timers, board: new ToastBoard(timers) };
}

describe("the toasts", () => {
  it("of one kind are one, however many things it speaks of", () => {
    const { board } = made();
    for (const id of ["a", "b", "c", "b"]) board.add("need", [id]);
    board.add("silent", ["m"]);
    expect(board.getSnapshot()).toEqual({ need: ["a", "b", "c"], silent: ["m"], back: [] });
  });

  it("go by themselves, later when more was added", () => {
    const { board, timers } = made();
    board.add("need", ["a"]);
    timers.advance(11_000);
    board.add("need", ["b"]);
    timers.advance(11_000);
    expect(board.getSnapshot().need).toEqual(["a", "b"]);
    timers.advance(2_000);
    expect(board.getSnapshot().need).toEqual([]);
    expect(timers.waiting).toBe(0);
  });

  it("stay while somebody points at them, and while nobody can see them", () => {
    const { board, timers } = made();
    board.add("need", ["a"]);
    board.hold("hidden", true);
    board.hold("pointed", true);
    board.hold("pointed", false);
    timers.advance(3_600_000);
    expect(board.getSnapshot().need).toEqual(["a"]);
    board.hold("hidden", false);
    timers.advance(13_000);
    expect(board.getSnapshot().need).toEqual([]);
  });

  it("do not stay for ever because the last one was closed under the pointer", () => {
    const { board, timers } = made();
    board.add("need", ["a"]);
    board.hold("pointed", true);
    board.dismiss("need");
    board.add("need", ["b"]);
    timers.advance(13_000);
    expect(board.getSnapshot().need).toEqual([]);
  });

  it("go when what they said is no longer so", () => {
    const { board } = made();
    let told = 0;
    board.add("need", ["a", "b"]);
    board.subscribe(() => told++);
    board.withdraw("need", ["a", "x"]);
    expect(board.getSnapshot().need).toEqual(["b"]);
    board.withdraw("need", ["x"]);
    expect(told).toBe(1);
  });

  it("leave no timer behind", () => {
    const { board, timers } = made();
    board.add("need", ["a"]);
    board[Symbol.dispose]();
    expect(timers.waiting).toBe(0);
  });
});
