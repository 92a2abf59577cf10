import type { Page } from "@playwright/test";
import { seriousFindings } from "./axe.ts";
import { expect, test, transcript } from "./fixtures.ts";

test.use({ file: "frame" });

const palette = (page: Page) => page.getByRole("dialog", { name: /^Jump to a session/ });
const separator = (page: Page) => page.getByRole("separator", { name: "Width of the list" });

async function noSidewaysScroll(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(over).toBeLessThanOrEqual(0);
}

test("the palette jumps to a session, a machine and a project, and does things, with keys and pointer", async ({
  page,
  stage,
}) => {
  const session = await stage.session({ title: "Palette target", cwd: "/home/dev/harbour" });
  await stage.signIn(page);
  const row = page.locator(`a[data-session="${session.id}"]`);
  await expect(row).toBeVisible();

  await row.focus();
  await page.keyboard.press("Control+k");
  await expect(palette(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(palette(page)).toHaveCount(0);
  await expect(row).toBeFocused();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("plt trgt");
  await expect(page.getByRole("option", { selected: true })).toContainText("Palette target");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(session.id));
  await expect(transcript(page)).toBeVisible();
  await expect(page.locator("[data-panel-focus]")).toBeFocused();

  await page.getByRole("button", { name: /^Jump, search, act/ }).click();
  await page.keyboard.type("harbour");
  await page.getByRole("option", { name: /^harbour/ }).click();
  await expect(page).toHaveURL(/\?project=harbour$/);
  await expect(page.locator("a[data-session]")).toHaveCount(1);

  await page.keyboard.press("Control+k");
  await page.keyboard.type("workbench");
  await page
    .getByRole("option", { name: /^workbench/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/machines\/m_/);
  await expect(page.getByRole("region", { name: "workbench" })).toBeVisible();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("theme dark");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("the machines page says how the monitor stands and leads to its sessions", async ({ page, stage }) => {
  const session = await stage.session({ title: "Seen from its machine" });
  await stage.signIn(page);
  await expect(page.locator(`a[data-session="${session.id}"]`)).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await expect(page).toHaveURL(/\/machines$/);
  const table = page.getByRole("table", { name: "Machines" });
  await expect(table.getByRole("row").nth(1)).toContainText(/workbench.*every line committed/);
  const detail = page.getByRole("region", { name: "workbench" });
  await expect(detail).toContainText(stage.machine.roots[0] ?? "no root");
  await detail.getByRole("link", { name: /Seen from its machine/ }).click();
  await expect(transcript(page)).toBeVisible();
  await page.goBack();
  await detail.getByRole("link", { name: /^All / }).click();
  await expect(page).toHaveURL(/\/\?machine=m_/);
  await expect(page.locator(`a[data-session="${session.id}"]`)).toBeVisible();
  await page.goto(`${stage.product.origin}/machines/m_${"0".repeat(32)}`);
  await expect(page.getByRole("heading", { name: "No such machine" })).toBeVisible();
});

test("the line between list and session is dragged, moved by keys, kept, and reset", async ({ page, stage }) => {
  const session = await stage.session({ title: "Divided" });
  await stage.signIn(page);
  await page.locator(`a[data-session="${session.id}"]`).click();
  await expect(transcript(page)).toBeVisible();
  const share = async (): Promise<number> => Number(await separator(page).getAttribute("aria-valuenow"));
  const start = await share();
  let from = 0;
  // A line that still moves while the page is laid out is not where it was pressed.
  await expect(async () => {
    const box = await separator(page).boundingBox();
    if (box === null) throw new Error("the line is not there");
    from = box.x;
    await page.mouse.move(box.x + box.width / 2, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x - 150, box.y + 200, { steps: 5 });
    await page.mouse.up();
    expect(await share()).toBeLessThan(start);
  }).toPass();
  const dragged = await share();
  const moved = await separator(page).boundingBox();
  expect(moved?.x ?? 0).toBeLessThan(from - 100);

  await separator(page).focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(share).toBe(dragged + 2);
  await page.reload();
  await expect(transcript(page)).toBeVisible();
  await expect.poll(share).toBe(dragged + 2);
  await separator(page).dblclick();
  await expect.poll(share).toBe(start);

  await page.getByRole("button", { name: "Use the whole width" }).click();
  await expect(page.locator(`a[data-session="${session.id}"]`)).toBeHidden();
  await expect(separator(page)).toHaveCount(0);
  await page.keyboard.press("e");
  await expect(page.locator(`a[data-session="${session.id}"]`)).toBeVisible();
});

test("who looks elsewhere is told that a session needs somebody, and the browser's tab says so too", async ({
  page,
  stage,
}) => {
  const session = await stage.session({ title: "Will ask" });
  await stage.signIn(page);
  await expect(page.locator(`a[data-session="${session.id}"]`)).toBeVisible();
  const icon = page.locator('link[rel="icon"]');
  const before = await page.title();
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await expect(page).toHaveURL(/\/machines$/);
  stage.writer.append(session.file, [
    session.conversation.prompt("go on"),
    session.conversation.call("AskUserQuestion", {
      questions: [
        { question: "Left or right?", header: "Way", options: [{ label: "Left", description: "not right" }] },
      ],
    }),
  ]);
  const news = page.getByRole("region", { name: "News" });
  await expect(news.getByRole("link", { name: /Will ask/ })).toBeVisible();
  expect(await page.title()).not.toBe(before);
  await expect(page).toHaveTitle(/^\(\d+\) AgentPane$/);
  await expect(icon).toHaveAttribute("href", /^data:image\/svg\+xml,/);
  await news.getByRole("link", { name: /Will ask/ }).click();
  await expect(page).toHaveURL(new RegExp(session.id));
  await expect(news).toHaveCount(0);
});

test("an address that leads nowhere says so and leads back", async ({ page, stage }) => {
  await stage.signIn(page);
  await page.goto(`${stage.product.origin}/nowhere`);
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  await page.getByRole("link", { name: "To the sessions" }).click();
  await expect(page).toHaveURL(/\/$/);
});

const sizes = [
  { name: "desktop", viewport: { width: 1280, height: 800 }, forcedColors: "none" },
  { name: "phone", viewport: { width: 390, height: 844 }, forcedColors: "none" },
  { name: "small phone", viewport: { width: 320, height: 640 }, forcedColors: "none" },
  // A window of 1280 pixels at 200 %.
  { name: "zoomed, forced colours", viewport: { width: 640, height: 400 }, forcedColors: "active" },
] as const;

for (const colorScheme of ["light", "dark"] as const) {
  for (const { name, viewport, forcedColors } of sizes) {
    test.describe(`${name}, ${colorScheme}`, () => {
      test.use({ colorScheme, viewport, contextOptions: { reducedMotion: "reduce", forcedColors } });

      test("axe finds nothing serious in palette, keys and machines", async ({ page, stage }) => {
        await stage.session({ title: "أصلح", branch: "feature/".padEnd(300, "x") });
        await stage.signIn(page);
        await expect(page.locator("a[data-session]").first()).toBeVisible();
        await page.getByRole("button", { name: /^Jump, search, act/ }).click();
        await expect(palette(page)).toBeVisible();
        expect(await seriousFindings(page), "palette").toEqual([]);
        await page.getByRole("combobox", { name: /^Jump/ }).fill("feature");
        await expect(page.getByRole("option").first()).toBeVisible();
        expect(await seriousFindings(page), "palette with results").toEqual([]);
        await noSidewaysScroll(page);
        await page.keyboard.press("Escape");
        await expect(palette(page)).toHaveCount(0);

        await page.keyboard.press("?");
        await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
        expect(await seriousFindings(page), "keys").toEqual([]);
        await page.keyboard.press("Escape");
        await expect(page.getByRole("dialog")).toHaveCount(0);

        await page
          .getByRole("navigation", { name: "Pages" })
          .getByRole("link", { name: /^Machines/ })
          .click();
        await expect(page.locator("[data-machine]").first()).toBeVisible();
        expect(await seriousFindings(page), "machines").toEqual([]);
        await noSidewaysScroll(page);
        await page.locator("[data-machine]").first().click();
        await expect(page.getByRole("region", { name: "workbench" })).toBeVisible();
        expect(await seriousFindings(page), "machine").toEqual([]);
        await noSidewaysScroll(page);
      });
    });
  }
}
