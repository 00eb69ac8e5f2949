import { randomUUID } from "node:crypto";
import { connect } from "mqtt";
import type { AlarmListener } from "../../bot/contracts.ts";
import { DeliveryError } from "../../bot/errors.ts";
import { Link, toReason } from "../protocols/mqtt/link.ts";
import { toExample } from "../protocols/mqtt/reader.ts";
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
    return new Link(options, host);
  },

  async press(options, button, now, signal) {
    const example = toExample(options.topics, button, now);
    if (example === null) throw new DeliveryError("misconfigured", "No topic can carry an example for this button.");
    await publish(options, example, signal);
  },

  exampleOptions: {
    url: "mqtt://127.0.0.1:1883",
    clientId: "rugdekking",
    topics: [{ format: "zigbee2mqtt", topic: "zigbee2mqtt/#", base: "zigbee2mqtt" }],
  },
};

/**
 * Publishes once, with QoS 1, on a connection of its own. Rejects with DeliveryError when the broker has not taken it.
 */
async function publish(
  options: MqttOptions,
  { topic, payload }: { topic: string; payload: string },
  signal: AbortSignal,
): Promise<void> {
  const clientId = `${options.clientId}-ring-${randomUUID().slice(0, 8)}`;
  const client = connect({ ...loadConnection(options), clientId, clean: true });
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (error?: unknown): void => {
        const cause = new Error(toReason(error));
        reject(new DeliveryError("unreachable", "The broker did not take it.", { cause }));
      };
      signal.addEventListener("abort", () => fail(signal.reason), { once: true });
      if (signal.aborted) fail(signal.reason);
      client.on("error", fail).on("close", fail);
      // Published only once connected, because a publish that waits for the connection fails with a vaguer error.
      client.on("connect", () =>
        client.publish(topic, payload, { qos: 1 }, (error) => (error ? fail(error) : resolve())),
      );
    });
  } finally {
    client.end(true);
  }
}
