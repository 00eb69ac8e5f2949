import type { Writable } from "node:stream";
import type { IPublishPacket } from "mqtt";
import { isRefused, type TakenPublish } from "./delivery.ts";

/**
 * The acknowledgements that the broker waits for: it keeps a message until it has one, and sends the message again on
 * the next connection.
 *
 * MQTT gives a message no identity of its own, and two presses have the same payload. What the broker delivers again
 * while we have not acknowledged it (same packet identifier, marked as a duplicate, same content) is certainly the same
 * message, because it may not use the identifier otherwise (MQTT 3.1.1, 2.3.1 and 4.4). Once the acknowledgement is out
 * nobody can tell a lost acknowledgement from a new press: then, and after a crash of ours, a press may come twice,
 * which is better than never.
 */
export class Acknowledgements {
  readonly #byMessageId = new Map<number, TakenPublish>();
  /** Deliveries that are acknowledged in the order of receipt: all but the refused ones, which hold up no others. */
  readonly #inOrder = new Set<TakenPublish>();

  /** The delivery that this packet repeats; null when it brings a new one. */
  findRepeated({ messageId, qos, dup }: IPublishPacket, digest: string): TakenPublish | null {
    const before = qos === 0 || messageId === undefined ? undefined : this.#byMessageId.get(messageId);
    return dup && before?.digest === digest ? before : null;
  }

  /** Puts a delivery, new or repeated, at the end of the order of receipt, to be acknowledged on that connection. */
  addLast(delivery: TakenPublish, connection: Writable): void {
    const { messageId } = delivery;
    delivery.connection = connection;
    if (messageId === null) return;
    const before = this.#byMessageId.get(messageId);
    if (before) this.#drop(messageId, before);
    this.#byMessageId.set(messageId, delivery);
    if (!isRefused(delivery)) this.#inOrder.add(delivery);
  }

  /** Takes a refused delivery out of the order of receipt. */
  removeFromOrder(delivery: TakenPublish): void {
    this.#inOrder.delete(delivery);
  }

  /** Acknowledges committed deliveries in the order of receipt, up to the first that is still being taken. */
  sendInOrder(): void {
    for (const delivery of this.#inOrder) {
      if (delivery.state === "taking") return;
      this.sendNow(delivery);
    }
  }

  /** Acknowledges a committed delivery; without a connection it waits until the broker sends it again. */
  sendNow(delivery: TakenPublish): void {
    const { messageId, connection } = delivery;
    if (messageId === null || this.#byMessageId.get(messageId) !== delivery || !connection.writable) return;
    connection.write(toPuback(messageId));
    this.#drop(messageId, delivery);
  }

  /** Forgets all deliveries, because the broker has begun a new session, with packet identifiers from the start. */
  forgetAll(): void {
    this.#byMessageId.clear();
    this.#inOrder.clear();
  }

  #drop(messageId: number, delivery: TakenPublish): void {
    this.#byMessageId.delete(messageId);
    this.#inOrder.delete(delivery);
  }
}

/**
 * PUBACK is four bytes (MQTT 3.1.1, 3.4). The library could send it, but would take no next message before it is out:
 * one message for each sync of a disk that could sync many at once.
 */
function toPuback(messageId: number): Buffer {
  return Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]);
}
