import { expect, it } from "vitest";
import type { Log } from "../../bot/log.ts";
import { limitRepeats, maxLinesPerMinute } from "../../bot/logging/limit-repeats.ts";
import { Refusals } from "../../bot/web/http/refusals.ts";
import { FakeClock } from "../fakes/clock.ts";

function openLimited() {
  const lines: string[] = [];
  const time = { now: 1_000 };
  const add = (facts: Record<string, unknown>, event: string) => {
    lines.push(event === "lines-left-out" ? `${event}: ${facts.count} of ${facts.of}` : event);
  };
  const log: Log = limitRepeats({ info: add, warn: add, error: add }, () => time.now);
  return { log, lines, time };
}

it("writes the same failure once a minute, and how often it came besides", () => {
  const { log, lines, time } = openLimited();
  for (let each = 0; each < 15; each += 1) log.warn({ pager: "desk", err: new Error("no answer") }, "delivery-failed");
  expect(lines).toEqual(["delivery-failed"]);
  time.now += 60_000;
  log.info({}, "listening");
  expect(lines).toEqual(["delivery-failed", "lines-left-out: 14 of delivery-failed", "listening"]);
  log.warn({ pager: "desk", err: new Error("no answer") }, "delivery-failed");
  expect(lines.slice(3)).toEqual(["delivery-failed"]);
});

it("writes another failure at once: other facts, another error, another event", () => {
  const { log, lines } = openLimited();
  log.warn({ pager: "desk", err: new Error("no answer") }, "delivery-failed");
  log.warn({ pager: "phone", err: new Error("no answer") }, "delivery-failed");
  log.warn({ pager: "desk", err: new Error("refused") }, "delivery-failed");
  log.error({ pager: "desk", err: new Error("no answer") }, "pager-lost");
  expect(lines).toHaveLength(4);
});

it("bounds an event that hundreds of incidents give in the same minute, and counts the rest", () => {
  const { log, lines, time } = openLimited();
  for (let each = 0; each < 200; each += 1) log.error({ incident: `incident-${each}` }, "deadline-not-handled");
  expect(lines).toHaveLength(maxLinesPerMinute);
  time.now += 60_000;
  log.error({ incident: "incident-200" }, "deadline-not-handled");
  expect(lines.slice(maxLinesPerMinute)).toEqual([
    `lines-left-out: ${200 - maxLinesPerMinute} of deadline-not-handled`,
    "deadline-not-handled",
  ]);
});

it("has many strangers hide no source of ours, one pager no other, and no reason another", () => {
  const { log, lines } = openLimited();
  const refusals = new Refusals(new FakeClock(0), log);
  for (let each = 0; each < 1_000; each += 1) refusals.noteMessage("unknown", 404, `stranger ${each}`);
  for (let each = 0; each < 1_000; each += 1) log.warn({ incident: each, pager: "desk" }, "delivery-failed");
  expect(lines).toHaveLength(2 * maxLinesPerMinute);
  refusals.noteMessage("kpn", 401, "10.0.0.5");
  refusals.noteMessage("kpn", 413, "10.0.0.5");
  log.warn({ incident: 7, pager: "phone" }, "delivery-failed");
  expect(lines.slice(2 * maxLinesPerMinute)).toEqual(["alarm-refused", "alarm-refused", "delivery-failed"]);
});

it("bounds an event also when it never says the same of anybody", () => {
  const { log, lines } = openLimited();
  for (let each = 0; each < 10_000; each += 1) log.warn({ reason: `reason ${each}` }, "mqtt-lost");
  expect(lines).toHaveLength(1_000 + maxLinesPerMinute);
});

it("leaves out nothing that is only told: every alarm that was taken has its line", () => {
  const { log, lines } = openLimited();
  for (let each = 0; each < 200; each += 1) log.info({ source: "buttons" }, "alarm-taken");
  expect(lines).toHaveLength(200);
});

it("writes what no JSON can be made of", () => {
  const { log, lines } = openLimited();
  const circle: Record<string, unknown> = {};
  circle.itself = circle;
  log.error({ err: circle }, "unhandled-rejection");
  log.error({ err: circle }, "unhandled-rejection");
  log.error({ err: 1n }, "unhandled-rejection");
  expect(lines).toEqual(["unhandled-rejection", "unhandled-rejection"]);
});
