import { describe, expect, it } from "vitest";
import { page, pagedAt } from "../../../../contracts/pager-contract.ts";
import { endless, key, keyBytes, next, pass, reasonOf, second, sequencesOf, settle, start } from "./setup.ts";

const both = { text: true, position: true } as const;
const full = ["ISpreekkamer 3, Begane grond, links van de balie", "X005E42.0000", "Y52N30.0000"];
const extendedOf = ({ events }: { events: readonly { extended: readonly string[] }[] }) =>
  events.map(({ extended }) => [...extended]);

describe("a receiver that reads one extended field at most", () => {
  describe.each(["tcp", "udp"] as const)("over %s", (transport) => {
    it.each([
      ["NAK", "SIA-DCS", {}],
      ["NAK", "ADM-CID", { key }],
      ["DUH", "SIA-DCS", { key }],
      ["DUH", "ADM-CID", {}],
    ] as const)("and says %s to more: %s %j is taken bare at once", async (refusal, protocol, sealed) => {
      await using setup = await start({ ...both, ...sealed, protocol }, pagedAt, { maxExtended: 1, refusal });
      const primary = { ...setup.options.primary, transport };
      expect(await setup.open({ primary }).page(page, endless)).toEqual({ acceptedAt: pagedAt });
      expect(setup.centre.answers).toEqual([refusal, "ACK"]);
      expect(extendedOf(setup.centre)).toEqual([full, []]);
      expect(new Set(sequencesOf(setup.centre)).size).toBe(1);
      expect(new Set(setup.centre.events.map(({ data }) => data)).size).toBe(1);
      expect(setup.host.notes).toEqual([{ event: "alarm-centre-event-taken-bare", facts: { receiver: "primary" } }]);
    });
  });

  it("and has another clock is told the time first, and then all but the rest", async () => {
    await using setup = await start({ ...both, key }, pagedAt, { maxExtended: 1, refusal: "NAK" });
    setup.centre.clockOffsetMs = 3600 * second;
    await setup.open().page(next(1), endless);
    expect(extendedOf(setup.centre)).toEqual([full, full, []]);
    await setup.open().page(next(2), endless);
    expect(extendedOf(setup.centre).slice(3)).toEqual([full, []]);
  });

  it("gets a field as long as there is one only", async () => {
    await using setup = await start({ text: true }, pagedAt, { maxExtended: 1, refusal: "NAK" });
    await setup.open().page(page, endless);
    expect(extendedOf(setup.centre)).toEqual([full.slice(0, 1)]);
    expect(setup.host.notes).toEqual([]);
  });
});

describe("receivers that say nothing to what they can't read", () => {
  it("get the event bare once each of them was tried, within the time of one page", async () => {
    await using setup = await start(both, pagedAt, { maxExtended: 1 });
    const ready = setup.open({ secondary: { ...setup.secondary, transport: "udp" } });
    const sending = ready.page(next(1), endless);
    await pass(setup.clock, pagedAt + 2 * 2900);
    expect(await sending).toEqual({ acceptedAt: pagedAt + 2 * 2900 });
    expect([extendedOf(setup.centre), extendedOf(setup.second)]).toEqual([[full, []], [full]]);
    expect(new Set([...sequencesOf(setup.centre), ...sequencesOf(setup.second)]).size).toBe(1);
    // The next alarm is tried with all of it again.
    const other = ready.page(next(2), endless);
    await pass(setup.clock, setup.clock.now() + 2 * 2900);
    await other;
    expect(extendedOf(setup.second)).toContainEqual(full);
    expect(
      extendedOf(setup.centre)
        .concat(extendedOf(setup.second))
        .filter(({ length }) => length === 0),
    ).toHaveLength(2);
  });

  it("alone get it bare after the second try", async () => {
    await using setup = await start(both, pagedAt, { maxExtended: 1 });
    const sending = setup.open().page(page, endless);
    await pass(setup.clock, pagedAt + 2 * 2900);
    await sending;
    expect(extendedOf(setup.centre)).toEqual([full, full, []]);
  });

  it("not even to that cost no more time than before", async () => {
    await using setup = await start(both, pagedAt, { maxExtended: -1 });
    const ready = setup.open({ secondary: { ...setup.secondary, transport: "tcp" } });
    const sending = reasonOf(ready.page(page, endless));
    await pass(setup.clock, pagedAt + ready.timeoutMs);
    expect(await sending).toBe("unreachable");
    expect([extendedOf(setup.centre), extendedOf(setup.second)]).toEqual([
      [full, []],
      [full, []],
    ]);
    expect(setup.clock.nextAt).toBe(Number.POSITIVE_INFINITY);
  });

  it("to the bare one after a NAK leave the other receiver its turn in time", async () => {
    await using setup = await start(both);
    setup.centre.behave({ kind: "bare NAK" });
    const ready = setup.open({ secondary: { ...setup.secondary, transport: "tcp" } });
    const refused = setup.centre.received();
    const sending = ready.page(page, endless);
    await refused;
    setup.centre.behave({ kind: "hang" });
    await settle();
    await pass(setup.clock, pagedAt + 2900);
    expect(await sending).toEqual({ acceptedAt: pagedAt + 2900 });
    expect(extendedOf(setup.second)).toEqual([full]);
  });
});

describe("a receiver that does not take the bare event either", () => {
  it.each([
    ["NAK", "unreachable"],
    ["DUH", "refused"],
  ] as const)("is believed when it says %s", async (refusal, reason) => {
    await using setup = await start(both, pagedAt, { maxExtended: -1, refusal });
    expect(await reasonOf(setup.open().page(page, endless))).toBe(reason);
    expect(extendedOf(setup.centre)).toEqual([full, []]);
    expect(setup.clock.now()).toBe(pagedAt);
  });
});

it("what is on disk is the whole event, which goes first again after a restart", async () => {
  await using setup = await start({ ...both, key }, pagedAt, { key: keyBytes, maxExtended: 1, refusal: "NAK" });
  setup.centre.behave({ kind: "garbage" });
  const arrived = setup.centre.received();
  const sending = reasonOf(setup.open().page(page, endless));
  await arrived;
  expect(await sending).toBe("unreachable");
  setup.centre.behave({ kind: "ACK" });
  await setup.open().page(page, endless);
  expect(extendedOf(setup.centre).at(-1)).toEqual([]);
  expect(new Set(sequencesOf(setup.centre)).size).toBe(1);
});
