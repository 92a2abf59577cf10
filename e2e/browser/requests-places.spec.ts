import type { Page } from "@playwright/test";
import { seriousFindings } from "./axe.ts";
import { expect, test } from "./fixtures.ts";
import { Agent, cardOf, openPageAs, openRequests, QUESTIONS, toRequests } from "./requests-stage.ts";

test.use({ file: "requests-places" });

const [DATABASE] = QUESTIONS;

async function noSidewaysScroll(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}

test("fifty at once are all there, oldest first, and leave one by one", async ({ page, stage }) => {
  using agent = await Agent.of(stage);
  // Of subagents that nobody watches, requests come here only while somebody who may decide is looking.
  await stage.signIn(page);
  await toRequests(page);
  const first = await agent.bash("Crowd", "make 0");
  await expect(cardOf(page, first)).toBeVisible();
  for (let at = 1; at < 50; at++) {
    agent.again(first.session, "Crowd", {
      input: { command: `make ${at}` },
      subagent: { id: `a${String(at).padStart(16, "0")}`, type: "explore" },
    });
  }
  await expect(page.getByRole("article")).toHaveCount(50);
  await expect(page.getByText("50 requests wait", { exact: false }).first()).toBeVisible();
  const sign = await page.title();
  expect(Number(/^\((\d+)\)/.exec(sign)?.[1]), "one session, counted once").toBeLessThan(50);
  await page.keyboard.press("d");
  expect(await first.answer()).toMatchObject({ behavior: "deny" });
  await expect(page.getByRole("article")).toHaveCount(49);
  await expect(page.locator('article[aria-current="true"]')).toBeFocused();
  await noSidewaysScroll(page);
  await agent.leave();
  await expect(page.getByText("Nothing waits for you.")).toBeVisible();
});

test("on a phone of 360 pixels every control is in reach of a thumb, in both themes", async ({ browser, stage }) => {
  using agent = await Agent.of(stage);
  const permission = await agent.ask("On the phone", {
    input: { command: "npm test -- --run auth", description: "Run the suite" },
  });
  const dangerous = await agent.bash("Dangerous on the phone", "git push --force origin main");
  const tool = "AskUserQuestion";
  const question = await agent.ask("Asked on the phone", { tool, input: { questions: [DATABASE] }, suggestions: [] });
  const plan = await agent.ask(
    "Planned on the phone",
    { tool: "ExitPlanMode", input: {}, suggestions: [] },
    "# Plan\n\n1. Go",
  );
  for (const [width, height, colorScheme] of [
    [360, 640, "dark"],
    [390, 844, "light"],
  ] as const) {
    const phone = { viewport: { width, height }, hasTouch: true, isMobile: true, colorScheme };
    const page = await openPageAs(browser, stage, "approver", phone);
    for (const asking of [permission, dangerous, question, plan]) await expect(cardOf(page, asking)).toBeVisible();
    await noSidewaysScroll(page);
    const small = await page
      .locator("article :is(button, select, label:has(input), input:not([type=radio], [type=checkbox]))")
      .evaluateAll((all) =>
        all
          .map((one) => ({ name: one.textContent, box: (one.closest("label") ?? one).getBoundingClientRect() }))
          .filter(({ box }) => box.height < 44 || box.left < 0 || box.right > window.innerWidth)
          .map(({ name, box }) => `${name} ${Math.round(box.width)} x ${Math.round(box.height)}`),
      );
    expect(small).toEqual([]);
    await expect(page.locator("article kbd:visible")).toHaveCount(0);
    expect(await seriousFindings(page)).toEqual([]);
    if (width === 360) {
      await cardOf(page, permission)
        .getByRole("button", { name: /^Allow(?! always)/ })
        .tap();
      expect(await permission.answer()).toEqual({ behavior: "allow" });
      await cardOf(page, question).getByText("SQLite").tap();
      await cardOf(page, question)
        .getByRole("button", { name: /^Send answer/ })
        .tap();
      expect((await question.answer())?.behavior).toBe("allow");
      const next = await agent.again(permission.session, permission.title, { input: { command: "npm run lint" } });
      await expect(cardOf(page, permission)).toContainText("npm run lint");
      expect(next.session).toBe(permission.session);
      await page.goto(`${stage.product.origin}/sessions/${permission.session}`);
      const card = page.locator("article[data-request]");
      await card.getByRole("button", { name: /^Deny(?! and)/ }).tap();
      expect(await next.answer()).toMatchObject({ behavior: "deny" });
      await agent.again(permission.session, permission.title, { input: { command: "npm test" } });
      await agent.again(question.session, question.title, { tool, input: { questions: [DATABASE] }, suggestions: [] });
    }
    await page.context().close();
  }
  await agent.leave();
});

