import { seriousFindings } from "./axe.ts";
import { expect, test, transcript } from "./fixtures.ts";

test.use({ file: "looks" });

const sizes = [
  { name: "desktop", viewport: { width: 1280, height: 800 } },
  { name: "phone", viewport: { width: 390, height: 844 } },
  { name: "small phone", viewport: { width: 320, height: 640 } },
];

for (const colorScheme of ["light", "dark"] as const) {
  for (const { name, viewport } of sizes) {
    test.describe(`${name}, ${colorScheme}`, () => {
      test.use({ colorScheme, viewport, contextOptions: { reducedMotion: "reduce" } });

      test("axe finds nothing serious, and nothing hangs over the edge", async ({ page, stage }) => {
        const session = await stage.session({
          title: "أصلح الاختبار المتقلب",
          branch: "feature/".padEnd(300, "x"),
          turns: 4,
        });
        stage.writer.append(session.file, [
          session.conversation.call("Edit", {
            file_path: "/home/dev/shop/a.ts",
            old_string: "one\ntwo",
            new_string: "one\nthree",
          }),
          session.conversation.result("done"),
          session.conversation.call("AskUserQuestion", {
            questions: [
              { question: "Which database?", header: "Store", options: [{ label: "SQLite", description: "small" }] },
            ],
          }),
        ]);
        const noSidewaysScroll = async (): Promise<void> => {
          const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(over).toBeLessThanOrEqual(0);
        };

        await page.goto(stage.product.origin);
        await expect(page.getByText("This page needs a link")).toBeVisible();
        expect(await seriousFindings(page), "sign in").toEqual([]);
        await noSidewaysScroll();

        await stage.signIn(page);
        const row = page.locator(`a[data-session="${session.id}"]`);
        await expect(row).toBeVisible();
        expect(await seriousFindings(page), "list").toEqual([]);
        await noSidewaysScroll();

        await row.click();
        await expect(transcript(page).getByText("Which database?").first()).toBeVisible();
        expect(await seriousFindings(page), "session").toEqual([]);
        await noSidewaysScroll();

        await page.getByRole("button", { name: "Cost" }).click();
        await expect(page.getByRole("table", { name: "By model" })).toBeVisible();
        expect(await seriousFindings(page), "cost").toEqual([]);
        await noSidewaysScroll();
      });
    });
  }
}

test.describe("a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("shows a session as a page of its own and goes back to the list", async ({ page, stage }) => {
    const session = await stage.session({ title: "On the phone", turns: 2 });
    await stage.signIn(page);
    // The other tests' sessions stand above it, and a phone shows ten.
    await page.getByLabel("Filter the sessions by words in title, goal, project or branch").fill("On the phone");
    await page.locator(`a[data-session="${session.id}"]`).tap();
    await expect(transcript(page)).toBeVisible();
    await expect(page.locator(`a[data-session="${session.id}"]`)).not.toBeInViewport();
    await page.goBack();
    await expect(page.locator(`a[data-session="${session.id}"]`)).toBeInViewport();
  });
});
