// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from "vitest";
import { part } from "./parts.ts";

afterEach(() => vi.useRealTimers());

it("a part that cannot be loaded while the server is away is loaded when it is back", async () => {
  vi.useFakeTimers();
  let tries = 0;
  const load = part(async () => {
    tries += 1;
    if (tries < 4) throw new TypeError("Failed to fetch dynamically imported module");
    return "loaded";
  });
  const loaded = load();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await loaded).toBe("loaded");
  expect(await load()).toBe("loaded");
  expect(tries).toBe(4);
});
