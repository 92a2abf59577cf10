import { AgentHook, type Asked, until } from "@agentpane/testkit";
import type { Browser, BrowserContextOptions, Locator, Page } from "@playwright/test";
import { expect, type Stage } from "./fixtures.ts";

/** As the agent asks them: one choice, several, and one to be answered in own words. */
export const QUESTIONS = [
  {
    question: "Which database?",
    header: "Store",
    multiSelect: false,
    options: [{ label: "PostgreSQL" }, { label: "SQLite" }],
  },
  {
    question: "Which features?",
    header: "Features",
    multiSelect: true,
    options: [{ label: "Auth", description: "Sign in and out" }, { label: "Logs" }, { label: "Mail" }],
  },
  { question: "Anything else?", header: "Else", multiSelect: false, options: [{ label: "No" }, { label: "Later" }] },
];

/** What the hook answered to the agent, as far as a test looks at it. */
export interface HookAnswer {
  behavior: "allow" | "deny";
  message?: string;
  interrupt?: boolean;
  updatedInput?: Record<string, unknown>;
  updatedPermissions?: unknown[];
}

/** One thing that a scripted agent asks, of a session of its own. */
export interface Asking {
  session: string;
  title: string;
  /** What the agent was answered; null where it was told nothing and its own dialog stands. */
  answer(): Promise<HookAnswer | null>;
}

/** The agent's side: it asks through the machine's real hook, held by its real monitor. */
export class Agent implements Disposable {
  readonly hook: AgentHook;
  readonly #stage: Stage;

  private constructor(stage: Stage, hook: AgentHook) {
    this.#stage = stage;
    this.hook = hook;
  }

  static async of(stage: Stage): Promise<Agent> {
    return new Agent(stage, await AgentHook.of(stage.machine));
  }

  async ask(title: string, asked: Asked, plan?: string): Promise<Asking> {
    const { id } = await this.#stage.session({ title });
    this.hook.session(id, "cli", { status: "waiting", waitingFor: "permission prompt" });
    if (plan !== undefined) this.hook.plan(id, plan);
    return this.again(id, title, asked);
  }

  bash(title: string, command: string): Promise<Asking> {
    return this.ask(title, { input: { command } });
  }

  /** The same session asks something more. */
  again(session: string, title: string, asked: Asked): Asking {
    const { answer } = this.hook.call(this.hook.bodyOf(session, asked));
    return { session, title, answer: async () => decisionOf(await answer) };
  }

  /** All hang up, and the server knows it: the next test begins without them. */
  async leave(): Promise<void> {
    this[Symbol.dispose]();
    await until("nothing stands open", async () => (await openRequests(this.#stage)) === 0, { deadlineMs: 30_000 });
  }

  [Symbol.dispose](): void {
    this.hook[Symbol.dispose]();
  }
}

function decisionOf(text: string): HookAnswer | null {
  const said = (text.trim() === "" ? {} : JSON.parse(text)) as { hookSpecificOutput?: { decision?: HookAnswer } };
  return said.hookSpecificOutput?.decision ?? null;
}

export async function openRequests({ api }: Stage): Promise<number> {
  return (await api.get<{ open: number }>("/api/v1/requests?state=open&limit=1")).open;
}

export function cardOf(page: Page, { title }: Pick<Asking, "title">): Locator {
  return page.getByRole("article", { name: new RegExp(`: ${title}$`) });
}

/** A page of its own, signed in with this role, on the requests. */
export async function openPageAs(
  browser: Browser,
  stage: Stage,
  role: "viewer" | "approver" | "admin",
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  const { status, body } = await stage.api.call("POST", "/api/v1/links", { body: { role } });
  expect(status).toBe(201);
  await page.goto(stage.product.origin + (body as { path: string }).path);
  await expect(page).not.toHaveURL(/code=/);
  await toRequests(page);
  return page;
}

export async function toRequests(page: Page): Promise<void> {
  await expect(page.getByText("Live", { exact: true }).first()).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await expect(page).toHaveURL(/\/requests$/);
  await expect(page.getByRole("heading", { name: "Requests", level: 1 })).toBeAttached();
}

/** Scrolls like a reader: step by step, so that each part is on screen once. */
export async function readThrough(page: Page, card: Locator): Promise<void> {
  await card.hover({ position: { x: 40, y: 20 } });
  const note = card.getByText("Scroll to the end first", { exact: false });
  await expect(async () => {
    await page.mouse.wheel(0, 250);
    await expect(note).toHaveCount(0, { timeout: 100 });
  }).toPass({ intervals: [10] });
}
