import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decrypt, encrypt, toKeys } from "../../../../../adapters/protocols/sia-dc09/frame/cipher.ts";
import {
  openContent,
  readContent,
  readTimestamp,
  toTimestamp,
} from "../../../../../adapters/protocols/sia-dc09/frame/content.ts";
import { toCrc } from "../../../../../adapters/protocols/sia-dc09/frame/crc.ts";
import {
  type Frame,
  readFrame,
  toFrameBytes,
  writeFrame,
} from "../../../../../adapters/protocols/sia-dc09/frame/frame.ts";
import { cutDatagram, FrameCutter } from "../../../../../adapters/protocols/sia-dc09/frame/frame-cutter.ts";

const now = Date.UTC(2026, 10, 24, 9, 30, 0);

/** Any text of one byte a character without what the frame itself is made of. */
function text(forbidden: string, maxLength: number): fc.Arbitrary<string> {
  const characters = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
  const allowed = characters.filter((character) => !`\n\r${forbidden}`.includes(character));
  return fc.string({ unit: fc.constantFrom(...allowed), maxLength });
}

const hexDigits = fc.string({ unit: fc.constantFrom(..."0123456789ABCDEF"), maxLength: 6 });
const account = fc.string({ unit: fc.constantFrom(..."0123456789ABCDEF"), minLength: 3, maxLength: 16 });
const anyFrame: fc.Arbitrary<Frame> = fc.record({
  crcForm: fc.constantFrom("text", "raw"),
  id: fc.constantFrom("SIA-DCS", "ADM-CID", "NULL", "ACK", "NAK", "DUH", "RSP", "XYZ-1"),
  isEncrypted: fc.boolean(),
  sequence: fc.integer({ min: 0, max: 9999 }).map((number) => String(number).padStart(4, "0")),
  receiver: fc.option(hexDigits),
  prefix: fc.option(hexDigits),
  account: fc.option(account),
  rest: fc.option(text("", 300)),
});

describe("the CRC", () => {
  // https://reveng.sourceforge.io/crc-catalogue/16.htm
  it("is CRC-16/ARC", () => {
    expect(toCrc(Buffer.from("123456789"))).toBe(0xbb3d);
    expect(toCrc(Buffer.alloc(0))).toBe(0);
  });
});

describe("a frame", () => {
  it("is read as it was written, whatever is in it", () => {
    const check = (frame: Frame) => {
      expect(readFrame(writeFrame(frame).subarray(1, -1))).toEqual(frame);
    };
    fc.assert(fc.property(anyFrame, check), { numRuns: Number(process.env.FUZZ_RUNS ?? 500) });
  });

  it("that one bit was changed in is damaged, or none", () => {
    const change = fc.tuple(anyFrame, fc.nat(), fc.nat(7));
    const check = ([frame, place, bit]: [Frame, number, number]) => {
      const bytes = writeFrame(frame).subarray(1, -1);
      // Behind the length, which counts for nothing when the CRC is right.
      const at = bytes.length - 1 - (place % (bytes.length - 9));
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
      expect(["crc", "form"]).toContain(readFrame(bytes));
    };
    fc.assert(fc.property(change, check), { numRuns: Number(process.env.FUZZ_RUNS ?? 300) });
  });

  it.each([
    ['"SIA-DCS"0001L0#1234[]', { sequence: "0001", receiver: null, prefix: "0", account: "1234", rest: "]" }],
    ['"SIA-DCS"0001R1L22#1234', { receiver: "1", prefix: "22", account: "1234", rest: null }],
    ['"NAK"0000R0L0A0[]', { id: "NAK", sequence: "0000", account: null }],
    ['"NAK"0000L0R0A0[]', { id: "NAK", receiver: null }],
    ['"ACK"0001NoneL0#1234[]', { id: "ACK", sequence: "0001", account: "1234" }],
    ['"ACK"0001L0', { account: null, rest: null }],
    ['"ACK"', { sequence: "", receiver: null, prefix: null, account: null, rest: null }],
  ])("%s is read as far as it goes", (body, parts) => {
    expect(readFrame(toFrameBytes(body, "text").subarray(1, -1))).toMatchObject(parts);
  });

  it("never throws on any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readFrame(Buffer.from(bytes))));
  });
});

