import type { Page } from "@playwright/test";
import { transcript } from "../browser/fixtures.ts";
import { DESK, FORCED, PHONE, type Shot, SMALL, ZOOMED } from "./camera.ts";
import type { World } from "./world.ts";

const BOTH = [DESK, PHONE];
const ALL = [DESK, PHONE, SMALL, ZOOMED, FORCED];
const rows = (page: Page) => page.locator("a[data-session]");
const WORDS = "Filter the sessions by words in title, goal, project or branch";

/** Every page and state that one running product shows. */
export function shotsOf(world: World): Shot[] {
  const { origin } = world.product;
  const go = async (page: Page, path: string) => void (await page.goto(origin + path));
  const session = async (page: Page, name: string, search = "") => {
    await go(page, `/sessions/${world.id(name)}${search}`);
    await page.getByRole("region", { name: /^Session: / }).waitFor();
  };
  const tab = (name: string, windows: Shot["windows"], selector: string): Shot => ({
    name: `session-${name}`,
    windows,
    ownWay: true,
    take: async (page) => {
      await session(page, "timeline", `?tab=${name}`);
      await page.locator(selector).first().waitFor();
    },
  });
  return [
    { name: "sessions", windows: ALL, take: async (page) => void (await rows(page).first().waitFor()) },
    {
      name: "sessions-filtered",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        await go(page, "/?project=shop&q=coupon");
        await rows(page).first().waitFor();
      },
    },
    {
      name: "sessions-no-match",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        await go(page, "/?project=shop&status=working&q=coupn");
        await page.getByText("No session matches").waitFor();
      },
    },
    {
      name: "sessions-saved",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        await go(page, "/?project=shop");
        await rows(page).first().waitFor();
        const filters = page.getByRole("button", { name: "Filters", exact: true });
        if (await filters.isVisible()) await filters.click();
        const save = page.getByRole("button", { name: "Save", exact: true });
        if (await save.isVisible()) {
          await save.click();
          const name = page.getByRole("textbox", { name: "Name of the filter" });
          await name.fill("The shop, all of it");
          await page.keyboard.press("Enter");
        }
        const saved = page.getByRole("button", { name: /^Saved/ });
        if (!(await page.getByRole("dialog").isVisible())) await saved.click();
      },
    },
    {
      name: "session",
      windows: ALL,
      ownWay: true,
      take: async (page) => {
        await session(page, "Every tool in its own form");
        await transcript(page).getByText("Coupons, in order").first().waitFor();
      },
    },
    {
      name: "session-begin",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        await session(page, "Every tool in its own form");
        await transcript(page).getByText("Coupons, in order").first().waitFor();
        await transcript(page).press("Home");
        await page.getByText("Beginning of the transcript").waitFor();
      },
    },
    {
      name: "session-find",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        await session(page, "Every tool in its own form");
        await transcript(page).getByRole("article").first().waitFor();
        await page.getByRole("button", { name: "Find in this session" }).click();
        await page.getByRole("textbox", { name: "Find in this session" }).fill("tax");
        await page.getByRole("search").getByRole("status").filter({ hasText: "place" }).waitFor();
        await page.keyboard.press("Enter");
        await page.getByRole("search").getByRole("status").filter({ hasText: " of " }).waitFor();
      },
    },
    {
      name: "session-real",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        await go(page, "/sessions/71d5bd3a-9fd3-4e20-87c3-dd30444c79c2");
        await transcript(page).getByRole("article").first().waitFor();
      },
    },
    tab("timeline", ALL, ".timeline-plot"),
    tab("agents", [...BOTH, SMALL, FORCED], ".agents [data-agent]"),
    tab("files", [...BOTH, SMALL, FORCED], ".files button"),
    tab("cost", [...BOTH, FORCED], "table"),
    {
      name: "timeline-wide",
      windows: [DESK],
      ownWay: true,
      take: async (page) => {
        await session(page, "timeline", "?tab=timeline");
        await page.getByRole("button", { name: "Use the whole width" }).click();
        await page.getByRole("region", { name: "The event" }).getByRole("article").waitFor();
      },
    },
    {
      name: "session-ended",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        const told = world.tell("Ends while you look", "main", 60_000, (to) => [
          to.prompt("say hello"),
          to.text("Hello."),
        ]);
        await using agent = world.agent(told.session);
        await world.known(told.session);
        await go(page, `/sessions/${told.session}`);
        await page
          .getByRole("region", { name: /^Session: / })
          .getByText("Working")
          .first()
          .waitFor();
        await agent.exit();
        await page.getByText("It ended while you were looking.").waitFor();
      },
    },
    {
      name: "session-agent",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        await session(page, "timeline", `?agent=${world.timeline?.agents.verify}`);
        await transcript(page).getByRole("article").first().waitFor();
      },
    },
    {
      name: "session-arabic",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        await session(page, "أصلح الاختبار المتقلب في سلة التسوق");
        await transcript(page).getByRole("article").first().waitFor();
      },
    },
    {
      name: "session-long-branch",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        await session(page, "A branch nobody can read");
        await transcript(page).getByRole("article").first().waitFor();
      },
    },
    {
      name: "session-not-found",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        await go(page, "/sessions/00000000-0000-4000-8000-000000000000");
        await page.getByText("No such session").waitFor();
      },
    },
    {
      name: "session-delete",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        await session(page, "Write the release notes");
        await page.getByRole("button", { name: "Delete this session" }).click();
        await page.getByRole("alertdialog").waitFor();
      },
    },
    {
      name: "palette",
      windows: ALL,
      take: async (page) => {
        await rows(page).first().waitFor();
        await page.getByRole("button", { name: /^Jump, search, act/ }).click();
        await page.getByRole("combobox", { name: /^Jump/ }).fill("cou");
        await page.getByRole("option").first().waitFor();
      },
    },
    {
      name: "keys",
      windows: BOTH,
      take: async (page) => {
        await rows(page).first().waitFor();
        await page.keyboard.press("?");
        await page.getByRole("dialog", { name: "Keys" }).waitFor();
      },
    },
    {
      name: "machines",
      windows: [...BOTH, SMALL, FORCED],
      ownWay: true,
      take: async (page) => {
        await go(page, "/machines");
        await page.locator("[data-machine]").nth(2).waitFor();
      },
    },
    {
      name: "machine-behind",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        await go(page, "/machines");
        await page.locator("[data-machine]", { hasText: "build-07" }).click();
        await page.getByRole("region", { name: "build-07" }).waitFor();
      },
    },
    {
      name: "requests",
      windows: ALL,
      ownWay: true,
      take: async (page) => {
        await go(page, "/requests");
        await page
          .getByRole("button", { name: /^Allow/ })
          .first()
          .waitFor();
      },
    },
    ...(
      ["Clean the repository", "Which database for the price history?", "Plan the move to the new checkout"] as const
    ).map(
      (name, index): Shot => ({
        name: `request-${["dangerous", "question", "plan"][index]}`,
        windows: BOTH,
        ownWay: true,
        take: async (page) => {
          await session(page, name);
          await page
            .getByRole("region", { name: /^Session: / })
            .getByRole("article")
            .first()
            .waitFor();
        },
      }),
    ),
    {
      name: "requests-settled",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        await go(page, "/requests");
        await page
          .getByRole("heading", { name: /^Settled/ })
          .first()
          .scrollIntoViewIfNeeded();
      },
    },
    {
      name: "not-found",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        await go(page, "/nowhere");
        await page.getByRole("heading", { name: "There is no such page" }).waitFor();
      },
    },
    {
      name: "toast",
      windows: BOTH,
      take: async (page) => {
        await go(page, "/machines");
        await page.locator("[data-machine]").first().waitFor();
        const told = world.tell(`Asks while you look elsewhere`, "main", 1_000, (to) => [to.prompt("which one?")]);
        await world.known(told.session);
        await page.waitForLoadState("networkidle");
        world.append(told, [
          told.to.call("AskUserQuestion", {
            questions: [{ question: "Left or right?", header: "Way", options: [{ label: "Left", description: "" }] }],
          }),
        ]);
        await page.getByRole("region", { name: "News" }).getByRole("link").first().waitFor();
      },
    },
    {
      name: "session-deleted",
      windows: BOTH,
      ownWay: true,
      take: async (page) => {
        const told = world.tell("Deleted under you", "main", 60_000, (to) => to.turn());
        await world.known(told.session);
        await go(page, `/sessions/${told.session}`);
        await transcript(page).getByRole("article").first().waitFor();
        const api = await world.product.api();
        await api.call("DELETE", `/api/v1/sessions/${told.session}`);
        await page.getByText("This session was deleted").waitFor();
      },
    },
  ];
}

