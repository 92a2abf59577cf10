import { expect, it } from "vitest";
import { ApiError } from "../api/errors.ts";
import { FakeHistory, openTranscript, settlePromises, textsOf } from "../testing/fake-history.ts";

it("begins around an event, and goes on in both directions to either end", async () => {
  const history = new FakeHistory(420);
  using transcript = openTranscript(history);
  await transcript.start("200");
  expect(textsOf(transcript)[0]).toBe("event 150");
  expect(transcript.getSnapshot()).toMatchObject({ earlier: "more", later: "more" });
  while (transcript.getSnapshot().later === "more") await transcript.loadLater();
  while (transcript.getSnapshot().earlier === "more") await transcript.loadEarlier();
  expect(textsOf(transcript)).toEqual(Array.from({ length: 420 }, (_, n) => `event ${n}`));
  expect(transcript.getSnapshot()).toMatchObject({ earlier: "none", later: "none" });
});

it("counts what comes at the end while it is in the middle, and follows once it got there", async () => {
  const history = new FakeHistory(300);
  using transcript = openTranscript(history);
  await transcript.start("150");
  history.append("new one", "new two");
  history.tell();
  await settlePromises();
  expect(transcript.getSnapshot().missed).toBe(2);
  expect(textsOf(transcript)).not.toContain("new one");
  await transcript.loadLater();
  await transcript.loadLater();
  expect(transcript.getSnapshot()).toMatchObject({ later: "none", missed: 0 });
  expect(textsOf(transcript).slice(-2)).toEqual(["new one", "new two"]);
  history.append("after that");
  history.tell();
  await settlePromises();
  expect(textsOf(transcript).at(-1)).toBe("after that");
});

it("follows at once where the event stands near the end", async () => {
  const history = new FakeHistory(120);
  using transcript = openTranscript(history);
  await transcript.start("110");
  expect(transcript.getSnapshot()).toMatchObject({ later: "none" });
  history.append("next");
  history.tell();
  await settlePromises();
  expect(textsOf(transcript).at(-1)).toBe("next");
});

it("adds nothing to what is being read anew", async () => {
  const history = new FakeHistory(300);
  using transcript = openTranscript(history);
  await transcript.start("150");
  const anew = transcript.start();
  await Promise.all([transcript.loadLater(), transcript.loadEarlier(), anew]);
  expect(textsOf(transcript)).toEqual(Array.from({ length: 100 }, (_, n) => `event ${200 + n}`));
});

it("is read anew from its end when the middle was rewritten", async () => {
  const history = new FakeHistory(300);
  using transcript = openTranscript(history);
  await transcript.start("150");
  history.events = history.events.slice(0, 3);
  history.tell({ reset: true });
  await settlePromises();
  expect(textsOf(transcript)).toEqual(["event 0", "event 1", "event 2"]);
});

it("says that it could not read on, and can be asked again", async () => {
  const history = new FakeHistory(400);
  using transcript = openTranscript(history);
  await transcript.start("150");
  history.failWith = new ApiError("unreachable", "away");
  await transcript.loadLater();
  expect(transcript.getSnapshot()).toMatchObject({ phase: "ready", later: "failed" });
  history.failWith = null;
  await transcript.loadLater();
  expect(transcript.getSnapshot().later).toBe("more");
});

it("begins with its tail where the place is none of the server's", async () => {
  const history = new FakeHistory(300);
  const { fetchPage } = history;
  using transcript = openTranscript(
    Object.assign(history, {
      fetchPage: async (place: Parameters<typeof fetchPage>[0], limit: number) => {
        if ("around" in place) throw new ApiError("invalid_request", "no place");
        return await fetchPage(place, limit);
      },
    }),
  );
  await transcript.start("nonsense");
  expect(transcript.getSnapshot()).toMatchObject({ phase: "ready", later: "none" });
  expect(textsOf(transcript).at(-1)).toBe("event 299");
});
