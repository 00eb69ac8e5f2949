import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { IClientOptions } from "mqtt";
import { z } from "zod";
import { expects } from "../../../bot/words/settings/expects.ts";
import { TopicOptions } from "./reader.ts";
import { overlaps, TopicName } from "./topic.ts";

const BrokerUrl = z.string().refine(isBrokerUrl, expects("broker"));

/**
 * How to reach a broker, and what to subscribe to. `clientId` names our session at the broker: fixed, and of this
 * source alone, because two with one name disconnect each other. `ca`, `cert` and `key`: PEM, or the path of a file.
 * `stateTopic`: where `online` and `offline` are published; false for nowhere.
 */
export const MqttOptions = z
  .object({
    url: BrokerUrl,
    clientId: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, expects("clientId")),
    username: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    ca: z.string().min(1).optional(),
    cert: z.string().min(1).optional(),
    key: z.string().min(1).optional(),
    stateTopic: z.union([TopicName, z.literal(false)], expects("stateTopic")).optional(),
    topics: z.array(TopicOptions).min(1),
  })
  .superRefine((options, context) => {
    for (const [path, message] of findFaults(options)) context.addIssue({ code: "custom", path: [...path], message });
  });
export type MqttOptions = z.infer<typeof MqttOptions>;

type Fault = readonly [path: readonly (string | number)[], message: string];

/**
 * MQTT 3.1.1: every broker speaks it, also those that speak 5, and its sessions have no expiry that we would have to
 * set.
 */
const protocolVersion = 4;
/** A connection that breaks without being closed is noticed after one and a half times as long. */
const keepaliveS = 30;
const connectTimeoutMs = 10_000;

/**
 * Loads what the library needs to reach the broker. Throws a sentence, without a path or secret, for a file or
 * certificate that can't be used.
 */
export function loadConnection(options: MqttOptions): IClientOptions {
  const { protocol, hostname, port } = new URL(options.url);
  const { username, password } = options;
  return {
    ...(protocol === "mqtts:" ? { protocol: "mqtts", port: Number(port || 8883), ...loadCredentials(options) } : {}),
    ...(protocol === "mqtt:" ? { protocol: "mqtt", port: Number(port || 1883) } : {}),
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    protocolVersion,
    keepalive: keepaliveS,
    connectTimeout: connectTimeoutMs,
    // We connect again by our own clock.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  };
}

/** The topic on which we publish whether we are online; null for none. */
export function toStateTopic({ stateTopic, clientId }: MqttOptions): string | null {
  return stateTopic === false ? null : (stateTopic ?? `rugdekking/${clientId}/state`);
}

function isBrokerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(text);
  const isBare = [username, password, search, hash].every((part) => part === "") && ["", "/"].includes(pathname);
  return ["mqtt:", "mqtts:"].includes(protocol) && hostname !== "" && isBare;
}

function findFaults(options: MqttOptions): Fault[] {
  const faults: Fault[] = [];
  const { topics } = options;
  if (options.password !== undefined && options.username === undefined)
    faults.push([["username"], expects("withPassword")]);
  if ((options.cert === undefined) !== (options.key === undefined)) faults.push([["cert"], expects("certAndKey")]);
  const isPlain = options.url.startsWith("mqtt:");
  if (isPlain && (options.ca ?? options.cert) !== undefined) faults.push([["url"], expects("mqttsForCertificate")]);
  for (const [index, one] of topics.entries()) {
    if (one.format === "zigbee2mqtt" && !one.topic.startsWith(`${one.base}/`)) {
      faults.push([["topics", index, "topic"], expects("beginsWithBase")]);
    }
    // A broker may send a message once for each subscription that it fits: one press would come twice.
    if (topics.slice(0, index).some((other) => overlaps(one.topic, other.topic))) {
      faults.push([["topics", index, "topic"], expects("noOverlap")]);
    }
  }
  return faults;
}

function loadCredentials({ ca, cert, key }: MqttOptions): { ca?: string; cert?: string; key?: string } {
  const pems = {
    ...(ca === undefined ? {} : { ca: loadPem("ca", ca) }),
    ...(cert === undefined ? {} : { cert: loadPem("cert", cert) }),
    ...(key === undefined ? {} : { key: loadPem("key", key) }),
  };
  try {
    createSecureContext(pems);
    // The context accepts any text as an authority, and would then trust nobody.
    if (pems.ca !== undefined) new X509Certificate(pems.ca);
  } catch (error) {
    throw new Error("The certificates or the key of an MQTT source can't be used.", { cause: error });
  }
  return pems;
}

function loadPem(name: string, value: string): string {
  if (value.includes("-----BEGIN ")) return value;
  try {
    return readFileSync(value, "utf8");
  } catch (error) {
    throw new Error(`The file of ${name} of an MQTT source can't be read.`, { cause: error });
  }
}
