import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Policy } from "../../../domain/incident/policy.ts";
import { byDeadline, type OpenIncident, type Outline } from "./open-incident.ts";

/** Farther back than this nothing is looked for that was there before: with more each one would take longer. */
const windowBits = 13;
const dictionaryBytes = 2 ** windowBits;
/** Little memory, because each one begins with its own. */
const packing = { level: 1, memLevel: 1, windowBits, chunkSize: 4_096 };
/** So many more there may be until the farthest are looked for. */
const maxMore = 1_000;

interface Packed extends Outline {
  /** Its JSON, deflated, as one sign a byte: some 0.1 to 0.4 KB, where the incident itself is some 4 KB. */
  readonly text: string;
}

/**
 * Open incidents in little memory. Each takes some 10 µs to pack and 30 µs to have back (measured with ten people on
 * duty), because incidents are alike: one of them is the dictionary of all.
 */
export class PackedIncidents {
  readonly #byId = new Map<string, Packed>();
  /** By their hash. There are as many as there were configurations. */
  readonly #policies = new Map<string, Policy>();
  readonly #maxCount: number;
  #dictionary: Buffer | null = null;

  /** Beyond `maxCount` those with the farthest deadlines are forgotten. */
  constructor(maxCount: number) {
    this.#maxCount = maxCount;
  }

  get size(): number {
    return this.#byId.size;
  }

  outlineOf(id: string): Outline | null {
    return this.#byId.get(id) ?? null;
  }

  outlines(): Iterable<Outline> {
    return this.#byId.values();
  }

  /** The policy of that hash, where it was that of one of them. */
  policyOf(hash: string): Policy | null {
    return this.#policies.get(hash) ?? null;
  }

  get(id: string): OpenIncident | null {
    const packed = this.#byId.get(id);
    return packed === undefined ? null : this.#unpack(packed);
  }

  add({ incident, policy }: OpenIncident): void {
    const { id, version, nextAt, source, button, channel, fixedPlace, number, place } = incident;
    const body = Buffer.from(JSON.stringify(incident));
    this.#dictionary ??= body.subarray(-dictionaryBytes);
    const text = deflateRawSync(body, { ...packing, dictionary: this.#dictionary }).toString("latin1");
    this.#policies.set(incident.policy, policy);
    this.#byId.set(id, { id, version, nextAt, source, button, channel, fixedPlace, number, place, text });
    if (this.#byId.size <= this.#maxCount + maxMore) return;
    for (const far of this.#listNearest().slice(this.#maxCount)) this.#byId.delete(far.id);
  }

  delete(id: string): void {
    this.#byId.delete(id);
  }

  /** Takes out so many with the nearest deadlines. */
  takeNearest(count: number): readonly OpenIncident[] {
    const taken = this.#listNearest().slice(0, count);
    for (const { id } of taken) this.#byId.delete(id);
    return taken.map((packed) => this.#unpack(packed));
  }

  #listNearest(): readonly Packed[] {
    return [...this.#byId.values()].sort(byDeadline);
  }

  #unpack({ text }: Packed): OpenIncident {
    const options = this.#dictionary === null ? {} : { dictionary: this.#dictionary };
    const incident: Incident = JSON.parse(inflateRawSync(Buffer.from(text, "latin1"), options).toString());
    const policy = this.#policies.get(incident.policy);
    if (policy === undefined) throw new Error(`the policy of incident ${incident.number} was not packed`);
    return { incident, policy };
  }
}
