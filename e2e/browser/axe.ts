import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Finding {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary?: string }[];
}

/** What axe calls serious or critical on the page as it stands. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // `evaluate` runs in the page's world but not under its policy, so no script tag is needed.
  await page.evaluate(AXE);
  const violations = (await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(context: object): Promise<{ violations: unknown[] }> } };
    // The ends of a floating part give the focus on at once, so nobody ever stands on them; axe cannot know that.
    return (await axe.run({ exclude: [["[data-base-ui-focus-guard]"]] })).violations;
  })) as Finding[];
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`),
    );
}
