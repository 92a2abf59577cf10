import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

test.use({ file: "cost" });

interface Usage {
  total: { costNanoUsd: number; responses: number };
}

const nano = (page: Page, selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => Number(element.getAttribute("data-cost") ?? element.getAttribute("data-today")));

test("row, header and Cost tab say the server's sum, and follow it while the session spends on", async ({
  page,
  stage,
}) => {
  const session = await stage.session({ title: "Count me", turns: 3 });
  const usage = () => stage.api.get<Usage>(`/api/v1/sessions/${session.id}/usage`);
  await stage.signIn(page);
  const row = page.locator(`a[data-session="${session.id}"]`);
  await expect(row.locator("[data-cost]")).toHaveText(/^\$0\.\d\d/);
  await expect(row.locator("[data-context]")).toHaveText(/Context: 15\.1K of 200K tokens, 8% full/);
  const before = (await usage()).total;
  expect(before.costNanoUsd).toBeGreaterThan(0);
  expect(await nano(page, `a[data-session="${session.id}"] [data-cost]`)).toBe(before.costNanoUsd);

  await row.click();
  await page.getByRole("button", { name: "Cost" }).click();
  await expect(page).toHaveURL(/tab=cost/);
  const total = page.getByRole("region", { name: "Total" });
  await expect(total).toContainText("API-equivalent");
  await expect(total).toContainText(new RegExp(`Responses${before.responses}`));

  const today = await nano(page, "[data-today]");
  for (let turn = 0; turn < 3; turn++) stage.writer.append(session.file, session.conversation.turn());
  await expect.poll(() => nano(page, "header [data-cost]")).toBeGreaterThan(before.costNanoUsd);
  const after = (await usage()).total;
  await expect(total).toContainText(new RegExp(`Responses${after.responses}`));
  await expect.poll(() => nano(page, "[data-today]")).toBe(today + after.costNanoUsd - before.costNanoUsd);
});

test("the address of the Cost tab opens it, and the curve answers to the arrow keys", async ({ page, stage }) => {
  const session = await stage.session({ title: "Draw me", turns: 4 });
  await stage.signIn(page);
  await page.goto(`${stage.product.origin}/sessions/${session.id}?tab=cost`);
  const curve = page.getByRole("slider", { name: /Cost up to a moment/ });
  const said = () => curve.getAttribute("aria-valuetext");
  const end = await said();
  await curve.focus();
  await page.keyboard.press("ArrowLeft");
  expect(await said()).not.toBe(end);
  await page.keyboard.press("End");
  expect(await said()).toBe(end);
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/$/);
});
