import { z } from "zod";
import type { InboundRequest } from "../../../../bot/contracts.ts";
import { Moment, optional, parseJson } from "../../../kit/message.ts";
import { readProtobuf } from "./chirpstack-protobuf.ts";
import { Bytes, Location } from "./fields.ts";

const Text = optional(z.string().min(1).max(256));
const Flag = z.boolean().default(false).catch(false);

/**
 * The fields of all kinds of events. Never fails on an object; ChirpStack leaves out zeros, empty texts and false.
 * https://www.chirpstack.io/docs/chirpstack/integrations/events.html
 */
const ChirpstackEvent = z.object({
  deduplicationId: Text,
  time: Moment,
  deviceInfo: z
    .object({ devEui: z.string() })
    .transform(({ devEui }) => toDevEui(devEui))
    .catch(""),
  devAddr: Text,
  fCnt: z.number().default(0).catch(0),
  fPort: optional(z.number()),
  data: Bytes,
  object: z.unknown().optional(),
  level: Text,
  code: Text,
  description: optional(z.string().min(1)),
  location: Location,
  batteryLevel: optional(z.number().min(0).max(100)),
  batteryLevelUnavailable: Flag,
  externalPowerSource: Flag,
});
export type ChirpstackEvent = z.infer<typeof ChirpstackEvent>;

const names = ["up", "join", "status", "location", "log", "ack", "txack", "integration"] as const;
const Name = z.enum(names);
/** The kind of an event; "unknown" when neither the address nor the content tells. */
export type EventName = z.infer<typeof Name> | "unknown";

const nothing = ChirpstackEvent.parse({});

/** A DevEUI as our buttons have it. */
export function toDevEui(text: string): string {
  return text.toUpperCase().slice(0, 128);
}

interface ReadEvent {
  readonly name: EventName;
  readonly event: ChirpstackEvent;
  /** Whether nothing of it is missing. JSON shows that by itself, protobuf only by the way it came. */
  readonly isWhole: boolean;
}

/** Reads a body in JSON or protobuf as far as it came; neither gives an event without content. Never throws. */
export function readEvent({ query, body, isCut = false }: Pick<InboundRequest, "query" | "body" | "isCut">): ReadEvent {
  const named = Name.safeParse(new URLSearchParams(query).get("event")).data;
  const json = parseJson(body);
  const { content, isWhole } =
    json === undefined ? readProtobuf(named ?? "up", body) : { content: json, isWhole: true };
  const event = ChirpstackEvent.safeParse(content).data ?? nothing;
  return { name: named ?? findName(event), event, isWhole: isWhole && (json !== undefined || !isCut) };
}

/** The kind of an event by the fields that only that kind has. */
function findName({ data, fPort, object, level, description, location, batteryLevel }: ChirpstackEvent): EventName {
  if (data === null || data.length > 0 || fPort !== null || (object ?? null) !== null) return "up";
  if (level !== null || description !== null) return "log";
  if (location !== null) return "location";
  return batteryLevel === null ? "unknown" : "status";
}
