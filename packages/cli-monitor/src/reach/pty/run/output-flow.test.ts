import { expect, test } from "vitest";
import { MAX_UNDRAWN_BYTES, OutputFlow } from "./output-flow.ts";

function flowing(): { flow: OutputFlow; said: string[] } {
  const said: string[] = [];
  return { flow: new OutputFlow({ pause: () => said.push("pause"), resume: () => said.push("resume") }), said };
}

test("a program that prints faster than its screen is drawn waits, and goes on once that has caught up", () => {
  const { flow, said } = flowing();
  flow.came(MAX_UNDRAWN_BYTES);
  expect(said).toEqual([]);
  flow.came(1);
  flow.came(1);
  expect(said).toEqual(["pause"]);
  flow.drew(1);
  expect(said).toEqual(["pause"]);
  flow.drew(1);
  flow.drew(MAX_UNDRAWN_BYTES);
  expect(said).toEqual(["pause", "resume"]);
});

test("a terminal that takes no more stops it as well, whichever of the two is free first", () => {
  const { flow, said } = flowing();
  flow.blocked(true);
  flow.came(MAX_UNDRAWN_BYTES + 1);
  flow.blocked(false);
  expect(said).toEqual(["pause"]);
  flow.drew(MAX_UNDRAWN_BYTES + 1);
  expect(said).toEqual(["pause", "resume"]);
});
