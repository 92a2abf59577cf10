import { ApiClient, promptSegment, WireMonitor } from "@agentpane/testkit";
import type { Page } from "@playwright/test";
import { seriousFindings } from "./axe.ts";
import { expect, expectPageEqualsStore, test, untilCommitted } from "./fixtures.ts";

test.use({ file: "list" });

const rowsOf = (page: Page) => page.locator("a[data-session]");
const rowOf = (page: Page, id: string) => page.locator(`a[data-session="${id}"]`);
const titlesOn = async (page: Page) => await page.locator("a[data-session] .row-title").allTextContents();

test("the list is narrowed by menu, kept in the address, and widened again by chips", async ({ page, stage }) => {
  await stage.session({ title: "Narrow one", cwd: "/home/dev/narrow", branch: "feat/a" });
  const two = await stage.session({ title: "Narrow two", cwd: "/home/dev/narrow", branch: "feat/b" });
  await stage.signIn(page);
  await page.getByRole("button", { name: "Filter by project" }).click();
  await page.getByRole("menuitemradio", { name: /^narrow\s*2$/ }).click();
  await expect(page).toHaveURL(/[?&]project=narrow/);
  await expect(rowsOf(page)).toHaveCount(2);
  await page.getByRole("button", { name: "Filter by branch" }).click();
  await page.getByRole("menuitemradio", { name: /^feat\/b\s*1$/ }).click();
  await expect.poll(() => titlesOn(page)).toEqual(["Narrow two"]);

  await rowOf(page, two.id).click();
  await expect(page, "an open session keeps the filter").toHaveURL(/sessions\/.*branch=feat%2Fb/);
  await page.reload();
  await expect.poll(() => titlesOn(page)).toEqual(["Narrow two"]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Remove the filter: Branch feat/b" }).click();
  await expect(rowsOf(page)).toHaveCount(2);
  await page.goBack();
  await expect(rowsOf(page)).toHaveCount(1);
  await page.getByRole("button", { name: "Clear all filters" }).click();
  await expect(page).not.toHaveURL(/project=/);
  await expectPageEqualsStore(page, stage.api);
});

test("a filter that leaves nothing says which part of it hides all", async ({ page, stage }) => {
  await stage.session({ title: "Hidden by a branch", cwd: "/home/dev/hidden", branch: "there" });
  await stage.signIn(page);
  await page.goto(`${stage.product.origin}/?project=hidden&branch=elsewhere`);
  await expect(page.getByText("Branch “elsewhere” hides all: without it there is 1 session.")).toBeVisible();
  await page.getByRole("button", { name: "Show it" }).click();
  await expect.poll(() => titlesOn(page)).toEqual(["Hidden by a branch"]);
});

test("filters are saved under names, come back by their key, and can be renamed and deleted", async ({
  page,
  stage,
}) => {
  await stage.session({ title: "Kept by name", cwd: "/home/dev/kept" });
  await stage.signIn(page);
  await page.goto(`${stage.product.origin}/?project=kept`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("textbox", { name: "Name of the filter" }).fill("Mine");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Saved in this browser.")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Clear all filters" }).click();
  await expect(page).not.toHaveURL(/project=/);

  await page.reload();
  await expect(rowsOf(page).first()).toBeVisible();
  await page.keyboard.press("1");
  await expect(page).toHaveURL(/project=kept/);
  await expect.poll(() => titlesOn(page)).toEqual(["Kept by name"]);

  await page.getByRole("button", { name: "Saved", exact: true }).click();
  await page.getByRole("button", { name: "Rename Mine" }).click();
  await page.getByRole("textbox", { name: "Rename Mine" }).fill("Ours");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Rename Ours" })).toBeVisible();
  await page.getByRole("button", { name: "Delete Ours" }).click();
  await expect(page.getByText("No filter is saved yet.")).toBeVisible();
});

