import { describe, expect, it } from "vitest";
import { siaDc09 } from "../../../../../adapters/pagers/sia-dc09.ts";
import { page, pagedAt } from "../../../../contracts/pager-contract.ts";
import { endless, next, pass, reasonOf, second, sequencesOf, settle, start } from "./centre-house.ts";

describe("with the storage down", () => {
  it("it is sent all the same, by a number that the disk does not repeat", async () => {
    await using house = await start();
    await house.open().page(next(1), endless);
    const ready = house.open();
    await settle();
    house.host.isDown = true;
    for (const number of [2, 3]) await ready.page(next(number), endless);
    await ready.page(next(3), endless);
    expect(house.centre.events).toHaveLength(3);
    expect(house.host.notes).toHaveLength(1);
    // The process dies before the disk is back.
    house.host.isDown = false;
    const reborn = house.open();
    for (const number of [4, 5]) await reborn.page(next(number), endless);
    expect(new Set(sequencesOf(house.centre)).size).toBe(5);
  });

  it("a disk that hangs holds up no page", async () => {
    await using house = await start();
    const ready = siaDc09.open(house.options, {
      ...house.host,
      memory: { load: async () => null, save: () => new Promise(() => {}) },
    });
    const arrived = house.centre.received();
    const sending = ready.page(page, endless);
    await settle();
    house.clock.to(pagedAt + second);
    await arrived;
    while (house.clock.nextAt > pagedAt + 2 * second) await settle();
    house.clock.to(pagedAt + 2 * second);
    await sending;
    expect(house.centre.events).toHaveLength(1);
  });

  it.each(["offset", "book"])("a disk that hangs while it is read (%s) costs a second", async (name) => {
    await using house = await start();
    const { memory } = house.host;
    const load = (asked: string) => (asked.includes(name) ? new Promise<null>(() => {}) : memory.load(asked));
    const ready = siaDc09.open(house.options, { ...house.host, memory: { ...memory, load } });
    const sending = ready.page(page, endless);
    await pass(house.clock, pagedAt + second);
    // A book is asked for once more.
    await pass(house.clock, pagedAt + 2 * second);
    await sending;
    expect(house.centre.events).toHaveLength(1);
  });

  it.each(["offset", "book"])("who gives up while it is read (%s) is heard, and nothing is sent", async (name) => {
    await using house = await start();
    const { memory } = house.host;
    const load = (asked: string) => (asked.includes(name) ? new Promise<null>(() => {}) : memory.load(asked));
    const ready = siaDc09.open(house.options, { ...house.host, memory: { ...memory, load } });
    const stopped = new AbortController();
    const sending = reasonOf(ready.page(page, stopped.signal));
    await settle();
    stopped.abort();
    expect(await sending).toBe("unreachable");
    expect(house.centre.events).toHaveLength(0);
  });

  it("who gives up while the book is asked for again leaves that to the next", async () => {
    await using house = await start();
    const { memory } = house.host;
    let asked = 0;
    const load = async (name: string) => {
      if (name !== "book") return null;
      asked += 1;
      return new Promise<null>(() => {});
    };
    const ready = siaDc09.open(house.options, { ...house.host, memory: { ...memory, load } });
    await pass(house.clock, pagedAt + second);
    const stopped = new AbortController();
    const first = reasonOf(ready.page(next(1), stopped.signal));
    await settle();
    stopped.abort();
    expect(await first).toBe("unreachable");
    const other = ready.page(next(2), endless);
    await settle();
    expect([asked, house.centre.events.length]).toEqual([2, 0]);
    await pass(house.clock, pagedAt + 2 * second);
    await other;
    expect(house.centre.events).toHaveLength(1);
  });

  it("a book from before the time of a frame was kept in it is read", async () => {
    await using house = await start();
    house.centre.behave({ kind: "garbage" });
    await reasonOf(house.open().page(page, endless));
    const book = house.host.remembered.get("book") ?? "";
    house.host.remembered.set("book", book.replace(/"stampedAt":\d+,/, ""));
    house.centre.behave({ kind: "ACK" });
    await house.open().page(page, endless);
    const [first, again] = house.centre.events;
    expect(again?.bytes).toEqual(first?.bytes);
  });

  it.each(["not json", "{}", '{"sequence":0}'])("a book that says %s is begun anew", async (text) => {
    await using house = await start();
    house.host.remembered.set("book", text);
    await house.open().page(page, endless);
    expect(house.centre.events).toHaveLength(1);
    expect(house.host.notes).toHaveLength(1);
  });
});
