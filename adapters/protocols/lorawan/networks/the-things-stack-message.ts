import { z } from "zod";
import { Moment, optional } from "../../../kit/message.ts";
import { Bytes, Location } from "./fields.ts";

/** An uplink. The Things Stack leaves out zeros, empty texts and false. Never fails on an object. */
export const UplinkMessage = z.object({
  session_key_id: optional(z.string().min(1).max(256)),
  f_cnt: z.number().default(0).catch(0),
  f_port: optional(z.number()),
  frm_payload: Bytes,
  decoded_payload: z.unknown().optional(),
  last_battery_percentage: optional(z.object({ value: z.number().min(0).max(100) })),
  received_at: Moment,
});
export type UplinkMessage = z.infer<typeof UplinkMessage>;

/** https://www.thethingsindustries.com/docs/integrations/data-formats/ */
export const StackMessage = z.looseObject({
  end_device_ids: z.object({ device_id: z.string().max(128) }).catch({ device_id: "" }),
  received_at: Moment,
  simulated: z.boolean().default(false).catch(false),
  uplink_message: optional(UplinkMessage),
  join_accept: optional(z.object({ session_key_id: optional(z.string()), received_at: Moment })),
  location_solved: optional(z.object({ location: Location })),
});
export type StackMessage = z.infer<typeof StackMessage>;

/** Messages that never are a press. The normalised uplink repeats an uplink that comes as well. */
const others = [
  "join_accept",
  "location_solved",
  "service_data",
  "uplink_normalized",
  "downlink_ack",
  "downlink_nack",
  "downlink_sent",
  "downlink_failed",
  "downlink_queued",
  "downlink_queue_invalidated",
];

/** Whether the message is of a kind that never is a press. */
export function isOther(message: StackMessage): boolean {
  return others.some((name) => Object.hasOwn(message, name) && message[name] !== null);
}
