import { randomUUID } from "node:crypto";
import type { Writable } from "node:stream";
import type { IPublishPacket } from "mqtt";
import type { ListenerHost } from "../../../bot/contracts.ts";
import { type Alarm, toAlarm } from "../../../bot/domain/alarm.ts";
import { toIdentity } from "../../kit/identity.ts";
import { createPauses } from "./pause.ts";
import type { Publish } from "./publish.ts";

/** As many are on their way to the disk for the first time at once; the broker waits with more. */
const window = 64;
/** As many that the storage refused are held in memory; the broker waits with all others then. */
const lateLimit = 10_000;
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** A message that the broker keeps until we have acknowledged it. */
interface Held {
  readonly messageId: number;
  readonly digest: string;
  /** The connection on which it came last: only there it can be acknowledged. */
  connection: Writable;
  /** `open`: under way. `late`: the storage refused it and it is tried again. `stored`: the broker may forget it. */
  state: "open" | "late" | "stored";
}

/** Messages between the broker and the disk. Disposing waits for what is under way and gives up what the storage refuses. */
export interface Intake extends AsyncDisposable {
  /** Takes a message; calls `next` when there is room for another. */
  take(packet: IPublishPacket, connection: Writable, next: () => void): void;
  /** The broker knows nothing of us: its packet identifiers begin anew. */
  forget(): void;
  pending(): number;
}

/**
 * Acknowledges after the commit, in the order of receipt; a message that the storage refuses is tried again without end,
 * holds none behind it back, and stays with the broker meanwhile. Only ten thousand of them hold the others back: memory
 * has an end, and nothing reaches the disk then.
 *
 * MQTT gives a message no identity of its own, and two presses have the same payload. So each delivery gets one of ours.
 * What the broker delivers again while we have not acknowledged it (same packet identifier, marked as a duplicate, same
 * content) is certainly the same message, for it may not use the identifier otherwise (MQTT 3.1.1, 2.3.1 and 4.4). Once
 * the acknowledgement is out nobody can tell a lost acknowledgement from a new press: then, and after a crash of ours,
 * rather a press twice than never.
 */
export function startIntake(host: ListenerHost, read: (publish: Publish) => readonly Alarm[]): Intake {
  const { clock } = host;
  /** By packet identifier. */
  const held = new Map<number, Held>();
  /** Those that are acknowledged in the order of receipt: all but the late ones, which hold up nobody. */
  const queue = new Set<Held>();
  const underWay = new Set<Promise<void>>();
  const pauses = createPauses(clock);
  let waiting: (() => void) | null = null;
  let isStorageDown = false;
  /** How many the storage has refused and not taken since. */
  let late = 0;
  /** How many of those wait for the storage to be asked again. */
  let resting = 0;
  let isFullNoted = false;

  function hasRoom(): boolean {
    return underWay.size - late < window && late < lateLimit;
  }

  function resume(): void {
    if (!hasRoom()) return;
    const next = waiting;
    waiting = null;
    next?.();
  }

  /** From now on it takes no room from the others. */
  function setLate(message: Held | null): void {
    if (message) {
      message.state = "late";
      queue.delete(message);
    }
    late += 1;
    acknowledge();
    resume();
    if (late < lateLimit || isFullNoted) return;
    isFullNoted = true;
    host.note("mqtt-too-many-wait", { messages: late });
  }

  function setInTime(): void {
    late -= 1;
    if (late === 0) isFullNoted = false;
  }

  function acknowledge(): void {
    for (const message of queue) {
      if (message.state === "open") return;
      release(message);
    }
  }

  function release(message: Held): void {
    const { messageId, connection } = message;
    if (held.get(messageId) !== message || !connection.writable) return;
    connection.write(toPuback(messageId));
    drop(message);
  }

  function drop(message: Held): void {
    held.delete(message.messageId);
    queue.delete(message);
  }

  /** True after the commit, false when we stop first. */
  async function store(alarms: readonly Alarm[], message: Held | null): Promise<boolean> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const isFirst = pauseMs === firstPauseMs;
      try {
        await host.accept(alarms);
        isStorageDown = false;
        if (!isFirst) setInTime();
        return true;
      } catch (error) {
        if (!isStorageDown && isFirst) host.note("mqtt-message-waits", { err: error });
        isStorageDown = true;
      }
      if (isFirst) setLate(message);
      resting += 1;
      await pauses.pause(pauseMs);
      resting -= 1;
      if (pauses.isEnded()) return false;
    }
  }

  async function handle(alarms: readonly Alarm[], message: Held | null): Promise<void> {
    if (alarms.length > 0 && !(await store(alarms, message))) return;
    if (!message) return;
    const wasLate = message.state === "late";
    message.state = "stored";
    if (wasLate) release(message);
    else acknowledge();
  }

  /** A fault of ours in reading may not cost a press, nor come back with it for ever. */
  function readAnyway(publish: Publish): readonly Alarm[] {
    try {
      return read(publish);
    } catch (error) {
      host.note("mqtt-message-not-read", { err: error });
      return [toAlarm("unreadable", { id: publish.id })];
    }
  }

  /** Puts a message at the end of the queue; `isKnown`: it is one of them, delivered again. */
  function hold({ messageId, qos, dup }: IPublishPacket, digest: string, connection: Writable) {
    if (qos === 0 || messageId === undefined) return { message: null, isKnown: false };
    const before = held.get(messageId);
    const isKnown = dup && before?.digest === digest;
    const message: Held = isKnown ? before : { messageId, digest, connection, state: "open" };
    message.connection = connection;
    if (before) drop(before);
    held.set(messageId, message);
    if (message.state !== "late") queue.add(message);
    return { message, isKnown };
  }

  return {
    take(packet, connection, next) {
      const { topic, retain } = packet;
      const payload = Buffer.from(packet.payload);
      const { message, isKnown } = hold(packet, toIdentity(topic, payload), connection);
      if (isKnown) {
        acknowledge();
        next();
        return;
      }
      // Read at once, and not held: a payload may be a thousand times as large as its alarms.
      const alarms = readAnyway({ topic, payload, retain, at: clock.now(), id: randomUUID() });
      const work = handle(alarms, message).finally(() => {
        underWay.delete(work);
        resume();
      });
      underWay.add(work);
      if (hasRoom()) next();
      else waiting = next;
    },
    forget() {
      held.clear();
      queue.clear();
    },
    pending: () => underWay.size - resting,
    async [Symbol.asyncDispose]() {
      pauses[Symbol.dispose]();
      await Promise.all(underWay);
    },
  };
}

/**
 * PUBACK is four bytes (MQTT 3.1.1, 3.4). The library sends its own too, but takes no next message before it is out: one
 * message for each sync of a disk that could sync many at once.
 */
function toPuback(messageId: number): Buffer {
  return Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]);
}
