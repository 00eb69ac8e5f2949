import type { ReadyPager } from "../../../contracts.ts";
import { toKeyFromMemory } from "../../../domain/message-key.ts";
import { DeliveryError } from "../../../errors.ts";
import { late, withTimeout } from "../../../kit/with-timeout.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { SendOutcome } from "../../../ports/send-outcome.ts";
import { type Calling, type CallingKind, isCalling, type OutboxRow } from "../../../ports/store/outbox.ts";
import { sendGraceMs } from "../../../ports/timing.ts";
import type { Decided, Request } from "../../kernel/decisions.ts";
import type { Commit, Handler } from "../../kernel/handle.ts";
import { type LoadedIncident, loadOrRestore } from "../../kernel/incidents/load-or-restore.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import { toBoardRow } from "../../kernel/outbox/board-row.ts";
import type { RowOf, Sender } from "../../kernel/outbox/sender.ts";
import { decideRetryAt, toComeBack } from "../../kernel/outbox/wait.ts";
import { pagerOf } from "../../kernel/pager-of.ts";
import type { Out, UnrecordedIncidents } from "../../kernel/unrecorded/unrecorded-incidents.ts";
import type { Waiting } from "../../kernel/unrecorded/waiting.ts";
import type { ComposePage } from "../compose-page.ts";
import { toChatRow, toRows } from "../effect-rows.ts";
import { recall } from "../load-incident.ts";
import { FewATurn } from "./few-a-turn.ts";
import { type Again, hasPage, type Sending, toResultRequest } from "./from-memory.ts";

/** Of so many messages it is known that they went out from memory. */
const maxKnown = 10_000;

export interface UnstoredSendingsOptions {
  readonly handler: Pick<Handler, "write" | "handleIn" | "enqueue">;
  readonly unrecorded: UnrecordedIncidents;
  readonly directory: Directory;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly composePage: ComposePage;
  /** Those of the outbox, by which all but a page goes out; they are given the incident as memory has it. */
  readonly senderOf: (kind: CallingKind) => Sender;
  /** How long one sending may take. */
  readonly timeoutOf: (row: OutboxRow) => number;
}

/**
 * What calls somebody for open incidents while the storage can't be written: pages to security, the first card, and
 * what rings, messages and calls colleagues, each once. It is tried on until it is out, an answer makes it needless, or
 * the outbox takes it over. What came of it is written with all else that was decided in memory.
 */
export class UnstoredSendings {
  readonly #kernel: Kernel;
  readonly #options: UnstoredSendingsOptions;
  /** By the key of the row that the outbox has for it. */
  readonly #sendings = new Map<string, Sending>();
  /** Ids of those which wait to be decided on. */
  readonly #due: FewATurn<string>;

  constructor(kernel: Kernel, options: UnstoredSendingsOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#due = new FewATurn((incident) => this.report(incident, { kind: "deadline" }), kernel.inFlight);
    // Rather two pages than none.
    options.unrecorded.subscribe((incident) => {
      for (const [key, sending] of this.#sendings) if (sending.incident === incident) this.#leave(key, sending);
    });
  }

  /** Decides on what is due on an incident that can't be changed now, and sends what follows. Never throws. */
  readonly escalate = (incident: string): void => this.#due.add(incident);

  /** Decides on what a provider reports of an incident that can't be changed now, as `escalate`. Never throws. */
  report(incident: string, request: Request): void {
    this.#decide(incident, request).catch((error: unknown) => this.#noteUnread(incident, error));
  }

  /** Lets an answer that waits count at once, and sends what follows; `at`: when it was given. Never throws. */
  follow(keptBy: Waiting, incident: string, request: Request, at: number): void {
    this.#follow(keptBy, incident, request, at).catch((error: unknown) => this.#noteUnread(incident, error));
  }

  /** That answer waits no more. */
  forget(incident: string, keptBy: Waiting): void {
    this.#options.unrecorded.forget(incident, keptBy);
  }

  /** Sends what waits in the outbox, which can't record it. Never throws. */
  readonly sendWaiting = (row: RowOf<CallingKind>): void => {
    this.#sendWaiting(row).catch((error: unknown) => this.#noteUnread(row.incident, error));
  };

  /** Lets it count at once that the outbox sent it, which can't record that; null: it failed. Never throws. */
  readonly noteTried = (row: RowOf<CallingKind>, outcome: SendOutcome | null): void => {
    const isOver = outcome !== null && outcome.kind !== "again";
    if (!isOver) this.sendWaiting(row);
    const sent = { failure: null, isRetried: false, isWithheld: outcome?.kind === "withheld" };
    const request = isOver ? toResultRequest(row, { ...outcome, key: null }, sent) : null;
    if (request !== null) this.report(row.incident, request);
  };

  /** Whether that page still goes, as far as memory knows: in doubt it does. Notes that it begins. */
  mayStart(incident: string, key: string, read?: LoadedIncident): boolean {
    const reason = this.#options.unrecorded.decide(incident, { kind: "page-starting", key }, read)?.reason;
    return reason !== "page-withheld" && reason !== "already-closed";
  }

  /**
   * Resolves with whether that message went out from memory, once that is on disk; where it did not, it is for the
   * outbox from now on.
   */
  async takeOver(row: OutboxRow): Promise<boolean> {
    const sending = this.#sendings.get(row.key);
    if (sending === undefined || !isCalling(row)) return false;
    sending.isTaken = true;
    await sending.trying;
    const isOut = sending.isSent && sending.isKept;
    if (isOut || sending.records.length > 0) await this.#recordTaken(row, sending, isOut);
    if (!isOut) this.#sendings.delete(row.key);
    return isOut;
  }

  async #recordTaken(row: Calling, sending: Sending, isOut: boolean): Promise<void> {
    const { handler } = this.#options;
    const { record, onRecorded } = this.#toOut(row, sending);
    await handler.write(async (tx) => {
      const request = isOut ? toResultRequest(row, sending, { failure: null, isRetried: false }) : null;
      const told = request === null ? [] : [(await handler.handleIn(tx, row.incident, request)).commit];
      return { value: null, commits: [...told, ...(await record(tx))] };
    });
    onRecorded(null);
  }

