import {
  type ApiClient,
  Conversation,
  type Machine,
  Product,
  type Random,
  seededRandom,
  TranscriptWriter,
  until,
  type WrittenFile,
} from "@agentpane/testkit";
import { test as base, expect, type Locator, type Page } from "@playwright/test";

/** A running product with one machine, and what a test needs to make things happen on it. */
export interface Stage {
  product: Product;
  machine: Machine;
  writer: TranscriptWriter;
  random: Random;
  api: ApiClient;
  /** Writes a new session and answers it once the server knows it. */
  session(options?: { title?: string; cwd?: string; branch?: string; turns?: number }): Promise<StagedSession>;
  /** A fresh one-time link to the page. */
  link(): Promise<string>;
  /** Opens the page, signed in. */
  signIn(page: Page): Promise<void>;
}

interface StagedSession {
  id: string;
  file: WrittenFile;
  conversation: Conversation;
}

interface Row {
  id: string;
  title: string | null;
  goal: string | null;
  status: string;
}

export const test = base.extend<object, { file: string; stage: Stage }>({
  /** Each file names itself, so that no file's sessions stand in another's way: another value gets another worker. */
  file: ["", { option: true, scope: "worker" }],
  stage: [
    async ({ file }, use) => {
      const product = new Product(`browser-${file}`);
      try {
        await use(await makeStage(product));
      } finally {
        await product[Symbol.asyncDispose]();
      }
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

export { expect };

async function makeStage(product: Product): Promise<Stage> {
  await product.startServer();
  const machine = await product.addMachine("workbench");
  product.startMonitor(machine);
  const writer = new TranscriptWriter();
  const random = seededRandom(20);
  const api = await product.api();
  const stage: Stage = {
    product,
    machine,
    writer,
    random,
    api,
    async session({ title, cwd = "/home/dev/shop", branch = "main", turns = 1 } = {}) {
      const id = random.uuid();
      const conversation = new Conversation({ random, session: id, cwd, branch, startMs: Date.now() - 60_000 });
      const project = cwd.replaceAll(/[^A-Za-z0-9]/g, "-");
      const file = writer.create({ root: machine.roots[0] ?? "", project, session: id });
      if (title !== undefined) writer.append(file, [conversation.title(title)]);
      for (let turn = 0; turn < turns; turn++) writer.append(file, conversation.turn());
      await untilCommitted(api, id, file);
      return { id, file, conversation };
    },
    async link() {
      const answer = await api.call("POST", "/api/v1/links", { body: { role: "admin" } });
      expect(answer.status).toBe(201);
      return product.origin + (answer.body as { path: string }).path;
    },
    async signIn(page) {
      await page.goto(await stage.link());
      await expect(page).not.toHaveURL(/code=/);
    },
  };
  return stage;
}

export async function untilCommitted(api: ApiClient, id: string, file: WrittenFile): Promise<void> {
  await until(`all of ${id} is committed`, async () => {
    const answer = await api.call("GET", `/api/v1/sessions/${id}`);
    return (answer.body as { bytes?: number }).bytes === file.life.completeBytes;
  });
}

/** The open session's transcript. */
export function transcript(page: Page): Locator {
  return page.getByRole("region", { name: /^Transcript:/ });
}

/** Rows as the page shows them from the top of the list to its end, by session. */
async function shownRows(page: Page): Promise<Map<string, { status: string; text: string }>> {
  const rows = await page.locator(".rows").evaluate(async (list) => {
    const seen = new Map<string, { id: string; status: string; text: string }>();
    list.scrollTop = 0;
    for (let before = -1; list.scrollTop > before; ) {
      // A scrolled list is drawn with the frame after the next.
      for (let frame = 0; frame < 2; frame++) await new Promise((drawn) => requestAnimationFrame(drawn));
      for (const link of list.querySelectorAll<HTMLElement>("a[data-session]")) {
        const id = link.dataset.session ?? "";
        seen.set(id, { id, status: link.dataset.status ?? "", text: link.textContent ?? "" });
      }
      before = list.scrollTop;
      list.scrollTop += list.clientHeight;
    }
    list.scrollTop = 0;
    return [...seen.values()];
  });
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}

/** Every session that the store has is on the page with its title and status, and no other is. */
export async function expectPageEqualsStore(page: Page, api: ApiClient): Promise<void> {
  await expect(async () => {
    const { sessions } = await api.get<{ sessions: Row[] }>("/api/v1/sessions?limit=500");
    const shown = await shownRows(page);
    const fromStore = Object.fromEntries(sessions.map((row) => [row.id, row.status]));
    expect(Object.fromEntries([...shown].map(([id, row]) => [id, row.status]))).toEqual(fromStore);
    for (const row of sessions) expect(shown.get(row.id)?.text).toContain(escaped(row.title ?? row.goal ?? ""));
  }).toPass({ timeout: 15_000 });
}

/** What turns text around is shown as an escape. */
function escaped(text: string): string {
  return text.replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16)}`);
}

/** Everything that was said in the session stands in its open transcript once, in the store's order. */
export async function expectTranscriptEqualsStore(page: Page, api: ApiClient, session: string): Promise<void> {
  await expect(async () => {
    const { events } = await api.get<{ events: { kind: string; content?: { text?: string } }[] }>(
      `/api/v1/sessions/${session}/events?before=end&limit=1000&view=full`,
    );
    const said = events.filter((event) => event.kind === "prompt" || event.kind === "text");
    const text = (await transcript(page).textContent()) ?? "";
    let from = 0;
    for (const { content } of said) {
      const words = content?.text ?? "";
      const at = text.indexOf(words, from);
      expect(at, `“${words}” after ${from}`).toBeGreaterThanOrEqual(0);
      from = at + words.length;
    }
    expect(said.length).toBeGreaterThan(0);
    expect(text.split(said.at(-1)?.content?.text ?? "").length - 1).toBe(1);
  }).toPass({ timeout: 15_000 });
}
