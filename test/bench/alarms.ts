import { now } from "./figure.ts";
import { openWire } from "./wire.ts";

/** The secret of the source `bench`; nothing but loopback ever sees it. */
export const benchSecret = "een-geheim-om-mee-te-meten";

let last = 0;

/** An alarm no one sent before: a button of its own, so an incident of its own, and a place to find its card by. */
export interface BenchAlarm {
  readonly place: string;
  readonly request: Buffer;
}

export function toAlarms(count: number, source = "bench"): BenchAlarm[] {
  return Array.from({ length: count }, () => {
    last += 1;
    const place = `Kamer ${last}`;
    return { place, request: toRequest({ id: `alarm-${last}`, button: `knop-${last}`, place }, source) };
  });
}

/** The bytes that post this message. */
export function toRequest(message: object, source = "bench"): Buffer {
  const body = JSON.stringify(message);
  const head = [
    `POST /alarms/${source} HTTP/1.1`,
    "host: 127.0.0.1",
    `authorization: Bearer ${benchSecret}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** How a number of alarms was taken. Times in milliseconds. */
export interface Taken {
  readonly sentAt: ReadonlyMap<string, number>;
  readonly accepted: number;
  /** From the first sent to the last answered. */
  readonly tookMs: number;
}

export interface TakenEvenly extends Taken {
  /** How long each took to be answered. */
  readonly answeredMs: readonly number[];
}

/** One every `everyMs` on the first connection that is free, whether or not those before were answered. */
export async function sendEvenly(port: number, alarms: readonly BenchAlarm[], everyMs: number): Promise<TakenEvenly> {
  const free = await Promise.all(Array.from({ length: 4 }, () => openWire(port)));
  const sentAt = new Map<string, number>();
  const begun = now();
  const answeredMs: number[] = [];
  let accepted = 0;
  await Promise.all(
    alarms.map(async ({ place, request }, index) => {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + index * everyMs - now())));
      const wire = free.pop() ?? (await openWire(port));
      const at = now();
      sentAt.set(place, at);
      const { status } = await wire.send(request);
      answeredMs.push(now() - at);
      free.push(wire);
      if (status === 202) accepted += 1;
    }),
  );
  for (const wire of free) wire[Symbol.dispose]();
  return { sentAt, accepted, answeredMs, tookMs: now() - begun };
}

/**
 * All of them as fast as they are answered, `width` at a time. `apart`: each on a connection of its own, opened within
 * the time.
 */
export async function sendFlood(
  port: number,
  alarms: readonly BenchAlarm[],
  width: number,
  apart = false,
): Promise<Taken> {
  const sentAt = new Map<string, number>();
  const waiting = alarms.toReversed();
  let accepted = 0;
  const wires = apart ? [] : await Promise.all(Array.from({ length: width }, () => openWire(port)));
  const begun = now();
  await Promise.all(
    Array.from({ length: width }, async (_, index) => {
      for (let alarm = waiting.pop(); alarm !== undefined; alarm = waiting.pop()) {
        sentAt.set(alarm.place, now());
        const wire = wires[index] ?? (await openWire(port));
        const { status } = await wire.send(alarm.request);
        if (status === 202) accepted += 1;
        if (apart) wire[Symbol.dispose]();
      }
    }),
  );
  const tookMs = now() - begun;
  for (const wire of wires) wire[Symbol.dispose]();
  return { sentAt, accepted, tookMs };
}
