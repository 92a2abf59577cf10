import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TmuxPane, TmuxPanes, terminalsOf, typeWords } from "@agentpane/cli-monitor";
import { type Block, ModelApi, RealClient, tempFolder, until } from "@agentpane/testkit";

const STEP_MS = 15_000;
/** From a paste to its submit it takes some 200 ms; dialogs open before, in between and after. */
const LATEST_DIALOG_MS = 350;
/** An Enter of ours that went into the dialog has done its work after so long. */
const ANSWER_MS = 250;
const QUESTION = {
  questions: [
    {
      question: "Which database?",
      header: "Database",
      multiSelect: false,
      options: [
        { label: "PostgreSQL", description: "a server" },
        { label: "SQLite", description: "a file" },
      ],
    },
  ],
};

export interface RaceResult {
  /** Dialogs that opened. */
  dialogs: number;
  /** Dialogs that our keys answered: must be none. */
  answered: number;
  /** Words that were entered before the dialog came. */
  entered: number;
  /** Words that were held back because it was there. */
  heldBack: number;
  /** Words of ours that stood in the input line once all was over: must be none. */
  leftOver: number;
}

/**
 * Opens dialogs of the real client at random moments while words are typed into it through tmux, and counts those that the
 * words answered. To be run where nothing but loopback can be reached.
 */
export async function dialogRace(rounds: number): Promise<RaceResult> {
  await using folder = tempFolder("race");
  const [cwd, home, sockets] = ["work", "home", "tmux"].map((name) => path.join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  for (const one of [cwd, home, sockets]) mkdirSync(one);
  const result: RaceResult = { dialogs: 0, answered: 0, entered: 0, heldBack: 0, leftOver: 0 };
  let called = Promise.withResolvers<void>();
  await using model = await ModelApi.start(async (words) => {
    const round = /begin round (\d+)/.exec(words)?.[1];
    if (round === undefined) return [{ text: "taken" }];
    called.resolve();
    await sleep(Math.random() * LATEST_DIALOG_MS);
    return [blockOf(Number(round))];
  });
  const root = path.join(home, ".claude");
  await using client = await RealClient.start({ name: "race", root, home, cwd, model: model.origin, sockets });
  const is = (status: string) => client.registered(status, (entry) => entry.status === status, STEP_MS);
  const { pid } = await client.registry();
  const pane = await paneOf(client, pid);
  const said = () => {
    const status = client.entries()[0]?.status as Status | undefined;
    return status === undefined ? null : { status, asks: status === "waiting" };
  };
  for (let round = 0; round < rounds; round++) {
    called = Promise.withResolvers();
    await is("idle");
    const began = await typeWords(pane, `begin round ${round}`, said);
    if (began.state === "not_sent") throw new Error(`round ${round} did not begin: ${began.reason}`);
    await Promise.race([called.promise, sleep(STEP_MS)]);
    const typed = await typeWords(pane, `words of round ${round}`, said);
    await is("waiting");
    result.dialogs += 1;
    result[typed.state === "not_sent" ? "heldBack" : "entered"] += 1;
    await sleep(ANSWER_MS);
    if (said()?.asks !== true || existsSync(path.join(cwd, `answered-${round}`))) result.answered += 1;
    client.press("Escape");
    await is("idle");
    await until("an empty input line", () => !inputLine(client.screen()).includes("words of round"), {
      deadlineMs: STEP_MS,
    }).catch(() => {
      result.leftOver += 1;
    });
  }
  return result;
}

type Status = "busy" | "idle" | "waiting";

/** The client's pane as the monitor finds it. */
async function paneOf(client: RealClient, pid: number): Promise<TmuxPane> {
  const socket = client.tmux("display-message", "-p", "#{socket_path}").trim();
  const terminal = (await terminalsOf([pid])).get(pid);
  const found = await new TmuxPanes(() => [socket]).find(terminal?.path ?? "");
  if (found === null) throw new Error("the client's pane was not found");
  return new TmuxPane(found, pid);
}

function blockOf(round: number): Block {
  if (round % 3 === 2) return { tool: "AskUserQuestion", input: QUESTION };
  return { tool: "Bash", input: { command: `touch answered-${round}`, description: "Leave a mark" } };
}

/** Only the input line itself, which stands above the last rule. */
function inputLine(screen: string): string {
  const rows = screen.replaceAll("\u00a0", " ").trimEnd().split("\n");
  const rule = rows.findLastIndex((row) => /^─+$/.test(row));
  return rows[rule - 1] ?? "";
}
