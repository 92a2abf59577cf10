// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from "vitest";
import { pageSight } from "./sight.ts";

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

/** A list from 100 to 500 pixels with one row of 46 pixels at `top`. */
function rowAt(top: number): void {
  document.body.innerHTML = '<div class="scroll"><a data-session="w1"></a></div>';
  const place = (selector: string, from: number, height: number) => {
    const element = document.querySelector(selector) as HTMLElement;
    vi.spyOn(element, "getBoundingClientRect").mockReturnValue(new DOMRect(0, from, 800, height));
  };
  place(".scroll", 100, 400);
  place("a", top, 46);
}
const sight = (path = "/") => pageSight(() => path);

it("a row within its list is seen, one that was scrolled away or is not in the page is not", () => {
  rowAt(120);
  expect(sight().session("w1")).toBe(true);
  expect(sight().session("w2")).toBe(false);
  rowAt(510);
  expect(sight().session("w1")).toBe(false);
  rowAt(40);
  expect(sight().session("w1")).toBe(false);
});

it("a session that is open is seen wherever its row is", () => {
  expect(sight("/sessions/w1").session("w1")).toBe(true);
  expect(sight("/sessions/w2").session("w1")).toBe(false);
});

it("machines are seen on their page", () => {
  expect(sight("/machines/m_1").machine("m_2")).toBe(true);
  expect(sight("/").machine("m_2")).toBe(false);
});

it("nothing is seen in a tab that nobody looks at", () => {
  rowAt(120);
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  expect(sight("/machines").session("w1")).toBe(false);
  expect(sight("/machines").machine("m_1")).toBe(false);
});
