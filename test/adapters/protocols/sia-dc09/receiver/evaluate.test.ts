import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnswer } from "../../../../../adapters/protocols/sia-dc09/frame/answer.ts";
import { encrypt, toKeys } from "../../../../../adapters/protocols/sia-dc09/frame/cipher.ts";
import { toTimestamp } from "../../../../../adapters/protocols/sia-dc09/frame/content.ts";
import { type Frame, readFrame } from "../../../../../adapters/protocols/sia-dc09/frame/frame.ts";
import { Accounts } from "../../../../../adapters/protocols/sia-dc09/receiver/account.ts";
import { hasZone, toCodeKind } from "../../../../../adapters/protocols/sia-dc09/receiver/codes.ts";
import { evaluate } from "../../../../../adapters/protocols/sia-dc09/receiver/evaluate.ts";
import { readEvents } from "../../../../../adapters/protocols/sia-dc09/receiver/events.ts";
import { Memory } from "../../../../../adapters/protocols/sia-dc09/receiver/memory.ts";
import { findOrigin } from "../../../../../adapters/protocols/sia-dc09/receiver/origin.ts";
import { readPlace, readPosition } from "../../../../../adapters/protocols/sia-dc09/receiver/place.ts";
import { Alarm } from "../../../../../bot/domain/alarm.ts";
import { newestOf } from "../../../../../bot/kit/secrets/secret.ts";
import answers from "../../../../fixtures/sia-dc09/answers.json" with { type: "json" };
import fixture from "../../../../fixtures/sia-dc09/frames.json" with { type: "json" };
import others from "../../../../fixtures/sia-dc09/frames-of-others.json" with { type: "json" };

const now = Date.UTC(2026, 10, 24, 9, 30, 0);
const second = 1000;
const minute = 60 * second;
const key = "AAAABBBBCCCCDDDD";
const accounts = Accounts.parse({
  "1234": {},
  "5678": { key },
  A100: { zones: true },
  B100: { anyTime: true, codes: { BA: "heartbeat", ZQ: "press", "750": "press" } },
});

function toFrame(data: string, parts: Partial<Frame> = {}): Frame {
  const base = { crcForm: "text", id: "SIA-DCS", isEncrypted: false, sequence: "0001", receiver: null } as const;
  return { ...base, prefix: "0", account: "1234", rest: data, ...parts };
}

/** An encrypted one of account 5678. */
function toSealed(data: string, parts: Partial<Frame> = {}): Frame {
  const [first = Buffer.alloc(16)] = toKeys(key);
  return toFrame(encrypt(data, first), { isEncrypted: true, account: "5678", ...parts });
}

/** Evaluates frames one after the other, each by what is remembered of those before. */
function startEvaluator(wall = now, settings = accounts) {
  const memory = new Memory();
  return (frame: Frame, at = wall, monotonic = at) => {
    const origin = findOrigin(frame, settings);
    const account = origin.known?.name ?? "";
    const result = evaluate(frame, origin, memory.snapshot(account), { now: monotonic, wall: at });
    if (result.remember !== null) memory.remember(account, result.remember);
    for (const alarm of result.alarms) expect(Alarm.safeParse(alarm).success).toBe(true);
    return { ...result, text: result.answer?.toString("latin1", 9, result.answer.length - 1) ?? null };
  };
}

function kindsOf(data: string, parts: Partial<Frame> = {}, settings = accounts) {
  return startEvaluator(now, settings)(toFrame(data, parts)).alarms.map(({ kind, button }) => `${kind} ${button}`);
}

describe("an account whose key is changed", () => {
  const newer = "11112222333344445555666677778888";
  const both = Accounts.parse({ "5678": { key: [newer, key] } });
  const press = "#5678|Nri1/PA01]_09:30:00,11-24-2026";
  const sealBy = (reading: Buffer | undefined) =>
    toFrame(encrypt(press, reading ?? Buffer.alloc(16)), { isEncrypted: true, account: "5678" });

  it("takes what either key opens, answers by that one, and says which it was", () => {
    const [digits, characters] = toKeys(newer);
    const [old] = toKeys(key);
    for (const [reading, value] of [
      [digits, "first"],
      [characters, "first"],
      [old, "second"],
    ] as const) {
      const result = startEvaluator(now, both)(sealBy(reading));
      expect(result).toMatchObject({ alarms: [{ kind: "press" }], keyValue: value });
      expect(readAnswer(result.answer ?? Buffer.alloc(0), reading === undefined ? [] : [reading])?.id).toBe("ACK");
    }
  });

  it("takes no third one, and says nothing of a frame in clear", () => {
    const [other] = toKeys("EEEEFFFFGGGGHHHH");
    expect(startEvaluator(now, both)(sealBy(other))).toMatchObject({ alarms: [{ kind: "trouble" }] });
    expect(startEvaluator()(toFrame("#1234|Nri1/PA01]_09:30:00,11-24-2026")).keyValue).toBeUndefined();
  });
});

