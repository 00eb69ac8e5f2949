import type { ReadyPager } from "../../../contracts.ts";
import { toKeyFromMemory } from "../../../domain/message-key.ts";
import { DeliveryError } from "../../../errors.ts";
import { late, withTimeout } from "../../../kit/with-timeout.ts";
import type { Directory } from "../../../ports/directory.ts";
import { maxSendMs, sendGraceMs } from "../../../ports/timing.ts";
import type { Decided, Request } from "../../kernel/decisions.ts";
import { type LoadedIncident, loadOrRestore } from "../../kernel/incidents/load-or-restore.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import type { RowOf } from "../../kernel/outbox/sender.ts";
import { toWaitMs } from "../../kernel/outbox/wait.ts";
import { pagerOf } from "../../kernel/pager-of.ts";
import type { UnrecordedIncidents } from "../../kernel/unrecorded/unrecorded-incidents.ts";
import type { Waiting } from "../../kernel/unrecorded/waiting.ts";
import type { ComposePage } from "../compose-page.ts";

/** Of so many pages it is known that they went out from memory. */
const maxKnown = 10_000;

type PageToSend = Omit<RowOf<"page">["outgoing"], "kind">;

/** A page that goes out from memory. */
interface Sending {
  /**
   * Its own, over all tries: who is killed now forgets it, and what the next process pages for that step must not pass
   * for a retry.
   */
  readonly key: string;
  /** Whether it is known of once all that is kept is written. Else another page of that step may follow. */
  readonly isKept: boolean;
  /** Its try that is under way. */
  trying: Promise<unknown>;
  isSent: boolean;
  /** Whether the outbox has it from now on, or another one of its key. */
  isTaken: boolean;
}

export interface UnstoredPagesOptions {
  readonly unrecorded: UnrecordedIncidents;
  readonly directory: Directory;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly composePage: ComposePage;
}

/**
 * Pages for open incidents while the storage can't be written: each page once, with the link of its step. It
 * is tried on until a pager has it, an answer makes it needless, or the outbox takes it over. What came of it is
 * written with all else that was decided in memory.
 */
export class UnstoredPages {
  readonly #kernel: Kernel;
  readonly #options: UnstoredPagesOptions;
  /** By the key of the page. */
  readonly #sendings = new Map<string, Sending>();

  constructor(kernel: Kernel, options: UnstoredPagesOptions) {
    this.#kernel = kernel;
    this.#options = options;
  }

  /** Decides on what is due on an incident that can't be changed now, and pages for what follows. Never throws. */
  readonly escalate = (incident: string): void => this.report(incident, { kind: "deadline" });

  /** Decides on what a provider reports of an incident that can't be changed now, as `escalate`. Never throws. */
  report(incident: string, request: Request): void {
    this.#decide(incident, request).catch((error: unknown) => this.#noteUnread(incident, error));
  }

  /** Lets an answer that waits count at once, and pages for what follows; `at`: when it was given. Never throws. */
  follow(keptBy: Waiting, incident: string, request: Request, at: number): void {
    this.#follow(keptBy, incident, request, at).catch((error: unknown) => this.#noteUnread(incident, error));
  }

  /** That answer waits no more. */
  forget(incident: string, keptBy: Waiting): void {
    this.#options.unrecorded.forget(incident, keptBy);
  }

  /** Sends a page that waits in the outbox, which can't record it. Never throws. */
  readonly sendWaiting = ({ incident, outgoing }: Pick<RowOf<"page">, "incident" | "outgoing">): void => {
    this.#sendWaiting(incident, outgoing).catch((error: unknown) => this.#noteUnread(incident, error));
  };

  /** Whether that page still goes, as far as memory knows: in doubt it does. Notes that it begins. */
  mayStart(incident: string, key: string, read?: LoadedIncident): boolean {
    const reason = this.#options.unrecorded.decide(incident, { kind: "page-starting", key }, read)?.reason;
    return reason !== "page-withheld" && reason !== "already-closed";
  }

  /** Resolves with the key by which that page went out from memory; null: it is for the outbox from now on. */
  async takeOver(key: string): Promise<string | null> {
    const sending = this.#sendings.get(key);
    if (sending === undefined) return null;
    sending.isTaken = true;
    await sending.trying;
    if (sending.isSent && sending.isKept) return sending.key;
    this.#sendings.delete(key);
    return null;
  }

