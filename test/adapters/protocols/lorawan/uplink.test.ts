import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DeviceOptions, readUplink, type Uplink } from "../../../../adapters/protocols/lorawan/uplink.ts";
import { alarmKinds, Position } from "../../../../bot/domain/alarm.ts";

const runs = Number(process.env.FUZZ_RUNS ?? 500);
const models = DeviceOptions.shape.model.unwrap().options;
type Model = (typeof models)[number];

const Fixture = z.strictObject({
  is: z.string(),
  /** Where the vendor has this message; positions and access points in it are made up. */
  source: z.url().optional(),
  port: z.number(),
  bytes: z.string(),
  decoded: z.unknown().optional(),
  kind: z.enum(alarmKinds),
  battery: z.number().nullable(),
  /** The bytes are finer than what the vendor's decoder made of them. */
  batteryOfBytes: z.number().optional(),
  position: Position.nullable().default(null),
});

function load(model: string) {
  return z.array(Fixture).parse(JSON.parse(readFileSync(`test/fixtures/devices/${model}.json`, "utf8")));
}

/** Rounded, since a decoder rounds and bytes don't. */
function read(uplink: Partial<Uplink>, options: DeviceOptions = {}) {
  const { kind, battery, position } = readUplink({ port: null, bytes: null, decoded: undefined, ...uplink }, options);
  const round = (value: number | null, to: number) => (value === null ? null : Math.round(value * to) / to);
  return {
    kind,
    battery: round(battery, 100),
    position: position && {
      lat: round(position.lat, 1e4),
      lon: round(position.lon, 1e4),
      accuracyM: round(position.accuracyM, 100),
    },
  };
}

const files: readonly (readonly [Model, string])[] = [
  ["milesight-ws101", "milesight-ws101"],
  ["browan-tbpb100", "browan-tbpb100"],
  ["abeeway-asset-tracker-2", "abeeway-asset-tracker-2"],
  ["abeeway-smart-badge", "abeeway-asset-tracker-2"],
  ["abeeway-asset-tracker-3", "abeeway-asset-tracker-3"],
  ["sensecap-t1000", "sensecap-t1000"],
];

it("has fixtures of every model", () => {
  expect(files.map(([model]) => model)).toEqual(models);
});

it("a Browan without bytes has no battery: its decoder makes 2.5 V of nothing", () => {
  const decoded = { status: 0, battery: 2.5, temperatureBoard: -32 };
  expect(read({ port: 147, decoded })).toMatchObject({ kind: "heartbeat", battery: null });
  expect(read({ port: 147, decoded, bytes: Buffer.alloc(0) })).toMatchObject({ battery: null });
  expect(read({ port: 147, decoded, bytes: Buffer.from("00f0360c00110000", "hex") })).toMatchObject({ battery: 0 });
  expect(read({ port: 147, decoded: { ...decoded, battery: 2.6 } })).toMatchObject({ battery: 0 });
  expect(read({ port: 147, decoded: { ...decoded, status: 1 } })).toMatchObject({ kind: "press", battery: null });
});

describe.each(files)("%s", (model, file) => {
  const messages = load(file);
  const decodedOnes = messages.filter(({ decoded }) => decoded !== undefined);

  it.each(decodedOnes)("$is, decoded", ({ port, bytes: hex, decoded, kind, battery, position }) => {
    const meant = { kind, battery, position };
    expect(read({ port, decoded }, { model })).toEqual(meant);
    expect(read({ port, decoded }, {})).toEqual(meant);
    expect(read({ port, bytes: Buffer.from(hex, "hex"), decoded }, {})).toEqual(meant);
    expect(read({ port: 222, decoded }, { model })).toEqual(meant);
  });

  it.each(decodedOnes)("$is, never as something milder by another model", ({ port, decoded, kind }) => {
    for (const [other, otherFile] of files) {
      if (otherFile === file) continue;
      expect([kind, "unreadable"]).toContain(read({ port, decoded }, { model: other }).kind);
    }
  });

  it.each(messages)("$is says of its alarm: it goes on, it does not, or nothing", ({ port, bytes: hex, kind }) => {
    const { isOn } = readUplink({ port, bytes: Buffer.from(hex, "hex"), decoded: undefined }, { model });
    // Only Abeeway's trackers say so, with every message that has a header.
    if (!file.startsWith("abeeway")) expect(isOn).toBeNull();
    else if (isOn !== null || kind !== "heartbeat") expect(isOn).toBe(kind === "press" || kind === "still-pressed");
  });

  describe.each(messages)("$is", ({ port, bytes: hex, kind, battery, batteryOfBytes = battery, position }) => {
    const bytes = Buffer.from(hex, "hex");
    const meant = { kind, battery: batteryOfBytes, position };

    it("as bytes", () => {
      expect(read({ port, bytes }, { model })).toEqual(meant);
      expect(read({ port, bytes }, {})).toEqual(meant);
    });

    it("as bytes when the decoder made nothing known of it", () => {
      const wrong: unknown[] = [{}, null, [], "error", { error: "unknown port" }, { valid: false, messages: [] }];
      for (const nothing of wrong) expect(read({ port, bytes, decoded: nothing }, { model })).toEqual(meant);
    });
  });
});

