// @vitest-environment happy-dom
import { fireEvent, render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { withPage } from "../testing/page.tsx";
import { type KeyHandler, useKeys } from "./keys.ts";

withPage();

function Part({ keys }: { keys: readonly KeyHandler[] }) {
  useKeys(keys);
  return null;
}
const press = (key: string, target: Element = document.body, more = {}) => fireEvent.keyDown(target, { key, ...more });

describe("the keys", () => {
  it("run what was registered last, unless that passes them on", () => {
    const ran: string[] = [];
    const note = (name: string, answer?: false) => () => {
      ran.push(name);
      return answer;
    };
    render(
      <>
        <Part keys={[["j", note("below")]]} />
        <Part
          keys={[
            ["j", note("above", false)],
            ["k", note("above k")],
          ]}
        />
      </>,
    );
    press("j");
    press("k");
    press("x");
    expect(ran).toEqual(["above", "below", "above k"]);
  });

  it("know sequences, and that another key or a second of time breaks them", () => {
    let ran = 0;
    render(<Part keys={[["g s", () => void ran++]]} />);
    press("g");
    press("s");
    expect(ran).toBe(1);
    press("g");
    press("x");
    press("s");
    press("s");
    expect(ran).toBe(1);
  });

  it("belong to a field while somebody types, save Escape, and to a dialog while it is open", () => {
    const ran: string[] = [];
    render(
      <>
        <Part
          keys={[
            ["j", () => void ran.push("j")],
            ["Escape", () => void ran.push("Escape")],
          ]}
        />
        <input aria-label="field" />
        <div role="dialog">
          <button type="button">in it</button>
        </div>
      </>,
    );
    const field = document.querySelector("input") as Element;
    press("j", field);
    press("Escape", field);
    press("j", document.querySelector("[role=dialog] button") as Element);
    press("j", document.body, { ctrlKey: true });
    press("j", document.body, { metaKey: true });
    expect(ran).toEqual(["Escape"]);
  });

  it("are gone with the part that registered them", () => {
    let ran = 0;
    const { unmount } = render(<Part keys={[["j", () => void ran++]]} />);
    unmount();
    press("j");
    expect(ran).toBe(0);
  });
});
