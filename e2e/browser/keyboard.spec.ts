import { expect, test, transcript } from "./fixtures.ts";

test.use({ file: "keyboard" });

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
  const keys = page.getByRole("dialog", { name: "Keys" });
  for (const what of ["the one before", "go to Machines", "jump or do anything", "filter"]) {
    await expect(keys.getByText(what, { exact: true })).toBeVisible();
  }
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect.poll(focused).toBe(order[1]);

  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await expect(page).toHaveURL(/\/machines$/);
  await page.keyboard.press("j");
  await expect(page.locator("[data-machine]").first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/machines\/m_/);
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/machines$/);
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page.locator("a[data-session]").nth(2)).toBeVisible();

  await page.keyboard.press("/");
  await page.keyboard.type("Keys two");
  await expect(page.locator("a[data-session]")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(page.locator("a[data-session]").nth(2)).toBeVisible();
});

test("the tab key goes through the page in the order in which it is read", async ({ page, stage }) => {
  await stage.session({ title: "In order" });
  await stage.signIn(page);
  await expect(page.locator("a[data-session]").first()).toBeVisible();
  const places: { x: number; y: number; what: string }[] = [];
  for (let press = 0; press < 40; press++) {
    await page.keyboard.press("Tab");
    const place = await page.evaluate(() => {
      const on = document.activeElement;
      if (on === null || on === document.body) return null;
      const { left, top } = on.getBoundingClientRect();
      return { x: left, y: top, what: on.getAttribute("aria-label") ?? on.textContent ?? "" };
    });
    if (place === null || places.some(({ what, x, y }) => what === place.what && x === place.x && y === place.y)) break;
    places.push(place);
    if (await page.evaluate(() => document.activeElement?.hasAttribute("data-session"))) break;
  }
  const names = places.map(({ what }) => what);
  const at = (name: RegExp): number => names.findIndex((what) => name.test(what));
  expect(at(/^Skip to/)).toBe(0);
  const stops = [/^Skip to/, /^Sessions/, /^Machines/, /^All keys/, /^Jump/, /^Theme/, /^Filter the sessions/];
  const found = stops.map(at);
  expect(found).not.toContain(-1);
  expect(found).toEqual([...found].sort((a, b) => a - b));
  // One row of the list is a stop; the others are reached with its keys.
  await expect(page.locator("a[data-session]:focus")).toHaveCount(1);
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
