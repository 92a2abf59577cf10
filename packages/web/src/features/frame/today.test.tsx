// @vitest-environment happy-dom
import { act, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { madeChanges, madeRow, madeSnapshot, madeTotals, NOON } from "../../testing/made.ts";
import { openPage, settle, withPage } from "../../testing/page.tsx";
import { localDay } from "../../ui/format.ts";

withPage();

const USD = 1_000_000_000;
const PATIENCE = { timeout: 10_000 };
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const answer = (costNanoUsd: number, unpriced: { model: string; responses: number }[] = [], repricing = 0) => ({
  rows: [],
  total: { ...madeTotals({ costNanoUsd, unpriced }), costUsd: costNanoUsd / USD },
  repricing,
});

async function openToday(today: ReturnType<typeof answer>) {
  const page = await openPage("/", { server: { today } });
  await act(async () => {
    page.environment.socket.open();
    page.environment.socket.say(madeSnapshot(1, [madeRow("s1", { costNanoUsd: USD })]));
  });
  await settle();
  const text = () => document.querySelector("[data-today]")?.textContent ?? "";
  const asked = () => page.server.calls.filter((call) => call.startsWith("usage on"));
  return { ...page, text, asked };
}

it("says what the reader's own day has cost, by the server's clock", async () => {
  const { text, asked } = await openToday(answer(41.27 * USD));
  expect(text()).toContain("Today$41.27");
  expect(text()).toContain(`API-equivalent cost since midnight, ${ZONE}`);
  expect(asked()).toEqual([`usage on ${localDay(NOON)} in ${ZONE}`]);
});

it("says what the sum lacks, and that history is still being priced anew", async () => {
  const { text } = await openToday(answer(USD, [{ model: "gpt-6", responses: 2 }], 0.25));
  expect(text()).toContain("$1.00+");
  expect(text()).toContain("and 2 responses of a model without a price");
  expect(text()).toContain("prices changed, 25% still to count");
});

it("asks anew when a session's cost changed, and not when anything else did", async () => {
  const page = await openToday(answer(USD));
  const say = (n: number, change: Parameters<typeof madeRow>[1]) =>
    act(async () => {
      page.environment.timers.advance(1_000);
      page.environment.socket.say(madeChanges(n, [madeRow("s1", { costNanoUsd: USD, ...change })]));
    });
  await say(2, { title: "Another title" });
  await settle();
  expect(page.asked()).toHaveLength(1);
  page.server.today = answer(2 * USD);
  await say(3, { costNanoUsd: 2 * USD });
  await waitFor(() => expect(page.text()).toContain("$2.00"), PATIENCE);
  await say(4, { costNanoUsd: 3 * USD });
  await settle();
  expect(page.asked()).toHaveLength(2);
});
