import { createHash, randomInt } from "node:crypto";
import { z } from "zod";
import type { PagerHost } from "../../../../bot/contracts.ts";
import { addBegun, Begun, isAnotherOpen, toAccounts, toOver, withoutBegun } from "./begun.ts";
import { waitForDisk } from "./disk.ts";
import { type OutgoingAccount, OutgoingEvent, type TimelyEvent } from "./event-frame.ts";

/** On disk, a frame that the receiver has neither taken nor refused yet. */
const KeptFrame = z.object({
  /** The key that it was sent for; the same key again sends the same event under the same sequence. */
  key: z.string(),
  sequence: z.int(),
  /** When it was first sent, epoch milliseconds. */
  begunAt: z.number(),
  /** When the frame got its time stamp, by our clock. */
  stampedAt: z.number().default(0),
  /** Without whom to call back. */
  event: OutgoingEvent,
  /** The frame from LF to CR, in base64; "" when more stood in it than may be kept. */
  frame: z.string(),
});
type KeptFrame = z.infer<typeof KeptFrame>;

/** The same in memory. */
export interface PendingFrame extends Pick<KeptFrame, "key" | "sequence" | "begunAt" | "stampedAt">, TimelyEvent {
  /** The frame of `event`, as it was sent last; null: not since the start. */
  readonly frame: Buffer | null;
}

const Journal = z.object({
  /** A digest of the account under which these were sent. */
  account: z.string(),
  /** The last sequence used. */
  sequence: z.int().min(1).max(9999),
  pending: KeptFrame.nullable(),
  /** Epoch milliseconds. */
  accepted: z.array(z.object({ key: z.string(), at: z.number() })),
  /** The accounts at which the alarm of a page was begun, the oldest first, whether that was acknowledged or not. */
  begun: z.array(Begun).default([]),
  /** A digest of the account and the text that the receiver has of the alarm of a page since it took them last. */
  told: z.array(z.object({ page: z.string(), what: z.string() })).default([]),
});
interface Journal extends Omit<z.infer<typeof Journal>, "pending"> {
  readonly pending: PendingFrame | null;
}

/** The name of the journal in the pager's memory. */
const journalName = "book";
const lastSequence = 9999;
/**
 * How far the sequence jumps when the disk begins to fail, so that a restart, which goes on from the sequence on disk,
 * repeats none of those used meanwhile.
 */
const sequenceLeap = 5000;
const maxAccepted = 64;
const staleMs = 10 * 60_000;

/**
 * Stores what has to survive a restart: the last sequence, the one pending frame, and what was accepted. All of it is
 * on disk before a frame is sent; while the disk fails the journal works from memory, because the page has to go out.
 */
export class SendJournal {
  readonly #host: PagerHost;
  readonly #account: string;
  #journal: Journal;
  #isLoaded = false;
  #loading: Promise<void> | null = null;
  /** Whether the pending frame was sent since the start, without a usable answer. */
  #isTried = false;
  /** What the pending frame was the first to begin, as long as it can't have arrived without an answer. */
  #unheard: Begun | null = null;
  #isOnDisk = true;

