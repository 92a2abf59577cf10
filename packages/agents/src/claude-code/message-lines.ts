import { claudeCode } from "./index.ts";

/** For tests of lines with a message: made as short as they can be, and what they give. */

/** The time of every line that is made here. */
export const AT = 1_795_330_171_148;
const timestamp = "2026-11-22T06:49:31.148Z";

export function read(line: object) {
  return claudeCode.readLine(Buffer.from(JSON.stringify({ timestamp, ...line })), 0);
}

/** The events without their place, and without the time where it is the line's. */
export function events(line: object): object[] {
  return read(line).events.map(({ offset: _, index: __, at, ...event }) => (at === AT ? event : { ...event, at }));
}

export function kinds(line: object): string[] {
  return read(line).events.map((event) => event.kind);
}

export function user(content: unknown, more: object = {}): object {
  return { type: "user", message: { role: "user", content }, ...more };
}

export function answer(block: object, message: object = {}, more: object = {}): object {
  return {
    type: "assistant",
    message: { id: "msg_1", role: "assistant", model: "claude-opus-5-5", content: [block], ...message },
    requestId: "req_1",
    uuid: "line_1",
    ...more,
  };
}
