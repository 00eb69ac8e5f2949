import { describe, expect, it } from "vitest";
import { page, pagedAt } from "../../../../contracts/pager-contract.ts";
import { bytesOf, endless, next, pass, reasonOf, second, settle, start } from "./setup.ts";

describe("two receivers", () => {
  it("take turns: who says nothing is left for the other after three seconds", async () => {
    await using setup = await start();
    setup.centre.behave({ kind: "hang" });
    setup.second.behave({ kind: "hang" });
    const ready = setup.open({ secondary: { ...setup.secondary, transport: "udp" } });
    const arrivals = [setup.centre, setup.second, setup.centre, setup.second];
    let arrived = arrivals[0]?.received();
    const sending = reasonOf(ready.page(page, endless));
    for (const [index] of arrivals.entries()) {
      await arrived;
      arrived = arrivals[index + 1]?.received();
      await settle();
      expect(setup.clock.nextAt - setup.clock.now()).toBe(2900);
      setup.clock.to(setup.clock.nextAt);
    }
    expect(await sending).toBe("unreachable");
    expect(setup.clock.now() - pagedAt).toBeLessThanOrEqual(ready.timeoutMs);
    expect(new Set([...bytesOf(setup.centre), ...bytesOf(setup.second)]).size).toBe(1);
    expect([setup.centre.events.length, setup.second.events.length]).toEqual([2, 2]);
    expect(setup.second.events[0]?.at).toBe("udp");
    expect(setup.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([["nobody listens"], ["garbage"], ["reset"], ["bare NAK"], ["ACK of another"]] as const)(
    "the other is taken when at the first: %s",
    async (kind) => {
      await using setup = await start();
      if (kind === "nobody listens") await setup.centre[Symbol.asyncDispose]();
      else setup.centre.behave({ kind });
      expect(await setup.open({ secondary: { ...setup.secondary, transport: "tcp" } }).page(page, endless)).toEqual({
        acceptedAt: pagedAt,
      });
      expect(setup.second.events).toHaveLength(1);
      if (kind === "nobody listens") setup.centre[Symbol.asyncDispose] = async () => {};
    },
  );

  it("many pages at once lose 3 s to one that says nothing, all together, and it comes second for a minute", async () => {
    await using setup = await start();
    setup.centre.behave({ kind: "hang" });
    const ready = setup.open({ secondary: { ...setup.secondary, transport: "tcp" } });
    const sending = [1, 2, 3, 4, 5, 6].map((number) => ready.page(next(number), endless));
    await pass(setup.clock, pagedAt + 2900);
    expect(new Set((await Promise.all(sending)).map(({ acceptedAt }) => acceptedAt))).toEqual(
      new Set([pagedAt + 2900]),
    );
    expect([setup.centre.events.length, setup.second.events.length]).toEqual([1, 6]);
    setup.centre.behave({ kind: "ACK" });
    setup.clock.to(pagedAt + 62 * second);
    await ready.page(next(7), endless);
    expect(setup.second.events).toHaveLength(7);
    setup.clock.to(pagedAt + 63 * second);
    await ready.page(next(8), endless);
    expect(setup.centre.events).toHaveLength(2);
  });

  it("one that said nothing is the first again as soon as it answers", async () => {
    await using setup = await start();
    setup.centre.behave({ kind: "hang" });
    const ready = setup.open({ secondary: { ...setup.secondary, transport: "tcp" } });
    const sending = ready.page(next(1), endless);
    await pass(setup.clock, pagedAt + 2900);
    await sending;
    setup.centre.behave({ kind: "ACK" });
    setup.second.behave({ kind: "garbage" });
    await ready.page(next(2), endless);
    expect(setup.second.answers).toEqual(["ACK", "garbage"]);
    await ready.page(next(3), endless);
    expect(setup.second.answers).toEqual(["ACK", "garbage"]);
  });
});
