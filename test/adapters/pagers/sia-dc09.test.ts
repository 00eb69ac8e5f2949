import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { siaDc09 as listener } from "../../../adapters/listeners/sia-dc09.ts";
import { siaDc09 } from "../../../adapters/pagers/sia-dc09.ts";
import type { Page } from "../../../bot/contracts.ts";
import { DeliveryError } from "../../../bot/errors.ts";
import type { Alarm } from "../../../bot/incident/alarm.ts";
import { type AnswerCase, type Behaviour, page, pagedAt, pagerContract } from "../../contracts/pager-contract.ts";
import { type AlarmCentre, type CentreMode, startAlarmCentre } from "../../fakes/alarm-centre.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { createPagerHost } from "../../fakes/pager-host.ts";

type Options = z.infer<typeof siaDc09.Options>;
type Settings = Omit<Partial<Options>, "primary" | "secondary" | "codes"> & {
  readonly codes?: Partial<Options["codes"]>;
};
const second = 1000;
const key = "00112233445566778899aabbccddeeff";
const keyBytes = Buffer.from(key, "hex");
const account = "5A5A77";
const never = { pollEvery: "never" } as const;
const endless = new AbortController().signal;

const answers: readonly AnswerCase[] = (
  [
    ["ACK", null],
    ["DUH", "refused"],
    ["NAK", "unreachable"],
    ["NAK without clock", "unreachable"],
    ["bare NAK", "unreachable"],
    ["ACK of another", "unreachable"],
    // Last, since it ends what those above left on its way: the next page would bring that to its end first.
    ["RSP", null],
  ] as const
).map(([answer, reason]) => ({ behaviour: { kind: "answer", answer }, reason }));

/** In clear, anybody could acknowledge. */
const sealedAnswers: readonly AnswerCase[] = [
  { behaviour: { kind: "answer", answer: "ACK in clear" }, reason: "unreachable" },
  ...answers,
];

function toMode(behaviour: Behaviour): CentreMode {
  if (behaviour.kind === "status") throw new Error("DC-09 has no status");
  if (behaviour.kind === "answer") return { kind: behaviour.answer } as CentreMode;
  if (behaviour.kind === "ok") return { kind: "ACK" };
  return { kind: behaviour.kind === "reset-after-body" ? "reset" : behaviour.kind };
}

function contractOf(name: string, settings: Settings, cases = answers) {
  const transport = name.includes("UDP") ? "udp" : "tcp";
  pagerContract(
    name,
    siaDc09,
    async () => {
      const centre = await startAlarmCentre({
        now: () => pagedAt,
        ...(settings.key === undefined ? {} : { key: keyBytes }),
      });
      const { host, port } = centre;
      return {
        options: siaDc09.Options.parse({ ...settings, primary: { host, port, transport, ...never } }),
        behave: (behaviour) => centre.behave(toMode(behaviour)),
        received: () => centre.received(),
        get keys() {
          return centre.frames.map(({ bytes }) => bytes.toString("latin1"));
        },
        secrets: [key, account, `${host}:${port}`, String(port)],
        [Symbol.asyncDispose]: () => centre[Symbol.asyncDispose](),
      };
    },
    cases,
  );
}

contractOf("sia-dc09 over TCP", { account });
contractOf("sia-dc09 over TCP, encrypted", { account, key, protocol: "ADM-CID" }, sealedAnswers);

/** A sender, its alarm centre and the house around it. */
async function start(settings: Settings = {}, startAt = pagedAt) {
  const clock = new FakeClock(startAt);
  const host = createPagerHost(clock);
  const sealed = settings.key === undefined ? {} : { key: keyBytes };
  const centre = await startAlarmCentre({ now: () => clock.now(), ...sealed });
  const second = await startAlarmCentre({ now: () => clock.now(), ...sealed });
  const options = siaDc09.Options.parse({
    account,
    primary: { host: centre.host, port: centre.port, ...never },
    ...settings,
  });
  return {
    clock,
    host,
    centre,
    second,
    options,
    secondary: { host: second.host, port: second.port, ...never },
    open: (more: Partial<Options> = {}) => siaDc09.open(siaDc09.Options.parse({ ...options, ...more }), host),
    async [Symbol.asyncDispose]() {
      await centre[Symbol.asyncDispose]();
      await second[Symbol.asyncDispose]();
    },
  };
}

