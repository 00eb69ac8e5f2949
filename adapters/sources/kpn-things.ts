import { createHash } from "node:crypto";
import { z } from "zod";
import type { AlarmSource } from "../../bot/contracts.ts";
import { type Alarm, toAlarm } from "../../bot/domain/alarm.ts";
import { RequestRejected } from "../../bot/errors.ts";
import { oneOrTwo } from "../../bot/kit/secrets/one-or-two.ts";
import { findValue, isSameSecret, newestOf } from "../../bot/kit/secrets/secret.ts";
import { expects } from "../../bot/words/settings/expects.ts";
import { toIdentity } from "../kit/identity.ts";
import { parseJson } from "../kit/message.ts";
import { resolveSenml, type SenmlRecord } from "../kit/senml.ts";
import { toExampleUplink } from "../protocols/lorawan/example-uplink.ts";
import { parseHex } from "../protocols/lorawan/networks/fields.ts";
import {
  findNearestPosition,
  type Group,
  type LocatedGroup,
  toGroups,
  toLocatedGroup,
} from "../protocols/lorawan/networks/kpn-things-pack.ts";
import { DeviceOptions } from "../protocols/lorawan/uplink.ts";
import { toLocatedAlarm, toUplinkAlarm } from "../protocols/lorawan/uplink-alarm.ts";

const KpnThingsOptions = z.object({
  /** The destination's shared secret; the portal asks for 30 characters or more. */
  secret: oneOrTwo(z.string().min(16, expects("secret", 16))),
  ...DeviceOptions.shape,
});
type KpnThingsOptions = z.infer<typeof KpnThingsOptions>;

/**
 * The names of values that the network adds to a message; every other name is a value that a decoder found in its
 * content.
 * https://docs.kpnthings.com/dm/processing/decoding
 */
const networkNames = new Set(
  [
    "payload port FCntUp FCntDn timeOrigin ADRbit SpFact SubBand Channel DevAddr MType",
    "DevLrrCnt Lrrid LrrRSSI LrrSNR LrrESP LrrLAT LrrLON",
    "latitude longitude altitude radius locOrigin locMethod locAccuracy locPrecision locTime",
  ].flatMap((names) => names.split(" ")),
);

/** KPN Things, HTTPS destination: a SenML pack of one or more devices and moments, raw or decoded by the platform. */
export const kpnThings: AlarmSource<KpnThingsOptions> = {
  title: "KPN Things (HTTPS destination)",
  Options: KpnThingsOptions,
  hasHeartbeat: true,

  // https://docs.kpnthings.com/dm/destinations/https: hex SHA-256 over the body and the secret. It covers no time, so a
  // copy stays valid for ever, and only the identity tells it from a new message.
  verify({ headers }, { secret }) {
    const refusal = new RequestRejected(401, "The Things-Message-Token is missing or wrong.");
    const token = headers["things-message-token"]?.toLowerCase();
    if (token === undefined) throw refusal;
    return (body) => {
      const found = findValue(secret, (value) => isSameSecret(token, toToken(body, value)));
      if (found === null) throw refusal;
      return found;
    };
  },

  parse({ body }, options) {
    const records = resolveSenml(parseJson(body));
    if (records === null || records.length === 0) return [toAlarm("unreadable")];
    const groups = Map.groupBy(toGroups(records), ({ device }) => device);
    return [...groups].flatMap(([device, each]) => readDevice(device, each, options));
  },

  example(options, button, now) {
    const { port, bytes } = toExampleUplink(options);
    const pack = [
      { bn: `urn:dev:DEVEUI:${button}:`, bt: now / 1000, n: "payload", vs: bytes?.toString("hex") },
      { n: "port", v: port },
      { n: "FCntUp", v: Math.floor(now / 1000) % 2 ** 16 },
      { n: "timeOrigin", vs: "NETWORK" },
    ];
    const body = Buffer.from(JSON.stringify(pack));
    const headers = {
      "content-type": "application/json",
      "things-message-token": toToken(body, newestOf(options.secret)),
    };
    return { method: "POST", path: "", query: "", headers, body };
  },

  exampleOptions: { secret: "an example, not a secret, of 30 characters", model: "milesight-ws101" },
};

function toToken(body: Buffer, secret: string): string {
  return createHash("sha256").update(body).update(secret).digest("hex");
}

function readDevice(device: string, groups: readonly Group[], options: KpnThingsOptions): Alarm[] {
  if (device === "") return [toAlarm("unreadable")];
  const located = groups.map(toLocatedGroup).filter((each) => each !== null);
  const uplinks = groups.flatMap((group) => readGroup(group, located, options));
  if (uplinks.length > 0) return uplinks;
  if (located.length === 0) return [toAlarm("heartbeat", { button: device, at: groups[0]?.at ?? null })];
  return located.map(({ at, position }) => {
    // Without the coordinates: a hash of them can be guessed, and a position is stored nowhere without an alarm.
    const id = at === null ? null : toIdentity("position", device, at);
    return toAlarm("position", { id, button: device, at, position });
  });
}

/**
 * One alarm for each payload, one for decoded values without a payload, none for values that the network only adds to a
 * message.
 */
function readGroup(group: Group, located: readonly LocatedGroup[], options: KpnThingsOptions): Alarm[] {
  const { device: button, at, values, payloads } = group;
  const decoded = [...values].filter(([field]) => !networkNames.has(field));
  if (payloads.length === 0 && decoded.length === 0) return [];
  const counter = toCounter(values.get("FCntUp"));
  const port = toCounter(values.get("port"));
  return (payloads.length > 0 ? payloads : [null]).map((payload) => {
    // A value without a name may be the payload.
    if (values.has("")) return toAlarm("unreadable", { button, at });
    // Without a moment and a counter two presses would look like one.
    const isNamed = at !== null || counter !== null;
    const id = isNamed ? toIdentity(button, at, counter, port, toContent(payload, decoded)) : null;
    const alarm = readMessage(port, payload, decoded, options, { id, button, at });
    return toLocatedAlarm(alarm, alarm.position ?? findNearestPosition(located, at));
  });
}

type Payload = SenmlRecord["value"];

function readMessage(
  port: number | null,
  payload: Payload,
  decoded: readonly [string, Payload][],
  options: DeviceOptions,
  parts: Pick<Alarm, "id" | "button" | "at">,
): Alarm {
  const bytes = parseHex(payload);
  if (decoded.length > 0) return toUplinkAlarm({ port, bytes, decoded: Object.fromEntries(decoded) }, options, parts);
  // LoRaWAN 1.0.4, 4.3.2: port 0 carries nothing but the network's own commands.
  if (port === 0) return toAlarm("heartbeat", parts);
  // What can't be read may be a press, whatever a mapping makes of the rest.
  if (bytes === null) return toAlarm("unreadable", parts);
  return toUplinkAlarm({ port, bytes, decoded: undefined }, options, parts);
}

/**
 * The names of decoded values say which of several messages this is; the values may hold what a decoder adds at random.
 */
function toContent(payload: Payload, decoded: readonly [string, Payload][]): string {
  if (payload !== null) return String(payload).toLowerCase();
  return JSON.stringify(decoded.map(([name]) => name).sort());
}

function toCounter(value: SenmlRecord["value"] | undefined): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
