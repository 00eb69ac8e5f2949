import { describe, expect, it } from "vitest";
import { page, pagedAt } from "../../../../contracts/pager-contract.ts";
import { account, endless, key, next, pass, reasonOf, type Settings, second, settle, start } from "./centre-house.ts";

describe("polls", () => {
  async function watch(pollEvery: string, settings: Settings = {}) {
    const house = await start(settings);
    const polled = { host: house.centre.host, port: house.centre.port, transport: "tcp", pollEvery } as const;
    const ended = new AbortController();
    const ready = house.open({ primary: polled });
    const supervising = ready.supervise?.(ended.signal);
    return {
      ...house,
      ready,
      async end() {
        ended.abort();
        await supervising;
      },
    };
  }

  it.each([
    ["10s", {}],
    ["60s", { key }],
    ["70s", {}],
  ])("every %s say that a receiver is lost within 90 s, and that it is there again", async (pollEvery, settings) => {
    const house = await watch(pollEvery, settings);
    await pass(house.clock, pagedAt);
    expect(house.host.parts.get("primary")).toBe("there");
    expect(house.centre.frames).toMatchObject([{ id: "NULL", sequence: "0000", account }]);
    house.centre.behave({ kind: "hang" });
    await pass(house.clock, pagedAt + 8 * second);
    expect(house.host.parts.get("primary")).toBe("there");
    await pass(house.clock, pagedAt + 90 * second);
    expect(house.host.parts.get("primary")).toBe("lost");
    house.centre.behave({ kind: "ACK" });
    await pass(house.clock, house.clock.now() + 71 * second);
    expect(house.host.parts.get("primary")).toBe("there");
    await house.end();
    expect(house.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
    await house[Symbol.asyncDispose]();
  });

  it("lost one by one do no harm", async () => {
    const house = await watch("30s");
    await pass(house.clock, pagedAt + second);
    house.centre.behave({ kind: "hang" });
    await pass(house.clock, pagedAt + 34 * second);
    house.centre.behave({ kind: "ACK" });
    await pass(house.clock, pagedAt + 120 * second);
    expect(house.host.parts.get("primary")).toBe("there");
    expect(house.host.notes).toEqual([]);
    await house.end();
    await house[Symbol.asyncDispose]();
  });

  it.each(["DUH", "bare NAK", "NAK", "garbage"] as const)("answered by %s count as lost", async (kind) => {
    const house = await watch("60s");
    house.centre.behave({ kind });
    await pass(house.clock, pagedAt + 60 * second);
    expect(house.host.parts.get("primary")).toBe("lost");
    await house.end();
    await house[Symbol.asyncDispose]();
  });

  it("answered by a time that can't be believed are not sent again at once", async () => {
    const house = await watch("60s");
    house.centre.behave({ kind: "raw", text: '00000000"NAK"0000R0L0A0[]_23:59:59,12-31-9999' });
    await pass(house.clock, pagedAt + second);
    expect(house.centre.frames).toHaveLength(1);
    await pass(house.clock, pagedAt + 60 * second);
    expect(house.host.parts.get("primary")).toBe("lost");
    await house.end();
    await house[Symbol.asyncDispose]();
  });

  it("learn the clock, so that a page is right the first time", async () => {
    const house = await watch("60s");
    house.centre.clockOffsetMs = -300 * second;
    await pass(house.clock, pagedAt);
    expect(house.host.parts.get("primary")).toBe("there");
    await house.ready.page(page, endless);
    expect(house.centre.answers).toEqual(["NAK", "ACK", "ACK"]);
    await house.end();
    await house[Symbol.asyncDispose]();
  });

  it("are answered while a page hangs, and a lost receiver comes second", async () => {
    await using house = await start();
    const ended = new AbortController();
    const ready = house.open({
      primary: { host: house.centre.host, port: house.centre.port, transport: "tcp", pollEvery: "10s" },
      secondary: { ...house.secondary, transport: "tcp", pollEvery: "never" },
    });
    const supervising = ready.supervise?.(ended.signal);
    house.centre.behave({ kind: "hang" });
    house.centre.behaveToPolls({ kind: "ACK" });
    const stopped = new AbortController();
    const sending = reasonOf(ready.page(next(1), stopped.signal));
    await settle();
    expect(house.host.parts.get("primary")).toBe("there");
    stopped.abort();
    await sending;
    house.centre.behaveToPolls({ kind: "hang" });
    await pass(house.clock, pagedAt + 60 * second);
    expect(house.host.parts.get("primary")).toBe("lost");
    expect(house.host.parts.has("secondary")).toBe(false);
    const before = house.centre.events.length;
    await ready.page(next(1), endless);
    expect([house.centre.events.length, house.second.events.length]).toEqual([before, 2]);
    ended.abort();
    await supervising;
    expect(house.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
  });

  it("are not sent where nobody asks for them", async () => {
    await using house = await start();
    await house.open().supervise?.(endless);
    expect(house.centre.frames).toEqual([]);
  });
});
