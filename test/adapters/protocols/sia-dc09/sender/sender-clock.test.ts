import { describe, expect, it } from "vitest";
import { encrypt } from "../../../../../adapters/protocols/sia-dc09/frame/cipher.ts";
import { toTimestamp } from "../../../../../adapters/protocols/sia-dc09/frame/content.ts";
import { ClockOffset } from "../../../../../adapters/protocols/sia-dc09/sender/clock-offset.ts";
import { page, pagedAt } from "../../../../contracts/pager-contract.ts";
import { FakeClock } from "../../../../fakes/clock.ts";
import { createPagerHost } from "../../../../fakes/pager-host.ts";
import {
  account,
  bytesOf,
  endless,
  key,
  keyBytes,
  next,
  pass,
  reasonOf,
  second,
  sequencesOf,
  settle,
  start,
} from "./centre-house.ts";

describe("a receiver with another clock", () => {
  it("teaches it by NAK, and is understood at once, with the same number", async () => {
    await using house = await start({ key });
    house.centre.clockOffsetMs = 3600 * second;
    await house.open().page(next(1), endless);
    expect(house.centre.answers).toEqual(["NAK", "ACK"]);
    const [first, again] = house.centre.events;
    expect(again?.sequence).toBe(first?.sequence);
    expect(again?.sentAt).toBe(pagedAt + 3600 * second);
    // Also after a restart.
    await settle();
    await house.open().page(next(2), endless);
    expect(house.centre.answers).toEqual(["NAK", "ACK", "ACK"]);
  });

  it("is sent the corrected frame again, byte for byte, when nothing came back for it", async () => {
    await using house = await start({ key });
    house.centre.clockOffsetMs = 3600 * second;
    const stopped = new AbortController();
    const first = house.centre.received();
    const sending = reasonOf(house.open().page(page, stopped.signal));
    await first;
    const corrected = house.centre.received();
    house.centre.behave({ kind: "hang" });
    await corrected;
    stopped.abort();
    expect(await sending).toBe("unreachable");
    house.centre.behave({ kind: "ACK" });
    await house.open().page(page, endless);
    const [one, two, three, ...more] = bytesOf(house.centre);
    expect([one === two, two === three, more.length]).toEqual([false, true, 0]);
  });

  it("has the time of a frame that waited too long put right", async () => {
    await using house = await start();
    const ready = house.open();
    house.centre.behave({ kind: "garbage" });
    await reasonOf(ready.page(page, endless));
    house.centre.behave({ kind: "ACK" });
    house.clock.to(pagedAt + 300 * second);
    await ready.page(page, endless);
    expect(house.centre.answers).toEqual(["garbage", "NAK", "ACK"]);
    expect(new Set(sequencesOf(house.centre)).size).toBe(1);
  });

  it("that says NAK whatever the time is heard once more and no more", async () => {
    await using house = await start();
    house.centre.behave({ kind: "NAK" });
    expect(await reasonOf(house.open().page(page, endless))).toBe("unreachable");
    expect(house.centre.events).toHaveLength(2);
  });

  it("that names none has a frame put right that waited too long, and no other", async () => {
    await using house = await start();
    const ready = house.open();
    house.centre.behave({ kind: "NAK without clock" });
    expect(await reasonOf(ready.page(page, endless))).toBe("unreachable");
    expect(house.centre.events).toHaveLength(1);
    for (const seconds of [21, 30, 42]) {
      house.clock.to(pagedAt + seconds * second);
      const arrived = house.centre.received();
      const sending = ready.page(page, endless).catch(() => null);
      await arrived;
      if (seconds === 42) house.centre.behave({ kind: "ACK" });
      await sending;
    }
    expect(house.centre.events.map(({ sentAt }) => ((sentAt ?? 0) - pagedAt) / second)).toEqual([0, 0, 21, 21, 21, 42]);
    expect(house.centre.answers.at(-1)).toBe("ACK");
    expect(new Set(sequencesOf(house.centre)).size).toBe(1);
  });

  it.each(["23:59:59,12-31-9999", "00:00:00,01-01-0000", "09:01:01,11-25-2026"])(
    "that says %s is not believed, now or after a restart",
    async (stamp) => {
      await using house = await start();
      house.centre.behave({ kind: "raw", text: `00000000"NAK"0000R0L0A0[]_${stamp}` });
      for (const number of [1, 2]) expect(await reasonOf(house.open().page(next(number), endless))).toBe("unreachable");
      house.centre.behave({ kind: "ACK" });
      await settle();
      await house.open().page(next(3), endless);
      expect(house.centre.events.map(({ sentAt }) => sentAt)).toEqual([pagedAt, pagedAt, pagedAt, pagedAt, pagedAt]);
      const notes = house.host.notes.filter(({ event }) => event === "alarm-centre-clock-passed-over");
      expect(notes).toHaveLength(2);
      expect([...house.host.remembered.keys()]).toEqual(["book"]);
    },
  );

  it("says nothing about the clock of the other", async () => {
    await using house = await start();
    house.centre.clockOffsetMs = 3600 * second;
    house.second.clockOffsetMs = -7200 * second;
    const open = () => house.open({ secondary: { ...house.secondary, transport: "tcp" } });
    const ready = open();
    await ready.page(next(1), endless);
    house.centre.behave({ kind: "reset" });
    await ready.page(next(2), endless);
    expect(house.second.answers).toEqual(["NAK", "ACK"]);
    house.centre.behave({ kind: "ACK" });
    house.clock.to(pagedAt + 61 * second);
    await ready.page(next(3), endless);
    await open().page(next(4), endless);
    expect(house.centre.answers).toEqual(["NAK", "ACK", "reset", "ACK", "ACK"]);
  });
});

