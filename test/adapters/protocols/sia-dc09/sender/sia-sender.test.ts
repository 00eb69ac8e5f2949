import { describe, expect, it } from "vitest";
import { page, pagedAt } from "../../../../contracts/pager-contract.ts";
import {
  account,
  bytesOf,
  endless,
  key,
  next,
  pass,
  reasonOf,
  second,
  sequencesOf,
  settle,
  start,
} from "./centre-house.ts";

describe("the frame on its way", () => {
  it("is the same bytes after a restart in the middle, and nothing once it was accepted", async () => {
    await using house = await start({ key });
    house.centre.behave({ kind: "hang" });
    const stopped = new AbortController();
    const arrived = house.centre.received();
    const sending = reasonOf(house.open().page(page, stopped.signal));
    await arrived;
    stopped.abort();
    expect(await sending).toBe("unreachable");

    house.centre.behave({ kind: "ACK" });
    house.clock.to(pagedAt + 30 * second);
    await house.open().page(page, endless);
    const [first, again] = bytesOf(house.centre);
    expect(again).toBe(first);
    expect(await house.open().page(page, endless)).toEqual({ acceptedAt: pagedAt + 30 * second });
    expect(house.centre.events).toHaveLength(2);
    await house.open().page(next(2), endless);
    expect(new Set(sequencesOf(house.centre)).size).toBe(2);
  });

  it("is on disk, with its number, before it is sent", async () => {
    await using house = await start();
    const onDisk: string[] = [];
    const { received } = house.centre;
    const arrived = received().then(() => onDisk.push(...house.host.remembered.values()));
    house.centre.behave({ kind: "DUH" });
    expect(await reasonOf(house.open().page(page, endless))).toBe("refused");
    await arrived;
    const [event] = house.centre.events;
    expect(onDisk.join()).toContain(event?.bytes.toString("base64"));
    expect(onDisk.join()).toContain(`"sequence":${Number(event?.sequence)}`);
  });

  it("is brought to its end by the next page after a restart, and then needs no sending of its own", async () => {
    await using house = await start();
    house.centre.behave({ kind: "garbage" });
    expect(await reasonOf(house.open().page(next(1), endless))).toBe("unreachable");
    house.centre.behave({ kind: "ACK" });
    const ready = house.open();
    await ready.page(next(2), endless);
    const [first, again, other, ...more] = bytesOf(house.centre);
    expect([again === first, other === first, more.length]).toEqual([true, false, 0]);
    house.clock.to(pagedAt + second);
    expect(await ready.page(next(1), endless)).toEqual({ acceptedAt: pagedAt });
    expect(house.centre.events).toHaveLength(3);
  });

  it("that a receiver swallows costs no other page a second, and goes anew under a new number", async () => {
    await using house = await start();
    const ready = house.open();
    house.centre.behave({ kind: "hang" });
    const sending = reasonOf(ready.page(next(1), endless));
    await pass(house.clock, pagedAt + 12 * second);
    expect(await sending).toBe("unreachable");
    expect(new Set(bytesOf(house.centre)).size).toBe(1);
    house.centre.behave({ kind: "ACK" });
    expect(await ready.page(next(2), endless)).toEqual({ acceptedAt: house.clock.now() });
    expect(house.centre.events).toHaveLength(5);
    await ready.page(next(1), endless);
    expect(house.centre.events).toHaveLength(6);
    expect(new Set(sequencesOf(house.centre)).size).toBe(3);
    expect(house.host.notes.map(({ event }) => event)).toEqual(["alarm-centre-event-postponed"]);
  });

  it("that gets no answer lets who waits go first, after one attempt", async () => {
    await using house = await start();
    const ready = house.open();
    house.centre.behave({ kind: "hang" });
    const arrived = house.centre.received();
    const first = ready.page(next(1), endless);
    await arrived;
    const other = ready.page(next(2), endless);
    house.centre.behave({ kind: "ACK" });
    await settle();
    expect(house.centre.events).toHaveLength(1);
    await pass(house.clock, pagedAt + 2900);
    expect(await other).toEqual({ acceptedAt: pagedAt + 2900 });
    await first;
    const [swallowed, , anew, ...more] = sequencesOf(house.centre);
    expect([anew === swallowed, new Set(sequencesOf(house.centre)).size, more.length]).toEqual([false, 3, 0]);
  });

  it("of before a restart is tried once by another page, which then sends its own", async () => {
    await using house = await start();
    house.centre.behave({ kind: "garbage" });
    await reasonOf(house.open().page(next(1), endless));
    house.centre.behave({ kind: "hang" });
    const sending = reasonOf(house.open().page(next(2), endless));
    await pass(house.clock, pagedAt + 12 * second);
    expect(await sending).toBe("unreachable");
    const [first, ...more] = bytesOf(house.centre);
    expect(more.map((bytes) => bytes === first)).toEqual([true, false, false, false]);
    expect(new Set(more).size).toBe(2);
  });

  it("whose page was given up in the middle is tried once by another, whatever was put aside before it", async () => {
    await using house = await start();
    const ready = house.open();
    house.centre.behave({ kind: "garbage" });
    await reasonOf(ready.page(next(1), endless));
    house.centre.behave({ kind: "hang" });
    const stopped = new AbortController();
    const arrived = house.centre.received();
    const sending = reasonOf(ready.page(next(2), stopped.signal));
    await arrived;
    stopped.abort();
    await sending;
    house.centre.behave({ kind: "ACK" });
    await ready.page(next(3), endless);
    const [, given, again, ...more] = bytesOf(house.centre);
    expect([again === given, more.length]).toEqual([true, 1]);
  });

  it("is dropped by another page when its alarm is long past, and sent anew where that alarm goes on", async () => {
    await using house = await start();
    const ready = house.open();
    house.centre.behave({ kind: "garbage" });
    await reasonOf(ready.page(next(1), endless));
    house.centre.behave({ kind: "ACK" });
    house.clock.to(pagedAt + 10 * 60 * second);
    const restarted = house.open();
    await restarted.page(next(2), endless);
    expect(sequencesOf(house.centre).length).toBe(2);
    expect(new Set(sequencesOf(house.centre)).size).toBe(2);
    expect(house.host.notes.map(({ event }) => event)).toContain("alarm-centre-event-dropped");
    await restarted.page(next(1), endless);
    expect(sequencesOf(house.centre).length).toBe(3);
  });

  it("that is refused ends, and the next page goes on", async () => {
    await using house = await start();
    house.centre.behave({ kind: "garbage" });
    await reasonOf(house.open().page(next(1), endless));
    house.centre.behave({ kind: "DUH" });
    const ready = house.open();
    expect(await reasonOf(ready.page(next(2), endless))).toBe("refused");
    expect(house.centre.answers).toEqual(["garbage", "DUH", "DUH"]);
    expect(house.host.notes.map(({ event }) => event)).toContain("alarm-centre-event-refused");
    house.centre.behave({ kind: "ACK" });
    await ready.page(next(3), endless);
    expect(new Set(sequencesOf(house.centre)).size).toBe(3);
  });

  it("of a test is sent each time it is asked for", async () => {
    await using house = await start();
    const ready = house.open();
    for (let time = 0; time < 2; time++) await ready.page({ ...page, reason: "test" }, endless);
    expect(new Set(sequencesOf(house.centre)).size).toBe(2);
  });

  it("of other settings is dropped, since nobody could read it", async () => {
    await using house = await start();
    house.centre.behave({ kind: "garbage" });
    await reasonOf(house.open().page(next(1), endless));
    house.centre.behave({ kind: "ACK" });
    await house.open({ account: "BBBB" }).page(next(2), endless);
    expect(house.centre.events.map((event) => event.account)).toEqual([account, "BBBB"]);
  });

  it("waits its turn, and who gives up leaves the queue", async () => {
    await using house = await start();
    const ready = house.open();
    house.centre.behave({ kind: "hang" });
    const arrived = house.centre.received();
    const stopped = new AbortController();
    const first = reasonOf(ready.page(next(1), stopped.signal));
    await arrived;
    const impatient = new AbortController();
    const second = reasonOf(ready.page(next(2), impatient.signal));
    const third = ready.page(next(3), endless);
    impatient.abort();
    expect(await second).toBe("unreachable");
    expect(house.centre.events).toHaveLength(1);
    house.centre.behave({ kind: "ACK" });
    stopped.abort();
    expect(await first).toBe("unreachable");
    await third;
    const [one, again, other, ...more] = bytesOf(house.centre);
    expect([again === one, other === one, more.length]).toEqual([true, false, 0]);
  });

  it("counts from 9999 on to 0001", async () => {
    await using house = await start();
    await house.open().page(next(1), endless);
    const [[name = "", book = ""] = []] = house.host.remembered;
    house.host.remembered.set(name, book.replace(/"sequence":\d+/, '"sequence":9998'));
    const ready = house.open();
    for (const number of [2, 3, 4]) await ready.page(next(number), endless);
    expect(sequencesOf(house.centre).slice(1)).toEqual(["9999", "0001", "0002"]);
  });

  it("remembers what was accepted, and not without end", async () => {
    await using house = await start();
    const ready = house.open();
    for (let number = 0; number < 70; number++) await ready.page(next(number), endless);
    await ready.page(next(10), endless);
    expect(house.centre.events).toHaveLength(70);
    await ready.page(next(1), endless);
    expect(house.centre.events).toHaveLength(71);
    expect([...house.host.remembered.values()].join().length).toBeLessThan(6000);
  });
});