describe("the frames made for these tests", () => {
  const sentAt = Date.parse(fixture.sentAt);
  const known = Accounts.parse(fixture.accounts);

  it.each(fixture.frames)("$name", ({ hex, alarms, answer = "ACK" }) => {
    const frame = readFrame(Buffer.from(hex, "hex").subarray(1, -1));
    if (typeof frame === "string") throw new Error(frame);
    const result = startEvaluator(sentAt + second, known)(frame);
    expect(result.alarms).toHaveLength(alarms.length);
    for (const [index, expected] of alarms.entries()) {
      const { kind, button, at, place, position } = { at: null, place: null, position: null, ...expected };
      expect(result.alarms[index]).toMatchObject({ kind, button, place });
      if (at === "sent") expect(result.alarms[index]?.at).toBe(sentAt);
      const [lat = 0, lon = 0] = position ?? [];
      expect(result.alarms[index]?.position ?? null).toEqual(
        position && { lat: expect.closeTo(lat, 6), lon: expect.closeTo(lon, 6), accuracyM: null },
      );
    }
    const secret = known[frame.account ?? ""]?.key;
    const answered = readAnswer(result.answer ?? Buffer.alloc(0), toKeys(newestOf(secret ?? "")));
    expect(answered).toMatchObject({ id: answer, sequence: frame.sequence });
    if (answer === "ACK") expect(answered?.sentAt).toBe(sentAt + second);
  });
});

describe("what other implementations send", () => {
  it.each(others.frames)("$by: $note", ({ frame: text, sentAt, alarm }) => {
    const frame = readFrame(Buffer.from(text, "latin1"));
    if (typeof frame === "string") throw new Error(frame);
    const at = sentAt === null ? now : Date.parse(sentAt);
    const { alarms, answer } = startEvaluator(at + 5 * second)(frame);
    expect(alarms).toHaveLength(1);
    expect(alarms).toMatchObject([alarm]);
    expect(readAnswer(answer ?? Buffer.alloc(0), toKeys(others.key))).toMatchObject({
      id: "ACK",
      sequence: frame.sequence,
    });
  });

  it.each(answers.answers)("as an answer, $by: $note", ({ answer, sentAt }) => {
    expect(readAnswer(Buffer.from(`\n${answer}\r`, "latin1"), toKeys(key))).toMatchObject({
      id: /"\*?(\w+)"/.exec(answer)?.[1],
      sentAt: sentAt === null ? null : Date.parse(sentAt),
    });
  });
});

