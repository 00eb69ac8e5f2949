/**
 * ChirpStack's events in protobuf, read into the form they have in JSON; only the fields that we use.
 * https://github.com/chirpstack/chirpstack/blob/master/api/proto/integration/integration.proto
 * https://protobuf.dev/programming-guides/encoding/
 */
import { PbfReader } from "pbf";

/** How one value is read. `wire`: the encoding it must have; a field with another one is ignored. */
interface Type {
  readonly wire: 0 | 1 | 2 | 5;
  readonly read: (pbf: PbfReader, depth: number) => unknown;
}
type Fields = Readonly<Record<number, readonly [name: string, type: Type]>>;
type Pair = readonly [name: string, value: unknown];

/** A decoder's object is a few levels deep; a message of nothing but levels would use up the stack. */
const maxDepth = 32;

const logCodes = [
  "UNKNOWN",
  "DOWNLINK_PAYLOAD_SIZE",
  "UPLINK_CODEC",
  "DOWNLINK_CODEC",
  "OTAA",
  "UPLINK_F_CNT_RESET",
  "UPLINK_MIC",
  "UPLINK_F_CNT_RETRANSMISSION",
  "DOWNLINK_GATEWAY",
  "RELAY_NEW_END_DEVICE",
  "F_CNT_DOWN",
  "EXPIRED",
] as const;

const flag: Type = { wire: 0, read: (pbf) => pbf.readBoolean() };
const count: Type = { wire: 0, read: (pbf) => pbf.readVarint() };
const level: Type = { wire: 0, read: (pbf) => ["INFO", "WARNING", "ERROR"][pbf.readVarint()] };
const code: Type = { wire: 0, read: (pbf) => logCodes[pbf.readVarint()] };
const double: Type = { wire: 1, read: (pbf) => pbf.readDouble() };
const float: Type = { wire: 5, read: (pbf) => pbf.readFloat() };
const text: Type = { wire: 2, read: (pbf) => pbf.readString() };
const bytes: Type = { wire: 2, read: (pbf) => Buffer.from(pbf.readBytes()).toString("base64") };

// https://protobuf.dev/reference/protobuf/google.protobuf/#timestamp
const timestamp = message(() => ({ 1: ["seconds", count], 2: ["nanos", count] }), toIso);

// https://protobuf.dev/reference/protobuf/google.protobuf/#struct
const value: Type = message(
  () => ({ 2: ["", double], 3: ["", text], 4: ["", flag], 5: ["", struct], 6: ["", list] }),
  (pairs) => pairs.at(-1)?.[1] ?? null,
);
const list = message(
  () => ({ 1: ["", value] }),
  (pairs) => pairs.map(([, item]) => item),
);
const entry = message(
  () => ({ 1: ["key", text], 2: ["value", value] }),
  (pairs) => Object.fromEntries(pairs),
);
const struct = message(
  () => ({ 1: ["", entry] }),
  (pairs) => Object.fromEntries(pairs.map(([, field]) => toPair(field))),
);

const deviceInfo = object({ 8: ["devEui", text] });
// https://github.com/chirpstack/chirpstack/blob/master/api/proto/common/common.proto
const location = object({ 1: ["latitude", double], 2: ["longitude", double], 5: ["accuracy", float] });

const head: Fields = { 1: ["deduplicationId", text], 2: ["time", timestamp], 3: ["deviceInfo", deviceInfo] };
const events: Readonly<Record<string, Fields>> = {
  up: {
    ...head,
    4: ["devAddr", text],
    7: ["fCnt", count],
    8: ["fPort", count],
    10: ["data", bytes],
    11: ["object", struct],
  },
  join: head,
  status: {
    ...head,
    6: ["externalPowerSource", flag],
    7: ["batteryLevelUnavailable", flag],
    8: ["batteryLevel", float],
  },
  location: { ...head, 4: ["location", location] },
  log: {
    1: ["time", timestamp],
    2: ["deviceInfo", deviceInfo],
    3: ["level", level],
    4: ["code", code],
    5: ["description", text],
  },
};

/**
 * Reads the event of that name, an unknown one as if it were `up`, as far as the bytes are such a message: `content`
 * has the fields that came whole.
 */
export function readProtobuf(event: string, body: Buffer): { readonly content: object; readonly isWhole: boolean } {
  const fields = (Object.hasOwn(events, event) ? events[event] : undefined) ?? events.up ?? {};
  const pairs: Pair[] = [];
  let isWhole = true;
  try {
    const pbf = new PbfReader(body);
    readPairs(fields, pbf, pbf.length, 0, pairs);
  } catch {
    // The reader throws plain errors, and every one of them means that these bytes break off or are something else.
    isWhole = false;
  }
  return { content: Object.fromEntries(pairs), isWhole };
}

function object(fields: Fields): Type {
  return message(
    () => fields,
    (pairs) => Object.fromEntries(pairs),
  );
}

/** The type of a message within a message; null when it lies deeper than `maxDepth`. */
function message(fields: () => Fields, toValue: (pairs: readonly Pair[]) => unknown): Type {
  return {
    wire: 2,
    read: (pbf, depth) => {
      if (depth > maxDepth) return null;
      const length = pbf.readVarint();
      return toValue(readPairs(fields(), pbf, pbf.pos + length, depth + 1));
    },
  };
}

/**
 * Reads the fields up to `end` into `pairs`. Throws when the message is incomplete, because half a payload might pass
 * for a heartbeat, and half a name for another device.
 */
function readPairs(fields: Fields, pbf: PbfReader, end: number, depth: number, pairs: Pair[] = []): readonly Pair[] {
  for (let number = pbf.nextField(end); number !== 0; number = pbf.nextField(end)) {
    const [name, type] = fields[number] ?? [];
    const pair: Pair | null =
      name !== undefined && type !== undefined && type.wire === pbf.type ? [name, type.read(pbf, depth)] : null;
    if (pbf.pos > end) throw new RangeError("The message ends too early.");
    if (pair !== null) pairs.push(pair);
  }
  if (pbf.pos > end) throw new RangeError("The message ends too early.");
  return pairs;
}

function toPair(field: unknown): Pair {
  if (typeof field !== "object" || field === null || !("key" in field)) return ["", null];
  return [String(field.key), "value" in field ? field.value : null];
}

/** A timestamp in ISO 8601; null for a moment that no date can hold. */
function toIso(pairs: readonly Pair[]): string | null {
  const { seconds = 0, nanos = 0 } = Object.fromEntries(pairs);
  const date = new Date(Number(seconds) * 1000 + Math.floor(Number(nanos) / 1e6));
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
