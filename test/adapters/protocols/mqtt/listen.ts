import { connectAsync, type IClientOptions } from "mqtt";
import { mqtt } from "../../../../adapters/listeners/mqtt.ts";
import type { MqttOptions } from "../../../../adapters/protocols/mqtt/settings.ts";
import type { Broker } from "../../../fakes/broker.ts";
import { FakeHost, until } from "../../../fakes/listener-host.ts";

export const never = new AbortController().signal;
const emergency = '{"action":"emergency","battery":93}';

const ends: (() => PromiseLike<unknown>)[] = [];

/** Ends all that was started, the last one first; for after each test. */
export async function endAll(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
}

/** Starts a broker for this test. */
export async function start(startIt: () => Promise<Broker>): Promise<Broker> {
  const broker = await startIt();
  ends.push(() => broker[Symbol.asyncDispose]());
  return broker;
}

/** The example's settings, for the broker on that port. */
export function toOptions(port: number, settings: object = {}): MqttOptions {
  return mqtt.Options.parse({ ...mqtt.exampleOptions, url: `mqtt://127.0.0.1:${port}`, ...settings });
}

/** A listener with its host. One that is never stopped is as one that was killed: the next takes over its session. */
export async function listen(options: MqttOptions, host = new FakeHost()) {
  const listening = await mqtt.listen(options, host);
  let stopping: PromiseLike<void> | null = null;
  const stop = (): PromiseLike<void> => {
    stopping ??= listening[Symbol.asyncDispose]();
    return stopping;
  };
  ends.push(stop);
  return { host, listening, stop };
}

/** The same, once it is connected and subscribed. */
export async function listenNow(options: MqttOptions, host = new FakeHost()) {
  const started = await listen(options, host);
  await until(() => isThere(host));
  return started;
}

/** Whether the log says that it is connected. */
export function isThere({ notes }: FakeHost): boolean {
  return notes.findLast(({ event }) => event.startsWith("mqtt-"))?.event === "mqtt-connected";
}

/** Waits for the loss, and lets the time pass until it tries again. */
export async function tryAgain({ clock }: FakeHost): Promise<void> {
  await until(() => clock.nextAt === clock.now() + 2_000);
  clock.to(clock.now() + 2_000);
}

/** Publishes as a device's network would, and waits for the broker's word. */
export async function publish(
  port: number,
  messages: readonly [topic: string, payload: string | Buffer][],
  retain = false,
) {
  const options: IClientOptions = { host: "127.0.0.1", port, protocol: "mqtt", reconnectPeriod: 0 };
  const client = await connectAsync(options);
  await Promise.all(messages.map(([topic, payload]) => client.publishAsync(topic, payload, { qos: 1, retain })));
  await client.endAsync();
}

/** What Zigbee2MQTT publishes of a press. */
export function pressOf(button: string): [topic: string, payload: string] {
  return [`zigbee2mqtt/${button}`, emergency];
}

/** Holds up the disk, for all or for one button, until the answer is called or the test is over. */
export function hold(host: FakeHost, button?: string): () => void {
  let open = (): void => {};
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  host.commit = async ([alarm]) => {
    if (button === undefined || alarm?.button === button) await isOpen;
  };
  ends.push(async () => open());
  return open;
}

/** Something of the test's own that has to end with it. */
export function endWith(end: () => PromiseLike<unknown>): void {
  ends.push(end);
}
