// @vitest-environment happy-dom
import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { madeChanges, madeRequest, madeRow, madeSnapshot } from "../../testing/made.ts";
import { openPage, settle, withPage } from "../../testing/page.tsx";

withPage();

const PATIENCE = { timeout: 10_000 };
const shown: { title: string; body: string; tag: string }[] = [];
let answer: NotificationPermission = "granted";

class FakeNotification {
  static permission: NotificationPermission = "default";
  static asked = 0;
  static async requestPermission(): Promise<NotificationPermission> {
    FakeNotification.asked += 1;
    FakeNotification.permission = answer;
    return answer;
  }
  onclick: (() => void) | null = null;
  constructor(title: string, { body, tag }: { body: string; tag: string }) {
    shown.push({ title, body, tag });
  }
}

beforeEach(() => {
  shown.length = 0;
  answer = "granted";
  FakeNotification.permission = "default";
  FakeNotification.asked = 0;
  vi.stubGlobal("Notification", FakeNotification);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function openRequests() {
  const page = await openPage("/requests");
  const say = async (frame: object) => {
    await act(async () => page.environment.socket.say(frame as never));
    await act(async () => page.environment.timers.advance(200));
    await settle();
  };
  await act(async () => page.environment.socket.open());
  await say(madeSnapshot(1, [madeRow("s1", { title: "Fix the flaky test" })], { requests: [madeRequest("1")] }));
  return { ...page, say };
}

describe("notifications of the desktop", () => {
  it("are asked for on a click, and tell of each new request while the page is not looked at", async () => {
    const page = await openRequests();
    expect(FakeNotification.asked).toBe(0);
    fireEvent.click(await screen.findByRole("button", { name: "Notify me" }, PATIENCE));
    await screen.findByRole("button", { name: "Notifications are on" }, PATIENCE);
    expect(FakeNotification.asked).toBe(1);
    const focus = vi.spyOn(document, "hasFocus").mockReturnValue(true);
    await page.say(madeChanges(2, [], { requests: [madeRequest("2")] }));
    expect(shown, "somebody looks").toEqual([]);
    focus.mockReturnValue(false);
    await page.say(madeChanges(3, [], { requests: [madeRequest("3", { summary: "make three" })] }));
    expect(shown).toEqual([
      { title: "Permission asked in Fix the flaky test", body: "make three", tag: madeRequest("3").id },
    ]);
    await page.say(madeChanges(4, [], { requests: [madeRequest("3", { summary: "make three" })] }));
    expect(shown, "once each").toHaveLength(1);
    fireEvent.click(screen.getByRole("button", { name: "Notifications are on" }));
    await page.say(madeChanges(5, [], { requests: [madeRequest("4")] }));
    expect(shown, "no longer wanted").toHaveLength(1);
  });

  it("say so where the browser refuses them", async () => {
    answer = "denied";
    await openRequests();
    fireEvent.click(await screen.findByRole("button", { name: "Notify me" }, PATIENCE));
    expect(await screen.findByText("This browser refuses notifications for this page.", {}, PATIENCE)).toBeDefined();
  });
});
