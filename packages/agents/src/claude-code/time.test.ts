import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoToEpochMs } from "./time.ts";

describe("a timestamp", () => {
  it("is read as Date.parse reads it", () => {
    const date = fc.date({ min: new Date(0), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true });
    fc.assert(
      fc.property(date, (when) => {
        expect(isoToEpochMs(when.toISOString())).toBe(when.getTime());
      }),
    );
  });

  it.each([
    ["2026-11-22T06:49:31Z", Date.UTC(2026, 10, 22, 6, 49, 31)],
    ["2026-11-22T06:49:31.148+02:00", Date.UTC(2026, 10, 22, 4, 49, 31, 148)],
    ["2026-11-22T06:49:31.148999Z", Date.UTC(2026, 10, 22, 6, 49, 31, 148)],
    // Without a zone it would be another moment on each machine.
    ["2026-11-22T06:49:31.148", null],
    ["2026-11-22", null],
    ["1969-12-31T23:59:59.999Z", null],
    ["2026-13-01T00:00:00.000Z", null],
    ["2026-01-01T25:00:00.000Z", null],
    ["2026-01-01T00:00:0x.000Z", null],
    ["soon", null],
    ["", null],
  ])("%s is %s", (text, expected) => {
    expect(isoToEpochMs(text)).toBe(expected);
  });
});
