import type { Page, ReadyPager } from "../../contracts.ts";
import type { Effect, Press } from "../../domain/incident/command.ts";
import { decide } from "../../domain/incident/decide.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Policy } from "../../domain/incident/policy.ts";
import { toIncident } from "../../domain/incident/press.ts";
import { formatKey } from "../../domain/message-key.ts";
import { DeliveryError } from "../../errors.ts";
import type { Directory } from "../../ports/directory.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { type ComposePage, composeUnlinkedPage } from "./compose-page.ts";

/**
 * Presses of one button that follow each other within this time go out once: a sender that tries again, or somebody in
 * a panic.
 */
const sameButtonMs = 60_000;
/** A message with an id gets through once, for as long as a duplicate is recognised (rule 2). */
const sameMessageMs = 24 * 3_600_000;
const timeoutMs = 5_000;

type PageEffect = Extract<Effect, { kind: "page" }>;

export interface UnstoredAlarmsOptions {
  readonly directory: Directory;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  /** Posts a card that says "not recorded", without the store; rejects with DeliveryError. */
  readonly post: (press: Press, at: number, signal: AbortSignal) => Promise<void>;
  /** The finished sentences of such a page, which say that it could not be recorded. */
  readonly toWords: (press: Press, at: number) => Page["words"];
  readonly composePage: ComposePage;
}

/** When a page went out from memory last, and how often before that. */
interface Paged {
  readonly at: number;
  readonly times: number;
}

/**
 * The storage can't be written. Since some networks try only once, a press goes out from memory (rule 1); and an open
 * incident does not fall silent: what can still be read says which pages are due.
 */
export class UnstoredAlarms {
  readonly #kernel: Kernel;
  readonly #options: UnstoredAlarmsOptions;
  /** Until when a message or a button is known, by either. */
  readonly #raised = new Map<string, number>();
  /** By the page's key. */
  readonly #paged = new Map<string, Paged>();

  constructor(kernel: Kernel, options: UnstoredAlarmsOptions) {
    this.#kernel = kernel;
    this.#options = options;
  }

  /**
   * Posts and pages from memory, each until it got through once; never throws, everything that fails is logged. `key`:
   * the message's identity.
   */
  raise(press: Press, key: string | null, receivedAt: number): void {
    for (const [what, until] of this.#raised) if (until <= receivedAt) this.#raised.delete(what);
    const { directory, post } = this.#options;
    const { policy } = directory.policyOf(press.source);
    this.#raiseOnce("card", press, key, receivedAt, () => {
      return this.#send("card", (signal) => post(press, receivedAt, signal));
    });
    this.#raiseOnce("page", press, key, receivedAt, () => this.#pageFirst(press, policy, receivedAt));
  }

  /**
   * What is due on an incident that is on disk, but can't be recorded now: its pages go out, and again every
   * `repeatEvery`, under their own keys.
   */
  escalate(incident: string): void {
    this.#escalate(incident).catch((error: unknown) => {
      this.#kernel.log.error({ incident, err: error }, "unrecorded-not-read");
    });
  }

  /**
   * What got through is not sent again; what did not is, as soon as somebody asks for it again. `send` never rejects,
   * so nobody has to wait for it.
   */
  #raiseOnce(
    what: "card" | "page",
    { source, button, via }: Press,
    key: string | null,
    receivedAt: number,
    send: () => Promise<boolean>,
  ): void {
    // Without an id a second try and a second press look the same; and who clicks in a panic clicks ten times.
    const marks = new Map<string, number>();
    if (key === null || via === "chat") marks.set(`${what} ${JSON.stringify([source, button])}`, sameButtonMs);
    if (key !== null) marks.set(`${what} ${key}`, sameMessageMs);
    if ([...marks.keys()].some((mark) => this.#raised.has(mark))) return;
    for (const [mark, knownMs] of marks) this.#raised.set(mark, receivedAt + knownMs);
    void send().then((isSent) => {
      if (!isSent) for (const mark of marks.keys()) this.#raised.delete(mark);
    });
  }

  /** The first pager that takes it, in the policy's order. */
  async #pageFirst(press: Press, policy: Policy, at: number): Promise<boolean> {
    const incident = toIncident(press, policy, at);
    for (const [index, step] of policy.steps.entries()) {
      if (step.kind !== "page") continue;
      const key = formatKey({ kind: "page", incident: press.incident, round: 1, step: index });
      const message = composeUnlinkedPage(incident, key, "unclaimed", this.#options.toWords(press, at));
      if (await this.#page(step.pager, message)) return true;
    }
    return false;
  }

  async #escalate(id: string): Promise<void> {
    const { store, clock } = this.#kernel;
    const found = await store.read(async (reader) => {
      const incident = await reader.loadIncident(id);
      const policy = incident && (await reader.loadPolicy(incident.policy));
      return incident && policy && { incident, policy };
    });
    if (!found) return;
    const now = clock.now();
    const command = { kind: "deadline", onDuty: this.#options.directory.onDuty(now) } as const;
    const { incident, effects } = decide(found.incident, command, now, found.policy);
    for (const effect of effects) {
      if (effect.kind === "page") this.#pageAgain(effect, incident, now, found.policy);
    }
  }

  /**
   * The round can't be recorded, so its pages repeat (rule 14): under keys of their own, or they would pass for
   * retries.
   */
  #pageAgain({ key, pager, reason }: PageEffect, incident: Incident, now: number, policy: Policy): void {
    const before = this.#paged.get(key);
    if (before !== undefined && now - before.at < policy.repeatEveryMs) return;
    const times = before === undefined ? 0 : before.times + 1;
    const again = times === 0 ? key : formatKey({ kind: "again", page: key, times });
    this.#paged.set(key, { at: now, times });
    const page = { ...this.#options.composePage(incident, key, key, reason), key: again, pageKey: again };
    void this.#page(pager, page).then((isSent) => {
      if (isSent) return;
      // What did not arrive is tried again at the next look.
      if (before === undefined) this.#paged.delete(key);
      else this.#paged.set(key, before);
    });
  }

  #page(name: string, message: Page): Promise<boolean> {
    const pager = this.#options.pagers[name];
    const send = async (signal: AbortSignal) => {
      if (pager === undefined) throw new DeliveryError("misconfigured", "this pager is not in the configuration");
      await pager.page(message, signal);
    };
    return this.#send(`page ${name} ${message.key}`, send, pager?.timeoutMs);
  }

  /** Sends once; never rejects, false when that failed. */
  async #send(what: string, send: (signal: AbortSignal) => Promise<unknown>, withinMs = timeoutMs): Promise<boolean> {
    const { clock, log, inFlight } = this.#kernel;
    using timeout = clock.timeout(withinMs);
    using _entry = inFlight.enter();
    try {
      await send(timeout.signal);
      log.warn({ what }, "sent-unrecorded");
      return true;
    } catch (error) {
      log.error({ what, err: error }, "unrecorded-not-sent");
      return false;
    }
  }
}
