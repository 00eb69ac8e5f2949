import { randomUUID } from "node:crypto";
import type { Writable } from "node:stream";
import type { IPublishPacket } from "mqtt";
import type { ListenerHost } from "../../../bot/contracts.ts";
import { type Alarm, toAlarm } from "../../../bot/domain/alarm.ts";
import { toIdentity } from "../../kit/identity.ts";
import { Acknowledgements } from "./acknowledgements.ts";
import type { DeliveryState, TakenPublish } from "./delivery.ts";
import { Pauses } from "./pause.ts";
import type { Publish } from "./publish.ts";

/** How many messages may be on their way to the disk for the first time; the broker keeps the others. */
const maxTaking = 64;
/** How many refused messages are kept in memory; beyond this the broker keeps all others. */
const maxRefused = 10_000;
const firstPauseMs = 1_000;
const maxPauseMs = 30_000;

/**
 * Takes messages from the broker to the disk; `DeliveryState` shows their states. A message is acknowledged after the
 * commit, in the order of receipt. A message that the storage refuses is tried again without end, holds up no others,
 * and stays at the broker meanwhile. Only ten thousand refused ones hold up the others, because memory is limited, and
 * nothing reaches the disk then.
 *
 * Disposing waits for the messages that are being taken and gives up the resting ones, which the broker still has.
 */
export class Intake implements AsyncDisposable {
  readonly #host: ListenerHost;
  readonly #read: (publish: Publish) => readonly Alarm[];
  readonly #acknowledgements = new Acknowledgements();
  readonly #pauses: Pauses;
  /** How many deliveries are in each state before the commit; changed by `#add` and `#move` only. */
  readonly #counts = { taking: 0, resting: 0, retrying: 0 };
  readonly #underWay = new Set<Promise<void>>();
  /** Asks the library for the next message; null unless one waits at the broker until there is room. */
  #next: (() => void) | null = null;
  #isStorageDown = false;
  #isFullNoted = false;

  constructor(host: ListenerHost, read: (publish: Publish) => readonly Alarm[]) {
    this.#host = host;
    this.#read = read;
    this.#pauses = new Pauses(host.clock);
  }

  /** Takes a message; calls `next` when there is room for another. */
  take(packet: IPublishPacket, connection: Writable, next: () => void): void {
    const { topic, retain } = packet;
    const payload = Buffer.from(packet.payload);
    const digest = toIdentity(topic, payload);
    const repeated = this.#acknowledgements.findRepeated(packet, digest);
    if (repeated) {
      this.#acknowledgements.addLast(repeated, connection);
      this.#acknowledgements.sendInOrder();
      next();
      return;
    }
    const delivery = this.#add(packet, digest, connection);
    // The message is read now, so that its payload need not be kept, which may be a thousand times as large as its
    // alarms.
    const alarms = this.#readSafely({ topic, payload, retain, at: this.#host.clock.now(), id: randomUUID() });
    const work = this.#store(delivery, alarms).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
    if (this.#hasRoom()) next();
    else this.#next = next;
  }

  /** Forgets all deliveries, because the broker has begun a new session, with packet identifiers from the start. */
  forgetAll(): void {
    this.#acknowledgements.forgetAll();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#pauses[Symbol.dispose]();
    await Promise.all(this.#underWay);
  }

  /** Resolves after the commit, or when a delivery that rests is given up. */
  async #store(delivery: TakenPublish, alarms: readonly Alarm[]): Promise<void> {
    let pauseMs = firstPauseMs;
    while (alarms.length > 0 && !(await this.#tryStorage(delivery, alarms))) {
      await this.#pauses.pause(pauseMs);
      if (this.#pauses.isEnded) return;
      this.#move(delivery, "retrying");
      pauseMs = Math.min(2 * pauseMs, maxPauseMs);
    }
    this.#commit(delivery);
  }

  /** Tries to store the alarms: true after the commit, false when the storage refuses and the delivery rests. */
  async #tryStorage(delivery: TakenPublish, alarms: readonly Alarm[]): Promise<boolean> {
    try {
      await this.#host.accept(alarms);
      this.#isStorageDown = false;
      return true;
    } catch (error) {
      const isFirst = delivery.state === "taking";
      if (isFirst && !this.#isStorageDown) this.#host.note("mqtt-message-waits", { err: error });
      this.#isStorageDown = true;
      this.#rest(delivery);
      return false;
    }
  }

  /** Moves a refused delivery to `resting`. From its first refusal on it takes no room from the others. */
  #rest(delivery: TakenPublish): void {
    const isFirst = delivery.state === "taking";
    this.#move(delivery, "resting");
    if (!isFirst) return;
    this.#acknowledgements.removeFromOrder(delivery);
    this.#acknowledgements.sendInOrder();
    this.#askForNext();
    if (this.#countRefused() < maxRefused || this.#isFullNoted) return;
    this.#isFullNoted = true;
    this.#host.note("mqtt-too-many-wait", { messages: this.#countRefused() });
  }

  #commit(delivery: TakenPublish): void {
    const isInOrder = delivery.state === "taking";
    this.#move(delivery, "committed");
    if (this.#countRefused() === 0) this.#isFullNoted = false;
    if (isInOrder) this.#acknowledgements.sendInOrder();
    else this.#acknowledgements.sendNow(delivery);
    this.#askForNext();
  }

  #add({ messageId, qos }: IPublishPacket, digest: string, connection: Writable): TakenPublish {
    const delivery: TakenPublish = {
      messageId: qos === 0 ? null : (messageId ?? null),
      digest,
      connection,
      state: "taking",
    };
    this.#counts.taking += 1;
    this.#acknowledgements.addLast(delivery, connection);
    return delivery;
  }

  #move(delivery: TakenPublish, state: DeliveryState): void {
    if (delivery.state !== "committed") this.#counts[delivery.state] -= 1;
    delivery.state = state;
    if (state !== "committed") this.#counts[state] += 1;
  }

  #countRefused(): number {
    return this.#counts.resting + this.#counts.retrying;
  }

  #hasRoom(): boolean {
    return this.#counts.taking < maxTaking && this.#countRefused() < maxRefused;
  }

  #askForNext(): void {
    if (!this.#hasRoom()) return;
    const next = this.#next;
    this.#next = null;
    next?.();
  }

  /**
   * Reads a message. Never throws, because a fault of ours must not lose a press, nor make the broker send it for ever.
   */
  #readSafely(publish: Publish): readonly Alarm[] {
    try {
      return this.#read(publish);
    } catch (error) {
      this.#host.note("mqtt-message-not-read", { err: error });
      return [toAlarm("unreadable", { id: publish.id })];
    }
  }
}
