import { createHash } from "node:crypto";
import { z } from "zod";
import type { PagerHost } from "../../../../bot/contracts.ts";
import { waitForDisk } from "./disk.ts";
import type { Receiver } from "./receivers.ts";

type ReceiverName = Receiver["name"];

/** How a text is read as a key, in the order in which `toKeys` gives the keys. */
const readings = ["digits", "characters"] as const;
const names = ["primary", "secondary"] as const satisfies readonly ReceiverName[];

const Saved = z.object({
  /** A digest of the keys: what was learned of other ones is of no use. */
  keys: z.string(),
  known: z.partialRecord(z.enum(names), z.enum(readings)),
});

/** The name of what was learned in the pager's memory. */
const memoryName = "key reading";

/**
 * Which key each receiver has. The text of a key with 32 hexadecimal digits stands for 16 bytes, but some receivers
 * take it for 32 characters, and nothing but an answer tells which.
 */
export class KeyReadings {
  readonly #host: PagerHost;
  readonly #keys: readonly Buffer[];
  /** By receiver, the place in the list of the key by which it has answered. */
  readonly #known = new Map<ReceiverName, number>();

  /** `keys`: those that the text of the key may stand for, the likelier first; none without a key. */
  constructor(host: PagerHost, keys: readonly Buffer[]) {
    this.#host = host;
    this.#keys = keys;
  }

  /** The key by which frames for that receiver are encrypted; null without one. */
  keyFor(receiver: ReceiverName): Buffer | null {
    return this.#keys[this.#placeFor(receiver)] ?? null;
  }

  /** The key that the receiver may have in its place; null when the text can be read in one way only. */
  otherFor(receiver: ReceiverName): Buffer | null {
    return this.#keys.find((_, place) => place !== this.#placeFor(receiver)) ?? null;
  }

  /** Whether the receiver has answered by the key for it. */
  isKnown(receiver: ReceiverName): boolean {
    return this.#known.has(receiver);
  }

  /** Keeps the key by which the receiver has answered; null without one. */
  keep(receiver: ReceiverName, key: Buffer | null): void {
    const place = key === null ? -1 : this.#keys.indexOf(key);
    const reading = readings[place];
    if (this.#keys.length < 2 || reading === undefined || this.#known.get(receiver) === place) return;
    if (place !== this.#placeFor(receiver)) this.#host.note("alarm-centre-key-read-otherwise", { receiver, reading });
    this.#known.set(receiver, place);
    const known = Object.fromEntries([...this.#known].map(([name, each]) => [name, readings[each]]));
    const text = JSON.stringify({ keys: toDigest(this.#keys), known });
    // One that is not saved is found out again after a start.
    this.#host.memory.save(memoryName, text).catch(() => {});
  }

  /** Loads what was learned before the last restart. Never rejects, and gives up after a second. */
  async load(): Promise<void> {
    if (this.#keys.length < 2) return;
    const text = await waitForDisk(this.#host, this.#host.memory.load(memoryName));
    const saved = text ? parseSaved(text) : null;
    if (saved?.keys !== toDigest(this.#keys)) return;
    for (const name of names) {
      const reading = saved.known[name];
      if (reading !== undefined && !this.#known.has(name)) this.#known.set(name, readings.indexOf(reading));
    }
  }

  /** What the other receiver has taught is likelier than the usual reading. */
  #placeFor(receiver: ReceiverName): number {
    const [taught = 0] = this.#known.values();
    return this.#known.get(receiver) ?? taught;
  }
}

function parseSaved(text: string): z.infer<typeof Saved> | null {
  try {
    return Saved.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** A digest that does not show the keys. */
function toDigest(keys: readonly Buffer[]): string {
  return createHash("sha256").update(JSON.stringify(keys)).digest("base64url").slice(0, 22);
}
