import { z } from "zod";
import type { AlarmSource } from "../../bot/contracts.ts";
import { type Alarm, toAlarm } from "../../bot/domain/alarm.ts";
import { expects } from "../../bot/words/settings/expects.ts";
import { CallerOptions, toCallerHeaders, verifyCaller } from "../kit/caller.ts";
import { toIdentity } from "../kit/identity.ts";
import { toJsonRequest } from "../kit/json-request.ts";
import { findText } from "../kit/torn-json.ts";
import { toExampleUplink } from "../protocols/lorawan/example-uplink.ts";
import {
  type ChirpstackEvent,
  type EventName,
  readEvent,
  toDevEui,
} from "../protocols/lorawan/networks/chirpstack-event.ts";
import { completeRule, DownlinkOptions, isComplete } from "../protocols/lorawan/networks/downlink.ts";
import { notifyByCall } from "../protocols/lorawan/networks/notify-device.ts";
import { DeviceOptions } from "../protocols/lorawan/uplink.ts";
import { toUplinkAlarm } from "../protocols/lorawan/uplink-alarm.ts";

const ChirpStackOptions = z.object({
  ...CallerOptions.shape,
  ...DeviceOptions.shape,
  /** `url`: where https://github.com/chirpstack/chirpstack-rest-api listens, which has the REST form of the API. */
  downlink: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: expects("httpUrl") }),
      apiKey: z.string().regex(/^[\x21-\x7e]+$/, expects("apiKey", "ChirpStack")),
      ...DownlinkOptions.shape,
    })
    .refine(isComplete, completeRule)
    .optional(),
});
type ChirpStackOptions = z.infer<typeof ChirpStackOptions>;

/**
 * ChirpStack 4 by its HTTP integration, in JSON or protobuf. It posts each event once and waits 5 s for the answer.
 * https://github.com/chirpstack/chirpstack/blob/master/chirpstack/src/integration/http.rs
 */
export const chirpstack: AlarmSource<ChirpStackOptions> = {
  title: "ChirpStack 4 (HTTP integration)",
  Options: ChirpStackOptions,
  hasHeartbeat: true,
  verify: verifyCaller,

  parse(request, options) {
    const { name, event, isWhole } = readEvent(request);
    const alarm = toEventAlarm(name, event, options);
    if (alarm === null) return [];
    const mayBePress = name === "up" || name === "unknown";
    if (isWhole || !mayBePress || alarm.kind === "press") return [alarm];
    // Without an identity: the same event may come again, and then as a whole.
    const button = alarm.button || toDevEui(findText(request.body, "deviceInfo", "devEui"));
    return [toAlarm("unreadable", { button, at: alarm.at })];
  },

  example(options, button, now) {
    const { port, bytes, decoded } = toExampleUplink(options);
    const event = {
      deduplicationId: `00000000-0000-4000-8000-${now.toString(16).padStart(12, "0")}`,
      time: new Date(now).toISOString(),
      deviceInfo: { applicationName: "Alarm buttons", deviceName: "Example", devEui: button.toLowerCase() },
      devAddr: "00189440",
      fPort: port,
      data: bytes?.toString("base64"),
      object: decoded,
    };
    return toJsonRequest(event, toCallerHeaders(options), "event=up");
  },

  exampleOptions: { secret: "an example, not a secret", header: "X-Rugdekking", model: "milesight-ws101" },

  feedback({ downlink }) {
    if (downlink === undefined) return null;
    const { url, apiKey } = downlink;
    return notifyByCall(downlink, (button, fPort, data) => {
      if (!/^[0-9A-F]{16}$/i.test(button)) return null;
      return {
        url: `${url.replace(/\/+$/, "")}/api/devices/${button.toLowerCase()}/queue`,
        headers: { "grpc-metadata-authorization": `Bearer ${apiKey}` },
        body: JSON.stringify({ queueItem: { confirmed: false, fPort, data } }),
      };
    });
  },
};

/** The alarm of an event; null for one that does not concern us. Only `up`, and what may be `up`, can be a press. */
function toEventAlarm(name: EventName, event: ChirpstackEvent, options: ChirpStackOptions): Alarm | null {
  const parts = { id: toEventId(name, event), button: event.deviceInfo, at: event.time };
  if (name === "unknown") return toAlarm("unreadable", parts);
  if (name === "up") {
    return toUplinkAlarm({ port: event.fPort, bytes: event.data, decoded: event.object ?? undefined }, options, parts);
  }
  if (parts.button === "") return null;
  switch (name) {
    case "log":
      return isTrouble(event) ? toAlarm("trouble", parts) : null;
    case "join":
      return toAlarm("heartbeat", parts);
    case "status":
      return toAlarm("heartbeat", { ...parts, battery: toBattery(event) });
    case "location":
      return event.location === null ? null : toAlarm("position", { ...parts, position: event.location });
    default:
      return null;
  }
}

/**
 * Whether a log event is a trouble: an error, but not one about a message to the device, because that says nothing
 * about the button.
 * https://github.com/chirpstack/chirpstack/blob/master/api/proto/integration/integration.proto, LogCode
 */
function isTrouble({ level, code }: ChirpstackEvent): boolean {
  return level === "ERROR" && !/^(DOWNLINK_.*|F_CNT_DOWN|EXPIRED)$/.test(code ?? "");
}

/**
 * `deduplicationId` names one frame, however many gateways received it. It is better than the frame counter: a device
 * that starts to count again (ABP without frame counter check) would send a press that looks like an old one, and one
 * press too many is better than one too few. A frame that asks for a status or joins gives several events with the same
 * id.
 */
function toEventId(name: EventName, event: ChirpstackEvent): string | null {
  const { deduplicationId, deviceInfo, devAddr, fCnt, fPort, data, time, description } = event;
  if (deduplicationId !== null) return toIdentity(name, deviceInfo, deduplicationId);
  if (deviceInfo === "") return null;
  if (name === "log") return toIdentity(name, deviceInfo, time, description);
  return toIdentity(name, deviceInfo, devAddr, fCnt, fPort, data, time);
}

/** The battery, 0 to 1; null when unknown. A device on mains power reports that, and no level. */
function toBattery({ batteryLevel, batteryLevelUnavailable, externalPowerSource }: ChirpstackEvent): number | null {
  if (batteryLevel === null || batteryLevelUnavailable || externalPowerSource) return null;
  return batteryLevel / 100;
}
