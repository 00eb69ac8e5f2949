import { z } from "zod";
import type { AlarmSource, RequestHead } from "../../bot/contracts.ts";
import { type Alarm, type Position, toAlarm } from "../../bot/domain/alarm.ts";
import { RequestRejected } from "../../bot/errors.ts";
import { oneOrTwo } from "../../bot/kit/secrets/one-or-two.ts";
import { findValue, isSameSecret, newestOf, type Secret, type SecretValue } from "../../bot/kit/secrets/secret.ts";
import { expects } from "../../bot/words/settings/expects.ts";
import { CallerOptions, findCaller, toCallerHeaders } from "../kit/caller.ts";
import { toIdentity } from "../kit/identity.ts";
import { Moment } from "../kit/message.ts";
import { findText } from "../kit/torn-json.ts";
import { toPosition } from "../protocols/lorawan/devices/device.ts";
import { toExampleUplink } from "../protocols/lorawan/example-uplink.ts";
import { parseHex, positionFreshMs } from "../protocols/lorawan/networks/fields.ts";
import {
  readMessage,
  type ThingparkMessage,
  type ThingparkReport,
  toParameters,
  toTokens,
} from "../protocols/lorawan/networks/thingpark-message.ts";
import { DeviceOptions } from "../protocols/lorawan/uplink.ts";
import { toLocatedAlarm, toUplinkAlarm } from "../protocols/lorawan/uplink-alarm.ts";

const ThingParkOptions = z
  .object({
    /**
     * The connection's Tunnel Interface Authentication Key (LRC-AS key), as it was entered there: the network signs
     * with it.
     */
    key: oneOrTwo(z.string().min(16, expects("key", 16))).optional(),
    ...CallerOptions.partial({ secret: true }).shape,
    ...DeviceOptions.shape,
  })
  .refine(({ key, secret }) => key !== undefined || secret !== undefined, expects("keyOrSecret"));
type ThingParkOptions = z.infer<typeof ThingParkOptions>;

/**
 * How far `Time` may be from our clock. Wide, since a late press is better than none, and safe, since whatever is sent
 * again within 24 h is the same alarm (rule 2).
 */
const toleranceMs = 3_600_000;

/** Actility ThingPark: the tunnel interface of a basic HTTPS connection, and IoT Flow's HTTP connector, in JSON. */
export const thingpark: AlarmSource<ThingParkOptions> = {
  title: "ThingPark (HTTPS application)",
  Options: ThingParkOptions,
  hasHeartbeat: true,

  verify(head, { key, secret, ...caller }) {
    const found = secret === undefined ? null : findCaller(head, { ...caller, secret });
    if (found !== null) return found;
    const refusal = new RequestRejected(401, "The token or the secret is missing or wrong, or the time is not now.");
    if (key === undefined || !isTimely(head)) throw refusal;
    return (body) => {
      const signed = findSignature(head, body, key);
      if (signed === null) throw refusal;
      return signed;
    };
  },

  parse({ query, body }, options) {
    const message = readMessage(body);
    const named = message?.report.DevEUI || toParameters(query).get("LrnDevEui") || findText(body, null, "DevEUI");
    const button = named.toUpperCase().slice(0, 128);
    if (message === null) return [toAlarm("unreadable", { button })];
    const alarm = toReportAlarm(message, button, options);
    return alarm === null ? [] : [alarm];
  },

  example(options, button, now) {
    const { port, bytes, decoded } = toExampleUplink(options);
    const report = {
      Time: new Date(now).toISOString(),
      DevEUI: button,
      FPort: port,
      FCntUp: Math.floor(now / 1000) % 2 ** 16,
      MType: 2,
      payload_hex: bytes?.toString("hex"),
      CustomerID: "100000001",
      DevAddr: "0489D68E",
      payload: decoded,
    };
    const body = Buffer.from(JSON.stringify({ DevEUI_uplink: report }));
    const query = `LrnDevEui=${button}&LrnFPort=${port}&LrnInfos=example&AS_ID=example&Time=${report.Time}`;
    const { key, secret, ...caller } = options;
    const token = key === undefined ? "" : `&Token=${toTokens(query, body, newestOf(key))[0]}`;
    const proof = secret === undefined ? {} : toCallerHeaders({ ...caller, secret });
    const headers = { "content-type": "application/json", ...proof };
    return { method: "POST", path: "", query: query + token, headers, body };
  },

  exampleOptions: { key: "0123456789abcdef0123456789abcdef", model: "milesight-ws101" },
};

