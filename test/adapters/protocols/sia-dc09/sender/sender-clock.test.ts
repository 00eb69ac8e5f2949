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
} from "./setup.ts";

describe("a receiver with another clock", () => {
  it("teaches it by NAK, and is understood at once, with the same number", async () => {
    await using setup = await start({ key });
    setup.centre.clockOffsetMs = 3600 * second;
    await setup.open().page(next(1), endless);
    expect(setup.centre.answers).toEqual(["NAK", "ACK"]);
    const [first, again] = setup.centre.events;
    expect(again?.sequence).toBe(first?.sequence);
    expect(again?.sentAt).toBe(pagedAt + 3600 * second);
    // Also after a restart.
    await settle();
    await setup.open().page(next(2), endless);
    expect(setup.centre.answers).toEqual(["NAK", "ACK", "ACK"]);
  });

  it("is sent the corrected frame again, byte for byte, when nothing came back for it", async () => {
    await using setup = await start({ key });
    setup.centre.clockOffsetMs = 3600 * second;
    const stopped = new AbortController();
    const first = setup.centre.received();
    const sending = reasonOf(setup.open().page(page, stopped.signal));
    await first;
    const corrected = setup.centre.received();
    setup.centre.behave({ kind: "hang" });
    await corrected;
    stopped.abort();
    expect(await sending).toBe("unreachable");
    setup.centre.behave({ kind: "ACK" });
    await setup.open().page(page, endless);
    const [one, two, three, ...more] = bytesOf(setup.centre);
    expect([one === two, two === three, more.length]).toEqual([false, true, 0]);
  });

  it("has the time of a frame that waited too long put right", async () => {
    await using setup = await start();
    const ready = setup.open();
    setup.centre.behave({ kind: "garbage" });
    await reasonOf(ready.page(page, endless));
    setup.centre.behave({ kind: "ACK" });
    setup.clock.to(pagedAt + 300 * second);
    await ready.page(page, endless);
    expect(setup.centre.answers).toEqual(["garbage", "NAK", "ACK"]);
    expect(new Set(sequencesOf(setup.centre)).size).toBe(1);
  });

  it("that says NAK whatever the time is asked once more and no more", async () => {
    await using setup = await start();
    setup.centre.behave({ kind: "NAK" });
    expect(await reasonOf(setup.open().page(page, endless))).toBe("unreachable");
    expect(setup.centre.events).toHaveLength(2);
  });

  it("that names none has a frame put right that was begun under a clock that was ahead", async () => {
    await using setup = await start();
    setup.centre.behave({ kind: "garbage" });
    setup.clock.set(pagedAt + 3_600 * second);
    await reasonOf(setup.open().page(page, endless));
    setup.clock.set(pagedAt);
    setup.centre.behave({ kind: "NAK without clock" });
    await reasonOf(setup.open().page(page, endless));
    expect(setup.centre.events.map(({ sentAt }) => ((sentAt ?? 0) - pagedAt) / second)).toEqual([3_600, 3_600, 0]);
  });

  it("that names none has a frame put right that waited too long, and no other", async () => {
    await using setup = await start();
    const ready = setup.open();
    setup.centre.behave({ kind: "NAK without clock" });
    expect(await reasonOf(ready.page(page, endless))).toBe("unreachable");
    expect(setup.centre.events).toHaveLength(1);
    for (const seconds of [21, 30, 42]) {
      setup.clock.to(pagedAt + seconds * second);
      const arrived = setup.centre.received();
      const sending = ready.page(page, endless).catch(() => null);
      await arrived;
      if (seconds === 42) setup.centre.behave({ kind: "ACK" });
      await sending;
    }
    expect(setup.centre.events.map(({ sentAt }) => ((sentAt ?? 0) - pagedAt) / second)).toEqual([0, 0, 21, 21, 21, 42]);
    expect(setup.centre.answers.at(-1)).toBe("ACK");
    expect(new Set(sequencesOf(setup.centre)).size).toBe(1);
  });

  it.each(["23:59:59,12-31-9999", "00:00:00,01-01-0000", "09:01:01,11-25-2026"])(
    "that says %s is not believed, now or after a restart",
    async (stamp) => {
      await using setup = await start();
      setup.centre.behave({ kind: "raw", text: `00000000"NAK"0000R0L0A0[]_${stamp}` });
      for (const number of [1, 2]) expect(await reasonOf(setup.open().page(next(number), endless))).toBe("unreachable");
      setup.centre.behave({ kind: "ACK" });
      await settle();
      await setup.open().page(next(3), endless);
      expect(setup.centre.events.map(({ sentAt }) => sentAt)).toEqual([pagedAt, pagedAt, pagedAt, pagedAt, pagedAt]);
      const notes = setup.host.notes.filter(({ event }) => event === "alarm-centre-clock-passed-over");
      expect(notes).toHaveLength(2);
      expect([...setup.host.remembered.keys()]).toEqual(["book"]);
    },
  );

  it("says nothing about the clock of the other", async () => {
    await using setup = await start();
    setup.centre.clockOffsetMs = 3600 * second;
    setup.second.clockOffsetMs = -7200 * second;
    const open = () => setup.open({ secondary: { ...setup.secondary, transport: "tcp" } });
    const ready = open();
    await ready.page(next(1), endless);
    setup.centre.behave({ kind: "reset" });
    await ready.page(next(2), endless);
    expect(setup.second.answers).toEqual(["NAK", "ACK"]);
    setup.centre.behave({ kind: "ACK" });
    setup.clock.to(pagedAt + 61 * second);
    await ready.page(next(3), endless);
    await open().page(next(4), endless);
    expect(setup.centre.answers).toEqual(["NAK", "ACK", "reset", "ACK", "ACK"]);
  });
});