describe("a stream", () => {
  const stream = fc.array(fc.oneof(anyFrame, text('"', 40)), { maxLength: 8 });

  it("gives the same frames however it is torn and glued", () => {
    const check = (parts: (Frame | string)[], cuts: number[]) => {
      const bytes = Buffer.concat(
        parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : writeFrame(part))),
      );
      const cutter = new FrameCutter();
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const frames = places.slice(1).flatMap((end, index) => cutter.push(bytes.subarray(places[index], end)));
      expect(frames.map(readFrame)).toEqual(parts.filter((part) => typeof part !== "string"));
    };
    fc.assert(fc.property(stream, fc.array(fc.nat(5000), { maxLength: 20 }), check), {
      numRuns: Number(process.env.FUZZ_RUNS ?? 500),
    });
  });

  it("byte by byte gives them too", () => {
    const check = (frames: Frame[]) => {
      const cutter = new FrameCutter();
      const bytes = [...Buffer.concat(frames.map(writeFrame))];
      expect(bytes.flatMap((byte) => cutter.push(Buffer.from([byte]))).map(readFrame)).toEqual(frames);
    };
    fc.assert(fc.property(fc.array(anyFrame, { maxLength: 3 }), check), {
      numRuns: Number(process.env.FUZZ_RUNS ?? 50),
    });
  });

  it("drops a frame that the next one breaks off, and holds no more than one frame", () => {
    const whole = toFrameBytes('"NULL"0001L0#1234[]', "text");
    const cutter = new FrameCutter();
    expect(cutter.push(Buffer.concat([whole.subarray(0, -3), whole]))).toEqual([whole.subarray(1, -1)]);

    const endless = Buffer.concat([Buffer.from('\n12340028"SIA-DCS"'), Buffer.alloc(3_000_000, "x")]);
    for (let at = 0; at < endless.length; at += 60_000) {
      expect(cutter.push(endless.subarray(at, at + 60_000))).toEqual([]);
    }
    expect(cutter.garbage).toBeGreaterThan(2_990_000);
    expect(cutter.push(whole)).toEqual([whole.subarray(1, -1)]);
    expect(cutter.garbage).toBe(0);
  });

  it("of any bytes never throws", () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 10 });
    const check = (parts: Uint8Array[]) => {
      const cutter = new FrameCutter();
      for (const part of parts) for (const frame of cutter.push(Buffer.from(part))) readFrame(frame);
    };
    fc.assert(fc.property(chunks, check));
  });

  it("takes a datagram with or without LF and CR, and with two frames in it", () => {
    for (const crcForm of ["text", "raw"] as const) {
      const frame = toFrameBytes('"NULL"0001L0#1234[]', crcForm);
      for (const datagram of [frame, frame.subarray(1), frame.subarray(0, -1), frame.subarray(1, -1)]) {
        expect(cutDatagram(datagram)).toEqual([frame.subarray(1, -1)]);
      }
      expect(cutDatagram(Buffer.concat([frame, frame]))).toHaveLength(2);
    }
    expect(cutDatagram(Buffer.from("GET / HTTP/1.1"))).toEqual([]);
    expect(cutDatagram(Buffer.alloc(0))).toEqual([]);
  });
});

describe("encryption", () => {
  const keys = fc.constantFrom(16, 24, 32).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));

  it("is undone by the same key, in whole blocks, and never gives the same twice", () => {
    const check = (bytes: Uint8Array, content: string) => {
      const key = Buffer.from(bytes);
      const hex = encrypt(content, key);
      expect(hex).toMatch(/^(?:[0-9A-F]{32})+$/);
      expect(encrypt(content, key)).not.toBe(hex);
      const [, pad = "", rest = ""] = /^([^|]*)\|(.*)$/s.exec(decrypt(hex, key) ?? "") ?? [];
      expect(rest).toBe(content);
      expect(pad.length).toBeGreaterThanOrEqual(1);
      expect(pad.length).toBeLessThanOrEqual(16);
      expect(pad).not.toMatch(/[[\]"]/);
    };
    fc.assert(fc.property(keys, text("", 120), check), { numRuns: Number(process.env.FUZZ_RUNS ?? 200) });
  });

  it("pads a text that fills its blocks by a whole one", () => {
    expect(encrypt("x".repeat(15), Buffer.alloc(16))).toHaveLength(64);
  });

  it("opens with the right key and no other", () => {
    const stamp = `#1234|Nri1/PA001]${toTimestamp(now)}`;
    const check = (right: Uint8Array, wrong: Uint8Array) => {
      const rest = encrypt(stamp, Buffer.from(right));
      const base = { crcForm: "text", id: "SIA-DCS", sequence: "0001", receiver: null, prefix: "0" } as const;
      const frame: Frame = { ...base, isEncrypted: true, account: "1234", rest };
      const opened = openContent(frame, [Buffer.from(wrong), Buffer.from(right)]);
      expect(opened).toEqual({ content: readContent(stamp), key: Buffer.from(right) });
      expect(openContent(frame, [])).toBeNull();
      for (const broken of ["", "xyz", rest.slice(1), null]) {
        expect(openContent({ ...frame, rest: broken }, [Buffer.from(right)])).toBeNull();
      }
    };
    fc.assert(
      fc.property(keys, keys, (right, wrong) => {
        fc.pre(Buffer.compare(right, wrong) !== 0);
        check(right, wrong);
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 200) },
    );
  });

  it("knows what a key may be", () => {
    expect(toKeys("00112233445566778899aabbccddeeff").map(({ length }) => length)).toEqual([16, 32]);
    expect(toKeys("AAAABBBBCCCCDDDD").map(({ length }) => length)).toEqual([16]);
    expect(toKeys("a".repeat(48)).map(({ length }) => length)).toEqual([24]);
    expect(toKeys("a".repeat(64)).map(({ length }) => length)).toEqual([32]);
    expect(toKeys("sleutel van 24 tekens!!!").map(({ length }) => length)).toEqual([24]);
    for (const key of ["", "short", "a".repeat(17), "é".repeat(16).slice(0, 15)]) expect(toKeys(key)).toEqual([]);
  });
});

describe("a timestamp", () => {
  it("is read as it was written", () => {
    const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
    fc.assert(
      fc.property(seconds, (at) => {
        expect(readTimestamp(toTimestamp(at * 1000).slice(1))).toBe(at * 1000);
      }),
    );
    expect(toTimestamp(now)).toBe("_09:30:00,11-24-2026");
  });

  it.each(["", "09:30:00", "24:00:00,11-24-2026", "09:30:00,02-31-2026", "09:30:00,24-11-2026", "9:30:00,11-24-2026"])(
    "%s is none",
    (stamp) => expect(readTimestamp(stamp)).toBeNull(),
  );
});
