import { describe, expect, it } from "vitest";
import type { siaDc09 } from "../../../../../adapters/pagers/sia-dc09.ts";
import { page, pagedAt } from "../../../../contracts/pager-contract.ts";
import { startAlarmCentre } from "../../../../fakes/alarm-centre.ts";
import { endless, key, keyBytes, next, pass, reasonOf, second, sequencesOf, start } from "./setup.ts";

const characters = { key: Buffer.from(key) };
type Ready = ReturnType<typeof siaDc09.open>;

/** A receiver elsewhere, or in the place of one that is gone. */
const startOther = (now: () => number, port: number, other = characters.key) =>
  startAlarmCentre({ now, port, key: other });

/** Polls until that is called, and then no more. */
function supervise(ready: Ready): () => Promise<void> {
  const ended = new AbortController();
  const supervising = ready.supervise?.(ended.signal);
  return async () => {
    ended.abort();
    await supervising;
  };
}

describe("a receiver that takes the key's 32 digits for 32 characters", () => {
  it.each(["nothing", "NAK", "DUH", "ACK in clear"] as const)(
    "and says %s to what it can't decrypt is found by the polls",
    async (refusal) => {
      await using setup = await start({ key }, pagedAt, { ...characters, refusal });
      const primary = { ...setup.options.primary, pollEvery: "60s" };
      const end = supervise(setup.open({ primary }));
      await pass(setup.clock, pagedAt + 3 * second);
      expect(setup.host.parts.get("primary")).toBe("there");
      const inVain = setup.centre.damaged;
      await end();
      // Also after a restart, without a poll.
      const ready = setup.open();
      await ready.page(page, endless);
      expect(setup.centre.events).toHaveLength(1);
      expect(setup.centre.damaged).toBe(inVain);
      expect(setup.host.notes).toEqual([
        { event: "alarm-centre-key-read-otherwise", facts: { receiver: "primary", reading: "characters" } },
      ]);
    },
  );

  it("and says NAK to polls takes the page itself, at once", async () => {
    await using setup = await start({ key, text: true }, pagedAt, { ...characters, maxExtended: 0, refusal: "NAK" });
    await setup.open().page(next(1), endless);
    expect(setup.clock.now()).toBe(pagedAt);
    // In vain: whole and bare by the digits.
    expect(setup.centre.damaged).toBe(2);
    expect(setup.centre.answers).toEqual(["NAK", "ACK"]);
    expect(new Set(sequencesOf(setup.centre)).size).toBe(1);
    await setup.open().page(next(2), endless);
    expect(setup.centre.damaged).toBe(2);
  });

  it("and acknowledges by it what it can't decrypt is not believed, and takes the page too", async () => {
    await using setup = await start({ key, text: true }, pagedAt, { ...characters, refusal: "ACK" });
    await setup.open().page(page, endless);
    expect(setup.clock.now()).toBe(pagedAt);
    expect([setup.centre.damaged, setup.centre.events.length]).toEqual([1, 1]);
  });

  it("has a page that is on its way already encrypted anew, under the same number", async () => {
    await using setup = await start({ key }, pagedAt, characters);
    const ready = setup.open({ primary: { ...setup.options.primary, pollEvery: "60s" } });
    const sending = reasonOf(ready.page(page, endless));
    await pass(setup.clock, pagedAt + 12 * second);
    expect(await sending).toBe("unreachable");
    expect(setup.centre.damaged).toBe(4);
    const [, number] = /"sequence":(\d+)/.exec([...setup.host.remembered.values()].join()) ?? [];
    const end = supervise(ready);
    await pass(setup.clock, setup.clock.now() + 3 * second);
    await ready.page(page, endless);
    expect(sequencesOf(setup.centre)).toEqual([number?.padStart(4, "0")]);
    await end();
  });

  it("teaches what the other is tried with first, which may differ all the same", async () => {
    await using setup = await start({ key }, pagedAt, characters);
    const { host, port } = setup.second;
    const end = supervise(setup.open({ primary: { ...setup.options.primary, pollEvery: "60s" } }));
    await pass(setup.clock, pagedAt + 3 * second);
    await end();
    const alone = { ...setup.options.primary, host, port };
    await setup.centre[Symbol.asyncDispose]();
    setup.centre[Symbol.asyncDispose] = async () => {};
    await setup.open({ secondary: alone }).page(page, endless);
    expect([setup.second.events.length, setup.second.damaged]).toEqual([1, 0]);
  });
});