/** Nothing waits any more for what can happen without time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function reasonOf(sending: Promise<unknown>): Promise<string> {
  const error = await sending.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`no DeliveryError: ${error}`);
  return error.reason;
}

const next = (number: number, parts: Partial<Page> = {}): Page => ({
  ...page,
  key: `i-9-1-${number}`,
  page: `i-9-1-${number}`,
  ...parts,
});
const sequencesOf = ({ events }: AlarmCentre) => events.map(({ sequence }) => sequence);
const bytesOf = ({ events }: AlarmCentre) => events.map(({ bytes }) => bytes.toString("latin1"));
const witnessed = { ...page.incident, verification: "witnessed" } as const;

describe("the settings", () => {
  const least = { account: "1A2b", primary: { host: "pac.example.nl", port: 12000 } };

  it("are filled up, and the same a second time", () => {
    const read = siaDc09.Options.parse(least);
    expect(read).toEqual({
      account: "1A2b",
      protocol: "SIA-DCS",
      primary: { host: "pac.example.nl", port: 12000, transport: "tcp", pollEvery: "60s" },
      codes: { zone: "0", partition: "1" },
      position: false,
      text: false,
    });
    expect(siaDc09.Options.parse(read)).toEqual(read);
  });

  it.each([
    { account: "12" },
    { account: "12345678901234567" },
    { account: "#1234" },
    { key: "secret of no length" },
    { protocol: "SIA" },
    { primary: { ...least.primary, pollEvery: "71s" } },
    { primary: { ...least.primary, pollEvery: "2m" } },
    { primary: { ...least.primary, pollEvery: "1s" } },
    { primary: { ...least.primary, pollEvery: "sometimes" } },
    { primary: { ...least.primary, host: "[::1]" } },
    { primary: { ...least.primary, extra: 1 } },
    { codes: { panic: "120" } },
    { protocol: "ADM-CID", codes: { panic: "PA" } },
    { codes: { test: "PA" } },
    { codes: { callOff: "PA" } },
    { codes: { panic: "RX" } },
    { protocol: "ADM-CID", codes: { panic: "3120" } },
    { codes: { zone: "1234" } },
    { nothing: "of ours" },
  ])("%j is refused, without a secret in the words", (parts) => {
    const { error } = siaDc09.Options.safeParse({ ...least, ...parts });
    expect(error).toBeDefined();
    expect(String(error)).not.toContain("secret of no length");
  });

  it("say where it sends to, and that it is in clear without a key", () => {
    const options = siaDc09.Options.parse({ ...least, secondary: { host: "10.0.0.9", port: 1 } });
    expect(siaDc09.addresses(options)).toEqual([
      { host: "pac.example.nl", isPlain: true },
      { host: "10.0.0.9", isPlain: true },
    ]);
    expect(siaDc09.addresses({ ...options, key })[0]).toEqual({ host: "pac.example.nl", isPlain: false });
  });

  it.each(["tcp", "udp"] as const)("of a forbidden address send nothing over %s", async (transport) => {
    await using house = await start();
    const ready = house.open({ primary: { host: "169.254.169.254", port: 80, transport, ...never } });
    expect(await reasonOf(ready.page(page, endless))).toBe("misconfigured");
  });
});

describe("what is sent", () => {
  it.each([
    ["SIA-DCS", {}, {}, "Nri1/PA000"],
    ["ADM-CID", {}, {}, "1120 01 000"],
    ["SIA-DCS", { panic: "HA", zone: "7", partition: "3" }, {}, "Nri3/HA007"],
    ["ADM-CID", { panic: "122", zone: "42", partition: "12" }, {}, "1122 12 042"],
    ["SIA-DCS", {}, { reason: "test" }, "Nri1/RX000"],
    ["ADM-CID", {}, { reason: "test" }, "1601 01 000"],
    ["SIA-DCS", { test: "TX" }, { reason: "test" }, "Nri1/TX000"],
  ] as const)("%s %j of a page %j is %s", async (protocol, codes, parts, data) => {
    await using house = await start({ protocol, codes });
    await house.open().page({ ...page, ...parts }, endless);
    expect(house.centre.events).toMatchObject([
      { id: protocol, account, data, extended: [], sentAt: pagedAt, at: "tcp" },
    ]);
  });

  it.each([
    ["aes-128", key],
    ["aes-192", "sleutel van 24 tekens!!!"],
    ["aes-256", "een sleutel van 32 tekens, echt!"],
  ])("is encrypted by %s, over UDP too", async (_name, secret) => {
    const bytes = secret === key ? keyBytes : Buffer.from(secret);
    await using centre = await startAlarmCentre({ now: () => pagedAt, key: bytes });
    const { host, port } = centre;
    for (const transport of ["tcp", "udp"] as const) {
      const settings = { account, key: secret, primary: { host, port, transport, ...never } };
      const ready = siaDc09.open(siaDc09.Options.parse(settings), createPagerHost(new FakeClock(pagedAt)));
      await ready.page(page, endless);
      expect(centre.events.at(-1)).toMatchObject({ data: "Nri1/PA000", at: transport });
      expect(centre.events.at(-1)?.bytes.toString("latin1")).not.toContain("PA000");
    }
  });

  it("has place and position only where the account says so", async () => {
    await using house = await start({ position: true, text: true });
    await house.open().page(page, endless);
    const text = "ISpreekkamer 3, Begane grond, links van de balie";
    expect(house.centre.events[0]?.extended).toEqual([text, "X005E42.0000", "Y52N30.0000"]);
    const incident = { ...page.incident, place: 'Café ‘De "[Brug]|’ ^\r\n', directions: null };
    await house
      .open()
      .page(
        next(2, { incident: { ...incident, position: { lat: -0.00001, lon: -179.9999999, accuracyM: null } } }),
        endless,
      );
    expect(house.centre.events[1]?.extended).toEqual(["ICafe ?De Brug ?", "X180W00.0000", "Y00S00.0006"]);
    await house
      .open()
      .page(next(3, { incident: { ...page.incident, place: null, directions: null, position: null } }), endless);
    expect(house.centre.events[2]?.extended).toEqual([]);
  });

  it("says TEST in the text of a test, also without a place", async () => {
    await using house = await start({ text: true });
    const incident = { ...page.incident, directions: null };
    await house.open().page(next(1, { reason: "test", incident }), endless);
    await house.open().page(next(2, { reason: "test", incident: { ...incident, place: null } }), endless);
    expect(house.centre.events.map(({ data, extended }) => [data, ...extended])).toEqual([
      ["Nri1/RX000", "ITEST Spreekkamer 3"],
      ["Nri1/RX000", "ITEST"],
    ]);
  });

  it("of a verification is a second event, once for each step of it", async () => {
    await using house = await start();
    const ready = house.open();
    await ready.page(page, endless);
    const update = (number: number, verification: Page["incident"]["verification"]): Page => ({
      ...page,
      key: `${page.key}-u${number}`,
      reason: "update",
      incident: { ...page.incident, verification },
    });
    expect(await ready.update?.(update(1, "none"), endless)).toEqual({ acceptedAt: pagedAt });
    expect(house.centre.events).toHaveLength(1);
    await ready.update?.(update(2, "second-button"), endless);
    await ready.update?.(update(3, "second-button"), endless);
    await ready.update?.(update(4, "witnessed"), endless);
    expect(house.centre.events.map(({ data }) => data)).toEqual(["Nri1/PA000", "Nri1/BV000", "Nri1/BV000"]);
  });

  it("of a page that is verified already is both, and only the second again when that was lost", async () => {
    await using house = await start({ protocol: "ADM-CID" });
    const ready = house.open();
    const sent = next(1, { incident: witnessed });
    await ready.page(sent, endless);
    expect(house.centre.events.map(({ data }) => data)).toEqual(["1120 01 000", "1129 01 000"]);

    const other = next(2, { incident: witnessed });
    const sending = reasonOf(ready.page(other, endless));
    await house.centre.received();
    house.centre.behave({ kind: "garbage" });
    expect(await sending).toBe("unreachable");
    house.centre.behave({ kind: "ACK" });
    await ready.page(other, endless);
    const [, , panic, lost, again, ...more] = house.centre.events;
    expect([panic?.data, lost?.data, more.length]).toEqual(["1120 01 000", "1129 01 000", 0]);
    expect(again?.bytes).toEqual(lost?.bytes);
  });

  it("is called off only by a code that is agreed", async () => {
    await using house = await start();
    expect(house.open().callOff).toBeUndefined();
    const ready = house.open({ protocol: "ADM-CID", codes: { callOff: "3120", zone: "5", partition: "1" } });
    await ready.callOff?.({ ...page, key: "i-1-1-1-c1", reason: "call-off" }, endless);
    expect(house.centre.events.map(({ data }) => data)).toEqual(["3120 01 005"]);
  });
});

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

  it("is brought to its end by the next page, which then needs no sending of its own", async () => {
    await using house = await start();
    const ready = house.open();
    house.centre.behave({ kind: "garbage" });
    expect(await reasonOf(ready.page(next(1), endless))).toBe("unreachable");
    expect(await reasonOf(ready.page(next(2), endless))).toBe("unreachable");
    expect(new Set(bytesOf(house.centre)).size).toBe(1);
    house.centre.behave({ kind: "ACK" });
    await ready.page(next(2), endless);
    const [first, , third, fourth] = bytesOf(house.centre);
    expect(third).toBe(first);
    expect(fourth).not.toBe(first);
    house.clock.to(pagedAt + second);
    expect(await ready.page(next(1), endless)).toEqual({ acceptedAt: pagedAt });
    expect(house.centre.events).toHaveLength(4);
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
    expect(house.host.notes.map(({ event }) => event)).toContain(
      "an event that the alarm centre never took was dropped",
    );
    await restarted.page(next(1), endless);
    expect(sequencesOf(house.centre).length).toBe(3);
  });

  it("that is refused ends, and the next page goes on", async () => {
    await using house = await start();
    const ready = house.open();
    house.centre.behave({ kind: "garbage" });
    await reasonOf(ready.page(next(1), endless));
    house.centre.behave({ kind: "DUH" });
    expect(await reasonOf(ready.page(next(2), endless))).toBe("refused");
    expect(house.centre.answers).toEqual(["garbage", "DUH", "DUH"]);
    expect(house.host.notes.map(({ event }) => event)).toContain("the alarm centre can't process an event");
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

  it.each(["not json", "{}", '{"sequence":0}'])("a book that says %s is begun anew", async (text) => {
    await using house = await start();
    house.host.remembered.set("book", text);
    await house.open().page(page, endless);
    expect(house.centre.events).toHaveLength(1);
    expect(house.host.notes).toHaveLength(1);
  });
});

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
});

describe("a receiver with another clock", () => {
  it("teaches it by NAK, and is understood at once, with the same number", async () => {
    await using house = await start({ key });
    house.centre.clockOffsetMs = 3600 * second;
    await house.open().page(next(1), endless);
    expect(house.centre.answers).toEqual(["NAK", "ACK"]);
    const [first, again] = house.centre.events;
    expect(again?.sequence).toBe(first?.sequence);
    expect(again?.sentAt).toBe(pagedAt + 3600 * second);
    // Also after a restart.
    await settle();
    await house.open().page(next(2), endless);
    expect(house.centre.answers).toEqual(["NAK", "ACK", "ACK"]);
  });

  it("is sent the corrected frame again, byte for byte, when nothing came back for it", async () => {
    await using house = await start({ key });
    house.centre.clockOffsetMs = 3600 * second;
    const stopped = new AbortController();
    const first = house.centre.received();
    const sending = reasonOf(house.open().page(page, stopped.signal));
    await first;
    const corrected = house.centre.received();
    house.centre.behave({ kind: "hang" });
    await corrected;
    stopped.abort();
    expect(await sending).toBe("unreachable");
    house.centre.behave({ kind: "ACK" });
    await house.open().page(page, endless);
    const [one, two, three, ...more] = bytesOf(house.centre);
    expect([one === two, two === three, more.length]).toEqual([false, true, 0]);
  });

  it("has the time of a frame that waited too long put right", async () => {
    await using house = await start();
    const ready = house.open();
    house.centre.behave({ kind: "garbage" });
    await reasonOf(ready.page(page, endless));
    house.centre.behave({ kind: "ACK" });
    house.clock.to(pagedAt + 300 * second);
    await ready.page(page, endless);
    expect(house.centre.answers).toEqual(["garbage", "NAK", "ACK"]);
    expect(new Set(sequencesOf(house.centre)).size).toBe(1);
  });

  it("that says NAK whatever the time is heard once more and no more", async () => {
    await using house = await start();
    house.centre.behave({ kind: "NAK" });
    expect(await reasonOf(house.open().page(page, endless))).toBe("unreachable");
    expect(house.centre.events).toHaveLength(2);
  });
});

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

  /** Goes from one thing that somebody waits for to the next, until that moment. */
  async function pass(clock: FakeClock, until: number): Promise<void> {
    for (await settle(); clock.nextAt <= until; await settle()) clock.to(clock.nextAt);
    clock.to(until);
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

describe("our own receiver", () => {
  it.each([
    ["SIA-DCS", undefined],
    ["ADM-CID", undefined],
    ["SIA-DCS", key],
    ["ADM-CID", "een sleutel van 32 tekens, echt!"],
  ] as const)("hears %s with the key %s as the alarm that was meant", async (protocol, secret) => {
    const clock = new FakeClock(pagedAt);
    const alarms: Alarm[] = [];
    const sealed = secret === undefined ? {} : { key: secret };
    const settings = { listen: { port: 0 }, accounts: { [account]: { zones: true, ...sealed } } };
    await using listening = await listener.listen(listener.Options.parse(settings), {
      clock,
      accept: async (accepted) => void alarms.push(...accepted),
      note: () => {},
    });
    const primary = { host: "127.0.0.1", port: listening.port ?? 0 };
    const options = siaDc09.Options.parse({
      ...{ account, protocol, ...sealed, primary, position: true, text: true, codes: { zone: "7" } },
    });
    const host = createPagerHost(clock);
    const ready = siaDc09.open(options, host);
    await ready.page(next(1), endless);
    await ready.page(next(2, { reason: "test" }), endless);
    const ended = new AbortController();
    const supervising = ready.supervise?.(ended.signal);
    await settle();
    ended.abort();
    await supervising;
    expect(host.parts.get("primary")).toBe("there");
    const button = `${account}/7`;
    const position = { lat: expect.closeTo(52.5, 5), lon: expect.closeTo(5.7, 5), accuracyM: null };
    const place = "Spreekkamer 3, Begane grond, links van de balie";
    expect(alarms.slice(0, 2)).toMatchObject([
      { kind: "press", button, place, position, at: pagedAt },
      { kind: "test", place: `TEST ${place}` },
    ]);
  });
});
