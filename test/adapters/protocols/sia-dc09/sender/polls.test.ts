import { describe, expect, it } from "vitest";
import { page, pagedAt } from "../../../../contracts/pager-contract.ts";
import { account, endless, key, next, pass, reasonOf, type Settings, second, settle, start } from "./setup.ts";

describe("polls", () => {
  async function supervise(pollEvery: string, settings: Settings = {}) {
    const setup = await start(settings);
    const polled = { host: setup.centre.host, port: setup.centre.port, transport: "tcp", pollEvery } as const;
    const ended = new AbortController();
    const ready = setup.open({ primary: polled });
    const supervising = ready.supervise?.(ended.signal);
    return {
      ...setup,
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
    const setup = await supervise(pollEvery, settings);
    await pass(setup.clock, pagedAt);
    expect(setup.host.parts.get("primary")).toBe("there");
    expect(setup.centre.frames).toMatchObject([{ id: "NULL", sequence: "0000", account }]);
    setup.centre.behave({ kind: "hang" });
    await pass(setup.clock, pagedAt + 8 * second);
    expect(setup.host.parts.get("primary")).toBe("there");
    await pass(setup.clock, pagedAt + 90 * second);
    expect(setup.host.parts.get("primary")).toBe("lost");
    setup.centre.behave({ kind: "ACK" });
    await pass(setup.clock, setup.clock.now() + 71 * second);
    expect(setup.host.parts.get("primary")).toBe("there");
    await setup.end();
    expect(setup.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
    await setup[Symbol.asyncDispose]();
  });

  it("lost one by one do no harm", async () => {
    const setup = await supervise("30s");
    await pass(setup.clock, pagedAt + second);
    setup.centre.behave({ kind: "hang" });
    await pass(setup.clock, pagedAt + 34 * second);
    setup.centre.behave({ kind: "ACK" });
    await pass(setup.clock, pagedAt + 120 * second);
    expect(setup.host.parts.get("primary")).toBe("there");
    expect(setup.host.notes).toEqual([]);
    await setup.end();
    await setup[Symbol.asyncDispose]();
  });

  it.each(["DUH", "bare NAK", "NAK", "garbage"] as const)("answered by %s count as lost", async (kind) => {
    const setup = await supervise("60s");
    setup.centre.behave({ kind });
    await pass(setup.clock, pagedAt + 60 * second);
    expect(setup.host.parts.get("primary")).toBe("lost");
    await setup.end();
    await setup[Symbol.asyncDispose]();
  });

  it("answered by a time that can't be believed are not sent again at once", async () => {
    const setup = await supervise("60s");
    setup.centre.behave({ kind: "raw", text: '00000000"NAK"0000R0L0A0[]_23:59:59,12-31-9999' });
    await pass(setup.clock, pagedAt + second);
    expect(setup.centre.frames).toHaveLength(1);
    await pass(setup.clock, pagedAt + 60 * second);
    expect(setup.host.parts.get("primary")).toBe("lost");
    await setup.end();
    await setup[Symbol.asyncDispose]();
  });

  it("learn the clock, so that a page is right the first time", async () => {
    const setup = await supervise("60s");
    setup.centre.clockOffsetMs = -300 * second;
    await pass(setup.clock, pagedAt);
    expect(setup.host.parts.get("primary")).toBe("there");
    await setup.ready.page(page, endless);
    expect(setup.centre.answers).toEqual(["NAK", "ACK", "ACK"]);
    await setup.end();
    await setup[Symbol.asyncDispose]();
  });

  it("are answered while a page hangs, and a lost receiver comes second", async () => {
    await using setup = await start();
    const ended = new AbortController();
    const ready = setup.open({
      primary: { host: setup.centre.host, port: setup.centre.port, transport: "tcp", pollEvery: "10s" },
      secondary: { ...setup.secondary, transport: "tcp", pollEvery: "never" },
    });
    const supervising = ready.supervise?.(ended.signal);
    setup.centre.behave({ kind: "hang" });
    setup.centre.behaveToPolls({ kind: "ACK" });
    const stopped = new AbortController();
    const sending = reasonOf(ready.page(next(1), stopped.signal));
    await settle();
    expect(setup.host.parts.get("primary")).toBe("there");
    stopped.abort();
    await sending;
    setup.centre.behaveToPolls({ kind: "hang" });
    await pass(setup.clock, pagedAt + 60 * second);
    expect(setup.host.parts.get("primary")).toBe("lost");
    expect(setup.host.parts.has("secondary")).toBe(false);
    const before = setup.centre.events.length;
    await ready.page(next(1), endless);
    expect([setup.centre.events.length, setup.second.events.length]).toEqual([before, 2]);
    ended.abort();
    await supervising;
    expect(setup.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
  });

  it("are not sent where nobody asks for them", async () => {
    await using setup = await start();
    await setup.open().supervise?.(endless);
    expect(setup.centre.frames).toEqual([]);
  });
});