  constructor(host: PagerHost, from: OutgoingAccount) {
    this.#host = host;
    this.#account = from.account;
    // Random until the journal is loaded, because a receiver may take a frame with the last sequence for the last
    // message, and that sequence is not known yet.
    this.#journal = {
      account: toAccountDigest(from),
      sequence: randomInt(1, lastSequence + 1),
      pending: null,
      accepted: [],
      begun: [],
      told: [],
    };
  }

  get pending(): PendingFrame | null {
    return this.#journal.pending;
  }

  /** When the event of `key` was accepted, epoch milliseconds; null when it was not, or when many others were since. */
  acceptedAt(key: string): number | null {
    return this.#journal.accepted.find((entry) => entry.key === key)?.at ?? null;
  }

  /** The accounts at which these pages, or any of that alarm, have begun one; none when many others were since. */
  accountsOf(pages: readonly string[], alarm: string | null = null): readonly string[] {
    return toAccounts(this.#journal.begun, pages, alarm);
  }

  /** Notes that this alarm is over, and resolves once that is on disk, or the disk failed. */
  async noteOver(alarm: string): Promise<void> {
    this.#journal = { ...this.#journal, begun: toOver(this.#journal.begun, alarm) };
    await this.#save();
  }

  /** Whether that would end another alarm too, which was begun at its account and is not over. */
  endsAnother({ isEnd, account, alarm }: OutgoingEvent): boolean {
    const { begun } = this.#journal;
    return isEnd && isAnotherOpen(begun, account ?? this.#account, alarm, this.#host.clock.now());
  }

  /** Whether the receiver has another account or text of that alarm by what it took last; false: or took nothing. */
  isNews({ begins, account, text }: OutgoingEvent): boolean {
    const known = this.#journal.told.find(({ page }) => page === begins);
    return known !== undefined && known.what !== this.#toWhat(account, text);
  }

  /**
   * Loads the journal from disk, once; a later call tries again when the disk failed. Never rejects: a damaged journal
   * is replaced by an empty one.
   */
  async load(): Promise<void> {
    if (this.#isLoaded) return;
    // A caller that stopped waiting leaves its read running, and the next one waits for that.
    this.#loading ??= this.#read().finally(() => {
      this.#loading = null;
    });
    await this.#loading;
  }

  async #read(): Promise<void> {
    const text = await waitForDisk(this.#host, this.#host.memory.load(journalName));
    const { account, pending, accepted, begun, told } = this.#journal;
    if (text === undefined) {
      this.#host.note("alarm-centre-journal-not-read");
      return;
    }
    this.#isLoaded = true;
    const read = text === null ? null : parseJournal(text);
    if (text !== null && read === null) this.#host.note("alarm-centre-journal-damaged");
    if (read === null) return;
    const isSameAccount = read.account === account;
    if (!isSameAccount && read.pending !== null) this.#host.note("alarm-centre-event-of-other-settings-dropped");
    this.#journal = {
      account,
      sequence: pending === null && accepted.length === 0 ? read.sequence : this.#journal.sequence,
      pending: pending ?? (isSameAccount ? read.pending : null),
      accepted: [...read.accepted, ...accepted],
      begun: [...read.begun, ...begun],
      told: [...read.told.filter(({ page }) => told.every((each) => each.page !== page)), ...told],
    };
  }

  /**
   * Makes the frame of an event by `build`, under the next sequence, and resolves when both are on disk, or the disk
   * failed.
   */
  async addFrame(key: string, timely: TimelyEvent, build: (sequence: number) => Buffer): Promise<PendingFrame> {
    const { begins: page, account: own } = timely.event;
    const account = own ?? this.#account;
    this.#unheard = page === null || this.accountsOf([page]).includes(account) ? null : { page, account };
    const addPending = (step: number): PendingFrame => {
      const sequence = ((this.#journal.sequence - 1 + step) % lastSequence) + 1;
      const begunAt = this.#host.clock.now();
      const pending = { key, sequence, begunAt, stampedAt: begunAt, ...timely, frame: build(sequence) };
      this.#journal = { ...this.#journal, sequence, pending, begun: this.#toBegun(timely.event) };
      this.#isTried = false;
      return pending;
    };
    const wasOnDisk = this.#isOnDisk;
    const pending = addPending(1);
    if ((await this.#save()) || !wasOnDisk) return pending;
    return addPending(sequenceLeap);
  }

  /** Replaces the pending frame by one with another time stamp, of that event as it is now. */
  async replaceFrame(timely: TimelyEvent, frame: Buffer): Promise<void> {
    const { pending } = this.#journal;
    if (pending === null) return;
    const stampedAt = this.#host.clock.now();
    this.#journal = { ...this.#journal, pending: { ...pending, ...timely, stampedAt, frame } };
    await this.#save();
  }

  /** Notes that a receiver may have taken the pending frame, so that a later refusal undoes nothing that it begins. */
  noteMaybeTaken(): void {
    this.#unheard = null;
  }

  /** Marks the pending frame as sent without a usable answer: another may take its place. */
  markUnanswered(): void {
    this.#isTried = true;
  }

  /**
   * Makes room for another page's frame. Drops the pending one when it got no usable answer, because it must not hold
   * up other alarms, or when it is so old that its alarm may be over, because it would be a false one. Where that alarm
   * goes on, its own next try sends it again, under a new sequence.
   */
  makeRoom(): void {
    const { pending } = this.#journal;
    if (pending === null) return;
    // One that begins later than now was begun under a clock that was ahead.
    const isStale = Math.abs(this.#host.clock.now() - pending.begunAt) >= staleMs;
    if (!isStale && !this.#isTried) return;
    this.#host.note(isStale ? "alarm-centre-event-dropped" : "alarm-centre-event-postponed");
    this.#journal = { ...this.#journal, pending: null };
  }

  /** Drops the pending frame: its alarm is at another account, or over, or another one has begun where it is to end. */
  drop(): void {
    this.#journal = { ...this.#journal, pending: null };
  }

  /**
   * Ends the pending frame; `acceptedAt` is null when it was refused, and what it was to begin is then no alarm. An
   * accepted test is not remembered, because a test proves nothing unless it is sent each time it is asked for.
   */
  async endFrame(acceptedAt: number | null): Promise<void> {
    const { pending, accepted, begun: known } = this.#journal;
    const begun = acceptedAt === null && this.#unheard !== null ? withoutBegun(known, this.#unheard) : known;
    const isRemembered = pending !== null && acceptedAt !== null && !pending.event.isTest;
    const more = isRemembered ? [{ key: pending.key, at: acceptedAt }] : [];
    const told = isRemembered ? this.#toTold(pending.kept) : this.#journal.told;
    const all = [...accepted, ...more].slice(-maxAccepted);
    this.#journal = { ...this.#journal, pending: null, accepted: all, begun, told };
    await this.#save();
  }

  #toTold({ begins: page, account, text }: OutgoingEvent): Journal["told"] {
    const { told } = this.#journal;
    if (page === null) return told;
    const others = told.filter((each) => each.page !== page);
    return [...others, { page, what: this.#toWhat(account, text) }].slice(-maxAccepted);
  }

  #toWhat(account: string | null, text: string | null): string {
    return toDigest([account ?? this.#account, text]);
  }

  /** A frame may arrive without an answer, so its account counts from before it is sent. */
  #toBegun(event: OutgoingEvent): Journal["begun"] {
    return addBegun(this.#journal.begun, event, event.account ?? this.#account, this.#host.clock.now());
  }

  /** Saves the journal; false when the disk failed. Never rejects. */
  async #save(): Promise<boolean> {
    const saving = this.#host.memory.save(journalName, formatJournal(this.#journal)).then(() => true);
    const isSaved = (await waitForDisk(this.#host, saving)) === true;
    if (!isSaved && this.#isOnDisk) this.#host.note("alarm-centre-journal-not-saved");
    this.#isOnDisk = isSaved;
    return isSaved;
  }
}

function parseJournal(text: string): Journal | null {
  try {
    const { pending, ...journal } = Journal.parse(JSON.parse(text));
    return { ...journal, pending: pending && toPending(pending) };
  } catch {
    return null;
  }
}

function formatJournal({ pending, ...journal }: Journal): string {
  return JSON.stringify({ ...journal, pending: pending && toKept(pending) } satisfies z.infer<typeof Journal>);
}

function toPending({ event, frame, ...facts }: KeptFrame): PendingFrame {
  return { ...facts, event, kept: event, frame: frame === "" ? null : Buffer.from(frame, "base64") };
}

/** A colleague's number is on no disk: what is kept is the event without it, and no frame that says who to call. */
function toKept({ event, kept, frame, ...facts }: PendingFrame): KeptFrame {
  const isWhole = event.text === kept.text;
  return { ...facts, event: kept, frame: isWhole && frame !== null ? frame.toString("base64") : "" };
}

/** A digest of the settings under which a frame has its meaning, which does not show the key. */
function toAccountDigest({ protocol, account, key }: OutgoingAccount): string {
  return toDigest([protocol, account, key?.toString("hex") ?? null]);
}

function toDigest(parts: readonly (string | null)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);
}