describe("what may be a press and can't be read", () => {
  it.each([
    ["nothing at all", {}],
    ["an unknown device", { port: 10, decoded: { alarm: true, battery: 80 } }],
    ["a device with a button of another kind", { port: 10, decoded: { button: "released" } }],
    ["a battery of an unknown device among other things", { port: 85, decoded: { battery: 80, pir: "trigger" } }],
    ["known bytes on an unknown port", { port: 10, bytes: Buffer.from("ff2e01", "hex") }],
    ["known bytes without a port", { bytes: Buffer.from("ff2e01", "hex") }],
    ["no bytes on a known port", { port: 147, bytes: Buffer.alloc(0) }],
    ["an unknown channel", { port: 85, bytes: Buffer.from("0367f600", "hex") }],
    ["an unknown channel behind a known one", { port: 85, bytes: Buffer.from("0175640367f600", "hex") }],
    ["a press cut off", { port: 85, bytes: Buffer.from("ff2e", "hex") }],
    ["half a Browan message", { port: 147, bytes: Buffer.from("01", "hex") }],
    ["half an Abeeway event", { port: 17, bytes: Buffer.from("0a00f98600", "hex") }],
    ["an unknown Abeeway type", { port: 17, bytes: Buffer.from("0600f9860007", "hex") }],
    ["an Abeeway decoder that does not know the type", { port: 17, decoded: { messageType: "UNKNOWN" } }],
    ["an Abeeway event of another number", { port: 17, bytes: Buffer.from("0a00f986000b", "hex") }],
    ["an Abeeway event of another name", { port: 17, decoded: { messageType: "EVENT", eventType: "SOS_ALERT" } }],
    ["an Abeeway event without a name", { port: 17, decoded: { messageType: "EVENT", sosFlag: 0 } }],
    ["an Abeeway flag in another form", { port: 17, decoded: { messageType: "HEARTBEAT", sosFlag: "ON" } }],
    ["a Browan status in another form", { port: 147, decoded: { status: "pushed", battery: 3.6 } }],
    ["an Abeeway 3 SOS of another type", { port: 19, bytes: Buffer.from("0851123412", "hex") }],
    ["an Abeeway 3 notification of another class", { port: 19, bytes: Buffer.from("0851123490", "hex") }],
    [
      "an Abeeway 3 SOS of another name",
      {
        port: 19,
        decoded: {
          header: { type: "NOTIFICATION" },
          notification: { notificationClass: "SOS", notificationType: "X" },
        },
      },
    ],
    [
      "an Abeeway 3 notification left out",
      { port: 19, decoded: { header: { type: "NOTIFICATION", batteryLevel: 9 } } },
    ],
    [
      "SenseCAP events in another form",
      { port: 5, decoded: { messages: [[{ measurementId: "4200", measurementValue: ["SOS event."] }]] } },
    ],
    ["half an Abeeway 3 notification", { port: 19, bytes: Buffer.from("48511234", "hex") }],
    ["an unknown SenseCAP packet", { port: 5, bytes: Buffer.from("20000040", "hex") }],
    ["a SenseCAP packet cut off", { port: 5, bytes: Buffer.from("0600004000", "hex") }],
  ])("%s", (_, uplink) => {
    expect(read(uplink)).toEqual({ kind: "unreadable", battery: null, position: null });
  });

  it.each([
    ["milesight-ws101", "ff2e0103670000"],
    ["sensecap-t1000", "11030000406b06ae8000d700283720"],
  ] as const)("but not a press in front of what can't be read: %s", (model, hex) => {
    expect(read({ bytes: Buffer.from(hex, "hex") }, { model }).kind).toBe("press");
  });
});

// Networks leave out what is empty.
it("a SenseCAP status without a value is a sign of life", () => {
  const decoded = { messages: [[{ measurementId: "4200" }, { measurementId: "3000", measurementValue: 80 }]] };
  expect(read({ decoded }, { model: "sensecap-t1000" })).toMatchObject({ kind: "heartbeat", battery: 0.8 });
  const status = { messages: [[{ measurementId: "4200" }]] };
  expect(read({ decoded: status }, { model: "sensecap-t1000" }).kind).toBe("heartbeat");
});

it("reads bytes of the model that is set on any port", () => {
  expect(read({ port: 12, bytes: Buffer.from("ff2e01", "hex") }, { model: "milesight-ws101" }).kind).toBe("press");
  expect(read({ bytes: Buffer.from("ff2e01", "hex") }, { model: "milesight-ws101" }).kind).toBe("press");
  expect(read({ port: 85, bytes: Buffer.from("ff2e01", "hex") }, { model: "browan-tbpb100" }).kind).not.toBe(
    "unreadable",
  );
});

