import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApiError } from "../api/errors.ts";
import { FakeHistory, openTranscript, settlePromises, textsOf } from "../testing/fake-history.ts";
import { madeText } from "../testing/made.ts";

describe("an open transcript", () => {
  it("begins with its tail and goes back page by page to its beginning", async () => {
    const history = new FakeHistory(230);
    const transcript = openTranscript(history);
    await transcript.start();
    expect(textsOf(transcript)).toHaveLength(100);
    expect(textsOf(transcript).at(-1)).toBe("event 229");
    expect(transcript.getSnapshot().earlier).toBe("more");
    await transcript.loadEarlier();
    await transcript.loadEarlier();
    expect(textsOf(transcript)).toEqual(history.events.map((_, i) => `event ${i}`));
    expect(transcript.getSnapshot().earlier).toBe("none");
    const calls = history.calls.length;
    await transcript.loadEarlier();
    expect(history.calls).toHaveLength(calls);
  });

  it("marks where history was put before what stood already", async () => {
    const transcript = openTranscript(new FakeHistory(150));
    await transcript.start();
    expect([...transcript.getSnapshot().seams]).toEqual([]);
    await transcript.loadEarlier();
    expect([...transcript.getSnapshot().seams]).toEqual(["500:0"]);
  });

  it("reads what the feed tells of, and only what is new", async () => {
    const history = new FakeHistory(3);
    const transcript = openTranscript(history);
    await transcript.start();
    history.append("one");
    history.tell();
    await settlePromises();
    history.append("two", "three");
    history.tell();
    await settlePromises();
    expect(textsOf(transcript)).toEqual(["event 0", "event 1", "event 2", "one", "two", "three"]);
    expect(history.calls.slice(1)).toEqual([{ after: "3" }, { after: "4" }]);
  });

  it("asks for nothing when it is told of what it has", async () => {
    const history = new FakeHistory(3);
    const transcript = openTranscript(history);
    await transcript.start();
    history.tell({ events: history.events.slice(1) });
    history.tell({ events: [] });
    await settlePromises();
    expect(history.calls).toHaveLength(1);
  });

  it("comes to the same however the events are told of", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("append", "tell", "settle", "tell again"), { maxLength: 20 }),
        async (steps) => {
          const history = new FakeHistory(5);
          const transcript = openTranscript(history);
          await transcript.start();
          for (const what of steps) {
            if (what === "append") history.append(`added ${history.events.length}`);
            else if (what === "tell") history.tell();
            else if (what === "tell again")
              history.tell({ events: history.events.slice(-2), next: String(history.events.length) });
            else await settlePromises();
          }
          history.append("last");
          history.tell();
          await settlePromises();
          expect(textsOf(transcript)).toEqual(
            history.events.map((event) => (event.kind === "text" ? event.summary : "")),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it("waits for a history that lags behind the feed", async () => {
    const history = new FakeHistory(2);
    const transcript = openTranscript(history);
    await transcript.start();
    history.append("slow");
    history.hidden = 1;
    history.tell();
    await settlePromises();
    expect(textsOf(transcript)).toEqual(["event 0", "event 1"]);
    history.hidden = 0;
    history.timers.advance(200);
    await settlePromises();
    expect(textsOf(transcript)).toEqual(["event 0", "event 1", "slow"]);
  });

  it("is read anew when the feed says that what was shown is not its past", async () => {
    const history = new FakeHistory(40);
    const transcript = openTranscript(history);
    await transcript.start();
    const before = transcript.getSnapshot().resets;
    history.events = [madeText(0, "rewritten")];
    history.tell({ events: history.events, next: "1", reset: true });
    await settlePromises();
    expect(textsOf(transcript)).toEqual(["rewritten"]);
    expect(transcript.getSnapshot().resets).toBe(before + 1);
    expect(history.watched).toBe(true);
  });

  it("gives up a long gap for the tail, and leaves the gap to be scrolled to", async () => {
    const history = new FakeHistory(10);
    const transcript = openTranscript(history);
    await transcript.start();
    history.append(...Array.from({ length: 6_000 }, (_, i) => `burst ${i}`));
    history.tell();
    for (let i = 0; i < 10; i += 1) await settlePromises();
    expect(textsOf(transcript).at(-1)).toBe("burst 5999");
    expect(textsOf(transcript)).toHaveLength(100);
    expect(transcript.getSnapshot().earlier).toBe("more");
  });

  it("lets its oldest pages go while the end is followed, and keeps them while somebody reads above", async () => {
    for (const following of [true, false]) {
      const history = new FakeHistory(300);
      const transcript = openTranscript(history);
      await transcript.start();
      await transcript.loadEarlier();
      transcript.setFollowing(following);
      for (let i = 0; i < 14; i += 1) {
        history.append(...Array.from({ length: 400 }, (_, k) => `batch ${i}.${k}`));
        history.tell();
        await settlePromises();
      }
      const { events, earlier } = transcript.getSnapshot();
      expect(textsOf(transcript).at(-1)).toBe("batch 13.399");
      expect(earlier).toBe("more");
      if (following) expect(events.length).toBeLessThanOrEqual(5_000);
      else expect(events).toHaveLength(200 + 14 * 400);
      await transcript.loadEarlier();
      const offsets = transcript.getSnapshot().events.map((event) => event.offset);
      expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
      expect(new Set(offsets).size).toBe(offsets.length);
    }
  });

  it("says why it could not be read, and can be tried again", async () => {
    const history = new FakeHistory(3);
    history.failWith = new ApiError("unreachable", "The server does not answer.");
    const transcript = openTranscript(history);
    await transcript.start();
    expect(transcript.getSnapshot()).toMatchObject({ phase: "failed", error: { code: "unreachable" } });
    history.failWith = null;
    await transcript.start();
    expect(transcript.getSnapshot()).toMatchObject({ phase: "ready", error: null });
  });

  it("keeps what it has when catching up fails, and tries again by itself", async () => {
    const history = new FakeHistory(3);
    const transcript = openTranscript(history);
    await transcript.start();
    history.append("later");
    history.failWith = new ApiError("unreachable", "The server does not answer.");
    history.tell();
    await settlePromises();
    expect(transcript.getSnapshot()).toMatchObject({ phase: "ready", error: { code: "unreachable" } });
    history.failWith = null;
    history.timers.advance(2_000);
    await settlePromises();
    expect(textsOf(transcript).at(-1)).toBe("later");
    expect(transcript.getSnapshot().error).toBeNull();
  });

  it("is missing where the server has none", async () => {
    const history = new FakeHistory(0);
    history.failWith = new ApiError("not_found", "no such session");
    const transcript = openTranscript(history);
    await transcript.start();
    expect(transcript.getSnapshot().phase).toBe("missing");
  });

  it("watches nothing and shows nothing more once it is closed", async () => {
    const history = new FakeHistory(3);
    const transcript = openTranscript(history);
    const reading = transcript.start();
    transcript[Symbol.dispose]();
    await reading;
    expect(history.watched).toBe(false);
    expect(transcript.getSnapshot().events).toEqual([]);
  });
});
