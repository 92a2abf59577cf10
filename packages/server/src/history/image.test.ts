import { imageQuery } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { human, toolCall, toolResult } from "../test-lines.ts";
import { NOON, openTestStore } from "../test-store.ts";
import { TestTranscript } from "../test-transcript.ts";

const T = NOON - 60_000;
const PNG = "iVBORw0KGgo=";

function image(mediaType: string, data: string) {
  return { type: "image", source: { type: "base64", media_type: mediaType, data } };
}

function withImages(at: number, ...images: object[]) {
  return human("", at, { message: { role: "user", content: [{ type: "text", text: "look" }, ...images] } });
}

test("the images of an event are had one by one, and no other event's", async () => {
  await using store = await openTestStore();
  const shown = {
    role: "user",
    content: [{ type: "tool_result", tool_use_id: "c1", content: [image("image/webp", "UklGRg==")] }],
  };
  await store.commit(
    new TestTranscript("s1").append(
      withImages(T, image("image/png", PNG), image("image/jpeg", "/9j/4A==")),
      toolCall("m1", "c1", "Read", { file_path: "/a.webp" }, T),
      toolResult("c1", "", T, { message: shown, toolUseResult: undefined }),
    ),
  );
  const { events } = await store.page("s1", { view: "full" });
  const ask = async (kind: string, n: number) => {
    const place = events.find((event) => event.kind === kind)?.place;
    return await store.engine.reader.image("s1", imageQuery.parse({ place, n }));
  };
  expect(await ask("prompt", 0)).toEqual({ mediaType: "image/png", base64: PNG });
  expect(await ask("prompt", 1)).toEqual({ mediaType: "image/jpeg", base64: "/9j/4A==" });
  expect(await ask("prompt", 2)).toBeNull();
  expect(await ask("tool.result", 0)).toEqual({ mediaType: "image/webp", base64: "UklGRg==" });
  expect(await ask("tool.call", 0)).toBeNull();
});

test.each([
  ["image/svg+xml", "PHN2Zz4="],
  ["text/html", PNG],
  ["image/png", "<script>"],
])("%s with %s is no image to be shown", async (type, data) => {
  await using store = await openTestStore();
  await store.commit(new TestTranscript("s1").append(withImages(T, image(type, data))));
  const { events } = await store.page("s1");
  expect(await store.engine.reader.image("s1", imageQuery.parse({ place: events[0]?.place }))).toBeNull();
});

test("an image too large to be kept is none, nor is one of another file or session", async () => {
  await using store = await openTestStore();
  const transcript = new TestTranscript("s1").append(withImages(T, image("image/png", "A".repeat(1_200_000))));
  await store.commit(transcript);
  const { events } = await store.page("s1");
  const query = imageQuery.parse({ place: events[0]?.place });
  expect(await store.engine.reader.image("s1", query)).toBeNull();
  expect(await store.engine.reader.image("s2", query)).toBeNull();
  await store.commit(transcript.rewrite().append(withImages(T, image("image/png", PNG))));
  expect(await store.engine.reader.image("s1", query)).toBeNull();
});
