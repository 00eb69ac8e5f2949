import { describe, expect, it } from "vitest";
import { page, pagedAt } from "../../../../contracts/pager-contract.ts";
import { bytesOf, endless, next, pass, reasonOf, second, settle, start } from "./centre-house.ts";

describe("two receivers", () => {
  it("take turns: who says nothing is left for the other after three seconds", async () => {
    await using house = await start();
    house.centre.behave({ kind: "hang" });
    house.second.behave({ kind: "hang" });
    const ready = house.open({ secondary: { ...house.secondary, transport: "udp" } });
    const arrivals = [house.centre, house.second, house.centre, house.second];
    let arrived = arrivals[0]?.received();
    const sending = reasonOf(ready.page(page, endless));
    for (const [index] of arrivals.entries()) {
      await arrived;
      arrived = arrivals[index + 1]?.received();
      await settle();
      expect(house.clock.nextAt - house.clock.now()).toBe(2900);
      house.clock.to(house.clock.nextAt);
    }
    expect(await sending).toBe("unreachable");
    expect(house.clock.now() - pagedAt).toBeLessThanOrEqual(ready.timeoutMs);
    expect(new Set([...bytesOf(house.centre), ...bytesOf(house.second)]).size).toBe(1);
    expect([house.centre.events.length, house.second.events.length]).toEqual([2, 2]);
    expect(house.second.events[0]?.at).toBe("udp");
    expect(house.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([["nobody listens"], ["garbage"], ["reset"], ["bare NAK"], ["ACK of another"]] as const)(
    "the other is taken when at the first: %s",
    async (kind) => {
      await using house = await start();
      if (kind === "nobody listens") await house.centre[Symbol.asyncDispose]();
      else house.centre.behave({ kind });
      expect(await house.open({ secondary: { ...house.secondary, transport: "tcp" } }).page(page, endless)).toEqual({
        acceptedAt: pagedAt,
      });
      expect(house.second.events).toHaveLength(1);
      if (kind === "nobody listens") house.centre[Symbol.asyncDispose] = async () => {};
    },
  );

  it("many pages at once lose 3 s to one that says nothing, all together, and it comes second for a minute", async () => {
    await using house = await start();
    house.centre.behave({ kind: "hang" });
    const ready = house.open({ secondary: { ...house.secondary, transport: "tcp" } });
    const sending = [1, 2, 3, 4, 5, 6].map((number) => ready.page(next(number), endless));
    await pass(house.clock, pagedAt + 2900);
    expect(new Set((await Promise.all(sending)).map(({ acceptedAt }) => acceptedAt))).toEqual(
      new Set([pagedAt + 2900]),
    );
    expect([house.centre.events.length, house.second.events.length]).toEqual([1, 6]);
    house.centre.behave({ kind: "ACK" });
    house.clock.to(pagedAt + 62 * second);
    await ready.page(next(7), endless);
    expect(house.second.events).toHaveLength(7);
    house.clock.to(pagedAt + 63 * second);
    await ready.page(next(8), endless);
    expect(house.centre.events).toHaveLength(2);
  });

  it("one that said nothing is the first again as soon as it answers", async () => {
    await using house = await start();
    house.centre.behave({ kind: "hang" });
    const ready = house.open({ secondary: { ...house.secondary, transport: "tcp" } });
    const sending = ready.page(next(1), endless);
    await pass(house.clock, pagedAt + 2900);
    await sending;
    house.centre.behave({ kind: "ACK" });
    house.second.behave({ kind: "garbage" });
    await ready.page(next(2), endless);
    expect(house.second.answers).toEqual(["ACK", "garbage"]);
    await ready.page(next(3), endless);
    expect(house.second.answers).toEqual(["ACK", "garbage"]);
  });
});