it("tells by the port whose battery it is", () => {
  expect(read({ port: 147, decoded: { battery: 3.2 } }).battery).toBe(0.2);
  expect(read({ port: 85, decoded: { battery: 3 } }).battery).toBe(0.03);
});

describe("a mapping", () => {
  const mapping = { press: "decoded_payload.alarm == 1", battery: "decoded_payload.battery" };

  it("decides instead of the models", () => {
    const uplink = {
      port: 85,
      bytes: Buffer.from("ff2e01", "hex"),
      decoded: { button: "short", alarm: 0, battery: 50 },
    };
    expect(read(uplink, { mapping })).toEqual({ kind: "heartbeat", battery: 0.5, position: null });
    expect(read(uplink, { mapping, model: "milesight-ws101" }).kind).toBe("heartbeat");
    expect(read({ ...uplink, decoded: { alarm: 1 } }, { mapping }).kind).toBe("press");
  });

  it("sees the port and the bytes, decoded or not", () => {
    const raw = { press: "port == 7 && payload.startsWith('01')" };
    expect(read({ port: 7, bytes: Buffer.from("01ff", "hex") }, { mapping: raw }).kind).toBe("press");
    expect(read({ port: 8, bytes: Buffer.from("01ff", "hex") }, { mapping: raw }).kind).toBe("heartbeat");
    expect(read({ port: 7, bytes: Buffer.from("A1", "hex") }, { mapping: { press: "payload == 'a1'" } }).kind).toBe(
      "press",
    );
    expect(read({ bytes: null }, { mapping: raw }).kind).toBe("heartbeat");
  });

  it("is unreadable when the network decoded nothing", () => {
    expect(read({ port: 7, bytes: Buffer.from("01", "hex") }, { mapping }).kind).toBe("unreadable");
    expect(read({ port: 7, decoded: null }, { mapping }).kind).toBe("unreadable");
  });
});

describe("settings", () => {
  it("are the same when read twice", () => {
    const options = { model: "abeeway-smart-badge", mapping: { press: "port == 1" } };
    expect(DeviceOptions.parse(DeviceOptions.parse(options))).toEqual(options);
    expect(DeviceOptions.parse({})).toEqual({});
  });

  it("know their models and variables", () => {
    expect(DeviceOptions.safeParse({ model: "milesight-ws202" }).success).toBe(false);
    const { error } = DeviceOptions.safeParse({ mapping: { press: "payload_decoded.x" } });
    expect(error?.issues).toMatchObject([
      { path: ["mapping", "press"], message: expect.stringContaining("payload_decoded") },
    ]);
  });
});

describe("whatever comes", () => {
  const anyPort = fc.option(fc.oneof(fc.constantFrom(1, 5, 17, 18, 19, 85, 147, 192, 199), fc.nat(255)));
  const anyBytes = fc.option(fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes)));
  const anyOptions = fc.option(fc.constantFrom(...models)).map((model) => (model === null ? {} : { model }));
  const wellFormed = (uplink: Uplink, options: DeviceOptions) => {
    const { kind, battery, position } = readUplink(uplink, options);
    expect(alarmKinds).toContain(kind);
    expect(battery === null || (battery >= 0 && battery <= 1)).toBe(true);
    expect(position === null || Position.safeParse(position).success).toBe(true);
  };

  it("bytes", () => {
    const property = fc.property(anyPort, anyBytes, anyOptions, (port, bytes, options) =>
      wellFormed({ port, bytes, decoded: undefined }, options),
    );
    fc.assert(property, { numRuns: runs });
  });

  it("decoded values", () => {
    const decoded = fc.oneof(
      fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }),
      fc.jsonValue(),
    );
    const property = fc.property(anyPort, decoded, anyOptions, (port, value, options) =>
      wellFormed({ port, bytes: null, decoded: value }, options),
    );
    fc.assert(property, { numRuns: runs });
  });

  it("known messages with one field that is wrong: the press stays", () => {
    const all = files.flatMap(([model, file]) => load(file).map((fixture) => ({ ...fixture, model })));
    const presses = all.filter(({ kind, decoded }) => kind === "press" && decoded !== undefined);
    const sideFields = [
      "battery",
      "batteryLevel",
      "batteryVoltage",
      "gpsLatitude",
      "horizontalAccuracy",
      "position",
      "err",
    ];
    const property = fc.property(
      fc.constantFrom(...presses),
      fc.constantFrom(...sideFields),
      fc.jsonValue(),
      ({ model, port, decoded }, field, value) => {
        // Browan's battery is what tells its message from another's.
        fc.pre(typeof decoded === "object" && model !== "browan-tbpb100");
        const options: DeviceOptions = { model };
        expect(read({ port, decoded: { ...decoded, [field]: value } }, options).kind).toBe("press");
      },
    );
    fc.assert(property, { numRuns: runs });
  });
});
