import { randomUUID } from "node:crypto";
import type { MqttClient } from "mqtt";
import type { AlarmListener } from "../../bot/contracts.ts";
import { DeliveryError } from "../../bot/errors.ts";
import { parseJson } from "../kit/message.ts";
import { toDeviceLists, toExample } from "../protocols/mqtt/reader.ts";
import { loadConnection, MqttOptions } from "../protocols/mqtt/settings.ts";

/**
 * Buttons that publish to an MQTT broker, Zigbee2MQTT's among them. MQTT 3.1.1 with a persistent session and QoS 1: a
 * press that is published while we are down waits at the broker, and is acknowledged after our commit.
 * https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html
 */
export const mqtt: AlarmListener<MqttOptions> = {
  title: "MQTT (Zigbee2MQTT, own messages, mapping)",
  Options: MqttOptions,
  hasHeartbeat: true,

  async listen(options, host) {
    // The library is loaded by who has a broker.
    const { Link } = await import("../protocols/mqtt/link.ts");
    return new Link(options, host);
  },

  async press(options, button, now, signal) {
    await withClient(options, signal, async (client) => {
      const example = toExample(options.topics, button, now, await readDeviceLists(client, options));
      if (example === null) throw new DeliveryError("misconfigured", "No topic can carry a press of this button.");
      await client.publishAsync(example.topic, example.payload, { qos: 1 });
    });
  },

  exampleOptions: {
    url: "mqtt://127.0.0.1:1883",
    clientId: "rugdekking",
    topics: [{ format: "zigbee2mqtt", topic: "zigbee2mqtt/#", base: "zigbee2mqtt" }],
  },
};

/**
 * Reads what the bridges say of their devices, which brokers send while the subscription is answered. A list that may
 * not be read, or comes later, is left out.
 */
async function readDeviceLists(client: MqttClient, { topics }: MqttOptions): Promise<ReadonlyMap<string, unknown>> {
  const lists = new Map<string, unknown>();
  client.on("message", (topic, payload) => lists.set(topic, parseJson(payload)));
  for (const topic of toDeviceLists(topics)) {
    await client.subscribeAsync(topic, { qos: 1 }).catch(() => {});
    await client.unsubscribeAsync(topic);
  }
  return lists;
}

/**
 * Runs `work` on a connection of its own. Rejects with DeliveryError when the broker is away, or has not taken what is
 * sent.
 */
async function withClient(
  options: MqttOptions,
  signal: AbortSignal,
  work: (client: MqttClient) => Promise<void>,
): Promise<void> {
  const clientId = `${options.clientId}-ring-${randomUUID().slice(0, 8)}`;
  const { createClient, toReason } = await import("../protocols/mqtt/client.ts");
  const client = createClient({ ...loadConnection(options), clientId, clean: true });
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (error?: unknown): void => {
        const cause = new Error(toReason(error));
        const sentence = `The broker ${new URL(options.url).hostname} did not take it (${cause.message}).`;
        const unreachable = new DeliveryError("unreachable", sentence, { cause });
        reject(error instanceof DeliveryError ? error : unreachable);
      };
      signal.addEventListener("abort", () => fail(signal.reason), { once: true });
      if (signal.aborted) fail(signal.reason);
      client.on("error", fail).on("close", fail);
      // Nothing is sent before the connection is there, because what waits for it fails with a vaguer error.
      client.on("connect", () => void work(client).then(resolve, fail));
    });
  } finally {
    client.end(true);
  }
}
