import type { Socket as Datagrams } from "node:dgram";
import { once } from "node:events";
import { createRequire } from "node:module";
import type { AddressInfo, Server } from "node:net";
import { describe, expect, it } from "vitest";
import { siaDc09 } from "../../../../../adapters/pagers/sia-dc09.ts";
import { page } from "../../../../contracts/pager-contract.ts";
import { FakeClock } from "../../../../fakes/clock.ts";
import { createPagerHost } from "../../../../fakes/pager-host.ts";

/** What we use of the receiver in https://github.com/schmupu/ioBroker.sia, which knows nothing of us. */
interface ForeignReceiver {
  readonly servertcp: Server;
  readonly serverudp: Datagrams;
  setAccounts(accounts: readonly object[]): void;
  serverStartTCP(): void;
  serverStartUDP(): void;
  on(event: "sia", listener: (message: ForeignMessage | undefined, error: unknown) => void): void;
}

interface ForeignMessage {
  readonly id: string;
  readonly seq: string;
  readonly act: string;
  readonly data_message: string;
  readonly data_extended: string;
}

type Construct = new (settings: object) => ForeignReceiver;

/** Its receiver without the product around it. */
const Receiver: Construct = createRequire(import.meta.url)("iobroker.sia/build/lib/sia.js").sia;
const clock = new FakeClock(Date.now() - 3 * 3_600_000);
const signal = new AbortController().signal;

async function start(account: object) {
  const receiver = new Receiver({ timeout: 40, host: "127.0.0.1", port: 0, sockend: true, logger: () => {} });
  const received: ForeignMessage[] = [];
  const errors: unknown[] = [];
  receiver.on("sia", (message, error) => {
    if (message) received.push(message);
    if (error) errors.push(error);
  });
  receiver.setAccounts([account]);
  const listening = [receiver.servertcp, receiver.serverudp].map((server) => once(server, "listening"));
  receiver.serverStartTCP();
  receiver.serverStartUDP();
  await Promise.all(listening);
  const { port } = receiver.servertcp.address() as AddressInfo;
  return {
    received,
    errors,
    ports: { tcp: port, udp: receiver.serverudp.address().port },
    [Symbol.dispose]() {
      receiver.servertcp.close();
      receiver.serverudp.close();
    },
  };
}

describe("a receiver that we did not write", () => {
  describe.each([
    ["plain", undefined],
    ["AES-128", "00112233445566778899aabbccddeeff"],
    ["AES-192", "00112233445566778899aabbccddeeff0011223344556677"],
    ["AES-256", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"],
  ])("%s", (_name, key) => {
    it.each([
      ["SIA-DCS", "tcp", "Nri1/PA007", "Nri1/RX007"],
      ["ADM-CID", "tcp", "1120 01 007", "1601 01 007"],
      ["SIA-DCS", "udp", "Nri1/PA007", "Nri1/RX007"],
      ["ADM-CID", "udp", "1120 01 007", "1601 01 007"],
    ] as const)("takes %s over %s, once it has told us its time", async (protocol, transport, panic, test) => {
      using receiver = await start({ accountnumber: "1234", aes: key !== undefined, hex: true, password: key ?? "" });
      const host = createPagerHost(clock);
      const options = siaDc09.Options.parse({
        account: "1234",
        protocol,
        ...(key === undefined ? {} : { key }),
        primary: { host: "127.0.0.1", port: receiver.ports[transport], transport, pollEvery: "never" },
        codes: { zone: "7" },
        text: true,
      });
      const ready = siaDc09.open(options, host);
      await ready.page(page, signal);
      // Our clock stands hours behind its own: the first frame got a NAK, the second one, with its time, is taken.
      expect(receiver.errors).toHaveLength(1);
      await ready.page({ ...page, key: "i-2", reason: "test" }, signal);
      expect(receiver.errors).toHaveLength(1);
      const id = `${key === undefined ? "" : "*"}${protocol}`;
      expect(receiver.received).toMatchObject([
        { id, act: "1234", data_message: `#1234|${panic}`, data_extended: expect.stringMatching(/^ISpreekkamer 3/) },
        { id, act: "1234", data_message: `#1234|${test}`, data_extended: expect.stringMatching(/^ITEST /) },
      ]);
      expect(new Set(receiver.received.map(({ seq }) => seq)).size).toBe(2);
      expect(host.notes.map(({ event }) => event)).toEqual(["alarm-centre-clock-not-ours"]);
    });
  });

  it("that takes the key's 32 digits for 32 characters, and no polls, takes a page all the same", async () => {
    const key = "00112233445566778899aabbccddeeff";
    using receiver = await start({ accountnumber: "1234", aes: true, hex: false, password: key });
    const host = createPagerHost(clock);
    const primary = { host: "127.0.0.1", port: receiver.ports.tcp, pollEvery: "never" };
    const open = () => siaDc09.open(siaDc09.Options.parse({ account: "1234", key, primary, text: true }), host);
    await open().page(page, signal);
    const messages = () => receiver.received.filter(({ data_message }) => data_message === "#1234|Nri1/PA000");
    expect(messages()).toHaveLength(1);
    const before = receiver.errors.length;
    await open().page({ ...page, key: "i-2", pageKey: "i-2" }, signal);
    expect([messages().length, receiver.errors.length]).toEqual([2, before]);
  });

  it("that has another key takes nothing, and we do not think so", async () => {
    using receiver = await start({ accountnumber: "1234", aes: true, hex: true, password: "ff".repeat(16) });
    const primary = { host: "127.0.0.1", port: receiver.ports.tcp, pollEvery: "never" };
    const options = siaDc09.Options.parse({ account: "1234", key: "00".repeat(16), primary });
    const sending = siaDc09.open(options, createPagerHost(clock)).page(page, signal);
    await expect(sending).rejects.toMatchObject({ reason: "unreachable" });
    // At times it takes rubbish for a message; it never answers by our key.
    expect(receiver.received.filter(({ data_message }) => data_message.includes("PA"))).toEqual([]);
  });
});
