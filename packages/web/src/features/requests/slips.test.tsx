// @vitest-environment happy-dom
import type { RequestRow } from "@agentpane/protocol";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { madeRequest, NOON } from "../../testing/made.ts";
import { useCurrent } from "./use-current.ts";
import { useStill } from "./use-still.ts";

const rows = (...ids: string[]): RequestRow[] => ids.map((id) => madeRequest(id, { openedAt: NOON }));
const name = (row: RequestRow | null) => row?.id.at(-1) ?? "none";

function Queue({ open }: { open: RequestRow[] }) {
  const current = useCurrent(open);
  return (
    <>
      <output>{`${name(current.row)} after ${current.moves}`}</output>
      {open.map((row) => (
        <button key={row.id} type="button" onClick={() => current.choose(row.id)}>
          {name(row)}
        </button>
      ))}
    </>
  );
}

describe("the request that keys speak to", () => {
  it("stays where it is while others come and go, and is followed by the one after it", () => {
    const view = render(<Queue open={rows("2", "3")} />);
    const shows = (text: string) => expect(screen.getByRole("status").textContent).toBe(text);
    shows("2 after 0");
    view.rerender(<Queue open={rows("1", "2", "3")} />);
    shows("2 after 0");
    view.rerender(<Queue open={rows("1", "3", "4")} />);
    shows("3 after 1");
    fireEvent.click(screen.getByRole("button", { name: "4" }));
    shows("4 after 0");
    view.rerender(<Queue open={rows("1", "3")} />);
    shows("3 after 1");
    view.rerender(<Queue open={[]} />);
    shows("none after 2");
    view.unmount();
  });
});

function Card({ place, atFirst }: { place: string; atFirst?: boolean }) {
  return <output>{useStill(place, atFirst) ? "still" : "moving"}</output>;
}

describe("a card that came under a hand unasked", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const pass = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
  const shows = (text: string) => expect(screen.getByRole("status").textContent).toBe(text);

  it("takes no decision before it rested, and not while somebody goes on typing", async () => {
    const view = render(<Card place="1" />);
    shows("still");
    view.rerender(<Card place="0" />);
    shows("moving");
    for (let key = 0; key < 5; key++) {
      await pass(300);
      fireEvent.keyDown(window, { key: "a" });
    }
    shows("moving");
    await pass(400);
    shows("still");
    view.unmount();
  });

  it("may have to rest before its first decision as well", async () => {
    const view = render(<Card place="1" atFirst={false} />);
    shows("moving");
    await pass(400);
    shows("still");
    view.unmount();
  });
});
