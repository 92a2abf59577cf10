// @vitest-environment happy-dom
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import type { ApiClient } from "./client.ts";
import { meQuery } from "./queries.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("a page that stays open learns within a minute what settings call dangerous by now", async () => {
  vi.useFakeTimers();
  let dangerous = ["sudo"];
  const api = { me: async () => ({ role: "approver", dangerous }) } as unknown as ApiClient;
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  const seen: unknown[] = [];
  const stop = new QueryObserver(client, meQuery(api)).subscribe(({ data }) => seen.push(data?.dangerous));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(seen.at(-1)).toEqual(["sudo"]);
  dangerous = ["sudo", "make deploy"];
  await vi.advanceTimersByTimeAsync(70_000);
  expect(seen.at(-1)).toEqual(["sudo", "make deploy"]);
  stop();
  client.clear();
});
