import { DEFAULT_DANGEROUS } from "@agentpane/protocol";
import { expect, test, vi } from "vitest";
import { type Call, fakeServer } from "../test-api.ts";
import { testHome } from "../test-command.ts";

// Whole programs are started here, on cores that other tests want too.
vi.setConfig({ testTimeout: 60_000 });

/** Settings that are kept from one call to the next. */
function kept(prices: object) {
  let settings: unknown = { prices };
  return ({ method, path, body }: Call) => {
    if (path !== "/api/v1/settings") return { status: 404, body: {} };
    if (method === "PUT") settings = body;
    return { body: settings };
  };
}

test("a price is set beside the others of its model, also where the model's id holds dots", async () => {
  await using home = testHome();
  await using server = await fakeServer(home, kept({ "gpt-4.1": { output: 8 }, "claude-opus-5-5": { input: 4 } }));
  const { code, out, err } = await home.run("settings", "set", "prices.gpt-4.1.input", "3.5");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain("prices.gpt-4.1.input is 3.5 dollars a million tokens now");
  expect(server.calls.at(-1)).toMatchObject({
    method: "PUT",
    body: { prices: { "gpt-4.1": { input: 3.5, output: 8 }, "claude-opus-5-5": { input: 4 } } },
  });
  expect((await home.run("settings", "get")).out).toBe(
    "prices.gpt-4.1.input 3.5\nprices.gpt-4.1.output 8\nprices.claude-opus-5-5.input 4\n",
  );
  expect((await home.run("settings", "get", "prices.gpt-4.1")).out).toBe(
    "prices.gpt-4.1.input 3.5\nprices.gpt-4.1.output 8\n",
  );
  expect(JSON.parse((await home.run("settings", "get", "--json")).out).prices["gpt-4.1"].input).toBe(3.5);
});

test("a price of zero is a price, and one of two without the other says what is still missing", async () => {
  await using home = testHome();
  await using server = await fakeServer(home, kept({}));
  const { code, err } = await home.run("settings", "set", "prices.local.input", "0");
  expect(code).toBe(0);
  expect(err).toContain("unpriced until both its input and its output");
  expect(server.calls.at(-1)?.body).toEqual({ prices: { local: { input: 0 } } });
});

test("a price is taken back, and with the last one the model", async () => {
  await using home = testHome();
  await using server = await fakeServer(home, kept({ "gpt-4.1": { input: 2, output: 8 }, local: { input: 0 } }));
  expect((await home.run("settings", "unset", "prices.gpt-4.1.input")).code).toBe(0);
  expect(server.calls.at(-1)?.body).toEqual({ prices: { "gpt-4.1": { output: 8 }, local: { input: 0 } } });
  expect((await home.run("settings", "unset", "prices.local.input")).code).toBe(0);
  expect((await home.run("settings", "unset", "prices.gpt-4.1")).code).toBe(0);
  expect(server.calls.at(-1)?.body).toEqual({ prices: {} });
  expect(await home.run("settings", "unset", "prices.gpt-4.1.input")).toMatchObject({ code: 1 });
  expect((await home.run("settings", "get")).err).toContain("Nothing is set");
});

test.each([
  [["set", "theme", "dark"], "There is no setting theme"],
  [["set", "prices.input", "3"], "There is no setting prices.input"],
  [["set", "prices.claude-opus-5-5.inptu", "3"], "input, output, cacheRead, cacheWrite5m, cacheWrite1h"],
  [["set", "prices.claude-opus-5-5.input", "3,5"], "3,5 is no price"],
  [["set", "prices.claude-opus-5-5.input", ""], "is no price"],
  [["set", "prices.claude-opus-5-5.input", "100001"], "from 0 to 100000"],
  [["set", "prices.claude-opus-5-5.input"], "takes one value"],
  [["set", "prices.claude-opus-5-5.input", "3", "4"], "takes one value"],
  [["set", "prices.claude-opus-5-5.input", "3", "--add"], "takes one value"],
  [["set", "dangerous"], "Give values for dangerous, or --none"],
  [["set", "dangerous", "rm", "--none"], "Give values for dangerous, or --none"],
  [["set", "dangerous", "make deploy", "*"], '"*": needs at least 2 characters'],
  [["set", "holdPrintProjects", "shop"], '"shop": must be a whole path'],
  [["get", "theme"], "There is no setting theme"],
])("settings %j is not understood: exit code 2 and a line that says why", async (args, words) => {
  await using home = testHome();
  await using _ = await fakeServer(home, kept({}));
  const { code, out, err } = await home.run("settings", ...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(words);
});

test("what Allow asks twice for, and projects whose runs are held, are set, added to and taken back as lists", async () => {
  await using home = testHome();
  await using server = await fakeServer(home, kept({ local: { input: 0 } }));
  const last = () => server.calls.at(-1)?.body;
  const never = await home.run("settings", "get", "dangerous");
  expect(never.out).toContain("dangerous rm -rf\n");
  expect(never.err).toContain("never set");
  await home.run("settings", "set", "dangerous", "make deploy", "--add");
  expect(last()).toMatchObject({ prices: { local: { input: 0 } }, dangerous: [...DEFAULT_DANGEROUS, "make deploy"] });
  expect((await home.run("settings", "set", "dangerous", "make deploy", "drop it")).out).toContain("2 values");
  expect((await home.run("settings", "get")).out).toBe(
    "prices.local.input 0\ndangerous make deploy\ndangerous drop it\n",
  );
  await home.run("settings", "set", "holdPrintProjects", "/home/dev/shop");
  expect(last()).toMatchObject({ dangerous: ["make deploy", "drop it"], holdPrintProjects: ["/home/dev/shop"] });
  expect(JSON.parse((await home.run("settings", "get", "holdPrintProjects", "--json")).out)).toEqual({
    holdPrintProjects: ["/home/dev/shop"],
  });
  await home.run("settings", "set", "dangerous", "--none");
  expect(last()).toMatchObject({ dangerous: [] });
  await home.run("settings", "unset", "dangerous");
  await home.run("settings", "unset", "holdPrintProjects");
  expect(last()).toMatchObject({ dangerous: DEFAULT_DANGEROUS, holdPrintProjects: [] });
});

test("what the server refuses is said in the server's words", async () => {
  await using home = testHome();
  const error = { code: "forbidden", message: "Only an admin may.", retryable: false };
  await using _ = await fakeServer(home, () => ({ status: 403, body: { error } }));
  expect(await home.run("settings", "get")).toMatchObject({ code: 1, err: "Only an admin may.\n" });
});

test("newer prices are asked for from the given address, and what came of it is told", async () => {
  await using home = testHome();
  const answer = { url: "http://127.0.0.1:1/prices.json", models: 12, changed: true };
  await using server = await fakeServer(home, () => ({ body: answer }));
  const { code, out } = await home.run("prices", "refresh", "--url", answer.url);
  expect(code).toBe(0);
  expect(out).toContain("prices of 12 models from http://127.0.0.1:1/prices.json. History is priced anew");
  expect(server.calls).toMatchObject([{ method: "POST", path: "/api/v1/prices/refresh", body: { url: answer.url } }]);
  expect(JSON.parse((await home.run("prices", "refresh", "--json")).out)).toEqual(answer);
  expect(server.calls.at(-1)?.body).toEqual({});
  const wrong = await home.run("prices", "refresh", "--url", "file:///etc/passwd");
  expect({ code: wrong.code, calls: server.calls.length }).toEqual({ code: 2, calls: 2 });
});