test("no row moves under the pointer while sessions change all around it", async ({ page, stage }) => {
  const sessions = [];
  for (let i = 0; i < 6; i += 1) {
    sessions.push(await stage.session({ title: `Storm ${i}`, cwd: "/home/dev/storm", branch: `b${i}` }));
  }
  await stage.signIn(page);
  await page.goto(`${stage.product.origin}/?project=storm`);
  await expect(rowsOf(page)).toHaveCount(6);
  const held = sessions[2];
  if (held === undefined) throw new Error("no session");
  await rowOf(page, held.id).hover();
  const boxes = async () =>
    await rowsOf(page).evaluateAll((rows) =>
      rows.map((row) => [row.getAttribute("data-session"), Math.round(row.getBoundingClientRect().top)]),
    );
  const before = await boxes();
  for (let round = 0; round < 5; round += 1) {
    for (const { file, conversation } of sessions) {
      stage.writer.append(
        file,
        round % 2 === 0
          ? [conversation.call("AskUserQuestion", { questions: [{ question: `Round ${round}?`, options: [] }] })]
          : [conversation.result("yes"), conversation.text("Done.", { final: true }), conversation.turnEnd()],
      );
    }
    for (const { id, file } of sessions) await untilCommitted(stage.api, id, file);
    // What they are changes where they stand; where they stand does not.
    const status = round % 2 === 0 ? "question" : "ready";
    for (const { id } of sessions) await expect(rowOf(page, id)).toHaveAttribute("data-status", status);
    expect(await boxes()).toEqual(before);
  }
  await expect(page.getByRole("button", { name: /rows? to sort/ })).toBeVisible();
  await page.mouse.move(5, 5);
  await expect(page.getByRole("button", { name: /rows? to sort/ })).toHaveCount(0);
});

test("older sessions come as the list is scrolled, once each, and a filter finds those that are not loaded", async ({
  page,
  stage,
}) => {
  const monitor = new WireMonitor(new ApiClient(stage.product.origin, await stage.product.token("older", "monitor")));
  expect((await monitor.register({ name: "attic" })).status).toBe(200);
  const ids = Array.from({ length: 700 }, (_, index) => `11111111-0000-4000-8000-${String(index).padStart(12, "0")}`);
  for (let from = 0; from < ids.length; from += 100) {
    const segments = ids
      .slice(from, from + 100)
      .map((session, index) => promptSegment({ session, texts: [`attic-${from + index}-end of it`] }));
    expect((await monitor.send(segments)).status).toBe(200);
  }
  await stage.signIn(page);
  const { total } = await stage.api.get<{ total: number }>("/api/v1/sessions?limit=1");
  const count = page.locator("[data-count]");
  await expect(count).toHaveText(new RegExp(`^500 of ${total} sessions|^${total} sessions`));
  const seen = new Map<string, number>();
  await expect(async () => {
    const shown = await rowsOf(page).evaluateAll((rows) => rows.map((row) => row.getAttribute("data-session") ?? ""));
    expect(new Set(shown).size, "no row stands twice").toBe(shown.length);
    for (const id of shown) seen.set(id, (seen.get(id) ?? 0) + 1);
    await page.locator("[data-list]").evaluate(async (list) => {
      list.scrollBy(0, 700);
      // A busy machine draws later than it scrolls: what was passed over is looked at before the next step.
      for (let frame = 0; frame < 3; frame++) await new Promise((drawn) => requestAnimationFrame(drawn));
    });
    expect(seen.size).toBe(total);
  }).toPass({ timeout: 40_000, intervals: [20] });
  await expect(count).toHaveText(`${total} sessions`);

  await page.goto(`${stage.product.origin}/?q=attic-3-end`);
  await expect.poll(() => titlesOn(page)).toEqual(["attic-3-end of it"]);
  await page.goto(`${stage.product.origin}/?q=attic&branch=nowhere`);
  await expect(page.getByText("No session matches")).toBeVisible();
});

