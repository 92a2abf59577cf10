import { join } from "node:path";
import { expect, it } from "vitest";
import { dialogRace } from "./dialog-race.ts";

/** Dialogs that open while words are typed. */
const ROUNDS = 100;
const LIMIT_MS = 15 * 60_000;

it(
  `of ${ROUNDS} dialogs that open between our paste and our Enter, none is answered by us`,
  async () => {
    const client = join(process.env.AGENTPANE_CLIENT as string, "node_modules", ".bin", "claude");
    const { dialogs, answered, entered, heldBack, leftOver } = await dialogRace(client, ROUNDS);
    expect({ dialogs, answered, leftOver }).toEqual({ dialogs: ROUNDS, answered: 0, leftOver: 0 });
    // Some came before the words and some behind them, or the race was none.
    expect(Math.min(entered, heldBack)).toBeGreaterThan(0);
  },
  LIMIT_MS,
);
