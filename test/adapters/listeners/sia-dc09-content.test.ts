import { describe, expect, it } from "vitest";
import { siaDc09 } from "../../../adapters/listeners/sia-dc09.ts";
import { readAnswer } from "../../../adapters/protocols/sia-dc09/frame/answer.ts";
import { encrypt, toKeys } from "../../../adapters/protocols/sia-dc09/frame/cipher.ts";
import { toTimestamp } from "../../../adapters/protocols/sia-dc09/frame/content.ts";
import { toFrameBytes } from "../../../adapters/protocols/sia-dc09/frame/frame.ts";
import { exchange } from "../../../adapters/protocols/sia-dc09/sender/exchange.ts";
import { FakeHost, startedAt } from "../../fakes/listener-host.ts";

const key = "sleutel van 24 tekens!!!";
const keys = toKeys(key);
const [keyBytes = Buffer.alloc(24)] = keys;
const transports = ["tcp", "udp"] as const;
const minute = 60_000;

async function start(account: string, isSealed: boolean) {
  const accounts = { [account]: isSealed ? { key } : {} };
  const host = new FakeHost();
  const listening = await siaDc09.listen(siaDc09.Options.parse({ listen: { port: 0 }, accounts }), host);
  let sequence = 0;
  return {
    host,
    /** Sends a frame with the present time; resolves with the kind of the answer. `header`: the account in front. */
    async send(id: string, header: string, data: string, transport: (typeof transports)[number] = "tcp") {
      sequence += 1;
      const content = `${data}]${toTimestamp(host.clock.wall())}`;
      const body = `"${isSealed ? "*" : ""}${id}"${String(sequence).padStart(4, "0")}R0L0${header}[`;
      const frame = toFrameBytes(body + (isSealed ? encrypt(content, keyBytes) : content), "text");
      const address = { transport, host: "127.0.0.1", port: listening.port ?? 0 };
      return readAnswer(await exchange(frame, address, AbortSignal.timeout(10_000)), isSealed ? keys : [])?.id;
    },
    async sendDamaged(header: string, transport: (typeof transports)[number] = "udp", damage = "0000") {
      const frame = toFrameBytes(`"SIA-DCS"0001R0L0${header}[Nri1/PA001]`, "text");
      frame.write(damage, 1, "latin1");
      const address = { transport, host: "127.0.0.1", port: listening.port ?? 0 };
      const stopped = new AbortController();
      const before = host.notes.length + host.alarms.length;
      const sending = exchange(frame, address, stopped.signal).catch(() => null);
      await expect.poll(() => host.notes.length + host.alarms.length, { interval: 1 }).toBeGreaterThan(before);
      stopped.abort();
      expect(await sending).toBeNull();
    },
    get said() {
      return host.alarms.splice(0).map(({ kind, button }) => `${kind} ${button}`);
    },
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

it("notes which value of an account's key its panel has", async () => {
  await using receiver = await start("123A", true);
  await receiver.send("SIA-DCS", "#123A", "#123A|NPA001");
  expect(receiver.host.used).toEqual(["accounts.123A first"]);
  await using plain = await start("123A", false);
  await plain.send("SIA-DCS", "#123A", "#123A|NPA001");
  expect(plain.host.used).toEqual([]);
});

describe.each([
  ["in clear", false],
  ["encrypted", true],
])("an account without its number sign, %s", (_name, isSealed) => {
  describe.each(transports)("over %s", (transport) => {
    it.each([
      ["1236", "#1236", "SIA-DCS", "1236|NRP", ["heartbeat"]],
      ["1237", "#1237", "SIA-DCS", "1237|NCL1", ["heartbeat"]],
      ["123A", "#123A", "SIA-DCS", "123A|NPA001", ["press"]],
      ["123A", "#123A", "SIA-DCS", "#123A|NPA001", ["press"]],
      ["10064", "#10064", "ADM-CID", "10064|1602 00 000", ["heartbeat"]],
      ["1120", "#1120", "ADM-CID", "1120|1602 00 000", ["heartbeat"]],
      ["1120", "#1120", "ADM-CID", "1120|1120 01 007", ["press"]],
      ["1120", "#1120", "ADM-CID", "1120|1602 00 000|1120 01 007", ["heartbeat", "press"]],
      ["1120", "#1120", "ADM-CID", "1120", ["press"]],
      ["123A", "#123a", "SIA-DCS", "123A|NRP", ["heartbeat"]],
      ["001236", "#001236", "SIA-DCS", "1236|NRP", ["heartbeat"]],
      ["1236", "#1236", "SIA-DCS", "001236|NRP", ["heartbeat"]],
      ["BA12", "#BA12", "SIA-DCS", "BA12|NRP", ["heartbeat"]],
      ["001120", "#001120", "ADM-CID", "1120|1602", ["heartbeat"]],
      ["1120", "#1120", "ADM-CID", "001120|1602", ["heartbeat"]],
      ["E120", "#e120", "ADM-CID", "E120|1602", ["heartbeat"]],
      // Filled up with blanks.
      ["1120", "#1120", "ADM-CID", "1120 |1602 00 000", ["heartbeat"]],
      ["1120", "#1120", "ADM-CID", " 1120|1602 00 000|1120 00 007", ["heartbeat", "press"]],
      ["1236", "#1236", "SIA-DCS", "1236 |NRP", ["heartbeat"]],
      ["1236", "#1236", "SIA-DCS", "#1236 |NPA001", ["press"]],
      ["1236", "#1236 ", "SIA-DCS", "1236|NRP", ["heartbeat"]],
      ["1236", "# 1236", "SIA-DCS", "1236|NPA001", ["press"]],
      // The account of a partition, perhaps.
      ["1236", "#1236", "SIA-DCS", "9999|NRP", ["heartbeat"]],
      ["1236", "#1236", "ADM-CID", "1120|1602 00 000", ["heartbeat"]],
      ["1236", "#1236", "ADM-CID", "ABCDEF0123456789|1602 00 000", ["heartbeat"]],
      ["1236", "#1236", "SIA-DCS", "9999|NPA001", ["press"]],
      // A press beside a test, in hexadecimal digits that may be an account.
      ["1236", "#1236", "SIA-DCS", "BA001|NRP", ["press", "heartbeat"]],
      ["1236", "#1236", "SIA-DCS", "BA1|NRX", ["press", "test"]],
      ["BA001", "#BA001", "SIA-DCS", "BA001|NRP", ["heartbeat"]],
      ["1236", "#1236", "NULL", "BA001|NRP", ["press", "heartbeat"]],
      ["1236", "#1236", "ADM-CID", "BA001|1602 00 000", ["heartbeat"]],
      ["1236", "#1236", "ADM-CID", "120|1602 00 000", ["press", "heartbeat"]],
      ["1236", "#1236", "ADM-CID", "110|1120 00 003", ["heartbeat", "press"]],
      ["1236", "#1236", "SIA-DCS", "120|NRP", ["heartbeat"]],
      // Nothing proves here that the first block is an account: in doubt a press, or unreadable.
      ["1236", "#1236", "ADM-CID", "1120|1602", ["press", "heartbeat"]],
      ["1236", "#1236", "ADM-CID", "1120|", ["press"]],
      ["1236", "#1236", "ADM-CID", "1120|AHal", ["press"]],
      ["1236", "#1236", "SIA-DCS", "9999|help", ["unreadable"]],
      ["1236", "#1236", "SIA-DCS", "99|NRP", ["unreadable", "heartbeat"]],
      ["1236", "#1236", "SIA-DCS", "1236|", ["unreadable"]],
    ])("%s, header %s, %s [%s]", async (account, header, id, data, kinds) => {
      await using panel = await start(account, isSealed);
      await panel.send(id, header, data, transport);
      expect(panel.said).toEqual(kinds.map((kind) => `${kind} ${account}`));
    });
  });
});

it.each([
  ["SIA-DCS", "1236|NRP", ["heartbeat"]],
  ["SIA-DCS", "1236|NPA001", ["press"]],
  ["SIA-DCS", " 1236 |NRP", ["heartbeat"]],
  ["SIA-DCS", "# 1236 |NPA001", ["press"]],
  ["ADM-CID", "1236|1120 01 007", ["press"]],
  ["SIA-DCS", "1236|help", ["unreadable"]],
  ["NULL", "1236|", ["heartbeat"]],
])("an account that stands in the data alone is found there: %s [%s]", async (id, data, kinds) => {
  await using panel = await start("1236", false);
  await panel.send(id, "", data);
  expect(panel.said).toEqual(kinds.map((kind) => `${kind} 1236`));
});

/**
 * Link tests, test reports and filler, which open nothing: polls as in ANSI/SIA DC-09
 * (https://www.yumpu.com/en/document/view/47594214/dc-09-preparing-for-ansi-public-review-security-industry-) and with
 * the filler of Hikvision's hubs (https://github.com/eavanvalkenburg/sia/issues/17), test codes of SIA DC-03
 * (https://github.com/eavanvalkenburg/pysiaalarm/blob/main/src/pysiaalarm/data/sia_codes.json) and of Contact ID, SIA
 * DC-05 (http://www.basshome.com/sia-standard-ademco-contactid.htm), with the test reports of AMC
 * (https://github.com/home-assistant/home-assistant.io/issues/21253), Dahua
 * (https://github.com/eavanvalkenburg/pysiaalarm/issues/54) and Intelbras
 * (https://www.easymanua.ls/intelbras/amt-8000/manual?p=98).
 */
const linkTests = [
  ...["", "#AAAB|", "AAAB|", "#0000|0000 00 000", "#AAAB|0000 00 000", "0000|0000 00 000", "#0000|0000"].map(
    (data) => ["NULL", data] as const,
  ),
  ...["RP", "RX", "RY", "TX", "TS", "TE", "TC", "TP", "BX", "FX", "GX", "FI", "FK", "VX", "YY", "YK", "RR"].flatMap(
    (code) => [
      ["SIA-DCS", `#AAAB|Nri0/${code}0000`] as const,
      ["SIA-DCS", `#AAAB|N${code}`] as const,
      ["SIA-DCS", `AAAB|O${code}000`] as const,
    ],
  ),
  ["SIA-DCS", "#AAAB|Nri0RP2^SL 1807110200065423^"] as const,
  ...[601, 602, 603, 604, 605, 606, 607, 608, 609, 611, 612, 613, 614, 615, 616, 621, 625, "000"].flatMap((code) => [
    ["ADM-CID", `#AAAB|1${code} 00 000`] as const,
    ["ADM-CID", `AAAB|3${code} 01 001`] as const,
  ]),
];

it("notes which value of an account's key its panel has", async () => {
  await using receiver = await start("123A", true);
  await receiver.send("SIA-DCS", "#123A", "#123A|NPA001");
  expect(receiver.host.used).toEqual(["accounts.123A first"]);
  await using plain = await start("123A", false);
  await plain.send("SIA-DCS", "#123A", "#123A|NPA001");
  expect(plain.host.used).toEqual([]);
});

describe.each([
  ["in clear", false],
  ["encrypted", true],
])("%s", (_name, isSealed) => {
  it("a link test, a test report or filler is acknowledged, a sign of life, and opens nothing", async () => {
    await using panel = await start("AAAB", isSealed);
    for (const [id, data] of linkTests) {
      for (const transport of transports) {
        panel.host.clock.to(panel.host.clock.now() + minute);
        expect([id, data, await panel.send(id, "#AAAB", data, transport)]).toEqual([id, data, "ACK"]);
        expect(["heartbeat AAAB", "test AAAB"], `${id} ${data}`).toContain(panel.said.join());
      }
    }
    expect(panel.host.notes).toEqual([]);
  });

  it.each([
    ["NULL", "#0000|0000 00 000|1120 01 007"],
    ["NULL", "#AAAB|1120 01 007"],
    ["NULL", "#AAAB|Nri1/PA007"],
    ["NULL", "AAAB|NPA007"],
    ["SIA-DCS", "#AAAB|Nri0/RP000/PA007"],
    ["SIA-DCS", "#AAAB|Nri0/RX000|Nri1/PA007"],
    ["ADM-CID", "#AAAB|1602 00 000|1120 01 007"],
    ["ADM-CID", "AAAB|0000 00 000|1120 01 007"],
  ])("a press beside one is a press: %s [%s]", async (id, data) => {
    await using panel = await start("AAAB", isSealed);
    expect(await panel.send(id, "#AAAB", data)).toBe("ACK");
    expect(panel.said).toContain("press AAAB");
  });

  it.each([
    ["NULL", "#AAAB|0000 00 000|help"],
    ["NULL", "#AAAB|help"],
    ["NULL", "#AAAB|N"],
    ["NULL", "#AAAB|\0"],
    ["ADM-CID", "#AAAB|1602 00 000|112001007"],
  ])("what can't be read beside one may be a press: %s [%s]", async (id, data) => {
    await using panel = await start("AAAB", isSealed);
    await panel.send(id, "#AAAB", data);
    expect(panel.said).toContain("unreadable AAAB");
  });
});

describe("damaged frames", () => {
  it.each(transports)(
    "of a known account over %s are its trouble after a few, once in ten minutes",
    async (transport) => {
      await using panel = await start("AAAB", false);
      const sendAt = async (minutes: number, header: string, damage: string) => {
        panel.host.clock.to(startedAt + minutes * minute);
        await panel.sendDamaged(header, transport, damage);
        return panel.said;
      };
      expect(await sendAt(0, "#AAAB", "0000")).toEqual([]);
      expect(await sendAt(1, "#AAAB", "FFFF")).toEqual([]);
      expect(await sendAt(2, "#aaab", "0000")).toEqual(["trouble AAAB"]);
      expect(await sendAt(3, "#AAAB", "0000")).toEqual([]);
      expect(await sendAt(12, "#AAAB", "0000")).toEqual(["trouble AAAB"]);
      expect(panel.host.notes).toContainEqual({
        event: "sia-frame-refused",
        facts: { from: "127.0.0.1", reason: "damaged", account: "AAAB" },
      });
    },
  );

  it("stay a trouble for a day, whatever frames are taken between them, and each of those counts", async () => {
    await using panel = await start("AAAB", false);
    for (let count = 0; count < 3; count++) {
      panel.host.clock.to(startedAt + count * minute);
      await panel.sendDamaged("#AAAB");
    }
    expect(panel.said).toEqual(["trouble AAAB"]);
    expect(await panel.send("NULL", "#AAAB", "")).toBe("ACK");
    expect(await panel.send("SIA-DCS", "#AAAB", "#AAAB|NPA001")).toBe("ACK");
    expect(panel.said).toEqual(["heartbeat AAAB", "trouble AAAB", "press AAAB", "trouble AAAB"]);
    panel.host.clock.to(startedAt + 24 * 60 * minute - 1);
    await panel.send("NULL", "#AAAB", "");
    expect(panel.said).toEqual(["heartbeat AAAB", "trouble AAAB"]);
    panel.host.clock.to(startedAt + 24 * 60 * minute + minute);
    await panel.send("NULL", "#AAAB", "");
    expect(panel.said).toEqual(["heartbeat AAAB"]);
  });

  it("of days apart are accidents", async () => {
    await using panel = await start("AAAB", false);
    for (let count = 0; count < 5; count++) {
      panel.host.clock.to(startedAt + count * 12 * 60 * minute);
      await panel.sendDamaged("#AAAB");
    }
    expect(panel.said).toEqual([]);
  });

  it("of nobody we know are in the log alone", async () => {
    await using panel = await start("AAAB", false);
    for (const header of ["#BBBB", "#BBBB", "#BBBB", "#BBBB", "", "", "", ""]) {
      panel.host.clock.to(panel.host.clock.now() + minute);
      await panel.sendDamaged(header);
    }
    expect(panel.said).toEqual([]);
    expect(JSON.stringify(panel.host.notes)).not.toContain("BBBB");
  });
});