test("a session is deleted by those who may, after two questions, and does not come back", async ({ page, stage }) => {
  const doomed = await stage.session({ title: "Doomed", cwd: "/home/dev/doomed" });
  const next = await stage.session({ title: "Survivor", cwd: "/home/dev/doomed" });
  await stage.signIn(page);
  await page.goto(`${stage.product.origin}/sessions/${doomed.id}?project=doomed`);
  await page.getByRole("button", { name: "Delete this session" }).click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("The agent's own files on workbench stay as they are.");
  await expect(dialog.getByRole("button", { name: "Keep it" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  expect((await stage.api.call("GET", `/api/v1/sessions/${doomed.id}`)).status).toBe(200);

  await page.getByRole("button", { name: "Delete this session" }).click();
  await dialog.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(dialog).toContainText("Delete it for good?");
  await expect(dialog.getByRole("button", { name: "Keep it" })).toBeFocused();
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(rowOf(page, doomed.id)).toHaveCount(0);
  await expect(page).not.toHaveURL(new RegExp(doomed.id));
  await expect(rowOf(page, next.id)).toBeFocused();
  stage.writer.append(doomed.file, [doomed.conversation.prompt("still there?")]);
  stage.writer.append(next.file, [next.conversation.prompt("after the other")]);
  await untilCommitted(stage.api, next.id, next.file);
  expect((await stage.api.call("GET", `/api/v1/sessions/${doomed.id}`)).status).toBe(410);
});

test("a viewer is not offered to delete", async ({ page, stage }) => {
  const session = await stage.session({ title: "Seen by a viewer" });
  const link = await stage.api.call("POST", "/api/v1/links", { body: { role: "viewer" } });
  await page.goto(stage.product.origin + (link.body as { path: string }).path);
  await rowOf(page, session.id).click();
  await expect(page.getByRole("region", { name: "Session: Seen by a viewer" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Delete this session" })).toHaveCount(0);
});

test("groups are folded by key, keep so, and their rows are skipped by the keys of the list", async ({
  page,
  stage,
}) => {
  const over = await stage.session({ title: "Folded away", cwd: "/home/dev/folded" });
  stage.writer.append(over.file, [over.conversation.text("Done.", { final: true }), over.conversation.turnEnd()]);
  const busy = await stage.session({ title: "Stays in sight", cwd: "/home/dev/folded" });
  stage.writer.append(busy.file, [busy.conversation.call("AskUserQuestion", { questions: [] })]);
  await stage.signIn(page);
  await page.goto(`${stage.product.origin}/?project=folded`);
  await expect(rowOf(page, over.id)).toHaveAttribute("data-status", "ready");
  await expect(rowOf(page, busy.id)).toHaveAttribute("data-status", "question");
  const header = page.getByRole("button", { name: "Your turn 1" });
  await expect(header).toHaveAttribute("aria-expanded", "true");
  await header.focus();
  await page.keyboard.press("Enter");
  await expect(header).toHaveAttribute("aria-expanded", "false");
  await expect(rowOf(page, over.id)).toHaveCount(0);
  await page.reload();
  await expect(rowOf(page, busy.id)).toBeVisible();
  await expect(rowOf(page, over.id)).toHaveCount(0);
  await page.keyboard.press("j");
  await expect(rowOf(page, busy.id)).toBeFocused();
  await page.keyboard.press("j");
  await expect(rowOf(page, busy.id)).toBeFocused();
  await page.getByRole("button", { name: "Your turn 1" }).click();
  await expect(rowOf(page, over.id)).toBeVisible();
});

test("a reader of the screen walks the list: groups, places, names, and who begins to need a person", async ({
  page,
  stage,
}) => {
  const asks = await stage.session({ title: "Asks a thing", cwd: "/home/dev/walk", branch: "main" });
  stage.writer.append(asks.file, [
    asks.conversation.call("AskUserQuestion", { questions: [{ question: "Which one?", options: [] }] }),
  ]);
  const done = await stage.session({ title: "Is done", cwd: "/home/dev/walk", branch: "feat/x" });
  stage.writer.append(done.file, [
    done.conversation.text("All is well.", { final: true }),
    done.conversation.turnEnd(),
  ]);
  await stage.signIn(page);
  await page.goto(`${stage.product.origin}/?project=walk`);
  await expect(rowOf(page, asks.id)).toHaveAttribute("data-status", "question");
  await expect(rowOf(page, done.id)).toHaveAttribute("data-status", "ready");
  const sessions = page.getByRole("region", { name: "Sessions" });
  await expect(sessions.getByRole("heading", { level: 1, name: "Sessions" })).toBeAttached();
  await expect(sessions.getByRole("search").getByRole("textbox")).toHaveAccessibleName(/^Filter the sessions by words/);
  await expect(sessions.getByRole("list", { name: "Filters" })).toBeVisible();
  const need = sessions.getByRole("region", { name: "Needs you 1" });
  const turn = sessions.getByRole("region", { name: "Your turn 1" });
  await expect(
    need.getByRole("link", { name: /^Question Asks a thing walk main waits \d+ s .*Which one\?/ }),
  ).toBeVisible();
  await expect(turn.getByRole("link", { name: /^Your turn Is done walk feat\/x done/ })).toBeVisible();
  const item = need.getByRole("listitem");
  await expect(item).toHaveAttribute("aria-posinset", "1");
  await expect(item).toHaveAttribute("aria-setsize", "1");
  await expect(sessions.locator("a[data-session][tabindex='0']"), "one row is in the tab order").toHaveCount(1);

  stage.writer.append(done.file, [
    done.conversation.prompt("one more"),
    done.conversation.call("ExitPlanMode", { plan: "Do it." }),
  ]);
  await expect(page.getByRole("status").filter({ hasText: /Is done/ })).toHaveCount(1);
  await expect(page.getByRole("status").filter({ hasText: "Plan to approve: Is done" })).toHaveCount(1);
});

test("with the keyboard alone: narrow by a menu, save, clear, come back, take a chip away", async ({ page, stage }) => {
  await stage.session({ title: "By keys", cwd: "/home/dev/bykeys" });
  await stage.session({ title: "By keys too", cwd: "/home/dev/bykeys", branch: "other" });
  await stage.signIn(page);
  await expect(rowsOf(page).first()).toBeVisible();
  const project = page.getByRole("button", { name: "Filter by project" });
  await expect(project).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.press("Tab");
  await expect(project).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitemradio", { name: /^bykeys/ })).toBeVisible();
  await page.keyboard.type("bykeys");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/project=bykeys/);
  await expect(project, "the focus goes back to where it came from").toBeFocused();
  await expect(rowsOf(page)).toHaveCount(2);
  const chip = page.getByRole("button", { name: "Remove the filter: Project bykeys" });
  await chip.focus();
  await page.keyboard.press("Enter");
  await expect(page).not.toHaveURL(/project=/);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const [name, viewport] of [
    ["desktop", { width: 1280, height: 800 }],
    ["phone", { width: 390, height: 844 }],
  ] as const) {
    test.describe(`${name}, ${colorScheme}`, () => {
      test.use({ colorScheme, viewport, contextOptions: { reducedMotion: "reduce" } });

      test("axe finds nothing serious in menus, chips, saved filters, the empty list and the questions", async ({
        page,
        stage,
      }) => {
        const session = await stage.session({
          title: "أصلح الاختبار المتقلب",
          cwd: "/home/dev/looks",
          branch: "looks/".padEnd(300, "x"),
        });
        await stage.signIn(page);
        await page.goto(`${stage.product.origin}/?project=looks`);
        await expect(rowOf(page, session.id)).toBeVisible();
        expect(await seriousFindings(page), "chips").toEqual([]);
        await page.getByRole("button", { name: "Filter by branch" }).click();
        await expect(page.getByRole("menuitemradio", { name: /^looks/ })).toBeVisible();
        expect(await seriousFindings(page), "menu").toEqual([]);
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "Save", exact: true }).click();
        await page.keyboard.press("Tab");
        await expect(page.getByRole("dialog", { name: "Saved filters" })).toBeVisible();
        expect(await seriousFindings(page), "saved").toEqual([]);
        await page.keyboard.press("Escape");
        await page.goto(`${stage.product.origin}/?project=looks&q=nowhere`);
        await expect(page.getByText("No session matches")).toBeVisible();
        expect(await seriousFindings(page), "empty").toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        await page.goto(`${stage.product.origin}/sessions/${session.id}?project=looks`);
        await page.getByRole("button", { name: "Delete this session" }).click();
        await expect(page.getByRole("alertdialog")).toBeVisible();
        expect(await seriousFindings(page), "question").toEqual([]);
      });
    });
  }
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("the list is narrowed by touch", async ({ page, stage }) => {
    const session = await stage.session({ title: "Touched", cwd: "/home/dev/touched" });
    await stage.signIn(page);
    await page.getByRole("button", { name: "Filter by project" }).tap();
    await page.getByRole("menuitemradio", { name: /^touched/ }).tap();
    await expect(rowsOf(page)).toHaveCount(1);
    await rowOf(page, session.id).tap();
    await expect(page).toHaveURL(new RegExp(`${session.id}.*project=touched`));
    await page.goBack();
    await page.getByRole("button", { name: "Remove the filter: Project touched" }).tap();
    await expect(page).not.toHaveURL(/project=/);
  });
});
