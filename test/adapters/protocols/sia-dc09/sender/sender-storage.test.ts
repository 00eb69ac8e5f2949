import { describe, expect, it } from "vitest";
import { siaDc09 } from "../../../../../adapters/pagers/sia-dc09.ts";
import { page, pagedAt } from "../../../../contracts/pager-contract.ts";
import { townHall } from "../../../../fixtures/sites.ts";
import { endless, next, pass, reasonOf, second, sequencesOf, settle, start } from "./setup.ts";

describe("with the storage down", () => {
  it("it is sent all the same, by a number that the disk does not repeat", async () => {
    await using setup = await start();
    await setup.open().page(next(1), endless);
    const ready = setup.open();
    await settle();
    setup.host.isDown = true;
    for (const number of [2, 3]) await ready.page(next(number), endless);
    await ready.page(next(3), endless);
    expect(setup.centre.events).toHaveLength(3);
    expect(setup.host.notes).toHaveLength(1);
    // The process dies before the disk is back.
    setup.host.isDown = false;
    const reborn = setup.open();
    for (const number of [4, 5]) await reborn.page(next(number), endless);
    expect(new Set(sequencesOf(setup.centre)).size).toBe(5);
  });

  it("a disk that hangs holds up no page", async () => {
    await using setup = await start();
    const ready = siaDc09.open(setup.options, {
      ...setup.host,
      memory: { load: async () => null, save: () => new Promise(() => {}) },
    });
    const arrived = setup.centre.received();
    const sending = ready.page(page, endless);
    await settle();
    setup.clock.to(pagedAt + second);
    await arrived;
    while (setup.clock.nextAt > pagedAt + 2 * second) await settle();
    setup.clock.to(pagedAt + 2 * second);
    await sending;
    expect(setup.centre.events).toHaveLength(1);
  });

  it.each(["offset", "book"])("a disk that hangs while it is read (%s) costs a second", async (name) => {
    await using setup = await start();
    const { memory } = setup.host;
    const load = (asked: string) => (asked.includes(name) ? new Promise<null>(() => {}) : memory.load(asked));
    const ready = siaDc09.open(setup.options, { ...setup.host, memory: { ...memory, load } });
    const sending = ready.page(page, endless);
    await pass(setup.clock, pagedAt + second);
    // A journal is asked for once more.
    await pass(setup.clock, pagedAt + 2 * second);
    await sending;
    expect(setup.centre.events).toHaveLength(1);
  });

  it.each(["offset", "book"])("who gives up while it is read (%s) is obeyed, and nothing is sent", async (name) => {
    await using setup = await start();
    const { memory } = setup.host;
    const load = (asked: string) => (asked.includes(name) ? new Promise<null>(() => {}) : memory.load(asked));
    const ready = siaDc09.open(setup.options, { ...setup.host, memory: { ...memory, load } });
    const stopped = new AbortController();
    const sending = reasonOf(ready.page(page, stopped.signal));
    await settle();
    stopped.abort();
    expect(await sending).toBe("unreachable");
    expect(setup.centre.events).toHaveLength(0);
  });

  it("who gives up while the journal is asked for again leaves that to the next", async () => {
    await using setup = await start();
    const { memory } = setup.host;
    let asked = 0;
    const load = async (name: string) => {
      if (name !== "book") return null;
      asked += 1;
      return new Promise<null>(() => {});
    };
    const ready = siaDc09.open(setup.options, { ...setup.host, memory: { ...memory, load } });
    await pass(setup.clock, pagedAt + second);
    const stopped = new AbortController();
    const first = reasonOf(ready.page(next(1), stopped.signal));
    await settle();
    stopped.abort();
    expect(await first).toBe("unreachable");
    const other = ready.page(next(2), endless);
    await settle();
    expect([asked, setup.centre.events.length]).toEqual([2, 0]);
    await pass(setup.clock, pagedAt + 2 * second);
    await other;
    expect(setup.centre.events).toHaveLength(1);
  });

  it("a number to call back is on no disk, and is not sent by another page's attempt", async () => {
    await using setup = await start({ text: true });
    setup.centre.behave({ kind: "garbage" });
    const number = "+31300000001";
    const address = "Raadhuisplein 12-A";
    const called = next(1, { site: { ...townHall, address, callBack: { kind: "number", number } } });
    await reasonOf(setup.open().page(called, endless));
    const textsOf = () => setup.centre.events.map(({ extended }) => extended.join());
    expect(textsOf()[0]).toContain(number);
    const { pending } = JSON.parse(setup.host.remembered.get("book") ?? "");
    expect(pending).toMatchObject({ frame: "", event: { text: expect.stringContaining(address) } });
    expect(setup.host.remembered.get("book")).not.toContain(number);
    const from = setup.centre.events.length;
    setup.centre.behave({ kind: "ACK" });
    await setup.open().page(next(2), endless);
    const [first] = setup.centre.events.slice(from);
    expect(first?.extended.join()).toContain(address);
    expect(textsOf().slice(from).join()).not.toContain(number);
    expect(first?.sequence).toBe(setup.centre.events[0]?.sequence);
  });

  it("a journal from before the time of a frame was stored in it is read", async () => {
    await using setup = await start();
    setup.centre.behave({ kind: "garbage" });
    await reasonOf(setup.open().page(page, endless));
    const journal = setup.host.remembered.get("book") ?? "";
    setup.host.remembered.set("book", journal.replace(/"stampedAt":\d+,/, ""));
    setup.centre.behave({ kind: "ACK" });
    await setup.open().page(page, endless);
    const [first, again] = setup.centre.events;
    expect(again?.bytes).toEqual(first?.bytes);
  });

  it.each(["not json", "{}", '{"sequence":0}'])("a journal that says %s is begun anew", async (text) => {
    await using setup = await start();
    setup.host.remembered.set("book", text);
    await setup.open().page(page, endless);
    expect(setup.centre.events).toHaveLength(1);
    expect(setup.host.notes).toHaveLength(1);
  });
});