describe("the answer", () => {
  const press = `#1234|Nri1/PA001]${toTimestamp(now)}`;

  it("ACK says back what it belongs to, in the sender's form, with our time", () => {
    expect(startEvaluator()(toFrame(press)).text).toBe(`"ACK"0001L0#1234[]${toTimestamp(now)}`);
    const full = toFrame(press, { receiver: "579BDF", prefix: "789ABC", sequence: "9876" });
    expect(startEvaluator()(full).text).toBe(`"ACK"9876R579BDFL789ABC#1234[]${toTimestamp(now)}`);
    const raw = startEvaluator()(toFrame(press, { crcForm: "raw" })).answer ?? Buffer.alloc(0);
    expect(readFrame(raw.subarray(1, -1))).toMatchObject({ crcForm: "raw", id: "ACK", sequence: "0001" });
  });

  it("ACK is encrypted if the frame was, by the same key", () => {
    const result = startEvaluator()(toSealed(`#5678|Nri1/PA001]${toTimestamp(now)}`));
    expect(result.text).toMatch(/^"\*ACK"0001L0#5678\[(?:[0-9A-F]{32})+$/);
    expect(readAnswer(result.answer ?? Buffer.alloc(0), toKeys(key))).toEqual({
      id: "ACK",
      sequence: "0001",
      sentAt: now,
    });
  });

  it.each([
    [20 * second, true],
    [21 * second, false],
    [-40 * second, true],
    [-41 * second, false],
  ])("a clock that is %i ms off is in time: %s", (offset, isInTime) => {
    for (const frame of [
      toFrame(`#1234|Nri1/PA001]${toTimestamp(now + offset)}`),
      toSealed(`#5678|Nri1/PA001]${toTimestamp(now + offset)}`),
      toSealed(`]${toTimestamp(now + offset)}`, { id: "NULL" }),
    ]) {
      const { text, alarms, reason } = startEvaluator()(frame);
      if (isInTime) {
        expect(text).toMatch(/^"\*?ACK"0001/);
        continue;
      }
      expect(text).toBe(`"NAK"0000R0L0A0[]${toTimestamp(now)}`);
      expect(alarms).toMatchObject([{ kind: "trouble", button: frame.account }]);
      expect(reason).toBe("wrong-time");
    }
  });

  it("NAK makes nobody lose a press: who corrects its clock is taken, and who sends the same again too", () => {
    const evaluateNext = startEvaluator();
    const late = toFrame(`#1234|Nri1/PA001]${toTimestamp(now - minute)}`);
    expect(evaluateNext(late).text).toContain('"NAK"');
    expect(evaluateNext(late)).toMatchObject({ alarms: [{ kind: "press", button: "1234", at: null }] });
    expect(evaluateNext(toFrame(`#1234|Nri1/PA001]${toTimestamp(now)}`))).toMatchObject({
      alarms: [{ kind: "press" }],
    });
  });

  it("NAK is said once in ten minutes to who stamps each try anew, whatever polls come between", () => {
    const evaluateNext = startEvaluator();
    const toTry = (at: number, sequence: string, more = "") =>
      toFrame(`#1234|Nri1/PA001]${more}${toTimestamp(at - 60 * minute)}`, { sequence });
    const poll = (at: number) => toFrame(`]${toTimestamp(at - 60 * minute)}`, { id: "NULL", sequence: "0000" });
    for (const start of [now, now + 10 * minute]) {
      expect(evaluateNext(toTry(start, "0001"), start).text).toContain('"NAK"');
      // A poll has nothing to lose, and makes the sender correct its clock.
      for (const wait of [5, 10]) {
        expect(evaluateNext(poll(start + wait * second), start + wait * second)).toMatchObject({
          reason: "wrong-time",
        });
      }
      const next = evaluateNext(toTry(start + minute, "0002", "[X005E13.4576]"), start + minute);
      expect(next).toMatchObject({ alarms: [{ kind: "press", button: "1234", at: null }] });
      expect(next.text).toContain('"ACK"0002');
      // The next press is another one, and no longer has to come twice.
      const later = evaluateNext(toTry(start + 9 * minute, "0003"), start + 9 * minute);
      expect(later).toMatchObject({ alarms: [{ kind: "press" }] });
      expect(later.alarms[0]?.id).not.toBe(next.alarms[0]?.id);
    }
  });

  it("NAK to one account, or to its polls alone, takes in nothing of another", () => {
    const evaluateNext = startEvaluator();
    const late = `]${toTimestamp(now - minute)}`;
    evaluateNext(toFrame(late, { id: "NULL" }));
    for (const account of ["1234", "A100"]) {
      expect(evaluateNext(toFrame(`Nri1/PA001${late}`, { account }))).toMatchObject({ reason: "wrong-time" });
    }
  });

  it("with a key an old frame stays refused however often it comes, with its time cut off too", () => {
    const evaluateNext = startEvaluator();
    const old = toSealed(`#5678|Nri1/PA001]${toTimestamp(now - minute)}`);
    const without = toSealed("#5678|Nri1/PA001]");
    const torn = toSealed("#5678|Nri1/PA001]_09:29:5");
    for (const frame of [old, old, old, without, without, torn]) {
      const { text, alarms } = evaluateNext(frame);
      expect(text).toMatch(/"(?:NAK|DUH)"/);
      expect(alarms.filter(({ kind }) => kind !== "trouble")).toEqual([]);
    }
  });

  it("takes everything at any time from an account that says so, and shows nobody late", () => {
    const data = `#B100|Nri1/PA001]${toTimestamp(now - 400 * 24 * 60 * minute)}`;
    expect(startEvaluator()(toFrame(data, { account: "B100" }))).toMatchObject({
      alarms: [{ kind: "press", at: null }],
    });
  });

  it("DUH is for an unknown account, which now and then shows as a button, and never as the source", () => {
    const evaluateNext = startEvaluator();
    for (const account of ["", null, "x".repeat(300), "A".repeat(17), "__proto__", "constructor", "99 99"]) {
      const { text, reason, alarms } = evaluateNext(toFrame("Nri1/PA001]", { account }));
      expect(text).toMatch(/^"DUH"0001L0(?:#[^[]*)?\[\]$/);
      expect(reason).toBe("unknown-account");
      expect(alarms).toEqual([]);
    }
    const toStranger = (account: string) => toFrame("Nri1/PA001]", { account });
    expect(evaluateNext(toStranger("99af")).alarms).toMatchObject([{ kind: "trouble", button: "99AF" }]);
    expect(evaluateNext(toStranger("9998"), now + 9 * minute)).toMatchObject({ alarms: [], reason: "unknown-account" });
    expect(evaluateNext(toStranger("9997"), now + 10 * minute).alarms).toMatchObject([
      { kind: "trouble", button: "9997" },
    ]);
    const inside = evaluateNext(toFrame("#9996|Nri1/PA001]", { account: null }), now + 20 * minute);
    expect(inside.alarms).toMatchObject([{ kind: "trouble", button: "9996" }]);
  });

  it("DUH is for what should be encrypted and is not, or by another key, with a trouble of that button", () => {
    const plain = toFrame(`#5678|Nri1/PA001]${toTimestamp(now)}`, { account: "5678" });
    expect(startEvaluator()(plain)).toMatchObject({
      reason: "not-encrypted",
      alarms: [{ kind: "trouble", button: "5678" }],
    });
    // Sealed once by another key: another padding may by chance look like a message when it is opened by ours.
    const other = "B25DE010E39F45E61F44DE100E8C13967915C7AA52555745724359C7755F912871EC536CA5ECF1F6828355DCF876298C";
    const result = startEvaluator()({ ...toSealed("]"), rest: other });
    expect(result.text).toBe('"DUH"0001L0#5678[]');
    expect(result.alarms).toMatchObject([{ kind: "trouble", button: "5678" }]);
  });

  it("what nobody can read of an account without a key may be a press", () => {
    const sealed = toSealed(`#1234|Nri1/PA001]${toTimestamp(now)}`, { account: "1234" });
    expect(startEvaluator()(sealed)).toMatchObject({ alarms: [{ kind: "unreadable", button: "1234" }] });
    expect(startEvaluator()({ ...sealed, id: "NULL" })).toMatchObject({ alarms: [{ kind: "trouble" }] });
  });

  it("a press that calls itself a poll is no poll", () => {
    const swapped = toSealed(`#5678|Nri1/PA001]${toTimestamp(now)}`, { id: "NULL" });
    const { alarms, text } = startEvaluator()(swapped);
    expect(alarms).toMatchObject([{ kind: "press", button: "5678" }]);
    expect(text).toContain('"*ACK"0001');
  });

  it.each(["ACK", "NAK", "DUH", "RSP"])("%s is never answered", (id) => {
    expect(startEvaluator()(toFrame("]", { id }))).toMatchObject({ answer: null, alarms: [] });
  });

  it("a key of 32 hexadecimal digits is tried as digits and as characters", () => {
    const secret = "00112233445566778899aabbccddeeff";
    const settings = Accounts.parse({ "5678": { key: secret } });
    for (const used of [Buffer.from(secret, "hex"), Buffer.from(secret)]) {
      const rest = encrypt(`#5678|Nri1/PA001]${toTimestamp(now)}`, used);
      const result = startEvaluator(now, settings)(toFrame(rest, { isEncrypted: true, account: "5678" }));
      expect(result.alarms).toMatchObject([{ kind: "press" }]);
      expect(readAnswer(result.answer ?? Buffer.alloc(0), [used])?.sentAt).toBe(now);
    }
  });
});

describe("the same message", () => {
  const idOf = (result: ReturnType<ReturnType<typeof startEvaluator>>) => result.alarms.map(({ id }) => id);

  it("with its time is the same over restarts, ways and paddings; another time or data is another", () => {
    const data = `#5678|Nri1/PA001]${toTimestamp(now)}`;
    const first = idOf(startEvaluator()(toSealed(data)));
    expect(idOf(startEvaluator()(toSealed(data), now + 30 * second))).toEqual(first);
    expect(idOf(startEvaluator()(toSealed(data, { receiver: "2", crcForm: "raw" })))).toEqual(first);
    for (const other of [
      toSealed(`#5678|Nri1/PA001]${toTimestamp(now - second)}`),
      toSealed(`#5678|Nri1/PA002]${toTimestamp(now)}`),
    ]) {
      expect(idOf(startEvaluator()(other))).not.toEqual(first);
    }
  });

  it("that is recorded and sent again under a key is the same, whatever stands outside of the encryption", () => {
    const recorded = toSealed(`#5678|Nri1/PA001]${toTimestamp(now)}`);
    const first = idOf(startEvaluator()(recorded));
    for (const changed of [{ sequence: "0002" }, { sequence: "" }, { id: "NULL" }, { receiver: "7", prefix: "9" }]) {
      expect(idOf(startEvaluator()({ ...recorded, ...changed }, now + 30 * second))).toEqual(first);
    }
    const misread = startEvaluator()({ ...recorded, id: "ADM-CID" }, now + second);
    expect(misread.alarms.map(({ kind }) => kind)).toEqual(["unreadable"]);
    expect(idOf(misread)).not.toEqual(first);
  });

  it("in clear is another with another sequence, because a panel may press twice in a second", () => {
    const data = `#1234|Nri1/PA001]${toTimestamp(now)}`;
    const first = idOf(startEvaluator()(toFrame(data)));
    expect(idOf(startEvaluator()(toFrame(data, { sequence: "0002" })))).not.toEqual(first);
  });

  it("under a key at any time is another with another sequence, because its clock tells no two presses apart", () => {
    const settings = Accounts.parse({ "5678": { key, anyTime: true } });
    const evaluateNext = startEvaluator(now, settings);
    const press = "#5678|Nri1/PA001]_00:00:00,01-01-2000";
    const first = idOf(evaluateNext(toSealed(press)));
    expect(idOf(evaluateNext(toSealed(press), now + second))).toEqual(first);
    expect(idOf(evaluateNext(toSealed(press, { sequence: "0002" }), now + 2 * second))).not.toEqual(first);
  });

  it("without a time is the same for a minute with nothing in between, and never longer", () => {
    const evaluateNext = startEvaluator();
    const press = toFrame("#1234|Nri1/PA001]");
    const first = idOf(evaluateNext(press));
    expect(idOf(evaluateNext(press, now + 59 * second))).toEqual(first);
    const second_ = idOf(evaluateNext(press, now + 60 * second));
    expect(second_).not.toEqual(first);
    evaluateNext(toFrame("#1234|Nri1/PR001]"), now + 61 * second);
    expect([first, second_]).not.toContainEqual(idOf(evaluateNext(press, now + 62 * second)));
    expect(idOf(startEvaluator()(press, now + second))).not.toEqual(first);
  });

  it("with a time that stands still is the same for a minute too, so that the next press is taken", () => {
    const evaluateNext = startEvaluator();
    const press = toFrame("#B100|Nri1/PA001]_00:00:00,01-01-2000", { account: "B100" });
    const first = idOf(evaluateNext(press));
    expect(idOf(evaluateNext(press, now + 20 * second))).toEqual(first);
    expect(idOf(evaluateNext(press, now + 60 * minute))).not.toEqual(first);
  });

  it("by the clock that moves evenly, not by one that is set", () => {
    const evaluateNext = startEvaluator();
    const press = toFrame("#1234|Nri1/PA001]");
    const first = idOf(evaluateNext(press, now, 0));
    expect(idOf(evaluateNext(press, now + 3_600_000, 10 * second))).toEqual(first);
    expect(idOf(evaluateNext(press, now, 61 * second))).not.toEqual(first);
  });

  it("names each of its events differently", () => {
    const ids = idOf(startEvaluator()(toFrame("#A100|Nri1/PA001/PA002/PA003]", { account: "A100" })));
    expect(new Set(ids).size).toBe(3);
  });
});

describe("polls", () => {
  it.each(["]", "#0000|0000 00 000]"])("%s are a heartbeat a minute at most, and each is acknowledged", (data) => {
    const evaluateNext = startEvaluator();
    const poll = toFrame(data, { id: "NULL" });
    const heartbeats = Array.from({ length: 180 }, (_, index) => evaluateNext(poll, now + index * second));
    expect(heartbeats.every(({ text }) => text?.startsWith('"ACK"0001'))).toBe(true);
    expect(heartbeats.flatMap(({ alarms }) => alarms)).toHaveLength(3);
    expect(heartbeats[0]?.alarms).toMatchObject([{ kind: "heartbeat", button: "1234", id: null }]);
  });

  it("with filler that have a wrong time stay refused, as they have nothing to lose", () => {
    const evaluateNext = startEvaluator();
    const poll = toFrame(`#0000|0000 00 000]${toTimestamp(now - minute)}`, { id: "NULL" });
    for (let count = 0; count < 3; count++) expect(evaluateNext(poll)).toMatchObject({ reason: "wrong-time" });
  });

  it("of ten thousand and more names are not all remembered", () => {
    const evaluateNext = startEvaluator(now, Accounts.parse({ "*": {} }));
    const poll = (name: number) => evaluateNext(toFrame("]", { id: "NULL", account: String(name) })).alarms;
    for (let name = 0; name < 10_001; name++) expect(poll(name)).toMatchObject([{ kind: "heartbeat" }]);
    expect(poll(10_000)).toEqual([]);
    expect(poll(0)).toMatchObject([{ kind: "heartbeat" }]);
  });
});

describe("what an event says of a state", () => {
  const statesOf = (data: string, parts: Partial<Frame> = {}) =>
    startEvaluator()(toFrame(data, parts)).alarms.map(({ state }) => state);
  const on = (name: string) => ({ name, run: null, isOn: true });
  const off = (name: string) => ({ name, run: null, isOn: false });

  it.each([
    ["Nri1/PA007", on("1234/7")],
    ["OPA007", on("1234/7")],
    ["Nri1/PR007", off("1234/7")],
    ["Nri1/HR007", off("1234/7")],
    ["Nri1/XR007", null],
    ["Nri1/YR", null],
    ["Nri1/OP001", null],
    ["Nri0/RP000", null],
  ])("SIA %s", (data, state) => expect(statesOf(`#1234|${data}]`)).toEqual([state]));

  it.each([
    ["1120 01 007", on("1234/7")],
    ["6120 01 007", on("1234/7")],
    ["3120 01 007", off("1234/7")],
    ["1602 00 000", null],
  ])("Contact ID %s", (data, state) => expect(statesOf(`#1234|${data}]`, { id: "ADM-CID" })).toEqual([state]));

  it("is nothing in a poll, however many come while an alarm goes on", () => {
    expect(statesOf("#1234[]", { id: "NULL" }).filter((state) => state !== null)).toEqual([]);
  });
});

describe("what an event is", () => {
  it.each([
    ["Nri1/PA001", "press"],
    ["Nri1PA7", "press"],
    ["NPA7", "press"],
    ["PA", "press"],
    ["Nti09:30/id012/pi3/ri1/HA12", "press"],
    ["Nri1/BA3", "press"],
    ["Ori1/PA001", "still-pressed"],
    ["OPA001", "still-pressed"],
    ["Nri1/PR001", "heartbeat"],
    ["Nri1/HH1", "heartbeat"],
    ["Nri1/OP001NM", "heartbeat"],
    ["OP001", "heartbeat"],
    ["NL5", "heartbeat"],
    ["Nri1/CL501", "heartbeat"],
    ["Nri1/FA1", "heartbeat"],
    ["Nri0/RP000", "heartbeat"],
    ["Nri0/RX000", "test"],
    ["Nri1/OC003", "cancel"],
    ["Nri1/XT003", "battery-low"],
    ["Nri0/YT", "battery-low"],
    ["Nri1/HB002", "trouble"],
    ["Nri0/YC", "trouble"],
    ["Nri1/QQ1", "unreadable"],
    ["Nri1/", "unreadable"],
    ["Nri1/pa001", "unreadable"],
    ["help", "unreadable"],
    ["\0\x01", "unreadable"],
    ["|AHelp", "unreadable"],
  ])("SIA %j: %s", (data, kind) => expect(kindsOf(`#1234|${data}]`)).toEqual([`${kind} 1234`]));

  it.each([
    ["1120 01 007", "press"],
    ["1102 00 000", "press"],
    ["120 01 007", "press"],
    ["112001007", "unreadable"],
    ["1120", "press"],
    ["E122 01 007", "press"],
    ["0120 01 007", "press"],
    ["6121 01 007", "still-pressed"],
    ["3120 01 007", "heartbeat"],
    ["R120 01 007", "heartbeat"],
    ["1130 01 007", "press"],
    ["1110 01 007", "heartbeat"],
    ["1602 00 000", "heartbeat"],
    ["1601 00 000", "test"],
    ["1406 01 002", "cancel"],
    ["1384 01 002", "battery-low"],
    ["3384 01 002", "heartbeat"],
    ["1381 01 002", "trouble"],
    ["1401 01 002", "heartbeat"],
    ["1750 01 002", "unreadable"],
    ["hello", "unreadable"],
    ["", "unreadable"],
  ])("Contact ID %j: %s", (data, kind) =>
    expect(kindsOf(`#1234|${data}]`, { id: "ADM-CID" })).toEqual([`${kind} 1234`]),
  );

  it("is of a zone where its number is one", () => {
    const of = (data: string, id = "SIA-DCS") => kindsOf(`#A100|${data}]`, { account: "A100", id });
    expect(of("Nri1/PA001/PA002/PA001")).toEqual(["press A100/1", "press A100/2"]);
    expect(of("Nri1/PA000")).toEqual(["press A100"]);
    expect(of("Nri1/OC002")).toEqual(["cancel A100"]);
    expect(of("Nri1/CL002")).toEqual(["heartbeat A100"]);
    expect(of("Nri1/YS002")).toEqual(["trouble A100"]);
    expect(of("1120 01 012", "ADM-CID")).toEqual(["press A100/12"]);
    expect(of("1121 01 012", "ADM-CID")).toEqual(["press A100"]);
    expect(of(`Nri1/PA${"9".repeat(500)}`)).toHaveLength(1);
    expect(kindsOf("#1234|Nri1/PA001/PA002]")).toEqual(["press 1234"]);
  });

  it("that a battery is well again says so of the button that had it low, and of nothing else", () => {
    const of = (data: string, id = "SIA-DCS", account = "A100") =>
      startEvaluator()(toFrame(`#${account}|${data}]`, { account, id })).alarms.map(
        ({ kind, button, battery }) => `${kind} ${button} ${battery}`,
      );
    expect(of("Nri1/XT007")).toEqual(["battery-low A100/7 null"]);
    expect(of("Nri1/XR007")).toEqual(["heartbeat A100/7 1"]);
    expect(of("Nri1/YT/XR007/PR007")).toEqual(["battery-low A100 null", "heartbeat A100/7 1", "heartbeat A100 null"]);
    expect(of("Nri0/YR")).toEqual(["heartbeat A100 1"]);
    expect(of("3384 01 007", "ADM-CID")).toEqual(["heartbeat A100/7 1"]);
    for (const code of [302, 309, 311, 338]) expect(of(`R${code} 00 000`, "ADM-CID")).toEqual(["heartbeat A100 1"]);
    expect(of("3301 00 000", "ADM-CID")).toEqual(["heartbeat A100 null"]);
    expect(of("Nri1/XR007", "SIA-DCS", "1234")).toEqual(["heartbeat 1234 1"]);
  });

  it("a cancel is of the account, and of its zones that were pressed within twelve hours", () => {
    const evaluateNext = startEvaluator();
    const receive = (data: string, at = now, account = "A100") =>
      evaluateNext(toFrame(`#${account}|${data}]`, { account }), at);
    const cancel = (at: number, account?: string) =>
      receive("Nri1/OC002", at, account).alarms.map(({ kind, button }) => `${kind} ${button}`);
    receive("Nri1/PA007/BA008/PR009/XT010");
    expect(cancel(now)).toEqual(["cancel A100", "cancel A100/7", "cancel A100/8"]);
    expect(cancel(now, "1234")).toEqual(["cancel 1234"]);
    receive("Ori1/PA008", now + 60 * minute);
    expect(cancel(now + 12 * 60 * minute)).toEqual(["cancel A100", "cancel A100/8"]);
    expect(cancel(now + 13 * 60 * minute)).toEqual(["cancel A100"]);
  });

  it("a cancel that is sent again is the same of each zone, though others were pressed meanwhile", () => {
    const evaluateNext = startEvaluator();
    const cancel = () => evaluateNext(toFrame(`#A100|Nri1/OC]${toTimestamp(now)}`, { account: "A100" })).alarms;
    const press = (zone: number) => evaluateNext(toFrame(`#A100|Nri1/PA${zone}]`, { account: "A100" }));
    press(7);
    press(8);
    const first = new Map(cancel().map(({ button, id }) => [button, id]));
    expect(new Set(first.values()).size).toBe(3);
    press(7);
    press(9);
    const again = new Map(cancel().map(({ button, id }) => [button, id]));
    expect([...again.keys()]).toEqual(["A100", "A100/8", "A100/7", "A100/9"]);
    for (const [button, id] of first) expect(again.get(button)).toBe(id);
  });

  it("a cancel of a panel that named more zones than there can be is of the last ones", () => {
    const evaluateNext = startEvaluator();
    for (let zone = 1; zone <= 100; zone++) evaluateNext(toFrame(`#A100|Nri1/PA${zone}]`, { account: "A100" }));
    const { alarms } = evaluateNext(toFrame("#A100|Nri1/BC]", { account: "A100" }));
    expect(alarms).toHaveLength(65);
    expect(alarms.at(-1)?.button).toBe("A100/100");
  });

  it("is what the account's own table says, where it says something", () => {
    const of = (data: string, id = "SIA-DCS") => kindsOf(`#B100|${data}]`, { account: "b100", id });
    expect(of("Nri1/BA001/ZQ001")).toEqual(["heartbeat B100", "press B100"]);
    expect(of("1750 01 001", "ADM-CID")).toEqual(["press B100"]);
    expect(of("6750 01 001", "ADM-CID")).toEqual(["still-pressed B100"]);
  });

  it("stands in the table once", () => {
    expect(toCodeKind("120")).toBe("press");
    expect(toCodeKind("311")).toBe("battery-low");
    expect(toCodeKind("310")).toBe("trouble");
    expect(toCodeKind("__proto__")).toBe("unreadable");
    expect(hasZone("PA")).toBe(true);
  });

  it("loses no press among texts and slashes", () => {
    const { events, text } = readEvents("SIA-DCS", "Nri1/PA1^Balie a/b^/PA2*Kamer*|Nri2/PA3");
    expect(events.map(({ code, zone }) => `${code}${zone}`)).toEqual(["PA1", "PA2", "PA3"]);
    expect(text).toBeNull();
  });
});

describe("where it is", () => {
  it.each([
    ["005E13.4576", "52N22.2870", [52.37145, 5.22429]],
    ["5.22429", "52.37145", [52.37145, 5.22429]],
    ["+5,22429", "+52,37145", [52.37145, 5.22429]],
    ["E005 13.4576", "N52 22.2870", [52.37145, 5.22429]],
    ["00513.4576E", "5222.2870N", [52.37145, 5.22429]],
    ["070W30.0", "33S15.0", [-33.25, -70.5]],
    ["-70.5", "-33.25", [-33.25, -70.5]],
  ])("X %s, Y %s", (X, Y, [lat = 0, lon = 0]) => {
    const position = readPosition({ X, Y });
    expect(position?.lat).toBeCloseTo(lat, 4);
    expect(position?.lon).toBeCloseTo(lon, 4);
  });

  it.each([
    ["", ""],
    ["5.2", ""],
    ["181.0", "52.0"],
    ["5.2", "91.0"],
    ["005E61.0", "52N22.0"],
    ["0.0", "0.0"],
    ["east", "north"],
    ["1 2 3 4", "52.0"],
  ])("X %j, Y %j is nowhere", (X, Y) => expect(readPosition({ X, Y })).toBeNull());

  it("has a name in the extended data, else in the text, in whatever code page", () => {
    expect(readPlace({ O: "Stadhuis", R: "Kamer 3", I: "x" }, "y")).toBe("Stadhuis, Kamer 3");
    expect(readPlace({ S: "Hoofdstraat 1", I: "x" }, "y")).toBe("Hoofdstraat 1");
    expect(readPlace({ R: " ", I: "" }, "Balie")).toBe("Balie");
    expect(readPlace({ I: "Caf\xe9" }, null)).toBe("Café");
    expect(readPlace({ I: Buffer.from("Café").toString("latin1") }, null)).toBe("Café");
    expect(readPlace({ I: "\0\n" }, null)).toBeNull();
    expect(readPlace({}, null)).toBeNull();
  });
});

describe("whatever comes", () => {
  const piece = fc.oneof(
    fc.constantFrom("#1234|", "N", "O", "ri1", "/", "PA001", "PR1", "|", "A", "^", "*", "]", "[X", "[I", "_", "0"),
    fc.constantFrom("1120 01 007", toTimestamp(now), " ", "\0"),
    fc.string({ unit: "binary", maxLength: 5 }).map((text) => Buffer.from(text).toString("latin1")),
  );

  it("is evaluated without an error, and a frame of a known account is answered", () => {
    const check = (pieces: string[], id: string, name: string, isEncrypted: boolean) => {
      const rest = pieces.join("");
      const frame = isEncrypted ? toSealed(rest, { id, account: name }) : toFrame(rest, { id, account: name });
      const { answer, alarms } = startEvaluator()(frame);
      expect(answer).not.toBeNull();
      if (name === "1234" && id !== "NULL" && !rest.includes("_")) expect(alarms.length).toBeGreaterThan(0);
    };
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.constantFrom("SIA-DCS", "ADM-CID", "NULL", "SCN-S8", ""),
        fc.constantFrom("1234", "5678", "A100", "9999"),
        fc.boolean(),
        check,
      ),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 1000) },
    );
  });

  it("is evaluated the same a second time by the same snapshot, which stays as it is", () => {
    const memory = new Memory();
    const data = fc.constantFrom(
      "Nri1/PA001/OC/ZZ2",
      "Nri1/OC",
      "Nri1/BC/PA7/OC",
      "Ori1/PA002",
      "Nri1/QQ3",
      "Nri1/RP",
      "1120 01 007",
      "",
    );
    const stamp = fc.constantFrom("", toTimestamp(now), toTimestamp(now - minute), "_99:99:99,99-99-9999");
    const known = Accounts.parse({ "1234": {}, "5678": { key }, A100: { zones: true }, B100: { anyTime: true } });
    const check = (parts: string[], id: string, name: string, isEncrypted: boolean, at: number) => {
      const rest = `${parts[0]}]${parts[1]}`;
      const frame = isEncrypted ? toSealed(rest, { id, account: name }) : toFrame(rest, { id, account: name });
      const origin = findOrigin(frame, known);
      const account = origin.known?.name ?? "";
      const snapshot = memory.snapshot(account);
      const before = structuredClone(snapshot);
      const [first, again] = [1, 2].map(() => {
        const { answer, ...result } = evaluate(frame, origin, snapshot, { now: now + at, wall: now + at });
        // The padding of an encrypted answer is never the same.
        return { ...result, answer: answer && readAnswer(answer, toKeys(key)) };
      });
      expect(again).toEqual(first);
      expect(snapshot).toEqual(before);
      expect(memory.snapshot(account)).toEqual(before);
      if (first?.remember) memory.remember(account, first.remember);
    };
    fc.assert(
      fc.property(
        fc.tuple(data, stamp),
        fc.constantFrom("SIA-DCS", "ADM-CID", "NULL", "ACK"),
        fc.constantFrom("1234", "5678", "A100", "B100", "9999"),
        fc.boolean(),
        fc.nat({ max: 20 * minute }),
        check,
      ),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 1000) },
    );
  });
});
