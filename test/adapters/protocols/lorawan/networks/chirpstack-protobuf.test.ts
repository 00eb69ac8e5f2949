import { readFileSync } from "node:fs";
import { PbfWriter } from "pbf";
import { describe, expect, it } from "vitest";
import { chirpstack } from "../../../../../adapters/sources/chirpstack.ts";
import { sourceContract } from "../../../../contracts/source-contract.ts";

const now = Date.UTC(2026, 10, 24, 9, 0, 0);
const secret = "a-secret-of-this-test-only";
const options = { secret, model: "milesight-ws101" } as const;
const button = "24E124535C123456";

function parse(query: string, body: unknown, settings: Parameters<typeof chirpstack.parse>[1] = options) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const request = { method: "POST", path: "", query, headers: {}, body: bytes, remote: "", receivedAt: now };
  return chirpstack.parse(request, settings);
}

// Written with the numbers of
// https://github.com/chirpstack/chirpstack/blob/master/api/proto/integration/integration.proto
type Write = (pbf: PbfWriter) => void;
const write = (fields: Write) => {
  const pbf = new PbfWriter();
  fields(pbf);
  return Buffer.from(pbf.finish());
};
const message =
  (tag: number, fields: Write): Write =>
  (pbf) =>
    pbf.writeMessage(tag, (_, inner) => fields(inner), null);
const all =
  (...parts: readonly Write[]): Write =>
  (pbf) => {
    for (const part of parts) part(pbf);
  };
const text =
  (tag: number, value: string): Write =>
  (pbf) =>
    pbf.writeStringField(tag, value);
const moment = (tag: number) =>
  message(tag, (pbf) => {
    pbf.writeVarintField(1, Date.parse("2026-11-24T08:59:58Z") / 1000);
    pbf.writeVarintField(2, 204_118_773);
  });
const device = (tag: number) =>
  message(
    tag,
    all(text(1, "t"), text(7, "Balie 2"), text(8, "24e124535c123456"), message(9, all(text(1, "k"), text(2, "v")))),
  );
const head = all(text(1, "5b0a0b8e-3c1d-4b7e-9a55-0f2f3f7a6c10"), moment(2), device(3));
/** google.protobuf.Struct { press: "long", list: [true, null, 2.5], deep: { button: "short" } } */
const struct = (press: string) =>
  all(
    message(1, all(text(1, "press"), message(2, text(3, press)))),
    message(
      1,
      all(
        text(1, "list"),
        message(
          2,
          message(
            6,
            all(
              message(1, (pbf) => pbf.writeBooleanField(4, true)),
              message(1, (pbf) => pbf.writeVarintField(1, 0)),
              message(1, (pbf) => pbf.writeDoubleField(2, 2.5)),
            ),
          ),
        ),
      ),
    ),
    message(
      1,
      all(text(1, "deep"), message(2, message(5, message(1, all(text(1, "button"), message(2, text(3, "short"))))))),
    ),
  );
const payload =
  (hex: string): Write =>
  (pbf) =>
    pbf.writeBytesField(10, Buffer.from(hex, "hex"));

const frame: Write = (pbf) => {
  pbf.writeStringField(4, "01f3a77c");
  pbf.writeBooleanField(5, true);
  pbf.writeVarintField(6, 4);
  pbf.writeVarintField(7, 214);
  pbf.writeVarintField(8, 85);
};

function up(...more: readonly Write[]): Buffer {
  const gateway = message(
    12,
    all(text(1, "ac1f09fffe0a1b2c"), (pbf) => pbf.writeSVarintField(5, -97)),
  );
  const parts = more.length > 0 ? more : [payload("017559ff2e01")];
  return write(all(head, frame, ...parts, gateway, text(16, "eu868")));
}

sourceContract(
  "chirpstack, protobuf",
  {
    ...chirpstack,
    example: (settings, devEui, at) => ({
      ...chirpstack.example(settings, devEui, at),
      body: write(all(text(1, `id-${at}`), message(3, text(8, devEui)), frame, payload("ff2e01"))),
    }),
  },
  button,
);

