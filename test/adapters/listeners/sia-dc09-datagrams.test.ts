import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { siaDc09 } from "../../../adapters/listeners/sia-dc09.ts";
import { readAnswer } from "../../../adapters/protocols/sia-dc09/frame/answer.ts";
import { toTimestamp } from "../../../adapters/protocols/sia-dc09/frame/content.ts";
import { toFrameBytes } from "../../../adapters/protocols/sia-dc09/frame/frame.ts";
import { exchange } from "../../../adapters/protocols/sia-dc09/sender/exchange.ts";
import { type StrangerLimits, Strangers, usualLimits } from "../../../bot/kit/strangers.ts";
import { FakeHost, startedAt, until } from "../../fakes/listener-host.ts";

const second = 1_000;
const minute = 60 * second;
const all = Number.POSITIVE_INFINITY;
/** What one datagram uses up, however quick the machine is: so many are looked at as there are seconds. */
const one = Number.MIN_VALUE;

/** What calls from 127.0.0.9 counts as from 192.0.2.9 here, because loopback has no share of its own. */
class FromOutside extends Strangers {
  override hasTime(address: string): boolean {
    return super.hasTime(toOutside(address));
  }

  override countWork(address: string, ms: number): void {
    super.countWork(toOutside(address), ms);
  }
}

function toOutside(address: string): string {
  return address.replace("127.0.0.", "192.0.2.");
}

/** A receiver of datagrams at which strangers may have so many milliseconds of each second. */
async function start(workMs: StrangerLimits["workMs"]) {
  const host = new FakeHost();
  const strangers = new FromOutside(host.clock, [], { ...usualLimits, workMs });
  const options = { ...siaDc09.exampleOptions, transport: "udp" as const };
  const listening = await siaDc09.listen(options, {
    ...{ clock: host.clock, accept: host.accept, noteSecret: host.noteSecret, note: host.note },
    strangers,
  });
  const port = listening.port ?? 0;
  let sequence = 0;
  return {
    host,
    port,
    /** A panel of ours presses; resolves with the answer, behind all that was sent before. */
    async press() {
      sequence += 1;
      const body = `"SIA-DCS"${String(sequence).padStart(4, "0")}R0L0#0042[#0042|Nri1/PA001]`;
      const frame = toFrameBytes(body + toTimestamp(host.clock.now()), "text");
      const address = { transport: "udp", host: "127.0.0.1", port } as const;
      return readAnswer(await exchange(frame, address, AbortSignal.timeout(10_000)))?.id;
    },
    lines: (event: string) => host.notes.filter((note) => note.event === event).map(({ facts }) => facts),
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

/** Somebody at an address of this machine who sends datagrams, and counts what is answered. */
class Stranger implements Disposable {
  answers = 0;
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket.on("message", () => {
      this.answers += 1;
    });
  }

  static async at(address: string): Promise<Stranger> {
    const socket = createSocket("udp4").bind(0, address);
    await once(socket, "listening");
    return new Stranger(socket);
  }

  async send(port: number, datagram: Buffer, count: number): Promise<void> {
    for (let sent = 0; sent < count; sent += 1) {
      await new Promise((resolve) => this.#socket.send(datagram, port, "127.0.0.1", resolve));
    }
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

const stranger = toFrameBytes('"SIA-DCS"0001L0#9999[#9999|Nri1/PA001]', "text");
const addresses = ["127.0.0.2", "127.0.0.3", "127.0.0.4"];
const each = 100;

describe("a flood of datagrams of no panel", () => {
  it.each([
    ["one of each address", { each: one, together: all }, addresses.length],
    ["one of all together", { each: all, together: one }, 1],
    ["none", { each: all, together: 0 }, 0],
  ])(
    "has %s looked at in a second, and every press of a panel is taken and answered",
    async (_which, workMs, looked) => {
      await using receiver = await start(workMs);
      const { host, port } = receiver;
      const strangers = await Promise.all(addresses.map((address) => Stranger.at(address)));
      const answered = () => strangers.reduce((sum, { answers }) => sum + answers, 0);
      for (const round of [1, 2]) {
        await Promise.all([
          ...strangers.map((caller) => caller.send(port, stranger, each)),
          ...[1, 2, 3].map(async () => expect(await receiver.press()).toBe("ACK")),
        ]);
        expect(await receiver.press()).toBe("ACK");
        await until(() => answered() >= round * looked);
        expect(answered()).toBe(round * looked);
        host.clock.to(startedAt + round * second);
      }
      expect(host.alarms.filter(({ kind }) => kind === "press").map(({ button }) => button)).toEqual(
        Array(8).fill("0042"),
      );

      // A line for each address and reason; how many more there were is told when its minute is over.
      host.clock.to(startedAt + 2 * minute);
      const dropped = receiver.lines("sia-strangers-left-out") as { from: string; more?: number }[];
      expect(new Set(dropped.map(({ from }) => from))).toEqual(new Set(addresses));
      expect(dropped.length).toBe(2 * addresses.length);
      const lines = dropped.reduce((sum, { more = 0 }) => sum + 1 + more, 0);
      expect(lines).toBe(2 * each * addresses.length - 2 * looked);
      expect(receiver.lines("sia-frame-unusual").length).toBeLessThanOrEqual(2 * addresses.length);
      for (const caller of strangers) caller[Symbol.dispose]();
    },
  );

  it("that hold no frame counts too", async () => {
    await using receiver = await start({ each: one, together: all });
    using flood = await Stranger.at("127.0.0.2");
    await flood.send(receiver.port, Buffer.alloc(9_000, '\n00000000"x'), each);
    expect(await receiver.press()).toBe("ACK");
    receiver.host.clock.to(startedAt + minute);
    const [first, count] = receiver.lines("sia-strangers-left-out");
    expect([first, count]).toEqual([{ from: "127.0.0.2" }, { from: "127.0.0.2", more: each - 3 }]);
    expect(receiver.lines("sia-no-frame")).toEqual([{ from: "127.0.0.2", bytes: 9_000 }]);
  });
});
