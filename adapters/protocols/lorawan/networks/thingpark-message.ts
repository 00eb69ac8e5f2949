import { createHash } from "node:crypto";
import { z } from "zod";
import { Moment, optional, parseJson } from "../../../kit/message.ts";
import { decodePercent } from "../../../kit/percent-encoding.ts";

/** A number or a text, as text: the content type "JSON untyped" quotes every value. */
const Text = optional(z.union([z.string(), z.number().transform(String)]));

/**
 * Only what we read of a report. Never fails on an object.
 * https://docs.thingpark.com/thingpark-enterprise/latest/docs/api-tpe/data-plane/basic/lrc-as-tunnel-lorawan
 */
const ThingparkReport = z.object({
  CustomerID: Text,
  DevEUI: Text,
  DevAddr: Text,
  Time: Moment,
  FPort: Text,
  FCntUp: Text,
  FCntDn: Text,
  payload_hex: Text,
  /** "1": still encrypted with the AppSKey. */
  PayloadEncryption: Text,
  rawJoinRequest: Text,
  /**
   * What a driver of IoT Flow made of the bytes. https://docs.thingpark.com/thingpark-x/latest/Message/uplink-message
   */
  payload: optional(z.record(z.string(), z.unknown())),
  DevLAT: Text,
  DevLON: Text,
  DevLocRadius: Text,
  DevLocTime: Moment,
  Type: Text,
  Var1: Text,
});
export type ThingparkReport = z.infer<typeof ThingparkReport>;

/** The reports that we read. Of a body that holds several the first in this list counts, for the token as well. */
const reportNames = [
  "DevEUI_uplink",
  "DevEUI_location",
  "DevEUI_notification",
  "DevEUI_downlink_Sent",
  "DevEUI_downlink_Rejected",
  "DevEUI_multicast_summary",
] as const;

/** One report of the network. */
export interface ThingparkMessage {
  readonly name: (typeof reportNames)[number];
  readonly report: ThingparkReport;
}

/**
 * The fields over which each report is signed. Those of a notification, a rejection and a summary are inferred from
 * the others, because no example is published.
 */
const signedFields = {
  DevEUI_uplink: ["CustomerID", "DevEUI", "FPort", "FCntUp", "payload_hex"],
  DevEUI_location: ["CustomerID", "DevEUI"],
  DevEUI_notification: ["CustomerID", "DevEUI"],
  DevEUI_downlink_Sent: ["CustomerID", "DevEUI", "FPort", "FCntDn"],
  DevEUI_downlink_Rejected: ["CustomerID", "DevEUI", "FPort", "FCntDn"],
  DevEUI_multicast_summary: ["CustomerID", "DevEUI", "FPort", "FCntDn"],
} as const satisfies Record<ThingparkMessage["name"], readonly (keyof ThingparkReport)[]>;

const signedParameters = ["LrnDevEui", "LrnFPort", "LrnInfos", "AS_ID", "Time"] as const;

/** Reads the report in a body; null when there is none that we know. */
export function readMessage(body: Buffer): ThingparkMessage | null {
  const content = z.record(z.string(), z.unknown()).safeParse(parseJson(body)).data ?? {};
  const name = reportNames.find((each) => Object.hasOwn(content, each));
  const report = name && ThingparkReport.safeParse(content[name]).data;
  return name && report ? { name, report } : null;
}

/**
 * "Tunnel interface" security: the token is the SHA-256 in hex over fields of the report, the parameters in their
 * order, and the key. Published with examples at
 * https://github.com/kpn-iot/lora-reference/tree/master/token-verification and
 * https://github.com/actility/thingpark-integrations. A location is signed over the DevEUI in lower case while its body
 * has it in upper case, so two tokens are right. None for a body that can't be signed.
 */
export function toTokens(query: string, body: Buffer, key: string): string[] {
  const message = readMessage(body);
  if (message === null) return [];
  const { name, report } = message;
  const parameters = toParameters(query);
  const signed = signedParameters
    .filter((each) => parameters.has(each))
    .map((each) => `${each}=${parameters.get(each)}`);
  return [report.DevEUI, report.DevEUI?.toLowerCase() ?? null].map((DevEUI) => {
    const fields = toSignedText(name, { ...report, DevEUI });
    return createHash("sha256").update(fields).update(signed.join("&")).update(key).digest("hex");
  });
}

/** The signed fields as one text. An absent port counts as 0, any other absent field as nothing. */
function toSignedText(name: ThingparkMessage["name"], report: ThingparkReport): string {
  return signedFields[name].map((field) => report[field] || (field === "FPort" ? "0" : "")).join("");
}

/**
 * The parameters of a query, decoded except for a plus sign: it belongs to the offset in `Time`, encoded or not, and is
 * signed as such.
 */
export function toParameters(query: string): Map<string, string> {
  const pairs = query.split("&").map((pair): [string, string] => {
    const [name = "", ...value] = pair.split("=");
    return [name, decodePercent(value.join("="))];
  });
  return new Map(pairs);
}
