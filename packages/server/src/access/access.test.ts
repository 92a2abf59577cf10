import type { AgentPaneError } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { FakeEngine } from "../fake-engine.ts";
import { Access } from "./access.ts";
import { newCode, newTokenSecret, sha256Of } from "./secret.ts";

const MINUTE = 60_000;

function setUp() {
  const clock = new FakeClock();
  const engine = new FakeEngine();
  engine.now = () => clock.now();
  const control = newTokenSecret("admin");
  const faults: unknown[] = [];
  const { reader, writer } = engine;
  const access = new Access({ reader, writer, clock, control, onFault: (error) => faults.push(error) });
  return { access, clock, engine, control, faults };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "accepted",
    (error: AgentPaneError) => error.code,
  );
}

test("a token is known by its hash alone", async () => {
  const { access, engine } = setUp();
  const { token } = await access.mint("script", "viewer", null);
  expect(token).toMatch(/^ap_v_[A-Za-z0-9_-]{43}$/);
  expect(JSON.stringify([...engine.tokens.values()])).not.toContain(token);
  expect(await access.identify(token)).toMatchObject({ name: "script", role: "viewer" });
});

test("a revoked token is refused at once, however recently it was used", async () => {
  const { access } = setUp();
  const { token, id } = await access.mint("script", "viewer", null);
  await access.identify(token);
  const told: string[] = [];
  access.onRevoked((ids) => told.push(...ids));
  expect((await access.revoke("script")).map((row) => row.id)).toEqual([id]);
  expect(told).toEqual([id]);
  expect(await codeOf(access.identify(token))).toBe("unauthenticated");
  expect(await access.stillGood(token)).toBe(false);
});

test("a token that was revoked behind this server's back is refused within seconds", async () => {
  const { access, clock, engine } = setUp();
  const { token } = await access.mint("script", "viewer", null);
  await access.identify(token);
  await engine.writer.revokeToken("script");
  await clock.advance(2_001);
  expect(await codeOf(access.identify(token))).toBe("unauthenticated");
});

test("a token expires to the millisecond, cached or not", async () => {
  const { access, clock } = setUp();
  const { token } = await access.mint("guest", "viewer", clock.now() + 1_000);
  expect(await codeOf(access.identify(token))).toBe("accepted");
  await clock.advance(999);
  expect(await codeOf(access.identify(token))).toBe("accepted");
  await clock.advance(1);
  expect(await codeOf(access.identify(token))).toBe("unauthenticated");
});

test("the running server's own secret is an admin, and is in no store", async () => {
  const { access, engine, control } = setUp();
  expect(await access.identify(control)).toMatchObject({ role: "admin" });
  expect(engine.tokens.size).toBe(0);
});

test("a code becomes a token of its role once, and never again", async () => {
  const { access } = setUp();
  const { code } = await access.makeCode("approver");
  const login = await access.redeem(code);
  expect(login).toMatchObject({ role: "approver" });
  expect(await access.identify(login.token)).toMatchObject({ role: "approver" });
  expect(await codeOf(access.redeem(code))).toBe("code_invalid");
});

test("of many who use one code at the same time, one gets in", async () => {
  const { access } = setUp();
  const { code } = await access.makeCode("admin");
  const tries = await Promise.all(Array.from({ length: 10 }, () => codeOf(access.redeem(code))));
  expect(tries.filter((code) => code === "accepted")).toHaveLength(1);
});

test("a code is good for two minutes", async () => {
  const { access, clock } = setUp();
  const { code, expiresAt } = await access.makeCode("viewer");
  expect(expiresAt - clock.now()).toBe(2 * MINUTE);
  await clock.advance(2 * MINUTE);
  expect(await codeOf(access.redeem(code))).toBe("code_invalid");
});

test("whoever guesses is slowed down, and those who hold a token are not", async () => {
  const { access, clock } = setUp();
  const { token } = await access.mint("script", "viewer", null);
  await access.identify(token);
  const codes = new Set<string>();
  for (let i = 0; i < 40; i += 1) codes.add(await codeOf(access.identify(newTokenSecret("admin"))));
  expect([...codes]).toEqual(["unauthenticated", "rate_limited"]);
  expect(await codeOf(access.redeem(newCode("admin")))).toBe("rate_limited");
  expect(await codeOf(access.identify(token))).toBe("accepted");
  const { token: never } = await access.mint("comes for the first time", "viewer", null);
  expect(await codeOf(access.identify(never))).toBe("accepted");
  await clock.advance(MINUTE);
  expect(await codeOf(access.redeem(newCode("admin")))).toBe("code_invalid");
});

test("one monitor that repeats a revoked token does not use up everybody's patience", async () => {
  const { access, engine } = setUp();
  const old = newTokenSecret("monitor");
  let lookups = 0;
  const { tokenBySecret } = engine.reader;
  engine.reader.tokenBySecret = (sha256) => {
    lookups += 1;
    return tokenBySecret(sha256);
  };
  for (let i = 0; i < 200; i += 1) expect(await codeOf(access.identify(old))).toBe("unauthenticated");
  expect(lookups).toBe(1);
});

test.each(["", "ap_v_short", `ap_x_${"a".repeat(43)}`, `ap_v_${"a".repeat(44)}`, "' OR 1=1"])(
  "%j is no token and is not looked up",
  async (text) => {
    const { access, engine } = setUp();
    engine.reader.tokenBySecret = () => Promise.reject(new Error("was looked up"));
    expect(await codeOf(access.identify(text))).toBe("unauthenticated");
  },
);

test("secrets are long, random and hashed whole", () => {
  const secrets = new Set(Array.from({ length: 100 }, () => newTokenSecret("viewer")));
  expect(secrets.size).toBe(100);
  expect(sha256Of("a")).not.toBe(sha256Of("b"));
});

test("a failure to note that a token was used is reported and does not refuse the caller", async () => {
  const { access, engine, faults } = setUp();
  const { token } = await access.mint("script", "viewer", null);
  engine.writer.touchToken = () => Promise.reject(new Error("disk full"));
  expect(await codeOf(access.identify(token))).toBe("accepted");
  await Promise.resolve();
  expect(faults).toHaveLength(1);
});
