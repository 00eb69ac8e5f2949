import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toKeys } from "../../../../../adapters/protocols/sia-dc09/frame/cipher.ts";
import { readFrame } from "../../../../../adapters/protocols/sia-dc09/frame/frame.ts";
import { Accounts } from "../../../../../adapters/protocols/sia-dc09/receiver/account.ts";
import { evaluate } from "../../../../../adapters/protocols/sia-dc09/receiver/evaluate.ts";
import { Memory } from "../../../../../adapters/protocols/sia-dc09/receiver/memory.ts";
import { findOrigin } from "../../../../../adapters/protocols/sia-dc09/receiver/origin.ts";
import {
  toDigits,
  toEventFrame,
  toPlainText,
  toPollFrame,
} from "../../../../../adapters/protocols/sia-dc09/sender/event-frame.ts";
import { toPlace } from "../../../../../bot/kit/safe-text.ts";

const now = Date.UTC(2026, 10, 24, 9, 30, 0);
const numRuns = Number(process.env.FUZZ_RUNS ?? 500);
const codes = { "SIA-DCS": { press: "PA", test: "RX" }, "ADM-CID": { press: "120", test: "601" } } as const;

const sending = fc.record({
  protocol: fc.constantFrom("SIA-DCS", "ADM-CID"),
  account: fc.string({ unit: fc.constantFrom(..."0123456789ABCDEF"), minLength: 3, maxLength: 16 }),
  key: fc.constantFrom(undefined, "00112233445566778899aabbccddeeff", "k".repeat(24), "k".repeat(32)),
  zone: fc.integer({ min: 0, max: 999 }),
  partition: fc.integer({ min: 0, max: 99 }),
  kind: fc.constantFrom("press", "test"),
  text: fc.option(fc.string({ unit: "binary", maxLength: 400 })),
  position: fc.option(
    fc.record({
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
      lon: fc.double({ min: -180, max: 180, noNaN: true }),
      accuracyM: fc.constant(null),
    }),
  ),
  sequence: fc.integer({ min: 1, max: 9999 }),
} as const);

describe("a frame of ours", () => {
  it("is read by our receiver as the alarm that was meant, whatever is in it", () => {
    const check = fc.property(
      sending,
      ({ protocol, account, key, zone, partition, kind, text, position, sequence }) => {
        const [first = null] = toKeys(key ?? "");
        const from = { protocol, account, key: first, zone: String(zone), partition: String(partition) };
        const plain = text === null ? null : toPlainText(text) || null;
        const event = {
          code: codes[protocol][kind],
          account: null,
          text: plain,
          position,
          isTest: kind === "test",
          ...{ begins: null, isEnd: false, alarm: null },
        };
        const bytes = toEventFrame(from, event, sequence, now);
        expect(bytes.length).toBeLessThan(1100);
        const frame = readFrame(bytes.subarray(1, -1));
        if (typeof frame === "string") throw new Error(frame);
        expect(frame).toMatchObject({
          id: protocol,
          sequence: toDigits(sequence),
          account,
          isEncrypted: first !== null,
        });
        const accounts = Accounts.parse({ [account]: { zones: true, ...(key === undefined ? {} : { key }) } });
        const { alarms, reason } = evaluate(frame, findOrigin(frame, accounts), new Memory().snapshot(account), {
          now,
          wall: now + 1000,
        });
        expect(reason).toBeNull();
        const isNowhere = position !== null && Math.abs(position.lat) < 1e-6 && Math.abs(position.lon) < 1e-6;
        expect(alarms).toEqual([
          expect.objectContaining({
            kind,
            // A test names no zone.
            button: zone === 0 || kind === "test" ? account : `${account}/${zone}`,
            at: now,
            place: plain === null ? null : toPlace(plain),
            ...(isNowhere
              ? {}
              : { position: position && { ...position, lat: near(position.lat), lon: near(position.lon) } }),
          }),
        ]);
      },
    );
    fc.assert(check, { numRuns });
  });

  it("that polls is a sign of life", () => {
    for (const key of [null, Buffer.alloc(16, 7)]) {
      const from = { protocol: "SIA-DCS", account: "1234", key, zone: "0", partition: "1" } as const;
      const frame = readFrame(toPollFrame(from, now).subarray(1, -1));
      if (typeof frame === "string") throw new Error(frame);
      const accounts = Accounts.parse({ "1234": key === null ? {} : { key: "07".repeat(16) } });
      const { alarms } = evaluate(frame, findOrigin(frame, accounts), new Memory().snapshot("1234"), {
        now,
        wall: now,
      });
      expect(frame.sequence).toBe("0000");
      expect(alarms).toMatchObject([{ kind: "heartbeat", button: "1234" }]);
    }
  });

  it("has no text that could be taken for a part of it", () => {
    const check = (text: string) => {
      expect(toPlainText(text)).toMatch(/^(?:[!$-)+-Z\\`a-{}~][ !$-)+-Z\\`a-{}~]{0,255})?$/);
    };
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 400 }), check), { numRuns });
    expect(toPlainText("Hôtel de Ville, 2e étage")).toBe("Hotel de Ville, 2e etage");
  });
});

function near(degrees: number): unknown {
  return expect.closeTo(degrees, 5);
}