describe("an event in protobuf", () => {
  it("says the same as JSON", () => {
    const { object: _, ...json } = JSON.parse(readFileSync("test/fixtures/chirpstack/up-press.json", "utf8"));
    expect(parse("event=up", up())).toEqual(parse("event=up", json));
    expect(parse("event=up", up())).toMatchObject([{ kind: "press", button, battery: 0.89 }]);
    const nameless = write(all(moment(2), device(3), frame, payload("017559ff2e01")));
    expect(parse("event=up", nameless)).toEqual(parse("event=up", { ...json, deduplicationId: undefined }));
  });

  it("has what the network decoded", () => {
    const mapping = {
      press:
        'port == 85 && decoded_payload.press == "long" && decoded_payload.deep.button == "short" && decoded_payload.list[0] == true',
      battery: "decoded_payload.list[2]",
    };
    const read = (press: string) => parse("event=up", up(message(11, struct(press))), { secret, mapping });
    expect(read("long")).toMatchObject([{ kind: "press", battery: 0.025 }]);
    expect(read("short")).toMatchObject([{ kind: "heartbeat", battery: 0.025 }]);
  });

  it("reads the other events", () => {
    const battery: Write = (pbf) => pbf.writeFloatField(8, 63.5);
    expect(parse("event=status", write(all(head, battery)))).toMatchObject([
      { kind: "heartbeat", button, battery: 0.635 },
    ]);
    const mains: Write = (pbf) => pbf.writeBooleanField(6, true);
    expect(parse("event=status", write(all(head, mains, battery)))).toMatchObject([{ battery: null }]);
    expect(parse("event=join", write(all(head, text(4, "01f3a77c"))))).toMatchObject([{ kind: "heartbeat", button }]);
    const location = message(4, (pbf) => {
      pbf.writeDoubleField(1, 52.52411);
      pbf.writeDoubleField(2, 5.72206);
      pbf.writeFloatField(5, 140);
    });
    expect(parse("event=location", write(all(head, location)))).toMatchObject([
      { kind: "position", button, position: { lat: 52.52411, lon: 5.72206, accuracyM: 140 } },
    ]);
    const number =
      (tag: number, value: number): Write =>
      (pbf) =>
        pbf.writeVarintField(tag, value);
    const log = (level: number, code = 4) =>
      write(all(moment(1), device(2), number(3, level), number(4, code), text(5, "no")));
    expect(parse("event=log", log(2))).toMatchObject([
      { kind: "trouble", button, at: Date.parse("2026-11-24T08:59:58.204Z") },
    ]);
    expect(parse("event=log", log(1))).toEqual([]);
    const troubles = Array.from({ length: 13 }, (_, code) => code).filter(
      (code) => parse("event=log", log(2, code)).length > 0,
    );
    expect(troubles).toEqual([0, 2, 4, 5, 6, 7, 9, 12]);
    expect(parse("event=ack", up())).toEqual([]);
    expect(parse("", up())).toMatchObject([{ kind: "press", button }]);
  });

  it("that is torn is never read as something smaller", () => {
    const whole = up();
    // Where a field ends, a message may end as well; from the port on, what is missing could have been a press.
    const port = whole.indexOf(write((pbf) => pbf.writeVarintField(8, 85)));
    for (let end = 0; end < whole.length; end += 1) {
      const [alarm, ...rest] = parse("event=up", whole.subarray(0, end));
      expect(rest).toEqual([]);
      expect(end > port + 1 ? ["press", "unreadable"] : ["heartbeat", "unreadable"]).toContain(alarm?.kind);
    }
  });

  it("that breaks off may be a press wherever it does, and names its device once that came whole", () => {
    const whole = up();
    const request = { method: "POST", path: "", query: "event=up", headers: {}, remote: "", receivedAt: 0 };
    const named = whole.indexOf(write(device(3))) + write(device(3)).length;
    for (let end = 0; end < whole.length; end += 1) {
      const [alarm] = chirpstack.parse({ ...request, body: whole.subarray(0, end), isCut: true }, { secret });
      expect(["press", "unreadable"]).toContain(alarm?.kind);
      expect(alarm?.button).toBe(end < named ? "" : button);
      // Else the whole event, when it comes again, would pass for this one.
      if (alarm?.kind === "unreadable") expect(alarm.id).toBeNull();
    }
  });

  it("takes a field of another kind for none, and a moment that can't be for none", () => {
    const odd = write(
      all(
        head,
        (pbf) => pbf.writeVarintField(10, 7),
        (pbf) => pbf.writeStringField(8, "x"),
        payload("ff2e01"),
        message(2, (pbf) => pbf.writeVarintField(1, 2 ** 60)),
      ),
    );
    expect(parse("event=up", odd)).toMatchObject([{ kind: "press", button, at: null }]);
  });

  it("has no bottom that can be fallen through", () => {
    const bytes = (tag: number, length: number) =>
      write((pbf) => all(writeTag(tag), (to) => to.writeVarint(length))(pbf));
    const writeTag = (tag: number) => (pbf: PbfWriter) => pbf.writeTag(tag, 2);
    const parts: Buffer[] = [write(text(3, "x"))];
    let length = parts[0]?.length ?? 0;
    const wrap = (part: Buffer) => {
      parts.push(part);
      length += part.length;
    };
    // struct_value { fields { key: "a", value: … } }, from the inside out.
    for (let depth = 0; depth < 4000; depth += 1) {
      wrap(bytes(2, length));
      wrap(write(text(1, "a")));
      wrap(bytes(1, length));
      wrap(bytes(5, length));
    }
    const value: Write = (pbf) => pbf.writeBytesField(2, Buffer.concat(parts.reverse()));
    const deep = message(11, message(1, all(text(1, "__proto__"), value)));
    expect(parse("event=up", up(deep, payload("ff2e01")))).toMatchObject([{ kind: "press", button }]);
    expect({}).not.toHaveProperty("a");
  });
});
