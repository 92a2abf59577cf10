import { ApiClient, errorCode, Product, promptSegment, rawRequest, WireMonitor } from "@agentpane/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** One server for all: what one caller does wrong must not touch the next. */
let product: Product;
const tokens = { viewer: "", approver: "", admin: "", monitor: "", other: "" };

beforeAll(async () => {
  product = new Product("bad-callers");
  await product.startServer();
  for (const role of ["viewer", "approver", "admin", "monitor"] as const)
    tokens[role] = await product.token(role, role);
  tokens.other = await product.token("other", "monitor");
}, 120_000);
afterAll(async () => await product[Symbol.asyncDispose]());

const client = (token: string): ApiClient => new ApiClient(product.origin, token);

describe("a caller without the right token", () => {
  const guarded = [
    ["GET", "/api/v1/sessions"],
    ["GET", "/api/v1/sessions/x"],
    ["GET", "/api/v1/sessions/x/events"],
    ["DELETE", "/api/v1/sessions/x"],
    ["GET", "/api/v1/machines"],
    ["GET", "/api/v1/stream"],
    ["GET", "/api/v1/me"],
    ["GET", "/api/v1/tokens"],
    ["POST", "/api/v1/tokens"],
    ["POST", "/api/v1/links"],
    ["POST", "/api/v1/reindex"],
    ["POST", "/api/v1/register"],
    ["POST", "/api/v1/ingest"],
    ["POST", "/api/v1/heartbeat"],
    ["POST", "/api/v1/deregister"],
  ] as const;

  it.each(guarded)("%s %s without a token is unauthenticated", async (method, path) => {
    expect(errorCode(await client("").call(method, path))).toBe("unauthenticated");
  });

  it.each(["nonsense", "ap_v_", `ap_a_${"A".repeat(43)}`])(
    "a token that was never made (%s) is unauthenticated",
    async (token) => {
      expect(errorCode(await client(token).call("GET", "/api/v1/sessions"))).toBe("unauthenticated");
    },
  );

  it("a revoked token is unauthenticated at once", async () => {
    const token = await product.token("short lived", "viewer");
    expect((await client(token).call("GET", "/api/v1/sessions")).status).toBe(200);
    const revoked = await client(tokens.admin).call("DELETE", "/api/v1/tokens/short%20lived");
    expect(revoked.status).toBe(200);
    expect(errorCode(await client(token).call("GET", "/api/v1/sessions"))).toBe("unauthenticated");
  });

  it("a role does what it may and no more, each including the one before", async () => {
    const status = async (token: string, method: string, path: string): Promise<number> =>
      (await client(token).call(method, path)).status;
    for (const role of ["viewer", "approver", "admin"] as const) {
      expect(await status(tokens[role], "GET", "/api/v1/sessions"), role).toBe(200);
    }
    for (const role of ["viewer", "approver"] as const) {
      expect(await status(tokens[role], "GET", "/api/v1/tokens"), role).toBe(403);
      expect(await status(tokens[role], "DELETE", "/api/v1/sessions/x"), role).toBe(403);
    }
    expect(await status(tokens.admin, "GET", "/api/v1/tokens")).toBe(200);
    for (const path of ["/api/v1/sessions", "/api/v1/machines", "/api/v1/stream", "/api/v1/tokens"]) {
      expect(errorCode(await client(tokens.monitor).call("GET", path)), path).toBe("forbidden");
    }
    for (const role of ["viewer", "admin"] as const) {
      const answer = await new WireMonitor(client(tokens[role])).register();
      expect(errorCode(answer), role).toBe("forbidden");
    }
  });

  it("who guesses many tokens does not lock out who has one", async () => {
    expect((await client(tokens.viewer).call("GET", "/api/v1/me")).status).toBe(200);
    const guesses = Array.from({ length: 80 }, (_, i) => `ap_v_${String(i).padStart(43, "g")}`);
    const codes = await Promise.all(
      guesses.map(async (guess) => errorCode(await client(guess).call("GET", "/api/v1/me"))),
    );
    for (const code of codes) expect(["unauthenticated", "rate_limited"]).toContain(code);
    // One that no cache holds yet: its holder comes for the first time.
    expect((await client(tokens.approver).call("GET", "/api/v1/me")).status).toBe(200);
  });
});

