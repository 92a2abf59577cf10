// @vitest-environment happy-dom
import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { withPage } from "../../testing/page.tsx";
import { ExpandButton, Split } from "./split.tsx";
import { DEFAULT_SHARE, splitChoice } from "./split-choice.ts";

withPage();
afterEach(() => {
  splitChoice.setShare(DEFAULT_SHARE);
  splitChoice.setExpanded(false);
});

function show(open = true) {
  render(<Split open={open} list={<p>the list</p>} panel={<ExpandButton />} />);
}
const line = () => screen.queryByRole("separator", { name: "Width of the list" });
const value = () => Number(line()?.getAttribute("aria-valuenow"));

describe("list and session", () => {
  it("have a line between them only where both are there", () => {
    show(false);
    expect(line()).toBeNull();
  });

  it("are divided anew with the arrows, to both ends, and as they were with Enter", () => {
    show();
    const start = value();
    const separator = line() as HTMLElement;
    fireEvent.keyDown(separator, { key: "ArrowRight" });
    expect(value()).toBe(start + 2);
    fireEvent.keyDown(separator, { key: "Home" });
    expect(value()).toBe(Number(separator.getAttribute("aria-valuemin")));
    fireEvent.keyDown(separator, { key: "ArrowLeft" });
    expect(value()).toBe(Number(separator.getAttribute("aria-valuemin")));
    fireEvent.keyDown(separator, { key: "End" });
    expect(value()).toBe(Number(separator.getAttribute("aria-valuemax")));
    fireEvent.keyDown(separator, { key: "Enter" });
    expect(value()).toBe(start);
  });

  it("give way to the session alone, by button and by key", async () => {
    show();
    await userEvent.click(screen.getByRole("button", { name: "Use the whole width" }));
    expect(line()).toBeNull();
    await userEvent.keyboard("e");
    expect(line()).not.toBeNull();
    expect(screen.getByRole("button", { name: "Use the whole width" })).toBeTruthy();
  });
});
