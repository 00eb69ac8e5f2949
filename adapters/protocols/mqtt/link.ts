import { connect, type IPublishPacket, type MqttClient } from "mqtt";
import type { ListenerHost, Listening } from "../../../bot/contracts.ts";
import type { Alarm } from "../../../bot/domain/alarm.ts";
import { Intake } from "./intake.ts";
import { Presence } from "./presence.ts";
import type { Publish } from "./publish.ts";
import { Reader, toFilters } from "./reader.ts";
import { type MqttOptions, toConnection, toStateTopic } from "./settings.ts";

const againMs = 2_000;
const subscribeAgainMs = 60_000;
const goodbyeMs = 2_000;
const closedByBroker = "closed by the other side";

/**
 * Holds the connection to the broker, and tries again without end. The session outlives the connection and us, so what
 * is published meanwhile waits at the broker. Throws a sentence for settings that can't be used.
 */
export function startLink(options: MqttOptions, host: ListenerHost): Listening {
  const { clock } = host;
  const stateTopic = toStateTopic(options);
  const will = stateTopic && { topic: stateTopic, payload: Buffer.from("offline"), qos: 1 as const, retain: true };
  const reader = new Reader(options.topics);
  const client = connect({
    ...toConnection(options),
    clientId: options.clientId,
    clean: false,
    ...(will ? { will } : {}),
  });
  const presence = new Presence(host);
  const intake = new Intake(host, read);
  const filters = toFilters(options.topics);
  /** Topics that the broker does not let us hear. */
  const lacking = new Set<string>();
  let isEnding = false;
  let reason = closedByBroker;
  let cancelAgain = (): void => {};
  let cancelSubscribe = (): void => {};

  function read(publish: Publish): Alarm[] {
    if (publish.topic === stateTopic) return [];
    const alarms = reader.read(publish);
    const [alarm] = alarms;
    // Only the state of a bridge is of no button.
    if (alarm?.button === "" && alarm.kind !== "unreadable") presence.bridge(publish.topic, alarm.kind === "trouble");
    return alarms;
  }

  async function subscribe(): Promise<void> {
    for (const topic of filters) {
      try {
        const [grant] = await client.subscribeAsync(topic, { qos: 1 });
        if (isEnding) return;
        lacking.delete(topic);
        if (grant?.qos === 0) host.note("mqtt-without-acknowledgement", { topic });
      } catch (error) {
        if (isEnding || !client.connected) return;
        if (!lacking.has(topic)) host.note("mqtt-subscription-refused", { topic, reason: toReason(error) });
        lacking.add(topic);
      }
    }
    // A source that hears half of its buttons is not there.
    if (lacking.size === 0) presence.found();
    else cancelSubscribe = clock.wakeAt(clock.now() + subscribeAgainMs, () => void subscribe());
  }

  client.handleMessage = (packet: IPublishPacket, callback) => {
    // The library's own acknowledgement is kept back by this error: ours goes out after the commit.
    const next = (): void => callback(new Error("acknowledged after the commit"));
    if (isEnding) next();
    else intake.take(packet, client.stream, next);
  };
  client.on("packetreceive", (packet) => {
    if (packet.cmd === "connack" && !packet.sessionPresent) intake.forget();
  });
  client.on("connect", () => {
    if (stateTopic !== null) client.publish(stateTopic, "online", { qos: 0, retain: true });
    void subscribe();
  });
  client.on("error", (error) => {
    reason = toReason(error);
    // Not every error of the library ends the connection by itself.
    client.stream.destroy();
  });
  client.on("close", () => {
    cancelSubscribe();
    cancelAgain();
    if (isEnding) return;
    presence.lost(reason);
    reason = closedByBroker;
    cancelAgain = clock.wakeAt(clock.now() + againMs, () => client.reconnect());
  });

  return {
    port: null,
    pending: () => intake.pending(),
    async [Symbol.asyncDispose]() {
      isEnding = true;
      presence[Symbol.dispose]();
      cancelSubscribe();
      cancelAgain();
      await intake[Symbol.asyncDispose]();
      if (client.connected && stateTopic !== null) client.publish(stateTopic, "offline", { qos: 0, retain: true });
      using limit = clock.timeout(goodbyeMs);
      await end(client, limit.signal);
    },
  };
}

/** Takes leave of the broker without ending the session; cuts the connection when it does not answer in time. */
function end(client: MqttClient, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => {
      client.stream.destroy();
      resolve();
    });
    client.end(!client.connected, {}, () => resolve());
  });
}

/** A code where there is one: Node's own messages name the host and the port. */
export function toReason(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