test("a row of the list allows only what it shows whole, and a session shows the card in the composer's place", async ({
  page,
  stage,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  using agent = await Agent.of(stage);
  const brief = await agent.bash("Row brief", "npm test");
  const edit = { file_path: "/home/dev/shop/a.ts", old_string: "a", new_string: "b" };
  const hidden = await agent.ask("Row with more", { tool: "Edit", input: edit });
  const background = await agent.ask("Row in the background", {
    input: { command: "npm start", run_in_background: true },
  });
  const danger = await agent.bash("Row dangerous", "rm -rf build");
  const long = await agent.bash("Row cut", `echo ${"word ".repeat(20)}end`);
  const asked = await agent.ask("Row question", {
    tool: "AskUserQuestion",
    input: { questions: [DATABASE] },
    suggestions: [],
  });
  await stage.signIn(page);
  const item = (session: string) => page.locator("li", { has: page.locator(`a[data-session="${session}"]`) });
  const row = (session: string) => page.locator(`a[data-session="${session}"]`);
  await expect(item(brief.session).getByRole("button", { name: /^Allow/ })).toBeEnabled();
  for (const { session } of [hidden, background, danger]) {
    await expect(item(session)).toContainText("Review");
    await expect(item(session).getByRole("button")).toHaveCount(0);
  }
  await expect(item(asked.session)).toContainText("Answer");
  expect(await seriousFindings(page)).toEqual([]);

  // Beside an open session the row is narrower: what is cut there can no longer be allowed there.
  await expect(item(long.session).getByRole("button", { name: /^Allow/ })).toBeEnabled();
  await row(asked.session).click();
  const panel = page.getByRole("region", { name: /^Session: Row question/ });
  await expect(panel.locator("article[data-request]")).toBeVisible();
  await expect(panel.getByRole("region", { name: "Write to the agent" })).toBeHidden();
  await expect(item(long.session)).toContainText("Review");
  await expect(item(long.session).getByRole("button")).toHaveCount(0);

  await row(danger.session).focus();
  await page.keyboard.press("a");
  await page.keyboard.press("a");
  await row(brief.session).focus();
  await page.keyboard.press("a");
  expect(await brief.answer()).toEqual({ behavior: "allow" });
  await expect(row(brief.session)).toBeFocused();
  expect(await openRequests(stage), "the dangerous one and the open one were not touched").toBe(5);
  await panel.getByText("SQLite").click();
  await panel.getByRole("button", { name: /^Send answer/ }).click();
  expect((await asked.answer())?.behavior).toBe("allow");
  await expect(panel.locator("article[data-request]")).toHaveCount(0);
  expect(await seriousFindings(page)).toEqual([]);
  await agent.leave();
});

test("the hook is installed and removed from the machine's page, below the exact change", async ({ page, stage }) => {
  await stage.signIn(page);
  await page.goto(`${stage.product.origin}/machines`);
  const hook = page.getByRole("region", { name: "workbench" });
  await expect(hook.getByText("Not installed")).toBeVisible();
  await expect(hook.getByText('"PermissionRequest"', { exact: false })).toBeVisible();
  await hook.getByRole("button", { name: "Install the hook" }).click();
  await expect(hook.getByText("The hook is installed.")).toBeVisible();
  await expect(hook.getByText("What agents ask comes here.")).toBeVisible();
  await hook.getByRole("button", { name: "Show what would be removed" }).click();
  await expect(hook.getByText('"PermissionRequest"', { exact: false })).toBeVisible();
  expect(await seriousFindings(page)).toEqual([]);
  await hook.getByRole("button", { name: "Remove the hook" }).click();
  await expect(hook.getByText("The hook is removed.")).toBeVisible();
  await expect(hook.getByText("Not installed")).toBeVisible();
});