it.each(["86400001", "not json", '{"nakMs":86400001,"sealMs":null}', '{"nakMs":0}'])(
  "a clock on disk that says %s is not ours to use",
  async (text) => {
    await using house = await start();
    house.host.remembered.set("clock offset primary", text);
    await house.open().page(page, endless);
    expect(house.centre.events.map(({ sentAt }) => sentAt)).toEqual([pagedAt]);
  },
);

describe("an acknowledgement under the key", () => {
  const toAck = (at: number) => ({
    kind: "raw" as const,
    text: `00000000"*ACK"0001R0L0#${account}[${encrypt(`]${toTimestamp(at)}`, keyBytes)}`,
  });
  const hours = 3600 * second;

  it.each([
    ["a minute", 61 * second],
    ["five hours", 5 * hours],
    ["a year", 365 * 24 * hours],
  ])("of %s ago counts for nothing, as often as it comes", async (_name, ageMs) => {
    await using house = await start({ key });
    house.centre.behave(toAck(pagedAt - ageMs));
    const ready = house.open();
    for (const seconds of [0, 1, 3, 30]) {
      house.clock.to(pagedAt + seconds * second);
      expect(await reasonOf(ready.page(page, endless))).toBe("unreachable");
    }
    expect(house.host.notes).toHaveLength(1);
  });

  it("counts up to a minute from the receiver's clock, as a NAK told it too", async () => {
    await using house = await start({ key });
    const ready = house.open();
    for (const [number, ms] of [60 * second, -60 * second].entries()) {
      house.centre.behave(toAck(pagedAt + ms));
      await ready.page(next(number), endless);
    }
    house.centre.behave({ kind: "ACK" });
    house.centre.clockOffsetMs = 5 * hours;
    await ready.page(next(2), endless);
    house.centre.behave(toAck(pagedAt + 5 * hours - 60 * second));
    await ready.page(next(3), endless);
    expect(house.centre.events).toHaveLength(5);
  });

  it("of a receiver that is wrong about the time counts from the second on, and after a restart at once", async () => {
    await using house = await start({ key });
    house.centre.behave(toAck(pagedAt + 5 * hours));
    expect(await reasonOf(house.open().page(next(1), endless))).toBe("unreachable");
    expect(house.host.notes).toMatchObject([{ event: "alarm-centre-answer-not-counted" }]);
    await settle();
    house.clock.to(pagedAt + second);
    house.centre.behave(toAck(pagedAt + 5 * hours + second));
    await house.open().page(next(1), endless);
    const [first, again, ...more] = bytesOf(house.centre);
    // What it wants to see in our frames is another matter: it took this one.
    expect([again === first, more.length, house.centre.events[1]?.sentAt]).toEqual([true, 0, pagedAt]);
    expect(house.host.notes).toHaveLength(1);
  });

  it("with the time of the frame it answers counts once that is put right", async () => {
    await using house = await start({ key });
    const ready = house.open();
    house.centre.behave({ kind: "garbage" });
    await reasonOf(ready.page(page, endless));
    house.clock.to(pagedAt + 300 * second);
    house.centre.behave(toAck(pagedAt));
    const arrived = house.centre.received();
    const sending = ready.page(page, endless);
    await arrived;
    house.centre.behave(toAck(pagedAt + 300 * second));
    await sending;
    expect(house.centre.events.map(({ sentAt }) => sentAt)).toEqual([pagedAt, pagedAt, pagedAt + 300 * second]);
  });

  it("is learned from polls before there is a page", async () => {
    await using house = await start({ key });
    const ended = new AbortController();
    const { host, port } = house.centre;
    const ready = house.open({ primary: { host, port, transport: "tcp", pollEvery: "10s" } });
    const toPoll = (at: number) => ({ ...toAck(at), text: toAck(at).text.replace("0001", "0000") });
    house.centre.behaveToPolls(toPoll(pagedAt - 5 * hours));
    const supervising = ready.supervise?.(ended.signal);
    await pass(house.clock, pagedAt + second);
    expect(house.host.parts.has("primary")).toBe(false);
    house.centre.behaveToPolls(toPoll(pagedAt - 5 * hours + 5 * second));
    await pass(house.clock, pagedAt + 5 * second);
    expect(house.host.parts.get("primary")).toBe("there");
    house.centre.behave(toAck(pagedAt - 5 * hours + 5 * second));
    await ready.page(page, endless);
    expect(house.centre.events).toHaveLength(1);
    ended.abort();
    await supervising;
  });
});

it("a clock of ours that is out of all bounds still gives a time that a frame has room for", () => {
  const toNow = (at: number) => new ClockOffset(createPagerHost(new FakeClock(at)), "primary").now();
  expect([toNow(0), toNow(Date.UTC(10_000, 5, 1))].map(toTimestamp)).toEqual([
    "_00:00:00,01-01-2000",
    "_23:59:59,12-31-9999",
  ]);
});