it.each(["86400001", "not json", '{"nakMs":86400001,"sealMs":null}', '{"nakMs":0}'])(
  "a clock on disk that says %s is not ours to use",
  async (text) => {
    await using setup = await start();
    setup.host.remembered.set("clock offset primary", text);
    await setup.open().page(page, endless);
    expect(setup.centre.events.map(({ sentAt }) => sentAt)).toEqual([pagedAt]);
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
    await using setup = await start({ key });
    setup.centre.behave(toAck(pagedAt - ageMs));
    const ready = setup.open();
    for (const seconds of [0, 1, 3, 30]) {
      setup.clock.to(pagedAt + seconds * second);
      expect(await reasonOf(ready.page(page, endless))).toBe("unreachable");
    }
    expect(setup.host.notes).toHaveLength(1);
  });

  it("counts up to a minute from the receiver's clock, as a NAK told it too", async () => {
    await using setup = await start({ key });
    const ready = setup.open();
    for (const [number, ms] of [60 * second, -60 * second].entries()) {
      setup.centre.behave(toAck(pagedAt + ms));
      await ready.page(next(number), endless);
    }
    setup.centre.behave({ kind: "ACK" });
    setup.centre.clockOffsetMs = 5 * hours;
    await ready.page(next(2), endless);
    setup.centre.behave(toAck(pagedAt + 5 * hours - 60 * second));
    await ready.page(next(3), endless);
    expect(setup.centre.events).toHaveLength(5);
  });

  it("of a receiver that is wrong about the time counts from the second on, and after a restart at once", async () => {
    await using setup = await start({ key });
    setup.centre.behave(toAck(pagedAt + 5 * hours));
    expect(await reasonOf(setup.open().page(next(1), endless))).toBe("unreachable");
    expect(setup.host.notes).toMatchObject([{ event: "alarm-centre-answer-not-counted" }]);
    await settle();
    setup.clock.to(pagedAt + second);
    setup.centre.behave(toAck(pagedAt + 5 * hours + second));
    await setup.open().page(next(1), endless);
    const [first, again, ...more] = bytesOf(setup.centre);
    // What it wants to see in our frames is another matter: it took this one.
    expect([again === first, more.length, setup.centre.events[1]?.sentAt]).toEqual([true, 0, pagedAt]);
    expect(setup.host.notes).toHaveLength(1);
  });

  it("with the time of the frame it answers counts once that is put right", async () => {
    await using setup = await start({ key });
    const ready = setup.open();
    setup.centre.behave({ kind: "garbage" });
    await reasonOf(ready.page(page, endless));
    setup.clock.to(pagedAt + 300 * second);
    setup.centre.behave(toAck(pagedAt));
    const arrived = setup.centre.received();
    const sending = ready.page(page, endless);
    await arrived;
    setup.centre.behave(toAck(pagedAt + 300 * second));
    await sending;
    expect(setup.centre.events.map(({ sentAt }) => sentAt)).toEqual([pagedAt, pagedAt, pagedAt + 300 * second]);
  });

  it("is learned from polls before there is a page", async () => {
    await using setup = await start({ key });
    const ended = new AbortController();
    const { host, port } = setup.centre;
    const ready = setup.open({ primary: { host, port, transport: "tcp", pollEvery: "10s" } });
    const toPoll = (at: number) => ({ ...toAck(at), text: toAck(at).text.replace("0001", "0000") });
    setup.centre.behaveToPolls(toPoll(pagedAt - 5 * hours));
    const supervising = ready.supervise?.(ended.signal);
    await pass(setup.clock, pagedAt + second);
    expect(setup.host.parts.has("primary")).toBe(false);
    setup.centre.behaveToPolls(toPoll(pagedAt - 5 * hours + 5 * second));
    await pass(setup.clock, pagedAt + 5 * second);
    expect(setup.host.parts.get("primary")).toBe("there");
    setup.centre.behave(toAck(pagedAt - 5 * hours + 5 * second));
    await ready.page(page, endless);
    expect(setup.centre.events).toHaveLength(1);
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