function isTimely({ query, receivedAt }: RequestHead): boolean {
  const sentAt = Moment.parse(toParameters(query).get("Time"));
  return sentAt !== null && Math.abs(sentAt - receivedAt) <= toleranceMs;
}

function findSignature({ query }: RequestHead, body: Buffer, key: Secret): SecretValue | null {
  const token = (toParameters(query).get("Token") ?? "").toLowerCase();
  return findValue(key, (value) => toTokens(query, body, value).some((each) => isSameSecret(token, each)));
}

/** The alarm of a report; null for one that does not concern us. */
function toReportAlarm({ name, report }: ThingparkMessage, button: string, options: DeviceOptions): Alarm | null {
  const parts = { id: toReportId(name, button, report), button, at: report.Time };
  if (name === "DevEUI_uplink") return withNetworkPosition(readUplink(report, options, parts), report);
  if (button === "") return null;
  if (name === "DevEUI_location") return withNetworkPosition(toAlarm("heartbeat", parts), report);
  return name === "DevEUI_notification" ? toAlarm("heartbeat", { ...parts, battery: toBattery(report) }) : null;
}

/**
 * The identity of a report. How many gateways received a frame, and which, is left out. `Time` is the frame's own and
 * tells the frame of a device that counts from the start again (ABP) from one that is sent again.
 */
function toReportId(name: ThingparkMessage["name"], button: string, report: ThingparkReport): string | null {
  const { DevAddr, FCntUp, FPort, Time, payload_hex } = report;
  if (FCntUp === null && Time === null) return null;
  return toIdentity(name, button, DevAddr, FCntUp, FPort, payload_hex?.toLowerCase() ?? null, Time);
}

function readUplink(
  report: ThingparkReport,
  options: DeviceOptions,
  parts: Pick<Alarm, "id" | "button" | "at">,
): Alarm {
  const { FPort, payload_hex, PayloadEncryption, payload } = report;
  const port = toPort(FPort);
  // Encrypted bytes could be read as any message.
  const bytes = PayloadEncryption === "1" ? null : parseHex(payload_hex);
  if (payload !== null) return toUplinkAlarm({ port, bytes, decoded: payload }, options, parts);
  if (parts.button !== "" && isNetworkOnly(report)) return toAlarm("heartbeat", parts);
  // What can't be read may be a press, whatever a mapping makes of the rest.
  if (payload_hex && bytes === null) return toAlarm("unreadable", parts);
  return toUplinkAlarm({ port, bytes, decoded: undefined }, options, parts);
}

/**
 * Frames without a content of the device's own: a join request, or the network's commands alone (LoRaWAN 1.0.4, 4.3.2).
 */
function isNetworkOnly({ FPort, FCntUp, payload_hex, rawJoinRequest }: ThingparkReport): boolean {
  return FPort === "0" || (!FPort && !payload_hex && (FCntUp !== null || rawJoinRequest !== null));
}

/** The alarm with the position that the network calculated, unless the device sent one. */
function withNetworkPosition(alarm: Alarm, report: ThingparkReport): Alarm {
  return toLocatedAlarm(alarm, alarm.position ?? toNetworkPosition(report));
}

/**
 * The position that the network calculated; null when it is not fresh, because the network repeats its last one for
 * weeks.
 */
function toNetworkPosition({ DevLAT, DevLON, DevLocRadius, DevLocTime, Time }: ThingparkReport): Position | null {
  if (DevLocTime === null || Time === null || Math.abs(Time - DevLocTime) > positionFreshMs) return null;
  const position = toPosition(DevLAT, DevLON, DevLocRadius);
  return position && (position.accuracyM === 0 ? { ...position, accuracyM: null } : position);
}

/** DevStatusAns, 0 to 1: 1 to 254 is how full it is, 0 external power and 255 unknown (LoRaWAN 1.0.4, 5.5). */
function toBattery({ Type, Var1 }: ThingparkReport): number | null {
  const level = Type?.toLowerCase() === "devstatusans" && /^\d{1,3}$/.test(Var1 ?? "") ? Number(Var1) : 0;
  return level >= 1 && level <= 254 ? (level - 1) / 253 : null;
}

function toPort(text: string | null): number | null {
  return text !== null && /^\d{1,3}$/.test(text) ? Number(text) : null;
}
