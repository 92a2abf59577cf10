import { expect, it } from "vitest";
import { dialogRace, type RaceResult } from "./dialog-race.ts";

/** Clients that race side by side: each mostly waits. */
const CLIENTS = 4;
/** Dialogs that open while words are typed. */
const ROUNDS = 100;
const LIMIT_MS = 15 * 60_000;

it(
  `of ${ROUNDS} dialogs that open between our paste and our Enter, none is answered by us`,
  async () => {
    const races = await Promise.all(Array.from({ length: CLIENTS }, () => dialogRace(ROUNDS / CLIENTS)));
    const sum = (figure: (race: RaceResult) => number) => races.reduce((all, race) => all + figure(race), 0);
    expect(sum((race) => race.dialogs)).toBe(ROUNDS);
    expect(sum((race) => race.answered)).toBe(0);
    expect(sum((race) => race.leftOver)).toBe(0);
    // Some came before the words and some behind them, or the race was none.
    expect(sum((race) => race.entered)).toBeGreaterThan(0);
    expect(sum((race) => race.heldBack)).toBeGreaterThan(0);
  },
  LIMIT_MS,
);
