import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayClock } from "./day.ts";
import { isWithin, periodOf } from "./period.ts";

const at = (iso: string): number => Date.parse(iso);

describe("the day of a moment", () => {
  test.each([
    ["UTC", "2026-11-21T23:59:59.999Z", "2026-11-21"],
    ["America/New_York", "2026-11-21T04:59:59.999Z", "2026-11-20"],
    ["America/New_York", "2026-07-21T04:00:00.000Z", "2026-07-21"],
    ["Asia/Kathmandu", "2026-11-20T18:15:00.000Z", "2026-11-21"],
    ["Asia/Kathmandu", "2026-11-20T18:14:59.999Z", "2026-11-20"],
    ["Australia/Lord_Howe", "2026-04-04T13:00:00.000Z", "2026-04-05"],
    ["Europe/Berlin", "2026-03-29T21:59:59.999Z", "2026-03-29"],
    ["Europe/Berlin", "2026-03-29T22:00:00.000Z", "2026-03-30"],
    ["Europe/Berlin", "2026-10-25T22:59:59.999Z", "2026-10-25"],
    ["Europe/Berlin", "2026-10-25T23:00:00.000Z", "2026-10-26"],
    // Samoa had no 30th of December that year.
    ["Pacific/Apia", "2011-12-30T09:59:59.999Z", "2011-12-29"],
    ["Pacific/Apia", "2011-12-30T10:00:00.000Z", "2011-12-31"],
    // Clocks went back from midnight to eleven: that day had 25 hours.
    ["America/Sao_Paulo", "2018-02-18T02:30:00.000Z", "2018-02-17"],
    ["America/Sao_Paulo", "2018-02-18T03:00:00.000Z", "2018-02-18"],
  ])("in %s, %s is on %s", (zone, moment, day) => {
    expect(dayClock(zone).day(at(moment))).toBe(day);
  });

  test("says what Intl says, for any moment in any zone", () => {
    const zones = [
      "Europe/Berlin",
      "America/St_Johns",
      "Africa/Casablanca",
      "Pacific/Apia",
      "Asia/Tehran",
      "America/Sao_Paulo",
    ];
    const clocks = zones.map((zone) => ({ zone, clock: dayClock(zone) }));
    const moment = fc.integer({ min: at("2000-01-01T00:00:00Z"), max: at("2035-01-01T00:00:00Z") });
    fc.assert(
      fc.property(moment, fc.nat(zones.length - 1), (when, which) => {
        const { zone, clock } = clocks[which] ?? { zone: "UTC", clock: dayClock("UTC") };
        expect(clock.day(when)).toBe(new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(when));
      }),
    );
  });

  test("a zone that nobody knows is refused", () => {
    expect(() => dayClock("Mars/Olympus")).toThrow(RangeError);
  });
});

describe("a period", () => {
  const berlin = dayClock("Europe/Berlin");

  test("of days begins at local midnight and includes the whole of its last day, however long it is", () => {
    expect(periodOf("2026-03-29", "2026-03-29", berlin)).toEqual({
      from: at("2026-03-28T23:00:00Z"),
      before: at("2026-03-29T22:00:00Z"),
    });
    expect(periodOf("2026-10-25", "2026-10-25", berlin)).toEqual({
      from: at("2026-10-24T22:00:00Z"),
      before: at("2026-10-25T23:00:00Z"),
    });
  });

  test("may begin on a day that the zone skipped", () => {
    const apia = dayClock("Pacific/Apia");
    expect(periodOf("2011-12-30", undefined, apia)).toEqual({ from: at("2011-12-30T10:00:00Z"), before: null });
  });

  test("of moments is exact, and excludes its end", () => {
    const period = periodOf("2026-11-20T10:00:00Z", "2026-11-20T12:00:00+01:00", berlin);
    expect(period).toEqual({ from: at("2026-11-20T10:00:00Z"), before: at("2026-11-20T11:00:00Z") });
    expect(isWithin(at("2026-11-20T10:00:00Z"), period)).toBe(true);
    expect(isWithin(at("2026-11-20T11:00:00Z"), period)).toBe(false);
  });

  test("that is open on both sides has room for what nobody dated, and no other has", () => {
    expect(isWithin(null, periodOf(undefined, undefined, berlin))).toBe(true);
    expect(isWithin(null, periodOf("2026-11-20", undefined, berlin))).toBe(false);
  });

  test.each(["2026-13-01", "2026-02-30", "yesterday", ""])("of %j is refused by name", (text) => {
    expect(() => periodOf(text, undefined, berlin)).toThrow(RangeError);
  });
});