  async #decide(id: string, request: Request): Promise<void> {
    const read = await this.#readUnknown(id);
    if (read !== null) this.#pageFor(id, this.#options.unrecorded.decide(id, request, read));
  }

  async #follow(keptBy: Waiting, id: string, request: Request, at: number): Promise<void> {
    const read = await this.#readUnknown(id);
    if (read !== null) this.#pageFor(id, this.#options.unrecorded.follow(keptBy, id, request, at, read));
  }

  async #sendWaiting(id: string, page: PageToSend): Promise<void> {
    const read = await this.#readUnknown(id);
    if (read === null) return;
    // What has to be decided on first pages anew.
    if (read?.first != null) this.#pageFor(id, this.#options.unrecorded.decide(id, { kind: "deadline" }, read));
    else this.#send(id, page, read);
  }

  /** What memory does not know; null: there is no such incident. */
  async #readUnknown(id: string): Promise<LoadedIncident | null | undefined> {
    if (this.#options.unrecorded.of(id) !== null) return undefined;
    return this.#kernel.store.read((reader) => loadOrRestore(reader, this.#options.directory, id));
  }

  #pageFor(incident: string, decided: Decided | null): void {
    for (const effect of decided?.effects ?? []) {
      if (effect.kind !== "page") continue;
      this.#leaveUnkept(effect.key);
      this.#send(incident, { ...effect, page: effect.key });
    }
  }

  /** The page of that key is decided on anew, and goes out whatever became of the one that was not kept. */
  #leaveUnkept(key: string): void {
    const sending = this.#sendings.get(key);
    if (sending === undefined || sending.isKept) return;
    sending.isTaken = true;
    this.#sendings.delete(key);
  }

  #send(incident: string, page: PageToSend, read?: LoadedIncident): void {
    if (this.#sendings.has(page.page)) return;
    const isKept = !this.#options.unrecorded.isFull(incident);
    const key = toKeyFromMemory(page.page, this.#kernel.clock.now());
    const sending: Sending = { key, isKept, trying: Promise.resolve(), isSent: false, isTaken: false };
    this.#sendings.set(page.page, sending);
    const [oldest] = this.#sendings;
    if (this.#sendings.size > maxKnown && oldest?.[1].isSent) this.#sendings.delete(oldest[0]);
    void this.#tryOn(incident, page, sending, read);
  }

  async #tryOn(incident: string, page: PageToSend, sending: Sending, read?: LoadedIncident): Promise<void> {
    const { clock } = this.#kernel;
    for (let attempts = 0; !sending.isTaken && this.mayStart(incident, page.page, read); attempts += 1) {
      const trying = this.#try(incident, page, sending);
      sending.trying = trying;
      const failure = await trying;
      sending.isSent = failure === null;
      if (failure === null) return;
      const againAt = clock.now() + toWaitMs({ id: 0, attempts }, failure);
      await new Promise<void>((resolve) => void clock.wakeAt(againAt, resolve));
    }
    // It may be due once more, as when a promise to come lapses.
    if (!sending.isTaken) this.#sendings.delete(page.page);
  }

  /** Never rejects; null: the pager has it. */
  async #try(incident: string, page: PageToSend, sending: Sending): Promise<DeliveryError | null> {
    const { unrecorded } = this.#options;
    const { log, inFlight } = this.#kernel;
    using _entry = inFlight.enter();
    const { pager, page: key } = page;
    const place = unrecorded.of(incident)?.incident.place ?? null;
    const named = { what: `page ${pager} ${key}`, incident, place };
    const failure = await this.#sendOnce(incident, page, sending);
    if (failure === null) log.warn(named, "sent-unrecorded");
    else log.error({ ...named, err: failure }, "unrecorded-not-sent");
    const result: Request =
      failure === null
        ? { kind: "page-accepted", key, sentAs: sending.key }
        : { kind: "page-failed", key, reason: failure.reason, sentAs: sending.key };
    this.#pageFor(incident, unrecorded.decide(incident, result));
    return failure;
  }

  async #sendOnce(
    id: string,
    { pager: name, page: key, reason }: PageToSend,
    { key: sentKey }: Sending,
  ): Promise<DeliveryError | null> {
    const { unrecorded, pagers, composePage } = this.#options;
    const { clock } = this.#kernel;
    const withinMs = Math.min(maxSendMs, pagers[name]?.timeoutMs ?? maxSendMs);
    using timeout = clock.timeout(withinMs);
    try {
      const pager = pagerOf(pagers, name);
      const known = unrecorded.of(id);
      if (known === null) throw new DeliveryError("misconfigured", "memory does not know this incident");
      const page = composePage(known.incident, name, key, key, reason);
      const sent = await withTimeout(
        clock,
        withinMs + sendGraceMs,
        pager.page({ ...page, key: sentKey, pageKey: sentKey }, timeout.signal),
      );
      if (sent !== late) return null;
      return new DeliveryError("unreachable", "the sending did not end when its time was up", { mayHaveArrived: true });
    } catch (error) {
      if (error instanceof DeliveryError) return error;
      return new DeliveryError("unreachable", "the sending failed unexpectedly", { cause: error });
    }
  }

  #noteUnread(incident: string, err: unknown): void {
    this.#kernel.log.error({ incident, err }, "unrecorded-not-read");
  }
}
