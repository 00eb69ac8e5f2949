import { createHash, randomInt } from "node:crypto";
import { z } from "zod";
import type { PagerHost } from "../../../../bot/contracts.ts";
import { inTime } from "./disk.ts";
import { type OutgoingAccount, OutgoingEvent } from "./event-frame.ts";

/** A frame that is on its way until the receiver has taken or refused it. */
const Pending = z.object({
  /** What it was sent for; the same again is the same frame. */
  key: z.string(),
  sequence: z.int(),
  /** When it was first sent, epoch milliseconds. */
  begunAt: z.number(),
  /** When the time in the frame was put there, by our clock. */
  stampedAt: z.number().default(0),
  event: OutgoingEvent,
  /** From LF to CR, in base64. */
  frame: z.string(),
});
export type Pending = z.infer<typeof Pending>;

const Book = z.object({
  /** As whom these were sent. */
  account: z.string(),
  /** The last one used. */
  sequence: z.int().min(1).max(9999),
  pending: Pending.nullable(),
  /** Epoch milliseconds. */
  accepted: z.array(z.object({ key: z.string(), at: z.number() })),
});
type Book = z.infer<typeof Book>;

/** The name of the book in the pager's memory. */
const bookName = "book";
const lastSequence = 9999;
/**
 * While the disk takes nothing we count on from here, so that a restart, which goes by the disk, repeats none of these.
 */
const leap = 5000;
const maxAccepted = 64;
const staleMs = 10 * 60_000;

/**
 * What has to outlive a restart: the last sequence, the one frame that is on its way, and what was accepted. All of it
 * is on disk before a frame is sent; when the disk is down it goes on from memory, because the page has to go out.
 */
export class SendJournal {
  readonly #host: PagerHost;
  #book: Book;
  #isLoaded = false;
  #loading: Promise<void> | null = null;
  /** Whether the frame on its way was sent, and nothing came of it, since the start. */
  #isTried = false;
  #isOnDisk = true;

  constructor(host: PagerHost, from: OutgoingAccount) {
    this.#host = host;
    // A receiver may take what repeats the last sequence for the last message, and nobody knows what that was.
    this.#book = { account: toMark(from), sequence: randomInt(1, lastSequence + 1), pending: null, accepted: [] };
  }

  get pending(): Pending | null {
    return this.#book.pending;
  }

  /** When what was sent for `key` was accepted, epoch milliseconds; null when it was not, or long ago. */
  acceptedAt(key: string): number | null {
    return this.#book.accepted.find((entry) => entry.key === key)?.at ?? null;
  }

  /** Reads what is on disk, once. Never rejects: who can't read it begins anew. */
  async load(): Promise<void> {
    if (this.#isLoaded) return;
    // Who gave up waiting leaves a read behind; the next one waits for the same.
    this.#loading ??= this.#read().finally(() => {
      this.#loading = null;
    });
    await this.#loading;
  }

  async #read(): Promise<void> {
    const text = await inTime(this.#host, this.#host.memory.load(bookName));
    const { account, pending, accepted } = this.#book;
    if (text === undefined) {
      this.#host.note("alarm-centre-book-not-read");
      return;
    }
    this.#isLoaded = true;
    const read = text === null ? null : readBook(text);
    if (text !== null && read === null) this.#host.note("alarm-centre-book-damaged");
    if (read === null) return;
    const isOurs = read.account === account;
    if (!isOurs && read.pending !== null) this.#host.note("alarm-centre-event-of-other-settings-dropped");
    this.#book = {
      account,
      sequence: pending === null && accepted.length === 0 ? read.sequence : this.#book.sequence,
      pending: pending ?? (isOurs ? read.pending : null),
      accepted: [...read.accepted, ...accepted],
    };
  }

  /**
   * Takes the next sequence for an event, and has it and the frame on disk when it resolves. `build` makes the frame.
   */
  async begin(key: string, event: OutgoingEvent, build: (sequence: number) => Buffer): Promise<Pending> {
    const take = (step: number): Pending => {
      const sequence = ((this.#book.sequence - 1 + step) % lastSequence) + 1;
      const begunAt = this.#host.clock.now();
      const pending = { key, sequence, begunAt, stampedAt: begunAt, event, frame: build(sequence).toString("base64") };
      this.#book = { ...this.#book, sequence, pending };
      this.#isTried = false;
      return pending;
    };
    const wasOnDisk = this.#isOnDisk;
    const pending = take(1);
    if ((await this.#save()) || !wasOnDisk) return pending;
    return take(leap);
  }

  /** Puts a frame with another time in the place of the one that is on its way. */
  async correct(frame: Buffer): Promise<void> {
    const { pending } = this.#book;
    if (pending === null) return;
    const stampedAt = this.#host.clock.now();
    this.#book = { ...this.#book, pending: { ...pending, stampedAt, frame: frame.toString("base64") } };
    await this.#save();
  }

  /** The frame on its way was sent, and nothing came of it: another may take its place. */
  leaveUnanswered(): void {
    this.#isTried = true;
  }

  /**
   * Makes room for another's frame. Forgets the one on its way when nothing came of it, since it must not hold up other
   * alarms, or when it is so old that its alarm may be over: it would be a false one. Where that alarm goes on, its own
   * next try sends it anew, under a new number.
   */
  makeWay(): void {
    const { pending } = this.#book;
    if (pending === null) return;
    const isStale = this.#host.clock.now() - pending.begunAt >= staleMs;
    if (!isStale && !this.#isTried) return;
    this.#host.note(isStale ? "alarm-centre-event-dropped" : "alarm-centre-event-put-aside");
    this.#book = { ...this.#book, pending: null };
  }

  /**
   * The frame on its way has come to its end; `acceptedAt` null: refused. That a test was accepted is not remembered:
   * it is to be sent each time it is asked for, or it proves nothing.
   */
  async end(acceptedAt: number | null): Promise<void> {
    const { pending, accepted } = this.#book;
    const isKept = pending !== null && acceptedAt !== null && !pending.event.isTest;
    const more = isKept ? [{ key: pending.key, at: acceptedAt }] : [];
    this.#book = { ...this.#book, pending: null, accepted: [...accepted, ...more].slice(-maxAccepted) };
    await this.#save();
  }

  async #save(): Promise<boolean> {
    const saving = this.#host.memory.save(bookName, JSON.stringify(this.#book)).then(() => true);
    const isSaved = (await inTime(this.#host, saving)) === true;
    if (!isSaved && this.#isOnDisk) this.#host.note("alarm-centre-book-not-saved");
    this.#isOnDisk = isSaved;
    return isSaved;
  }
}

function readBook(text: string): Book | null {
  try {
    return Book.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Tells settings apart under which a frame means something else, without showing the key. */
function toMark({ protocol, account, key }: OutgoingAccount): string {
  const parts = JSON.stringify([protocol, account, key?.toString("hex") ?? null]);
  return createHash("sha256").update(parts).digest("base64url").slice(0, 22);
}
