import { setTimeout as sleep } from "node:timers/promises";
import type { RegistryStatus } from "@agentpane/protocol";
import { type Composer, findComposer, showsExactly } from "./composer.ts";
import type { Pane } from "./pane.ts";

/** Spans in milliseconds; tests shorten them. */
export interface TypingTiming {
  /** Between the paste and the first look at what became of it: the registry lags 60 ms behind a dialog. */
  pasteSettleMs: number;
  /** Between two looks. */
  lookAgainMs: number;
  /** A slow agent may take so long to draw what was pasted. */
  pasteDrawnMs: number;
  /** How long our words may wait in the input line of an agent that shows a dialog, to be taken away behind it. */
  leftoverMs: number;
}
export const TYPING_TIMING: TypingTiming = {
  pasteSettleMs: 150,
  lookAgainMs: 60,
  pasteDrawnMs: 4_000,
  leftoverMs: 30 * 60_000,
};

/** What the agent's registry says of the process now; null where it is gone. */
export type ReadStatus = () => { status: RegistryStatus | null; asks: boolean } | null;

export type Typed = { state: "sent" | "queued" } | { state: "not_sent"; reason: string };

const GONE = "its process has ended";
const ASKS = "it waits for an answer to a dialog: settle that first";
const NO_COMPOSER = "its input line is not to be seen: a dialog or another view is open in the terminal";
const DRAFT = "somebody's draft stands in its input line: send that or take it away first";

/**
 * Types words for a person and enters them, only where the agent's input line shows exactly them and no dialog is open.
 * Else they are taken away again, as soon as that can be done without touching anything else. Fails where the terminal is
 * gone in between.
 */
export async function typeWords(
  pane: Pane,
  words: string,
  status: ReadStatus,
  timing: TypingTiming = TYPING_TIMING,
): Promise<Typed> {
  const before = await whyNot(pane, status);
  if (before !== null) return notSent(before);
  const standing = findComposer(await pane.look());
  if (standing === null) return notSent(NO_COMPOSER);
  if (!standing.empty) return notSent(DRAFT);

  await pane.paste(words);
  await sleep(timing.pasteSettleMs);
  const composer = await drawn(pane, words, status, timing);
  const after = await whyNot(pane, status);
  if (after === null && composer !== null && showsExactly(composer, words)) {
    const isBusy = status()?.status !== "idle";
    await pane.press("submit");
    return { state: isBusy ? "queued" : "sent" };
  }
  if (composer !== null && !composer.empty && !showsExactly(composer, words)) {
    return notSent("the input line does not show exactly these words: somebody typed there, or the agent changed them");
  }
  void takeAway(pane, words, status, timing).catch(() => {});
  return notSent(after ?? (composer === null ? NO_COMPOSER : "the agent did not take the paste"));
}

/** The input line once it shows the words, or as it is when the time is over; null where a dialog has taken its place. */
async function drawn(pane: Pane, words: string, status: ReadStatus, timing: TypingTiming): Promise<Composer | null> {
  const until = performance.now() + timing.pasteDrawnMs;
  for (;;) {
    const composer = findComposer(await pane.look());
    const settled = composer === null ? status()?.asks !== false : showsExactly(composer, words);
    if (settled || performance.now() > until) return composer;
    await sleep(timing.lookAgainMs);
  }
}

/** Waits until the dialog is gone, and clears the input line where it shows exactly our words. Presses nothing else. */
async function takeAway(pane: Pane, words: string, status: ReadStatus, timing: TypingTiming): Promise<void> {
  const until = performance.now() + timing.leftoverMs;
  let waitMs = timing.lookAgainMs;
  while (performance.now() < until) {
    const said = status();
    if (said === null) return;
    if (!said.asks) {
      const composer = findComposer(await pane.look());
      if (composer?.empty === true) return;
      if (composer !== null) {
        if (!showsExactly(composer, words)) return;
        // One takes a row's words, the next the end of the row before.
        await pane.press("clearLine", 2 * composer.rows.length + 1);
        return;
      }
    }
    await sleep(waitMs);
    waitMs = Math.min(1_000, waitMs * 2);
  }
}

async function whyNot(pane: Pane, status: ReadStatus): Promise<string | null> {
  const said = status();
  if (said === null) return GONE;
  if (said.asks) return ASKS;
  return pane.obstacle();
}

function notSent(reason: string): Typed {
  return { state: "not_sent", reason };
}