describe("a machine's token", () => {
  it("binds to the machine that registers first and is refused for another", async () => {
    const monitor = new WireMonitor(client(tokens.monitor));
    expect((await monitor.register()).status).toBe(200);
    const impostor = new WireMonitor(client(tokens.monitor));
    expect(errorCode(await impostor.register())).toBe("machine_mismatch");
    const body = { machine: impostor.machine, bootId: "boot" };
    expect(errorCode(await impostor.api.call("POST", "/api/v1/deregister", { body }))).toBe("machine_mismatch");
    expect((await monitor.register()).status).toBe(200);
  });

  it("is refused on another host, even with the machine's own id: a copied home is not that machine", async () => {
    const monitor = new WireMonitor(client(tokens.other));
    expect((await monitor.register()).status).toBe(200);
    expect(errorCode(await monitor.register({ hostSha256: "b".repeat(64) }))).toBe("machine_mismatch");
    expect((await monitor.register()).status).toBe(200);
  });

  it("sends into its own machine only: the same session from two machines is two sources", async () => {
    const session = "two-machines";
    for (const token of [tokens.monitor, tokens.other]) {
      const answer = await new WireMonitor(client(token)).send([promptSegment({ session, texts: ["hello"] })]);
      expect(answer.body).toMatchObject({ answers: [{ result: "committed" }] });
    }
    const detail = await client(tokens.viewer).get<{ sources: { machine: { id: string } }[] }>(
      `/api/v1/sessions/${session}`,
    );
    expect(new Set(detail.sources.map((source) => source.machine.id)).size).toBe(2);
  });

  it("reports nothing before it registered", async () => {
    const fresh = client(await product.token("fresh", "monitor"));
    const answer = await new WireMonitor(fresh).send([promptSegment({ session: "early", texts: ["x"] })]);
    expect(errorCode(answer)).toBe("conflict");
    expect((await client(tokens.viewer).call("GET", "/api/v1/sessions/early")).status).toBe(404);
  });

  it("is told which side to update when it speaks another protocol", async () => {
    for (const [protocol, side] of [
      [0, /monitor/],
      [99, /server/],
    ] as const) {
      const answer = await new WireMonitor(client(tokens.monitor)).register({ protocol });
      expect(errorCode(answer)).toBe("protocol_mismatch");
      expect(JSON.stringify(answer.body)).toMatch(side);
    }
  });
});

describe("a caller from elsewhere", () => {
  const authorized = (): Record<string, string> => ({ authorization: `Bearer ${tokens.admin}` });

  it.each([
    ["another name (DNS rebinding)", { host: "evil.example" }],
    ["another name with the right port", { host: "evil.example:PORT" }],
    ["another port in Host", { host: "127.0.0.1:1" }],
    ["an Origin of another site", { origin: "https://evil.example" }],
    ["an Origin of another port of this host", { origin: "http://127.0.0.1:1" }],
    ["an Origin of a file", { origin: "null" }],
    ["the other scheme", { origin: "https://127.0.0.1:PORT" }],
    ["Sec-Fetch-Site cross-site", { "sec-fetch-site": "cross-site" }],
    ["Sec-Fetch-Site same-site, which another port is", { "sec-fetch-site": "same-site" }],
  ])("with %s is refused even with a good token", async (_, bad) => {
    const { host, port } = new URL(product.origin);
    const named = Object.fromEntries(
      Object.entries(bad as Record<string, string>).map(([name, value]) => [name, value.replace("PORT", port)]),
    );
    const headers = { host, ...authorized(), ...named };
    const upgrade = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "MDEyMzQ1Njc4OTAxMjM0NQ==",
    };
    const answers = [
      await rawRequest(product.origin, { path: "/api/v1/sessions", headers }),
      await rawRequest(product.origin, { path: "/api/v1/stream", headers }),
      await rawRequest(product.origin, { path: "/api/v1/live", headers: { ...headers, ...upgrade } }),
      await rawRequest(product.origin, {
        method: "POST",
        path: "/api/v1/links",
        headers: { ...headers, "content-type": "application/json" },
        body: Buffer.from(`{"role":"admin"}`),
      }),
    ];
    for (const answer of answers) expect(errorCode(answer)).toBe("origin_refused");
  });

  it("without Origin is judged by its token alone", async () => {
    const answer = await rawRequest(product.origin, {
      path: "/api/v1/sessions",
      headers: { host: new URL(product.origin).host, ...authorized() },
    });
    expect(answer.status).toBe(200);
  });

  it("gets no cookie and no leave to read from anywhere", async () => {
    for (const path of ["/", "/api/v1/sessions", "/healthz", "/readyz", "/nowhere"]) {
      const answer = await client(tokens.admin).call("GET", path);
      expect(answer.headers.get("set-cookie"), path).toBeNull();
      expect(answer.headers.get("access-control-allow-origin"), path).toBeNull();
      expect(answer.headers.get("x-content-type-options"), path).toBe("nosniff");
    }
  });
});
