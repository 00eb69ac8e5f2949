import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { PacketShortener } from "../../../../adapters/protocols/mqtt/client.ts";
import { maxPayloadBytes } from "../../../../adapters/protocols/mqtt/publish.ts";
import { startAedes } from "../../../fakes/broker.ts";
import { until } from "../../../fakes/listener-host.ts";
import { endAll, listen, listenNow, publish, start, toOptions } from "./listen.ts";

afterEach(endAll);

/** A packet of that length behind its head, whose bytes count up. */
function toPacket(length: number, first = 0x32): Buffer {
  const head = [first];
  for (let rest = length; head.length === 1 || rest > 0; rest = Math.floor(rest / 0x80)) {
    head.push((rest % 0x80) + (rest >= 0x80 ? 0x80 : 0));
  }
  return Buffer.concat([Buffer.from(head), Buffer.from(Array.from({ length }, (_, index) => index & 0xff))]);
}

describe("a message that is longer than we read", () => {
  it("is a press that can't be read and is acknowledged, and what follows it is taken", async () => {
    const { port } = await start(startAedes);
    const options = toOptions(port, { topics: [{ format: "message", topic: "alarms/#" }] });
    const first = await listenNow(options);
    const long = Buffer.alloc(2 * maxPayloadBytes, "x");
    await publish(port, [
      ["alarms/long", long],
      ["alarms/next", '{"button":"next"}'],
    ]);
    await until(() => first.host.pressed.length > 0);
    expect(first.host.alarms.map(({ kind, button }) => [kind, button])).toEqual([
      ["heartbeat", ""],
      ["unreadable", ""],
      ["press", "next"],
    ]);
    await first.stop();
    const again = await listen(options);
    await publish(port, [["alarms/last", '{"button":"last"}']]);
    await until(() => again.host.pressed.length > 0);
    expect(again.host.pressed).toEqual(["last"]);
  });
});

describe("a stream of packets", () => {
  const take = (packets: Buffer[], chunkBytes: number, maxBytes: number): Buffer => {
    const shortener = new PacketShortener(maxBytes);
    const bytes = Buffer.concat(packets);
    const passed: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      passed.push(...shortener.take(bytes.subarray(at, at + chunkBytes)));
    }
    return Buffer.concat(passed);
  };

  it("passes as it is, but for what is too long in one, wherever its chunks end", () => {
    const lengths = fc.array(fc.oneof(fc.constantFrom(0, 1, 127, 128, 299, 300, 301, 16_384), fc.nat(600)));
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 700 }), (all, chunkBytes) => {
        const expected = all.map((length) => toPacket(Math.min(length, 300)));
        expect(
          take(
            all.map((length) => toPacket(length)),
            chunkBytes,
            300,
          ),
        ).toEqual(Buffer.concat(expected));
      }),
    );
  });

  it("holds nothing of what is left out, as long as a packet can be", () => {
    const shortener = new PacketShortener(1_000);
    let passed = 0;
    for (const part of shortener.take(Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f]))) passed += part.length;
    const chunk = Buffer.alloc(64 * 1024);
    for (let sent = 0; sent < 0x0fffffff; sent += chunk.length) {
      for (const part of shortener.take(chunk.subarray(0, Math.min(chunk.length, 0x0fffffff - sent)))) {
        passed += part.length;
      }
    }
    expect(passed).toBe(1 + 2 + 1_000);
    expect(Buffer.concat(shortener.take(toPacket(2)))).toEqual(toPacket(2));
  });

  it("passes a length that is none, for the library to refuse", () => {
    const bad = Buffer.from([0x32, 0xff, 0xff, 0xff, 0xff]);
    expect(take([bad, toPacket(3)], 2, 300)).toEqual(Buffer.concat([bad, toPacket(3)]));
  });
});
