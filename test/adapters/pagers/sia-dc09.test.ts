import { describe, expect, it } from "vitest";
import { siaDc09 as listener } from "../../../adapters/listeners/sia-dc09.ts";
import { siaDc09 } from "../../../adapters/pagers/sia-dc09.ts";
import { toPlainText } from "../../../adapters/protocols/sia-dc09/sender/event-frame.ts";
import type { Page } from "../../../bot/contracts.ts";
import type { Alarm } from "../../../bot/domain/alarm.ts";
import { Strangers } from "../../../bot/kit/strangers.ts";
import { type AnswerCase, type Behaviour, page, pagedAt, pagerContract } from "../../contracts/pager-contract.ts";
import { type CentreMode, startAlarmCentre } from "../../fakes/alarm-centre.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { createPagerHost } from "../../fakes/pager-host.ts";
import {
  account,
  endless,
  key,
  keyBytes,
  never,
  next,
  reasonOf,
  type Settings,
  settle,
  start,
} from "../protocols/sia-dc09/sender/setup.ts";

const answers: readonly AnswerCase[] = (
  [
    ["ACK", null],
    ["DUH", "refused"],
    ["NAK", "unreachable"],
    ["NAK without clock", "unreachable"],
    ["bare NAK", "unreachable"],
    ["ACK of another", "unreachable"],
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
          // The same event may come with its text and without.
          return centre.frames.map(({ sequence, data }) => `${sequence} ${data}`);
        },
        lastText: () => centre.events.at(-1)?.extended.join(" ") ?? "",
        shows: toPlainText,
        secrets: [key, account, `${host}:${port}`, String(port)],
        [Symbol.asyncDispose]: () => centre[Symbol.asyncDispose](),
      };
    },
    cases,
  );
}

contractOf("sia-dc09 over TCP", { account, text: true });
contractOf("sia-dc09 over TCP, encrypted", { account, key, protocol: "ADM-CID", text: true }, sealedAnswers);

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
      { host: "pac.example.nl", port: 12_000, transport: "tcp", isPlain: true },
      { host: "10.0.0.9", port: 1, transport: "tcp", isPlain: true },
    ]);
    expect(siaDc09.addresses({ ...options, key })[0]).toMatchObject({ host: "pac.example.nl", isPlain: false });
  });

  it.each(["tcp", "udp"] as const)("of a forbidden address send nothing over %s", async (transport) => {
    await using setup = await start();
    const ready = setup.open({ primary: { host: "169.254.169.254", port: 80, transport, ...never } });
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
    await using setup = await start({ protocol, codes });
    await setup.open().page({ ...page, ...parts }, endless);
    expect(setup.centre.events).toMatchObject([
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
    await using setup = await start({ position: true, text: true });
    await setup.open().page(page, endless);
    const text = "ISpreekkamer 3, Begane grond, links van de balie";
    expect(setup.centre.events[0]?.extended).toEqual([text, "X005E42.0000", "Y52N30.0000"]);
    const incident = { ...page.incident, place: 'Café ‘De "[Brug]|’ ^\r\n', directions: null };
    await setup
      .open()
      .page(
        next(2, { incident: { ...incident, position: { lat: -0.00001, lon: -179.9999999, accuracyM: null } } }),
        endless,
      );
    expect(setup.centre.events[1]?.extended).toEqual(["ICafe 'De Brug '", "X180W00.0000", "Y00S00.0006"]);
    await setup
      .open()
      .page(next(3, { incident: { ...page.incident, place: null, directions: null, position: null } }), endless);
    expect(setup.centre.events[2]?.extended).toEqual([]);
  });

  it("says TEST in the text of a test, also without a place", async () => {
    await using setup = await start({ text: true });
    const incident = { ...page.incident, directions: null };
    await setup.open().page(next(1, { reason: "test", incident }), endless);
    await setup.open().page(next(2, { reason: "test", incident: { ...incident, place: null } }), endless);
    expect(setup.centre.events.map(({ data, extended }) => [data, ...extended])).toEqual([
      ["Nri1/RX000", "ITEST Spreekkamer 3"],
      ["Nri1/RX000", "ITEST"],
    ]);
  });

  it("of a verification is a second event, once for each step of it", async () => {
    await using setup = await start();
    const ready = setup.open();
    await ready.page(page, endless);
    const update = (number: number, verification: Page["incident"]["verification"]): Page => ({
      ...page,
      key: `${page.key}-u${number}`,
      reason: "update",
      incident: { ...page.incident, verification },
    });
    expect(await ready.update?.(update(1, "none"), endless)).toEqual({ acceptedAt: pagedAt });
    expect(setup.centre.events).toHaveLength(1);
    await ready.update?.(update(2, "second-button"), endless);
    await ready.update?.(update(3, "second-button"), endless);
    await ready.update?.(update(4, "witnessed"), endless);
    expect(setup.centre.events.map(({ data }) => data)).toEqual(["Nri1/PA000", "Nri1/BV000", "Nri1/BV000"]);
  });

  it("of a page that is verified already is both, and only the second again when that was lost", async () => {
    await using setup = await start({ protocol: "ADM-CID" });
    const ready = setup.open();
    const sent = next(1, { incident: witnessed });
    await ready.page(sent, endless);
    expect(setup.centre.events.map(({ data }) => data)).toEqual(["1120 01 000", "1129 01 000"]);

    const other = next(2, { incident: witnessed });
    const sending = reasonOf(ready.page(other, endless));
    await setup.centre.received();
    setup.centre.behave({ kind: "garbage" });
    expect(await sending).toBe("unreachable");
    setup.centre.behave({ kind: "ACK" });
    await ready.page(other, endless);
    const [, , panic, lost, again, ...more] = setup.centre.events;
    expect([panic?.data, lost?.data, more.length]).toEqual(["1120 01 000", "1129 01 000", 0]);
    expect(again?.bytes).toEqual(lost?.bytes);
  });

  it("is called off only by a code that is agreed", async () => {
    await using setup = await start();
    expect(setup.open().callOff).toBeUndefined();
    const ready = setup.open({ protocol: "ADM-CID", codes: { callOff: "3120", zone: "5", partition: "1" } });
    await ready.callOff?.({ ...page, key: "i-1-1-1-c1", reason: "call-off" }, endless);
    expect(setup.centre.events.map(({ data }) => data)).toEqual(["3120 01 005"]);
  });
});

describe("our own receiver", () => {
  it.each([
    ["SIA-DCS", undefined],
    ["ADM-CID", undefined],
    ["SIA-DCS", key],
    ["ADM-CID", "een sleutel van 32 tekens, echt!"],
  ] as const)("takes %s with the key %s for the alarm that was meant", async (protocol, secret) => {
    const clock = new FakeClock(pagedAt);
    const alarms: Alarm[] = [];
    const sealed = secret === undefined ? {} : { key: secret };
    const settings = { listen: { port: 0 }, accounts: { [account]: { zones: true, ...sealed } } };
    await using listening = await listener.listen(listener.Options.parse(settings), {
      clock,
      strangers: new Strangers(clock),
      accept: async (accepted) => void alarms.push(...accepted),
      noteSecret: () => {},
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
