// @vitest-environment happy-dom
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { madeEvent, madeRow, madeSnapshot } from "../../testing/made.ts";
import { openPage, settle, withPage } from "../../testing/page.tsx";

withPage();

it("fetches an image when somebody asks for it, shows it from the answer itself, and hides it again", async () => {
  const images = [
    { mediaType: "image/png", bytes: 12 },
    { mediaType: "image/png", bytes: 2_000_000 },
  ];
  const prompt = madeEvent(10, {
    kind: "prompt",
    origin: "human",
    summary: "look",
    chars: 4,
    images: 2,
    place: "1.1.a.0",
    content: { text: "look", images },
  });
  const page = await openPage("/sessions/s1", {
    server: { events: () => ({ events: [prompt], next: null, previous: null, end: "1.1" }) },
  });
  page.environment.socket.open();
  page.environment.socket.say(madeSnapshot(1, [madeRow("s1")]));
  await settle();
  expect(page.container.querySelector("article img")).toBeNull();
  expect(page.server.calls.some((call) => call.startsWith("image"))).toBe(false);
  await userEvent.click(await screen.findByRole("button", { name: "Show the image (image/png, 12 B)" }));
  const image = await screen.findByRole("img", { name: "image/png, 12 B" });
  expect(image.getAttribute("src")).toBe("data:image/png;base64,iVBORw0KGgo=");
  await userEvent.click(image);
  expect(page.container.querySelector("article img")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Show the image (image/png, 2.0 MB)" }));
  expect(await screen.findByRole("button", { name: /The image was not kept/ })).toBeTruthy();
});
