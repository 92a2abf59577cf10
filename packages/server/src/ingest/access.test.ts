import { expect, test } from "vitest";
import { NOON, openTestStore } from "../test-store.ts";

const SECRET = "a".repeat(64);
const CODE = "c".repeat(64);
const TOKEN = { id: "t1", name: "ci", role: "viewer", secretSha256: SECRET, createdAt: NOON } as const;

test("a token is found by its secret's hash until it expires or is revoked", async () => {
  await using store = await openTestStore();
  const { writer, reader } = store.engine;
  await writer.addToken({ ...TOKEN, expiresAt: NOON + 1000 });
  expect(await reader.tokenBySecret(SECRET)).toEqual({
    id: "t1",
    name: "ci",
    role: "viewer",
    machine: null,
    expiresAt: NOON + 1000,
  });
  expect(await reader.tokenBySecret("b".repeat(64))).toBeNull();
  store.clock.now = NOON + 1000;
  expect(await reader.tokenBySecret(SECRET)).toBeNull();
});

test("tokens are revoked by id or by name, once, and stay listed", async () => {
  await using store = await openTestStore();
  const { writer, reader } = store.engine;
  await writer.addToken({ ...TOKEN, expiresAt: null });
  await writer.addToken({ ...TOKEN, id: "t2", secretSha256: "b".repeat(64), expiresAt: null });
  expect((await writer.revokeToken("t2")).map(({ id }) => id)).toEqual(["t2"]);
  expect((await writer.revokeToken("ci")).map(({ id, revokedAt }) => [id, revokedAt])).toEqual([["t1", NOON]]);
  expect(await writer.revokeToken("ci")).toEqual([]);
  expect(await reader.tokenBySecret(SECRET)).toBeNull();
  expect((await reader.tokens()).filter(({ name }) => name === "ci")).toHaveLength(2);
});

test("when a token was last used is kept", async () => {
  await using store = await openTestStore();
  const { writer, reader } = store.engine;
  await writer.addToken({ ...TOKEN, expiresAt: null });
  store.clock.now += 500;
  await writer.touchToken("t1");
  expect((await reader.tokens()).find(({ id }) => id === "t1")).toMatchObject({ lastUsedAt: NOON + 500 });
});

test("a code is good once, for the role that it was made for", async () => {
  await using store = await openTestStore();
  const { writer, reader } = store.engine;
  await writer.addLoginCode({ sha256: CODE, role: "approver", expiresAt: NOON + 120_000 });
  const { role: _role, ...token } = TOKEN;
  const redeemed = await Promise.all([
    writer.redeemLoginCode(CODE, { ...token, expiresAt: null }),
    writer.redeemLoginCode(CODE, { ...token, id: "t2", secretSha256: "b".repeat(64), expiresAt: null }),
  ]);
  expect(redeemed).toEqual([{ role: "approver" }, null]);
  expect(await reader.tokenBySecret(SECRET)).toMatchObject({ id: "t1", role: "approver" });
  expect(await reader.tokenBySecret("b".repeat(64))).toBeNull();
});

test("a code that expired is good for nothing, nor is one that never was", async () => {
  await using store = await openTestStore();
  const { writer } = store.engine;
  await writer.addLoginCode({ sha256: CODE, role: "admin", expiresAt: NOON + 120_000 });
  store.clock.now = NOON + 120_000;
  const { role: _role, ...token } = TOKEN;
  expect(await writer.redeemLoginCode(CODE, { ...token, expiresAt: null })).toBeNull();
  expect(await writer.redeemLoginCode("d".repeat(64), { ...token, expiresAt: null })).toBeNull();
});
