import type { IClientOptions, IPublishPacket, MqttClient } from "mqtt";
import type { ListenerHost, RunningListener } from "../../../bot/contracts.ts";
import type { Alarm } from "../../../bot/domain/alarm.ts";
import { createClient, toReason } from "./client.ts";
import { Intake } from "./intake.ts";
import { Presence } from "./presence.ts";
import type { Publish } from "./publish.ts";
import { Reader, toFilters } from "./reader.ts";
import { loadConnection, type MqttOptions, toStateTopic } from "./settings.ts";

const reconnectMs = 2_000;
const resubscribeMs = 60_000;
const maxDisconnectMs = 2_000;
const closedByBroker = "closed by the other side";

/**
 * Connects to the broker, and again without end. The session outlives the connection and this process, so that what is
 * published meanwhile waits at the broker.
 */
export class Link implements RunningListener {
  readonly port = null;
  readonly #host: ListenerHost;
  /** The topic on which we publish whether we are online; null for none. */
  readonly #stateTopic: string | null;
  readonly #filters: readonly string[];
  readonly #reader: Reader;
  readonly #client: MqttClient;
  readonly #presence: Presence;
  readonly #intake: Intake;
  /** Topics whose subscription the broker has refused. */
  readonly #refused = new Set<string>();
  #isEnding = false;
  #reason = closedByBroker;
  #cancelReconnect = (): void => {};
  #cancelSubscribe = (): void => {};

  /** Begins to connect. Throws a sentence for settings that can't be used. */
  constructor(options: MqttOptions, host: ListenerHost) {
    this.#host = host;
    this.#stateTopic = toStateTopic(options);
    this.#filters = toFilters(options.topics);
    this.#reader = new Reader(options.topics, (event, facts) => host.note(event, facts));
    this.#client = createClient(toSession(options));
    this.#presence = new Presence(host, new URL(options.url).hostname);
    this.#intake = new Intake(host, (publish) => this.#read(publish));
    this.#listenToClient();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    this.#presence[Symbol.dispose]();
    this.#cancelSubscribe();
    this.#cancelReconnect();
    await this.#intake[Symbol.asyncDispose]();
    if (this.#client.connected) this.#publishState("offline");
    using limit = this.#host.clock.timeout(maxDisconnectMs);
    await disconnect(this.#client, limit.signal);
  }

  #listenToClient(): void {
    const client = this.#client;
    client.handleMessage = (packet: IPublishPacket, callback) => {
      // This error keeps the library from acknowledging; we do so after the commit.
      const next = (): void => callback(new Error("acknowledged after the commit"));
      if (this.#isEnding) next();
      else this.#intake.take(packet, client.stream, next);
    };
    client.on("packetreceive", (packet) => {
      if (packet.cmd === "connack" && !packet.sessionPresent) this.#intake.forgetAll();
    });
    client.on("connect", () => {
      this.#publishState("online");
      void this.#subscribe();
    });
    client.on("error", (error) => {
      this.#reason = toReason(error);
      // Not every error of the library ends the connection by itself.
      client.stream.destroy();
    });
    client.on("close", () => this.#handleClose());
  }

  #handleClose(): void {
    this.#cancelSubscribe();
    this.#cancelReconnect();
    if (this.#isEnding) return;
    this.#presence.markLost(this.#reason);
    this.#reason = closedByBroker;
    const { clock } = this.#host;
    this.#cancelReconnect = clock.wakeAt(clock.now() + reconnectMs, () => this.#client.reconnect());
  }

  /** Subscribes to every topic. Never rejects: what the broker refuses is noted and tried again. */
  async #subscribe(): Promise<void> {
    for (const topic of this.#filters) {
      try {
        const [grant] = await this.#client.subscribeAsync(topic, { qos: 1 });
        if (this.#isEnding) return;
        this.#refused.delete(topic);
        if (grant?.qos === 0) this.#host.note("mqtt-without-acknowledgement", { topic });
      } catch (error) {
        if (this.#isEnding || !this.#client.connected) return;
        if (!this.#refused.has(topic)) {
          this.#host.note("mqtt-subscription-refused", { topic, reason: toReason(error) });
        }
        this.#refused.add(topic);
      }
    }
    // A source that lacks a part of its topics does not count as there.
    if (this.#refused.size === 0) this.#presence.markFound();
    else this.#subscribeLater();
  }

  #subscribeLater(): void {
    const { clock } = this.#host;
    this.#cancelSubscribe = clock.wakeAt(clock.now() + resubscribeMs, () => void this.#subscribe());
  }

  #read(publish: Publish): Alarm[] {
    if (publish.topic === this.#stateTopic) return [];
    const alarms = this.#reader.read(publish);
    const [alarm] = alarms;
    // Only the state of a bridge names no button.
    if (alarm?.button === "" && alarm.kind !== "unreadable") {
      this.#presence.setBridge(publish.topic, alarm.kind === "trouble");
    }
    return alarms;
  }

  #publishState(state: "online" | "offline"): void {
    if (this.#stateTopic !== null) this.#client.publish(this.#stateTopic, state, { qos: 0, retain: true });
  }
}

/**
 * The settings of a session that the broker keeps for us, with the will that it publishes when our connection breaks.
 */
function toSession(options: MqttOptions): IClientOptions {
  const topic = toStateTopic(options);
  const will =
    topic === null ? {} : { will: { topic, payload: Buffer.from("offline"), qos: 1 as const, retain: true } };
  return { ...loadConnection(options), clientId: options.clientId, clean: false, ...will };
}

/** Disconnects from the broker without ending the session; destroys the connection when `signal` aborts first. */
function disconnect(client: MqttClient, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => {
      client.stream.destroy();
      resolve();
    });
    client.end(!client.connected, {}, () => resolve());
  });
}
