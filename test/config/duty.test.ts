import { describe, expect, it } from "vitest";
import { parseDuration } from "../../bot/config/document/duration.ts";
import { isOnDuty, openWallClock, parseDuty } from "../../bot/config/duty.ts";

const wallClock = openWallClock("Europe/Amsterdam");

/** Whether that duty holds at a moment, written in UTC. */
function onDuty(text: string, moment: string): boolean {
  const duty = parseDuty(text);
  if (duty === null) throw new Error(`No duty: ${text}`);
  return isOnDuty(duty, wallClock(Date.parse(moment)));
}

describe("duty", () => {
  it("always and never", () => {
    expect(onDuty("always", "2026-11-23T03:00:00Z")).toBe(true);
    expect(onDuty("never", "2026-11-23T09:00:00Z")).toBe(false);
  });

  it.each([
    ["mon-fri 08:00-17:30", "2026-11-23T06:59:59.999Z", false],
    ["mon-fri 08:00-17:30", "2026-11-23T07:00:00Z", true],
    ["mon-fri 08:00-17:30", "2026-11-23T16:29:59.999Z", true],
    ["mon-fri 08:00-17:30", "2026-11-23T16:30:00Z", false],
    ["mon-fri 08:00-17:30", "2026-11-28T09:00:00Z", false],
    ["mon,wed 09:00-12:00", "2026-11-24T09:00:00Z", false],
    ["mon,wed 09:00-12:00", "2026-11-25T09:00:00Z", true],
    ["sat-mon 09:00-12:00", "2026-11-29T09:00:00Z", true],
    ["sat-mon 09:00-12:00", "2026-11-27T09:00:00Z", false],
    ["mon 00:00-24:00", "2026-11-22T23:00:00Z", true],
    ["mon 00:00-24:00", "2026-11-23T23:00:00Z", false],
    ["mon 08:00-12:00; tue 13:00-17:00", "2026-11-24T12:30:00Z", true],
    ["mon 08:00-12:00;tue 13:00-17:00", "2026-11-23T12:30:00Z", false],
  ])("%s at %s: %s", (text, moment, expected) => {
    expect(onDuty(text, moment)).toBe(expected);
  });

  it.each([
    ["2026-11-27T20:59:59Z", false],
    ["2026-11-27T21:00:00Z", true],
    ["2026-11-28T04:59:59Z", true],
    ["2026-11-28T05:00:00Z", false],
    ["2026-11-27T03:00:00Z", false],
    ["2026-11-28T21:00:00Z", false],
  ])("fri 22:00-06:00 runs on into Saturday: %s %s", (moment, expected) => {
    expect(onDuty("fri 22:00-06:00", moment)).toBe(expected);
  });

  it.each([
    "",
    "mon",
    "08:00-17:30",
    "mon 8:00-17:30",
    "mon 08:00-08:00",
    "mon 08:00-24:01",
    "mon 08:60-09:00",
    "mon 24:00-06:00",
    "ma-vr 08:00-17:30",
    "mon- 08:00-17:30",
    "mon-wed-fri 08:00-17:30",
    "mon 08:00-17:30;",
    "Always",
  ])("is not %j", (text) => {
    expect(parseDuty(text)).toBeNull();
  });
});

describe("duty at the clock changes", () => {
  it.each([
    ["2026-03-29T00:59:59Z", true],
    ["2026-03-29T01:00:00Z", false],
  ])("29 March 2026: sun 00:00-02:00 ends where 02:00 becomes 03:00: %s %s", (moment, expected) => {
    expect(onDuty("sun 00:00-02:00", moment)).toBe(expected);
  });

  it.each([
    ["2026-03-29T00:59:59Z", false],
    ["2026-03-29T01:00:00Z", true],
    ["2026-03-29T04:00:00Z", false],
  ])("29 March 2026: sun 02:30-06:00 begins at the clock's jump: %s %s", (moment, expected) => {
    expect(onDuty("sun 02:30-06:00", moment)).toBe(expected);
  });

  it.each([
    ["2026-03-27T06:59:59Z", false],
    ["2026-03-27T07:00:00Z", true],
    ["2026-03-30T05:59:59Z", false],
    ["2026-03-30T06:00:00Z", true],
    ["2026-10-23T06:00:00Z", true],
    ["2026-10-26T06:59:59Z", false],
    ["2026-10-26T07:00:00Z", true],
    ["2027-03-29T05:59:59Z", false],
    ["2027-03-29T06:00:00Z", true],
  ])("office hours keep to the wall on the days around: %s %s", (moment, expected) => {
    expect(onDuty("mon-fri 08:00-17:30", moment)).toBe(expected);
  });

  it.each([
    ["2026-10-24T23:59:59Z", false],
    ["2026-10-25T00:00:00Z", true],
    ["2026-10-25T00:59:59Z", true],
    ["2026-10-25T01:00:00Z", true],
    ["2026-10-25T01:59:59Z", true],
    ["2026-10-25T02:00:00Z", false],
  ])("25 October 2026: the hour that comes twice counts twice: sun 02:00-03:00 at %s %s", (moment, expected) => {
    expect(onDuty("sun 02:00-03:00", moment)).toBe(expected);
  });

  it.each([
    ["2027-03-27T20:59:59Z", false],
    ["2027-03-27T21:00:00Z", true],
    ["2027-03-28T03:59:59Z", true],
    ["2027-03-28T04:00:00Z", false],
  ])("28 March 2027: sat 22:00-06:00 is an hour shorter: %s %s", (moment, expected) => {
    expect(onDuty("sat 22:00-06:00", moment)).toBe(expected);
  });
});

describe("durations", () => {
  it.each([
    ["0s", 0],
    ["500ms", 500],
    ["60s", 60_000],
    ["2m", 120_000],
    ["1h", 3_600_000],
    ["24h", 86_400_000],
  ])("%s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(["", "60", "s", "-1s", "1.5m", "1 m", "1M", "25h", "1d", "99999999999s", "1m30s"])("not %j", (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});
