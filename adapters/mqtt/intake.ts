import { randomUUID } from "node:crypto";
import type { Writable } from "node:stream";
import type { IPublishPacket } from "mqtt";
import type { ListenerHost } from "../../bot/contracts.ts";
import { type Alarm, toAlarm } from "../../bot/incident/alarm.ts";
import { toIdentity } from "../identity.ts";
import { pause } from "./pause.ts";
import type { Publish } from "./publish.ts";

/** As many are on their way to the disk at once; the broker waits with more. */
const window = 64;
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** A message that the broker keeps until we have acknowledged it. */
interface Held {
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
 * holds none behind it back, and stays with the broker meanwhile.
 *
 * MQTT gives a message no identity of its own, and two presses have the same payload. So each delivery gets one of ours.
 * What the broker delivers again while we have not acknowledged it (same packet identifier, marked as a duplicate, same
 * content) is certainly the same message, for it may not use the identifier otherwise (MQTT 3.1.1, 2.3.1 and 4.4). Once
 * the acknowledgement is out nobody can tell a lost acknowledgement from a new press: then, and after a crash of ours,
 * rather a press twice than never.
 */
export function startIntake(host: ListenerHost, read: (publish: Publish) => readonly Alarm[]): Intake {
  const { clock } = host;
  /** By packet identifier, in the order of receipt. */
  const held = new Map<number, Held>();
  const underWay = new Set<Promise<void>>();
  const stop = new AbortController();
  let waiting: (() => void) | null = null;
  let isStorageDown = false;
  /** How many wait for the storage to be asked again. */
  let resting = 0;

  function acknowledge(): void {
    for (const [messageId, message] of held) {
      if (message.state === "open") return;
      if (message.state === "late" || !message.connection.writable) continue;
      message.connection.write(toPuback(messageId));
      held.delete(messageId);
    }
  }

  /** True after the commit, false when we stop first. */
  async function store(alarms: readonly Alarm[], message: Held | null): Promise<boolean> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        await host.accept(alarms);
        isStorageDown = false;
        return true;
      } catch (error) {
        if (!isStorageDown && pauseMs === firstPauseMs) host.note("mqtt-message-waits", { err: error });
        isStorageDown = true;
      }
      if (message) message.state = "late";
      acknowledge();
      resting += 1;
      await pause(clock, pauseMs, stop.signal);
      resting -= 1;
      if (stop.signal.aborted) return false;
    }
  }

  async function handle(publish: Publish, message: Held | null): Promise<void> {
    const alarms = readAnyway(publish);
    if (alarms.length > 0 && !(await store(alarms, message))) return;
    if (message) message.state = "stored";
    acknowledge();
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

  /** Puts a message at the end of those that are held; `isKnown`: it is one of them, delivered again. */
  function hold({ messageId, qos, dup }: IPublishPacket, digest: string, connection: Writable) {
    if (qos === 0 || messageId === undefined) return { message: null, isKnown: false };
    const before = held.get(messageId);
    const isKnown = dup && before?.digest === digest;
    const message: Held = isKnown ? before : { digest, connection, state: "open" };
    message.connection = connection;
    held.delete(messageId);
    held.set(messageId, message);
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
      const work = handle({ topic, payload, retain, id: randomUUID() }, message).finally(() => {
        underWay.delete(work);
        const resume = waiting;
        waiting = null;
        resume?.();
      });
      underWay.add(work);
      if (underWay.size < window) next();
      else waiting = next;
    },
    forget: () => held.clear(),
    pending: () => underWay.size - resting,
    async [Symbol.asyncDispose]() {
      stop.abort();
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
