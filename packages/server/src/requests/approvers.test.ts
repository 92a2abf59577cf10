import type { ChannelServerFrame, Role } from "@agentpane/protocol";
import { expect, test } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { Listeners } from "../frames/index.ts";
import { APPROVER_GONE_MS, Approvers } from "./approvers.ts";
import type { MonitorLine } from "./monitor-line.ts";

function setUp() {
  const clock = new FakeClock();
  const told: ChannelServerFrame[] = [];
  const opened = new Listeners<string>();
  const line: MonitorLine = {
    frames: { on: () => {} },
    send: (_machine, frame) => told.push(frame) > 0,
    broadcast: (frame) => void told.push(frame),
    onOpened: (listener) => opened.add(listener),
    onLost: () => () => {},
  };
  const came = new Listeners<{ identity: { role: Role } }>();
  const left = new Listeners<{ identity: { role: Role } }>();
  const pages = {
    onOpened: (listener: (page: { identity: { role: Role } }) => void) => came.add(listener),
    onGone: (listener: (page: { identity: { role: Role } }) => void) => left.add(listener),
  };
  const approvers = new Approvers({ line, pages, clock });
  return { approvers, clock, told, opened, page: (role: Role) => ({ identity: { role } }), came, left };
}

const says = (present: boolean) => ({ type: "approvers", present });

test("monitors hear at once when the first approver comes, and a minute after the last one left", async () => {
  const { clock, told, page, came, left } = setUp();
  came.tell(page("viewer"));
  expect(told).toEqual([]);
  came.tell(page("approver"));
  came.tell(page("admin"));
  expect(told).toEqual([says(true)]);
  left.tell(page("approver"));
  left.tell(page("viewer"));
  await clock.advance(APPROVER_GONE_MS * 2);
  left.tell(page("admin"));
  await clock.advance(APPROVER_GONE_MS - 1);
  expect(told).toEqual([says(true)]);
  await clock.advance(1);
  expect(told).toEqual([says(true), says(false)]);
});

test("a page that is loaded anew has never been away", async () => {
  const { clock, told, page, came, left } = setUp();
  came.tell(page("approver"));
  left.tell(page("approver"));
  await clock.advance(APPROVER_GONE_MS - 1);
  came.tell(page("approver"));
  await clock.advance(APPROVER_GONE_MS * 2);
  expect(told).toEqual([says(true)]);
});

test("a monitor that comes is told how it stands", () => {
  const { told, opened, page, came } = setUp();
  opened.tell("m1");
  came.tell(page("admin"));
  opened.tell("m2");
  expect(told).toEqual([says(false), says(true), says(true)]);
});
