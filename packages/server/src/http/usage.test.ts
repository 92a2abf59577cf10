import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { type TestServer, testServer } from "../test-server.ts";

const PRICES = [
  {
    id: "anthropic",
    models: [{ id: "claude-next-9", match: { equals: "claude-next-9" }, prices: { input_mtok: 1, output_mtok: 2 } }],
  },
];

/** A stand-in for the address that prices come from. */
async function priceServer(status: number, body: string): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((_request, reply) => reply.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.json`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function refresh(server: TestServer, url: string) {
  return server.call("POST", "/api/v1/prices/refresh", { token: await server.token("admin"), json: { url } });
}

test("a viewer reads what was spent, and gets days in the time zone asked for", async () => {
  await using server = await testServer();
  const token = await server.token("viewer");
  const answer = await server.call("GET", "/api/v1/usage?by=model&from=2026-11-01&tz=Europe/Berlin", { token });
  expect(answer).toMatchObject({ status: 200, json: { rows: [], repricing: 0 } });
  for (const query of ["by=colour", "from=soon", "from=2026-02-30"]) {
    const refused = await server.call("GET", `/api/v1/usage?${query}`, { token });
    expect(refused).toMatchObject({ status: 400, json: { error: { code: "invalid_request" } } });
  }
  expect((await server.call("GET", "/api/v1/sessions/nobody/usage", { token })).status).toBe(404);
});

test("settings are an admin's, who is named with the change", async () => {
  await using server = await testServer();
  const viewer = await server.token("viewer");
  const settings = { prices: { "gpt-6": { input: 1.5, output: 6 } } };
  expect((await server.call("GET", "/api/v1/settings", { token: viewer })).status).toBe(403);
  expect((await server.call("PUT", "/api/v1/settings", { token: viewer, json: settings })).status).toBe(403);
  const admin = await server.token("admin");
  expect(await server.call("PUT", "/api/v1/settings", { token: admin, json: settings })).toMatchObject({
    status: 200,
    json: settings,
  });
  expect((await server.call("GET", "/api/v1/settings", { token: admin })).json).toEqual(settings);
  expect(server.engine.changedBy).toEqual(["admin 2"]);
  const negative = { prices: { "gpt-6": { input: -1 } } };
  expect((await server.call("PUT", "/api/v1/settings", { token: admin, json: negative })).status).toBe(400);
});

test("prices are fetched from the address given and stored with where they came from", async () => {
  await using server = await testServer();
  await using prices = await priceServer(200, JSON.stringify(PRICES));
  expect(await refresh(server, prices.url)).toMatchObject({ status: 200, json: { url: prices.url, models: 1 } });
  expect(server.engine.prices).toMatchObject({ url: prices.url, models: [{ id: "claude-next-9" }] });
});

test.each([
  ["an address that answers with an error", 404, "gone", "prices_unreachable"],
  ["an answer that is no JSON", 200, "<html>", "prices_invalid"],
  ["JSON of another form", 200, '{"models":[]}', "prices_invalid"],
  ["a list without Anthropic", 200, '[{"id":"other","models":[]}]', "prices_invalid"],
  ["models without prices", 200, '[{"id":"anthropic","models":[{"id":"a","match":{}}]}]', "prices_invalid"],
  ["no model that could be priced", 200, '[{"id":"anthropic","models":[]}]', "prices_invalid"],
])("%s leaves the old prices and is named", async (_, status, body, code) => {
  await using server = await testServer();
  await using prices = await priceServer(status, body);
  expect(await refresh(server, prices.url)).toMatchObject({ status: 502, json: { error: { code } } });
  expect(server.engine.prices).toBeNull();
});

test("prices come over https, or from this host", async () => {
  await using server = await testServer();
  expect(await refresh(server, "http://prices.example/data.json")).toMatchObject({ status: 400 });
  expect(await refresh(server, "file:///etc/passwd")).toMatchObject({ status: 400 });
  const dead = await priceServer(200, "[]");
  await dead[Symbol.asyncDispose]();
  expect(await refresh(server, dead.url)).toMatchObject({ json: { error: { code: "prices_unreachable" } } });
});
