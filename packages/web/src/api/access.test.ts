import { describe, expect, it } from "vitest";
import { Access, takeCode } from "./access.ts";
import { ApiError } from "./errors.ts";

function storageOf(values: Record<string, string> = {}) {
  const map = new Map(Object.entries(values));
  return {
    map,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
}
const answer = (token: string) => async () => ({ token, role: "admin" as const, name: "link", expiresAt: null });
const refuse = (code: "code_invalid" | "unreachable") => async () => {
  throw new ApiError(code, "no");
};

describe("access", () => {
  it("trades a code for a token and keeps it", async () => {
    const storage = storageOf();
    const access = new Access(storage);
    expect(access.getSnapshot()).toEqual({ kind: "signed-out", reason: null });
    const signingIn = access.signIn("c", answer("t1"));
    expect(access.getSnapshot().kind).toBe("signing-in");
    await signingIn;
    expect(access.token()).toBe("t1");
    expect(new Access(storage).token()).toBe("t1");
  });

  it("says why a link did not work", async () => {
    const access = new Access(storageOf());
    await access.signIn("c", refuse("code_invalid"));
    expect(access.getSnapshot()).toEqual({ kind: "signed-out", reason: "code_invalid" });
    expect(access.canRetry).toBe(false);
  });

  it("keeps a code that nobody answered, to try it again", async () => {
    const access = new Access(storageOf());
    await access.signIn("c", refuse("unreachable"));
    expect(access.getSnapshot()).toEqual({ kind: "signed-out", reason: "unreachable" });
    const codes: string[] = [];
    await access.retry((code) => {
      codes.push(code);
      return answer("t1")();
    });
    expect([codes, access.token()]).toEqual([["c"], "t1"]);
  });

  it("does not lose a token over an old link that was opened again", async () => {
    const access = new Access(storageOf({ "agentpane.token": "t0" }));
    await access.signIn("old", refuse("code_invalid"));
    expect(access.token()).toBe("t0");
    await access.signIn("new", answer("t1"));
    expect(access.token()).toBe("t1");
  });

  it("forgets a token that was refused, but not its successor", () => {
    const storage = storageOf({ "agentpane.token": "t1" });
    const access = new Access(storage);
    access.refuse("t0");
    expect(access.token()).toBe("t1");
    access.refuse("t1");
    expect(access.getSnapshot()).toEqual({ kind: "signed-out", reason: "refused" });
    expect(storage.map.size).toBe(0);
  });

  it("follows another tab that signed in or out", () => {
    const access = new Access(storageOf());
    access.adopt("t5");
    expect(access.token()).toBe("t5");
    access.adopt(null);
    expect(access.getSnapshot()).toEqual({ kind: "signed-out", reason: null });
  });

  it("works without storage", async () => {
    const forbidden = () => {
      throw new Error("storage is forbidden");
    };
    const access = new Access({ getItem: forbidden, setItem: forbidden, removeItem: () => {} });
    await access.signIn("c", answer("t1"));
    expect(access.token()).toBe("t1");
  });
});

describe("the code in the address", () => {
  const take = (hash: string) => {
    const replaced: unknown[] = [];
    const history = { state: null, replaceState: (...args: unknown[]) => void replaced.push(args[2]) };
    const code = takeCode({ hash, pathname: "/sessions/s1", search: "?agent=a" }, history as unknown as History);
    return { code, replaced };
  };

  it("is taken out at once", () => {
    expect(take("#code=abc_-1")).toEqual({ code: "abc_-1", replaced: ["/sessions/s1?agent=a"] });
  });
  it("is left alone where there is none", () => {
    expect(take("")).toEqual({ code: null, replaced: [] });
    expect(take("#section")).toEqual({ code: null, replaced: [] });
  });
});
