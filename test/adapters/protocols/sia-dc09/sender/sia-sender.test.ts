import { describe, expect, it } from "vitest";
import { page, pagedAt } from "../../../../contracts/pager-contract.ts";
import { account, bytesOf, endless, key, next, pass, reasonOf, second, sequencesOf, settle, start } from "./setup.ts";

describe("the frame on its way", () => {
  it("is the same bytes after a restart in the middle, and nothing once it was accepted", async () => {
    await using setup = await start({ key });
    setup.centre.behave({ kind: "hang" });
    const stopped = new AbortController();
    const arrived = setup.centre.received();
    const sending = reasonOf(setup.open().page(page, stopped.signal));
    await arrived;
    stopped.abort();
    expect(await sending).toBe("unreachable");

    setup.centre.behave({ kind: "ACK" });
    setup.clock.to(pagedAt + 30 * second);
    await setup.open().page(page, endless);
    const [first, again] = bytesOf(setup.centre);
    expect(again).toBe(first);
    expect(await setup.open().page(page, endless)).toEqual({ acceptedAt: pagedAt + 30 * second });
    expect(setup.centre.events).toHaveLength(2);
    await setup.open().page(next(2), endless);
    expect(new Set(sequencesOf(setup.centre)).size).toBe(2);
  });

  it("is on disk, with its number, before it is sent", async () => {
    await using setup = await start();
    const onDisk: string[] = [];
    const { received } = setup.centre;
    const arrived = received().then(() => onDisk.push(...setup.host.remembered.values()));
    setup.centre.behave({ kind: "DUH" });
    expect(await reasonOf(setup.open().page(page, endless))).toBe("refused");
    await arrived;
    const [event] = setup.centre.events;
    expect(onDisk.join()).toContain(event?.bytes.toString("base64"));
    expect(onDisk.join()).toContain(`"sequence":${Number(event?.sequence)}`);
  });

  it("is brought to its end by the next page after a restart, and then needs no sending of its own", async () => {
    await using setup = await start();
    setup.centre.behave({ kind: "garbage" });
    expect(await reasonOf(setup.open().page(next(1), endless))).toBe("unreachable");
    setup.centre.behave({ kind: "ACK" });
    const ready = setup.open();
    await ready.page(next(2), endless);
    const [first, again, other, ...more] = bytesOf(setup.centre);
    expect([again === first, other === first, more.length]).toEqual([true, false, 0]);
    setup.clock.to(pagedAt + second);
    expect(await ready.page(next(1), endless)).toEqual({ acceptedAt: pagedAt });
    expect(setup.centre.events).toHaveLength(3);
  });

  it("that a receiver swallows costs no other page a second, and goes anew under a new number", async () => {
    await using setup = await start();
    const ready = setup.open();
    setup.centre.behave({ kind: "hang" });
    const sending = reasonOf(ready.page(next(1), endless));
    await pass(setup.clock, pagedAt + 12 * second);
    expect(await sending).toBe("unreachable");
    expect(new Set(bytesOf(setup.centre)).size).toBe(1);
    setup.centre.behave({ kind: "ACK" });
    expect(await ready.page(next(2), endless)).toEqual({ acceptedAt: setup.clock.now() });
    expect(setup.centre.events).toHaveLength(5);
    await ready.page(next(1), endless);
    expect(setup.centre.events).toHaveLength(6);
    expect(new Set(sequencesOf(setup.centre)).size).toBe(3);
    expect(setup.host.notes.map(({ event }) => event)).toEqual(["alarm-centre-event-postponed"]);
  });

  it("that gets no answer lets who waits go first, after one attempt", async () => {
    await using setup = await start();
    const ready = setup.open();
    setup.centre.behave({ kind: "hang" });
    const arrived = setup.centre.received();
    const first = ready.page(next(1), endless);
    await arrived;
    const other = ready.page(next(2), endless);
    setup.centre.behave({ kind: "ACK" });
    await settle();
    expect(setup.centre.events).toHaveLength(1);
    await pass(setup.clock, pagedAt + 2900);
    expect(await other).toEqual({ acceptedAt: pagedAt + 2900 });
    await first;
    const [swallowed, , anew, ...more] = sequencesOf(setup.centre);
    expect([anew === swallowed, new Set(sequencesOf(setup.centre)).size, more.length]).toEqual([false, 3, 0]);
  });

  it("of before a restart is tried once by another page, which then sends its own", async () => {
    await using setup = await start();
    setup.centre.behave({ kind: "garbage" });
    await reasonOf(setup.open().page(next(1), endless));
    setup.centre.behave({ kind: "hang" });
    const sending = reasonOf(setup.open().page(next(2), endless));
    await pass(setup.clock, pagedAt + 12 * second);
    expect(await sending).toBe("unreachable");
    const [first, ...more] = bytesOf(setup.centre);
    expect(more.map((bytes) => bytes === first)).toEqual([true, false, false, false]);
    expect(new Set(more).size).toBe(2);
  });

  it("whose page was given up in the middle is tried once by another, whatever was put aside before it", async () => {
    await using setup = await start();
    const ready = setup.open();
    setup.centre.behave({ kind: "garbage" });
    await reasonOf(ready.page(next(1), endless));
    setup.centre.behave({ kind: "hang" });
    const stopped = new AbortController();
    const arrived = setup.centre.received();
    const sending = reasonOf(ready.page(next(2), stopped.signal));
    await arrived;
    stopped.abort();
    await sending;
    setup.centre.behave({ kind: "ACK" });
    await ready.page(next(3), endless);
    const [, given, again, ...more] = bytesOf(setup.centre);
    expect([again === given, more.length]).toEqual([true, 1]);
  });

  it("is dropped by another page when its alarm is long past, and sent anew where that alarm goes on", async () => {
    await using setup = await start();
    const ready = setup.open();
    setup.centre.behave({ kind: "garbage" });
    await reasonOf(ready.page(next(1), endless));
    setup.centre.behave({ kind: "ACK" });
    setup.clock.to(pagedAt + 10 * 60 * second);
    const restarted = setup.open();
    await restarted.page(next(2), endless);
    expect(sequencesOf(setup.centre).length).toBe(2);
    expect(new Set(sequencesOf(setup.centre)).size).toBe(2);
    expect(setup.host.notes.map(({ event }) => event)).toContain("alarm-centre-event-dropped");
    await restarted.page(next(1), endless);
    expect(sequencesOf(setup.centre).length).toBe(3);
  });

  it("is dropped also when it was begun under a clock that was a day ahead", async () => {
    await using setup = await start();
    setup.centre.behave({ kind: "garbage" });
    setup.clock.set(pagedAt + 86_400 * second);
    await reasonOf(setup.open().page(next(1), endless));
    setup.centre.behave({ kind: "ACK" });
    setup.clock.set(pagedAt);
    await setup.open().page(next(2), endless);
    expect(new Set(sequencesOf(setup.centre)).size).toBe(2);
    expect(setup.host.notes.map(({ event }) => event)).toContain("alarm-centre-event-dropped");
  });

  it("that is refused ends, and the next page goes on", async () => {
    await using setup = await start();
    setup.centre.behave({ kind: "garbage" });
    await reasonOf(setup.open().page(next(1), endless));
    setup.centre.behave({ kind: "DUH" });
    const ready = setup.open();
    expect(await reasonOf(ready.page(next(2), endless))).toBe("refused");
    expect(setup.centre.answers).toEqual(["garbage", "DUH", "DUH"]);
    expect(setup.host.notes.map(({ event }) => event)).toContain("alarm-centre-event-refused");
    setup.centre.behave({ kind: "ACK" });
    await ready.page(next(3), endless);
    expect(new Set(sequencesOf(setup.centre)).size).toBe(3);
  });

  it("of a test is sent each time it is asked for", async () => {
    await using setup = await start();
    const ready = setup.open();
    for (let time = 0; time < 2; time++) await ready.page({ ...page, reason: "test" }, endless);
    expect(new Set(sequencesOf(setup.centre)).size).toBe(2);
  });

  it("of other settings is dropped, since nobody could read it", async () => {
    await using setup = await start();
    setup.centre.behave({ kind: "garbage" });
    await reasonOf(setup.open().page(next(1), endless));
    setup.centre.behave({ kind: "ACK" });
    await setup.open({ account: "BBBB" }).page(next(2), endless);
    expect(setup.centre.events.map((event) => event.account)).toEqual([account, "BBBB"]);
  });

  it("waits its turn, and who gives up leaves the queue", async () => {
    await using setup = await start();
    const ready = setup.open();
    setup.centre.behave({ kind: "hang" });
    const arrived = setup.centre.received();
    const stopped = new AbortController();
    const first = reasonOf(ready.page(next(1), stopped.signal));
    await arrived;
    const impatient = new AbortController();
    const second = reasonOf(ready.page(next(2), impatient.signal));
    const third = ready.page(next(3), endless);
    impatient.abort();
    expect(await second).toBe("unreachable");
    expect(setup.centre.events).toHaveLength(1);
    setup.centre.behave({ kind: "ACK" });
    stopped.abort();
    expect(await first).toBe("unreachable");
    await third;
    const [one, again, other, ...more] = bytesOf(setup.centre);
    expect([again === one, other === one, more.length]).toEqual([true, false, 0]);
  });

  it("counts from 9999 on to 0001", async () => {
    await using setup = await start();
    await setup.open().page(next(1), endless);
    const [[name = "", journal = ""] = []] = setup.host.remembered;
    setup.host.remembered.set(name, journal.replace(/"sequence":\d+/, '"sequence":9998'));
    const ready = setup.open();
    for (const number of [2, 3, 4]) await ready.page(next(number), endless);
    expect(sequencesOf(setup.centre).slice(1)).toEqual(["9999", "0001", "0002"]);
  });

  it("remembers what was accepted, and not without end", async () => {
    await using setup = await start();
    const ready = setup.open();
    for (let number = 0; number < 70; number++) await ready.page(next(number), endless);
    await ready.page(next(10), endless);
    expect(setup.centre.events).toHaveLength(70);
    await ready.page(next(1), endless);
    expect(setup.centre.events).toHaveLength(71);
    expect([...setup.host.remembered.values()].join().length).toBeLessThan(12_000);
  });
});