  async #decide(id: string, request: Request): Promise<void> {
    const read = await this.#readUnknown(id);
    if (read !== null) this.#sendFor(this.#options.unrecorded.decide(id, request, read));
  }

  async #follow(keptBy: Waiting, id: string, request: Request, at: number): Promise<void> {
    const read = await this.#readUnknown(id);
    if (read !== null) this.#sendFor(this.#options.unrecorded.follow(keptBy, id, request, at, read));
  }

  async #sendWaiting(row: RowOf<CallingKind>): Promise<void> {
    const { incident: id } = row;
    const read = await this.#readUnknown(id);
    if (read === null) return;
    // What has to be decided on first pages anew.
    if (read?.first != null) this.#sendFor(this.#options.unrecorded.decide(id, { kind: "deadline" }, read));
    else this.#send(row, read, row.attempts);
  }

  /** What memory does not know; null: there is no such incident. */
  async #readUnknown(id: string): Promise<LoadedIncident | null | undefined> {
    if (this.#options.unrecorded.of(id) !== null) return undefined;
    return this.#kernel.store.read((reader) => loadOrRestore(reader, this.#options.directory, id));
  }

  #sendFor(decided: Decided | null): void {
    if (decided === null) return;
    const now = this.#kernel.clock.now();
    const rows = decided.effects.flatMap((effect) => toRows(effect, decided.incident, now));
    for (const row of rows.filter(isCalling)) {
      this.#leaveUnkept(row.key);
      this.#send(row);
    }
  }

  /** The message of that key is decided on anew, and goes out whatever became of the one that was not kept. */
  #leaveUnkept(key: string): void {
    const sending = this.#sendings.get(key);
    if (sending !== undefined && !sending.isKept) this.#leave(key, sending);
  }

  #leave(key: string, sending: Sending): void {
    sending.isTaken = true;
    this.#sendings.delete(key);
  }

  /** `attempts`: how often it was tried in vain before. */
  #send(row: Calling, read?: LoadedIncident, attempts = 0): void {
    if (this.#sendings.has(row.key)) return;
    const isKept = !this.#options.unrecorded.isFull(row.incident);
    const key = row.outgoing.kind === "page" ? toKeyFromMemory(row.key, this.#kernel.clock.now()) : row.key;
    const untried = { trying: Promise.resolve(), isSent: false, isTaken: false, records: [], isRecorded: false };
    const sending: Sending = { incident: row.incident, key, isKept, ...untried };
    this.#sendings.set(row.key, sending);
    const [oldest] = this.#sendings;
    if (this.#sendings.size > maxKnown && oldest?.[1].isSent) this.#sendings.delete(oldest[0]);
    void this.#tryOn(row, sending, attempts, read);
  }

  async #tryOn(row: Calling, sending: Sending, before: number, read?: LoadedIncident): Promise<void> {
    const { clock } = this.#kernel;
    for (let attempts = before; !sending.isTaken && this.#isWanted(row, read); ) {
      const trying = this.#try(row, attempts, sending);
      sending.trying = trying;
      const again = await trying;
      if (again === null) break;
      if (again.isFailed) attempts += 1;
      await new Promise<void>((resolve) => void clock.wakeAt(again.at, resolve));
    }
    // It may be due once more, as when a promise to come lapses.
    if (!sending.isTaken && !sending.isSent) this.#sendings.delete(row.key);
  }

  /** As `mayStart`; whoever is called or messaged answered nothing meanwhile, and is asked there still. */
  #isWanted({ incident, key, outgoing }: Calling, read?: LoadedIncident): boolean {
    const { unrecorded } = this.#options;
    if (outgoing.kind === "page") return this.mayStart(incident, key, read);
    if (outgoing.kind === "call") {
      return unrecorded.decide(incident, { kind: "delivery-starting", key }, read)?.reason === "delivery-started";
    }
    const known = unrecorded.of(incident)?.incident ?? read?.incident;
    if (known === undefined || known.closedAt !== null) return false;
    if (outgoing.kind === "card") return known.cardPostedAt === null;
    const isAsked = known.deliveries.some((each) => each.key === key && each.state !== "answered");
    return outgoing.kind !== "message" || isAsked;
  }

  /** Never rejects; null: it is out, or given up. */
  async #try(row: Calling, attempts: number, sending: Sending): Promise<Again | null> {
    const { unrecorded, senderOf } = this.#options;
    const { log, inFlight, clock } = this.#kernel;
    using _entry = inFlight.enter();
    const { incident, outgoing } = row;
    const tried = { ...row, id: 0, attempts, revision: 0, leasedUntil: 0 };
    const place = unrecorded.of(incident)?.incident.place ?? null;
    const what = outgoing.kind === "page" ? `page ${outgoing.pager} ${row.key}` : row.key;
    const outcome = await this.#sendOnce(tried, sending);
    const failure = outcome instanceof DeliveryError ? outcome : null;
    if (!(outcome instanceof DeliveryError)) {
      if (outcome.record !== undefined) sending.records.push(outcome.record);
      if (outcome.kind === "again") return { at: outcome.at, isFailed: false };
      sending.isSent = true;
      sending.rang = outcome.rang;
    }
    const isWithheld = !(outcome instanceof DeliveryError) && outcome.kind === "withheld";
    if (failure !== null) log.error({ what, incident, place, err: failure }, "unrecorded-not-sent");
    else if (!isWithheld) log.warn({ what, incident, place }, "sent-unrecorded");
    const sender = senderOf(outgoing.kind);
    const retryAt = failure === null ? null : await decideRetryAt(sender, tried, failure, clock.now());
    const result = { failure, isRetried: retryAt !== null, isWithheld };
    const request = toResultRequest(row, sending, result, unrecorded.of(incident));
    if (request !== null) this.#sendFor(unrecorded.decide(incident, request));
    if (retryAt !== null) return { at: retryAt, isFailed: true };
    if (sending.isKept && (sending.isSent || sending.records.length > 0))
      unrecorded.noteOut(incident, this.#toOut(row, sending));
    return null;
  }

  /** What is saved of it, once, and what follows from that: the card goes on from there. */
  #toOut(row: Calling, sending: Sending): Out {
    const { handler } = this.#options;
    const { incident, outgoing } = row;
    return {
      key: row.key,
      record: async (tx): Promise<readonly Commit[]> => {
        if (sending.isRecorded || sending.records.length === 0) return [];
        for (const record of sending.records) await record(tx);
        const now = this.#kernel.clock.now();
        const next =
          outgoing.kind === "message" ? toChatRow(incident, outgoing.person, now) : toBoardRow(incident, now);
        return [await handler.enqueue(tx, [next])];
      },
      onRecorded: (written) => {
        sending.isRecorded = true;
        // Who came meanwhile as far as the disk knows made it needless there; another need of that step is to be heard.
        if (outgoing.kind === "page" && written !== null && !hasPage(written, row.key)) this.#leave(row.key, sending);
      },
    };
  }

  async #sendOnce(row: Calling & OutboxRow, sending: Sending): Promise<SendOutcome | DeliveryError> {
    const { clock } = this.#kernel;
    const withinMs = this.#options.timeoutOf(row);
    using timeout = clock.timeout(withinMs);
    try {
      const outcome = await withTimeout(clock, withinMs + sendGraceMs, this.#sendBy(row, sending, timeout.signal));
      if (outcome !== late) return outcome;
      return new DeliveryError("unreachable", "the sending did not end when its time was up", { mayHaveArrived: true });
    } catch (error) {
      if (error instanceof DeliveryError) return error.isHeldBack ? toComeBack(error, clock.now()) : error;
      return new DeliveryError("unreachable", "the sending failed unexpectedly", { cause: error });
    }
  }

  async #sendBy(row: Calling & OutboxRow, { key }: Sending, signal: AbortSignal): Promise<SendOutcome> {
    const { unrecorded, pagers, composePage, senderOf } = this.#options;
    const { outgoing } = row;
    if (outgoing.kind !== "page") return senderOf(outgoing.kind).send(row, signal, recall(unrecorded, row.incident));
    const pager = pagerOf(pagers, outgoing.pager);
    const known = unrecorded.of(row.incident);
    if (known === null) throw new DeliveryError("misconfigured", "memory does not know this incident");
    const page = composePage(known.incident, outgoing.pager, row.key, row.key, outgoing.reason);
    await pager.page({ ...page, key, pageKey: key }, signal);
    return { kind: "done" };
  }

  #noteUnread(incident: string, err: unknown): void {
    this.#kernel.log.error({ incident, err }, "unrecorded-not-read");
  }
}
