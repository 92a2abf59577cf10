import { expect, test, transcript } from "./fixtures.ts";

test("everything is done with the keyboard alone", async ({ page, stage }) => {
  const sessions = [];
  for (const title of ["Keys one", "Keys two", "Keys three"]) sessions.push(await stage.session({ title, turns: 2 }));
  await stage.signIn(page);
  await expect(page.locator("a[data-session]").nth(2)).toBeVisible();
  const order = await page
    .locator("a[data-session]")
    .evaluateAll((all) => all.map((one) => one.getAttribute("data-session")));
  const focused = (): Promise<string | null | undefined> =>
    page.evaluate(() => document.activeElement?.getAttribute("data-session"));

  await page.keyboard.press("j");
  await expect.poll(focused).toBe(order[0]);
  await page.keyboard.press("j");
  await expect.poll(focused).toBe(order[1]);
  await page.keyboard.press("k");
  await expect.poll(focused).toBe(order[0]);
  await page.keyboard.press("ArrowDown");
  await expect.poll(focused).toBe(order[1]);

  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(order[1] ?? "none"));
  await expect(transcript(page)).toBeVisible();
  await page.keyboard.press("]");
  await expect(page).toHaveURL(new RegExp(order[2] ?? "none"));
  await page.keyboard.press("[");
  await expect(page).toHaveURL(new RegExp(order[1] ?? "none"));
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/sessions\/./);
  await expect.poll(focused).toBe(order[1]);

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await page.keyboard.press("/");
  await page.keyboard.type("Keys two");
  await expect(page.locator("a[data-session]")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(page.locator("a[data-session]").nth(2)).toBeVisible();
});

test("back and forward go through the sessions that were open", async ({ page, stage }) => {
  const one = await stage.session({ title: "Back one" });
  const two = await stage.session({ title: "Back two" });
  await stage.signIn(page);
  await page.locator(`a[data-session="${one.id}"]`).click();
  await expect(page).toHaveURL(new RegExp(one.id));
  await page.locator(`a[data-session="${two.id}"]`).click();
  await expect(page).toHaveURL(new RegExp(two.id));
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(one.id));
  await page.goForward();
  await expect(page).toHaveURL(new RegExp(two.id));
  await page.reload();
  await expect(transcript(page)).toBeVisible();
});