describe("what is known of the key", () => {
  it("is not given up for a poll that is lost", async () => {
    await using setup = await start({ key });
    const end = supervise(setup.open({ primary: { ...setup.options.primary, pollEvery: "10s" } }));
    await pass(setup.clock, pagedAt + second);
    setup.centre.behave({ kind: "hang" });
    await pass(setup.clock, pagedAt + 20 * second);
    setup.centre.behave({ kind: "ACK" });
    await pass(setup.clock, pagedAt + 60 * second);
    expect(setup.host.parts.get("primary")).toBe("there");
    expect([setup.centre.damaged, setup.host.notes.length]).toEqual([0, 0]);
    await end();
  });

  it("is looked into again when the receiver is lost, in case another stands in its place", async () => {
    await using setup = await start({ key }, pagedAt, { key: keyBytes });
    const { host, port } = setup.centre;
    const ready = setup.open({ primary: { ...setup.options.primary, pollEvery: "10s" } });
    const end = supervise(ready);
    await pass(setup.clock, pagedAt + second);
    expect(setup.host.parts.get("primary")).toBe("there");
    await setup.centre[Symbol.asyncDispose]();
    setup.centre[Symbol.asyncDispose] = async () => {};
    await using other = await startOther(() => setup.clock.now(), port);
    expect([other.host, other.port]).toEqual([host, port]);
    await pass(setup.clock, pagedAt + 60 * second);
    expect(setup.host.notes.map(({ event }) => event)).toEqual([
      "alarm-centre-receiver-lost",
      "alarm-centre-key-read-otherwise",
    ]);
    expect(setup.host.parts.get("primary")).toBe("there");
    await ready.page(page, endless);
    expect(other.events).toHaveLength(1);
    await end();
  });

  it.each(["not json", '{"keys":"of others","known":{"primary":"characters"}}', '{"keys":"","known":{"primary":2}}'])(
    "is not what stands on disk as %s",
    async (text) => {
      await using setup = await start({ key });
      setup.host.remembered.set("key reading", text);
      await setup.open().page(page, endless);
      expect([setup.centre.events.length, setup.centre.damaged]).toEqual([1, 0]);
    },
  );

  it("holds for the key that is configured, and not for the one after it", async () => {
    const later = "ffeeddccbbaa99887766554433221100";
    await using setup = await start({ key }, pagedAt, { ...characters, refusal: "NAK" });
    await setup.open().page(next(1), endless);
    await using other = await startOther(() => setup.clock.now(), 0, Buffer.from(later, "hex"));
    const primary = { ...setup.options.primary, port: other.port };
    await setup.open({ key: later, primary }).page(next(2), endless);
    expect([other.events.length, other.damaged]).toEqual([1, 0]);
  });

  it("needs no second poll where the text can be read in one way only", async () => {
    await using setup = await start({ key: "sleutel van 24 tekens!!!" }, pagedAt, { refusal: "NAK" });
    const end = supervise(setup.open({ primary: { ...setup.options.primary, pollEvery: "60s" } }));
    await pass(setup.clock, pagedAt + second);
    // One, and one with the receiver's time.
    expect(setup.centre.damaged).toBe(2);
    expect([...setup.host.remembered.keys()]).toEqual([]);
    await end();
  });

  it("is on disk without the key", async () => {
    await using setup = await start({ key }, pagedAt, { ...characters, refusal: "NAK" });
    await setup.open().page(page, endless);
    const text = setup.host.remembered.get("key reading") ?? "";
    expect(JSON.parse(text)).toEqual({ keys: expect.any(String), known: { primary: "characters" } });
    expect(text).not.toContain(key);
  });
});
