// @vitest-environment happy-dom
import type { FileChange, SessionFile } from "@agentpane/protocol";
import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { madeAgent, madeCall, madeMachine, madeRow, madeSnapshot, NOON } from "../../../testing/made.ts";
import { openPage, settle, withPage } from "../../../testing/page.tsx";
import { rowsOf } from "./file-rows.ts";

withPage();

const PATIENCE = { timeout: 10_000 };

function madeFile(path: string, change: Partial<SessionFile> = {}): SessionFile {
  return {
    ...{ path, reads: 1, edits: 0, writes: 0, failed: 0, open: 0, added: 0, removed: 0, created: false },
    ...{ firstAt: NOON - 60_000, lastAt: NOON - 30_000, last: { place: "1.1.7.0", agent: null }, by: [null] },
    ...change,
  };
}

function madeChange(n: number): FileChange {
  const input = { file_path: "/home/dev/shop/src/a.ts", old_string: `old ${n}`, new_string: `new ${n}` };
  const [call, result = null] = madeCall(n * 10, "Edit", input, { text: "done" });
  if (call === undefined) throw new Error("no call");
  return { place: `1.1.${n}.0`, agent: n === 2 ? "a1" : null, tool: "Edit", at: NOON, call, result };
}

const FILES = [
  madeFile("/home/dev/shop/src/a.ts", { edits: 3, failed: 1, added: 12, removed: 4, by: [null, "a1"] }),
  madeFile("/home/dev/shop/src/b.ts"),
  madeFile("/etc/hosts", { lastAt: NOON - 50_000 }),
  madeFile("/home/dev/shop/n.ipynb", { edits: 1, added: null, removed: null, lastAt: NOON - 55_000 }),
];

async function openFiles(files: SessionFile[] = FILES) {
  const page = await openPage("/sessions/w1?tab=files", {
    server: {
      files: new Map([["w1", { files, omitted: 0, uncounted: 0 }]]),
      changes: new Map([["/home/dev/shop/src/a.ts", [1, 2, 3].map(madeChange)]]),
      details: new Map([["w1", { agents: [madeAgent("a1", { type: "explore" })] }]]),
    },
  });
  await act(async () => {
    page.environment.socket.open();
    page.environment.socket.say(madeSnapshot(1, [madeRow("w1")], { machines: [madeMachine("atlas")] }));
  });
  await settle();
  return page;
}

const items = () =>
  within(screen.getByRole("region", { name: "Files" }))
    .getAllByRole("listitem")
    .map((item) => item.textContent ?? "");

describe("the files of a session", () => {
  it("say how often each was read and changed, by whom, and what lies outside of its folder", async () => {
    await openFiles();
    await screen.findByText("4 files, 2 changed", {}, PATIENCE);
    const [a, b, hosts, notebook] = items();
    expect(a).toContain("src/a.ts");
    expect(a).toContain("+12 −4");
    expect(a).toContain("3 edits, 1 read, 1 failed");
    expect(a).toContain("by main agent, explore");
    expect(b).not.toContain("by");
    expect(hosts).toContain("/etc/hostsoutside");
    expect(notebook).toContain("lines not counted");
    expect(screen.getByText(/no transcript says/)).toBeDefined();
  });

  it("are narrowed by words and by what was done, and say so where nothing is left", async () => {
    await openFiles();
    await screen.findByText("4 files, 2 changed", {}, PATIENCE);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: "Changed" }));
    expect(items()).toHaveLength(2);
    await user.type(screen.getByRole("searchbox", { name: "Filter by path" }), "SRC a");
    expect(items()).toHaveLength(1);
    await user.type(screen.getByRole("searchbox", { name: "Filter by path" }), "zzz");
    expect(screen.getByText(/^No file has/)).toBeDefined();
    await user.keyboard("{Escape}");
    expect(items()).toHaveLength(2);
  });

  it("show a file's changes in order when it is opened, page by page, each with its place in the transcript", async () => {
    await openFiles();
    await screen.findByText("4 files, 2 changed", {}, PATIENCE);
    const user = userEvent.setup();
    await user.click(screen.getByRole("button", { name: /a\.ts/, expanded: false }));
    const changes = await screen.findByRole("region", { name: "Changes of a.ts" }, PATIENCE);
    await settle();
    expect(changes.textContent).toContain("new 1");
    expect(changes.textContent).toContain("2 of 3 changes");
    expect(changes.textContent).not.toContain("new 3");
    const second = within(changes).getAllByRole("article")[1];
    expect(second?.querySelector("a")?.getAttribute("href")).toMatch(/agent=a1.*event=1\.1\.2\.0/);
    await user.click(within(changes).getByRole("button", { name: "Load more changes" }));
    await settle();
    expect(changes.textContent).toContain("new 3");
  });

  it("say that there are none", async () => {
    await openFiles([]);
    expect(await screen.findByText(/^No file has been read/, {}, PATIENCE)).toBeDefined();
  });
});

describe("the order of files", () => {
  const paths = (sort: "recent" | "path" | "changes") =>
    rowsOf(FILES, "/home/dev/shop", { words: "", kind: "all", sort }).map(({ file }) => file.path.split("/").at(-1));

  it("is the last touched first, or by path with the own folder first, or by lines changed", () => {
    expect(paths("recent")).toEqual(["a.ts", "b.ts", "hosts", "n.ipynb"]);
    expect(paths("path")).toEqual(["n.ipynb", "a.ts", "b.ts", "hosts"]);
    expect(paths("changes")).toEqual(["a.ts", "n.ipynb", "b.ts", "hosts"]);
  });

  it("takes a path that climbs out of the folder for outside", () => {
    const [row] = rowsOf([madeFile("/home/dev/shop/../secret")], "/home/dev/shop", {
      words: "",
      kind: "all",
      sort: "path",
    });
    expect(row?.outside).toBe(true);
  });
});
