// @vitest-environment happy-dom
import type { Compaction } from "@agentpane/protocol";
import { cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { madeRow } from "../../testing/made.ts";
import { Context, Cost } from "./spend.tsx";

afterEach(cleanup);

const context = (contextTokens: number | null, contextWindow: number | null) =>
  render(<Context row={madeRow("s", { contextTokens, contextWindow })} />).container;
const cost = (change: Parameters<typeof madeRow>[1]) => render(<Cost row={madeRow("s", change)} />).container;

describe("the context bar", () => {
  it("says how full the window is, to the eye and to a reader of the screen", () => {
    const page = context(122_000, 200_000);
    expect(page.textContent).toBe("61%Context: 122K of 200K tokens, 61% full");
    expect(page.querySelector<HTMLElement>("[aria-hidden] > span")?.style.width).toBe("61%");
  });

  it.each([
    [139_999, "bg-fg-3"],
    [140_000, "bg-fg-2"],
    [179_999, "bg-fg-2"],
    [180_000, "bg-fg"],
    [230_000, "bg-fg"],
  ])("of %d tokens in 200,000 is %s: brighter from 70% and from 90%, in no colour of a status", (tokens, tone) => {
    const bar = context(tokens, 200_000).querySelector("[aria-hidden] > span");
    expect(bar?.classList.contains(tone)).toBe(true);
  });

  it("marks where the last compaction brought it down to, and says how often there was one", () => {
    const one = { at: 1, preTokens: 155_000, postTokens: 20_000 };
    const marked = (compactions: Compaction[], contextWindow: number | null = 200_000) => {
      const row = madeRow("s", { contextTokens: 50_000, contextWindow });
      return render(<Context row={row} wide compactions={compactions} />).container;
    };
    const page = marked([{ ...one, postTokens: 1 }, one]);
    expect(page.querySelector<HTMLElement>("[data-compacted-to]")?.style.left).toBe("10%");
    expect(page.textContent).toContain("25% full; 2 compactions, last context compacted from 155K to 20K tokens");
    expect(marked([one]).textContent).toContain("25% full; context compacted from 155K to 20K tokens");
    const unsaid = marked([{ at: null, preTokens: null, postTokens: null }]);
    expect(unsaid.querySelector("[data-compacted-to]")).toBeNull();
    expect(unsaid.textContent).toContain("25% full; context compacted");
    expect(marked([one], null).textContent).toContain("is not known; context compacted from 155K");
  });

  it("shows tokens without a bar where the window is not known, and nothing where nobody knows anything", () => {
    const page = context(61_000, null);
    expect(page.textContent).toContain("61KContext: 61K tokens; the model's window is not known");
    expect(page.querySelector("[style]")).toBeNull();
    expect(context(null, 200_000).textContent).toBe("");
    expect(render(<Context row={madeRow("s")} />).container.textContent).toBe("");
  });
});

describe("the cost of a session", () => {
  it("is its dollars, with all digits at hand", () => {
    const page = cost({ costNanoUsd: 1_840_000_001, tokens: 5 });
    expect(page.textContent).toBe("$1.84API-equivalent cost $1.84");
    expect(page.querySelector("[title]")?.getAttribute("title")).toBe("API-equivalent cost $1.840000001");
  });

  it("says what it lacks, and does not call the unknown zero", () => {
    const lacking = cost({ costNanoUsd: 1_000_000_000, unpricedResponses: 2, tokens: 5 });
    expect(lacking.textContent).toContain("$1.00+");
    expect(lacking.textContent).toContain("and 2 responses of a model without a price");
    expect(cost({ costNanoUsd: 0, unpricedResponses: 1, tokens: 5 }).textContent).toMatch(/^\?/);
  });

  it("is nothing where nothing was spent, or where the server does not say", () => {
    expect(cost({ costNanoUsd: 0, unpricedResponses: 0, tokens: 0 }).textContent).toBe("");
    expect(cost({}).textContent).toBe("");
    expect(cost({ costNanoUsd: 0, unpricedResponses: 0, tokens: 9 }).textContent).toContain("$0.00");
  });
});
