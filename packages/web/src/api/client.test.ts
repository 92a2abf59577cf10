import { describe, expect, it } from "vitest";
import { createApiClient } from "./client.ts";
import type { ApiError } from "./errors.ts";

function clientOf(
  respond: (url: string, init: RequestInit) => Response | Promise<Response>,
  token: string | null = "t",
) {
  const refused: (string | null)[] = [];
  const calls: { url: string; init: RequestInit }[] = [];
  const client = createApiClient({
    token: () => token,
    onUnauthenticated: (refusedToken) => refused.push(refusedToken),
    fetch: (async (url: string, init: RequestInit) => {
      calls.push({ url, init });
      return respond(url, init);
    }) as typeof fetch,
  });
  return { client, refused, calls };
}
const json = (status: number, body: unknown, headers = {}) => new Response(JSON.stringify(body), { status, headers });
const errorOf = (call: Promise<unknown>): Promise<ApiError> =>
  call.then(
    () => Promise.reject(new Error("it succeeded")),
    (e) => e,
  );

describe("a call", () => {
  it("carries the token as a bearer, no cookie, and no token to sign in", async () => {
    const { client, calls } = clientOf((url) =>
      url.endsWith("/login")
        ? json(200, { token: "n", role: "viewer", name: "x", expiresAt: null })
        : json(200, { sessions: [], total: 0 }),
    );
    await client.sessions({ offset: 20, limit: 10 });
    await client.login("code");
    expect(calls.map(({ url }) => url)).toEqual(["/api/v1/sessions?offset=20&limit=10", "/api/v1/login"]);
    expect(new Headers(calls[0]?.init.headers).get("authorization")).toBe("Bearer t");
    expect(new Headers(calls[1]?.init.headers).get("authorization")).toBeNull();
    expect(calls.every(({ init }) => init.credentials === "omit")).toBe(true);
  });

  it("asks for full events of one transcript by place, with every part of the address escaped", async () => {
    const { client, calls } = clientOf(() => json(200, { events: [], next: null, previous: null }));
    await client.events({ session: "a/b?c", subagent: "x&y", place: { after: "1.2" }, limit: 5 });
    expect(calls[0]?.url).toBe("/api/v1/sessions/a%2Fb%3Fc/events?view=full&limit=5&after=1.2&subagent=x%26y");
  });

  it("fails with the code of the registry, the server's sentence and when to come again", async () => {
    const { client } = clientOf(() =>
      json(503, { error: { code: "store_busy", message: "The queue is full." } }, { "retry-after": "3" }),
    );
    expect(await errorOf(client.session("s"))).toMatchObject({
      code: "store_busy",
      message: "The queue is full.",
      retryAfterSeconds: 3,
    });
  });

  it("says which token was refused", async () => {
    const { client, refused } = clientOf(() => json(401, { error: { code: "unauthenticated", message: "gone" } }));
    await errorOf(client.probe());
    expect(refused).toEqual(["t"]);
  });

  it("does not take a bad code for a bad token", async () => {
    const { client, refused } = clientOf(() => json(401, { error: { code: "code_invalid", message: "used" } }));
    expect((await errorOf(client.login("x"))).code).toBe("code_invalid");
    expect(refused).toEqual([]);
  });

  it("is unreachable when nobody answers", async () => {
    const { client } = clientOf(() => Promise.reject(new TypeError("fetch failed")));
    expect((await errorOf(client.session("s"))).code).toBe("unreachable");
  });

  it.each([
    [200, "<!doctype html>", "unreadable"],
    [200, '{"sessions":[{"id":1}],"total":0}', "unreadable"],
    [502, "Bad gateway", "unreadable"],
    [401, "", "unauthenticated"],
    [500, '{"error":{"code":"teapot","message":"x"}}', "unreadable"],
  ])("answered with %d %j is %s", async (status, body, code) => {
    const { client } = clientOf(() => new Response(body, { status }));
    expect((await errorOf(client.sessions({ offset: 0, limit: 1 }))).code).toBe(code);
  });
});
