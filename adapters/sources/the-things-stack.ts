import { z } from "zod";
import type { AlarmSource } from "../../bot/contracts.ts";
import { type Alarm, mayBePress, toAlarm } from "../../bot/domain/alarm.ts";
import { expects } from "../../bot/words/settings/expects.ts";
import { CallerOptions, toCallerHeaders, verifyCaller } from "../kit/caller.ts";
import { toIdentity } from "../kit/identity.ts";
import { toJsonRequest } from "../kit/json-request.ts";
import { ButtonId, parseJson } from "../kit/message.ts";
import { findText } from "../kit/torn-json.ts";
import { toExampleUplink } from "../protocols/lorawan/example-uplink.ts";
import { completeRule, DownlinkOptions, isComplete } from "../protocols/lorawan/networks/downlink.ts";
import { notifyByCall } from "../protocols/lorawan/networks/notify-device.ts";
import { isOther, StackMessage, type UplinkMessage } from "../protocols/lorawan/networks/the-things-stack-message.ts";
import { DeviceOptions } from "../protocols/lorawan/uplink.ts";
import { toUplinkAlarm } from "../protocols/lorawan/uplink-alarm.ts";

/** Ids of applications and devices. https://www.thethingsindustries.com/docs/concepts/features/identifiers/ */
const networkId = /^[a-z0-9](-?[a-z0-9]){2,35}$/;

const TheThingsStackOptions = z.object({
  ...CallerOptions.shape,
  ...DeviceOptions.shape,
  /** `url`: the cluster's address, such as https://eu1.cloud.thethings.network. */
  downlink: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: expects("httpUrl") }),
      application: z.string().regex(networkId, expects("application")),
      apiKey: z.string().regex(/^[\x21-\x7e]+$/, expects("apiKey", "The Things Stack")),
      ...DownlinkOptions.shape,
    })
    .refine(isComplete, completeRule)
    .optional(),
});
type TheThingsStackOptions = z.infer<typeof TheThingsStackOptions>;

/**
 * Webhooks of The Things Stack 3, which are not signed; its header `X-Downlink-Apikey` is a secret.
 * https://www.thethingsindustries.com/docs/integrations/webhooks/
 */
export const theThingsStack: AlarmSource<TheThingsStackOptions> = {
  title: "The Things Stack 3 (webhook)",
  Options: TheThingsStackOptions,
  hasHeartbeat: true,
  verify: verifyCaller,

  parse({ body }, options) {
    const message = StackMessage.safeParse(parseJson(body)).data;
    if (!message)
      return [toAlarm("unreadable", { button: ButtonId.parse(findText(body, "end_device_ids", "device_id")) })];
    if (message.uplink_message === null) return readOther(message);
    const alarm = toAlarmOfUplink(message, message.uplink_message, options);
    return message.simulated ? toTestAlarms(alarm) : [alarm];
  },

  example(options, button, now) {
    const { port, bytes, decoded } = toExampleUplink(options);
    const receivedAt = new Date(now).toISOString();
    const message = {
      end_device_ids: { device_id: button, application_ids: { application_id: "alarm-buttons" } },
      received_at: receivedAt,
      uplink_message: {
        session_key_id: "AYfHx0Y6RGJx5dHUXEGWTA==",
        f_port: port,
        f_cnt: now % 2 ** 32,
        frm_payload: bytes?.toString("base64"),
        decoded_payload: decoded,
        received_at: receivedAt,
      },
    };
    return toJsonRequest(message, toCallerHeaders(options));
  },

  exampleOptions: { secret: "an example, not a secret", username: "the-things-stack", model: "milesight-ws101" },

  /** AppAs.DownlinkQueuePush: https://www.thethingsindustries.com/docs/api/reference/grpc/application_server/ */
  feedback({ downlink }) {
    if (downlink === undefined) return null;
    const { url, application, apiKey } = downlink;
    return notifyByCall(downlink, (button, f_port, frm_payload) => {
      const device = button.toLowerCase();
      if (!networkId.test(device)) return null;
      return {
        url: `${url.replace(/\/+$/, "")}/api/v3/as/applications/${application}/devices/${device}/down/push`,
        headers: { authorization: `Bearer ${apiKey}` },
        body: JSON.stringify({ downlinks: [{ f_port, frm_payload, priority: "HIGHEST" }] }),
      };
    });
  },
};

/**
 * The alarm of an uplink. `locations` is ignored, because it is what the network has stored of the device, without a
 * time, and yesterday's position sends help to the wrong place. A position counts when this message's own payload holds
 * it.
 */
function toAlarmOfUplink(
  { end_device_ids, received_at }: StackMessage,
  uplink: UplinkMessage,
  options: DeviceOptions,
): Alarm {
  const button = end_device_ids.device_id;
  const { f_port, frm_payload, decoded_payload, last_battery_percentage } = uplink;
  const parts = { id: toUplinkId(button, uplink), button, at: uplink.received_at ?? received_at };
  const alarm = toUplinkAlarm(
    { port: f_port, bytes: frm_payload, decoded: decoded_payload ?? undefined },
    options,
    parts,
  );
  // An empty frame is the network's own, but one without a counter, session and moment is no frame at all.
  if (alarm.kind === "heartbeat" && parts.id === null && uplink.f_cnt === 0) return toAlarm("unreadable", parts);
  const known = last_battery_percentage === null ? null : last_battery_percentage.value / 100;
  return { ...alarm, battery: alarm.battery ?? known };
}

/**
 * The identity of a frame: its counter within its session, and the moment at which the network server received it,
 * because an ABP device keeps its session and counts from the start after a change of battery, and that press must not
 * pass for an old one. The moment is the same for all gateways and when a webhook is tried again.
 */
function toUplinkId(device: string, { session_key_id, f_cnt, frm_payload, received_at }: UplinkMessage): string | null {
  if (device === "" || (session_key_id === null && received_at === null)) return null;
  return toIdentity("uplink", device, session_key_id, f_cnt, frm_payload, received_at);
}

/**
 * The alarms of a message that the console simulates: a press becomes a test, and others give none, because they don't
 * show that the device works.
 */
function toTestAlarms(alarm: Alarm): Alarm[] {
  return mayBePress(alarm.kind) && alarm.button !== "" ? [{ ...alarm, kind: "test" }] : [];
}

function readOther(message: StackMessage): Alarm[] {
  const { end_device_ids, received_at, join_accept: join, location_solved: solved } = message;
  const button = end_device_ids.device_id;
  if (!isOther(message)) return [toAlarm("unreadable", { button, at: received_at })];
  if (button === "" || message.simulated) return [];
  if (join !== null) {
    const id = toIdentity("join", button, join.session_key_id ?? received_at);
    return [toAlarm("heartbeat", { id, button, at: join.received_at ?? received_at })];
  }
  const position = solved?.location ?? null;
  if (position === null) return [];
  // Without the coordinates: a hash of them can be guessed, and a position is stored nowhere without an alarm.
  const id = received_at === null ? null : toIdentity("location", button, received_at);
  return [toAlarm("position", { id, button, at: received_at, position })];
}