/** What a loaded page shows once the server is gone, or the network. */
export const AWAY: readonly Shot[] = [
  {
    name: "browser-offline",
    windows: BOTH,
    take: async (page) => {
      await page.context().setOffline(true);
      await page.getByText("This browser is offline.").waitFor();
    },
  },
  {
    name: "server-away",
    windows: BOTH,
    take: async (page) => void (await page.getByText("The server does not answer.").first().waitFor()),
  },
];

export const FIRST_RUN: readonly Shot[] = [
  {
    name: "first-run",
    windows: [...BOTH, SMALL],
    take: async (page) => void (await page.getByRole("heading", { name: "No session yet" }).waitFor()),
  },
];

export const NO_MONITOR: readonly Shot[] = [
  {
    name: "no-monitor",
    windows: BOTH,
    take: async (page) => void (await page.getByText("No monitor is connected").first().waitFor()),
  },
];

export const TEN_THOUSAND: readonly Shot[] = [
  {
    name: "ten-thousand",
    windows: BOTH,
    take: async (page) => {
      await rows(page).first().waitFor();
      await page
        .getByText(/10,000/)
        .first()
        .waitFor();
    },
  },
  {
    name: "ten-thousand-filtered",
    windows: [DESK],
    take: async (page) => {
      await page.getByLabel(WORDS).fill("invoices number 99");
      await page
        .getByText(/^[1-9]\d* sessions$/)
        .first()
        .waitFor();
      await rows(page).first().waitFor();
    },
  },
];
