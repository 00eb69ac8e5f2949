import type { Page, ReadyPager } from "../../contracts.ts";
import { isAskable } from "../../domain/incident/colleagues/inside.ts";
import type { Circumstances, Effect, Press } from "../../domain/incident/command.ts";
import { decide } from "../../domain/incident/decide.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { type Policy, tagOf } from "../../domain/incident/policy.ts";
import { namesWhere, toIncident, toPress } from "../../domain/incident/press.ts";
import { type PageSite, toWhereabouts } from "../../domain/location.ts";
import { toKeyFromMemory, toPageKey } from "../../domain/message-key.ts";
import { DeliveryError } from "../../errors.ts";
import type { Directory } from "../../ports/directory.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Request } from "../kernel/handle.ts";
import { toInAlarms } from "../kernel/incidents/in-alarms.ts";
import { type LoadedIncident, loadOrRestore, toLoaded } from "../kernel/incidents/load-or-restore.ts";
import type { OpenIncidents } from "../kernel/incidents/open-incidents.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { sendInTurn } from "../kernel/outbox/send-in-turn.ts";
import type { RowOf } from "../kernel/outbox/sender.ts";
import type { UnrecordedPresses } from "../kernel/unrecorded/unrecorded-presses.ts";
import { type ComposePage, composeUnlinkedPage, type SiteFor } from "./compose-page.ts";

/**
 * Presses of one button within this time go out once, because a sender may try again, and somebody in a panic presses
 * often.
 */
const sameButtonMs = 60_000;
/** A message with an id goes out once, for as long as a duplicate is recognised (rule 2). */
const sameMessageMs = 24 * 3_600_000;

type PageEffect = Extract<Effect, { kind: "page" }>;

/** What goes out from memory. */
interface Raised {
  readonly press: Press;
  /** As memory knows it, so that nobody is rung or called back who pressed or is there (rule 7). */
  readonly incident: Incident;
  readonly policy: Policy;
  readonly receivedAt: number;
  /** The key of the page of that step. */
  readonly toKey: (step: number) => string;
  /** Whether it is still for memory to send it: what is on disk by now goes out from there. */
  readonly isWanted: () => boolean;
}

export interface UnstoredAlarmsOptions {
  readonly directory: Directory;
  readonly openIncidents: OpenIncidents;
  readonly presses: UnrecordedPresses;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  /** Posts a card that says "not recorded" and mentions people, without the store; rejects with DeliveryError. */
  readonly post: TeamsSender["postUnstored"];
  /** The finished sentences of the page, which say that the alarm could not be recorded. */
  readonly toWords: (press: Press, at: number, site: PageSite | null) => Page["words"];
  readonly siteFor: SiteFor;
  readonly composePage: ComposePage;
}

/**
 * Sends alarms from memory while the storage can't be written. A press goes out at once, because some networks try only
 * once (rule 1). An open incident goes on paging, as far as it can still be read.
 */
export class UnstoredAlarms {
  readonly #kernel: Kernel;
  readonly #options: UnstoredAlarmsOptions;
  /**
   * Until when nothing more goes out for a message or a button, in epoch milliseconds, by what is sent and either of
   * them.
   */
  readonly #sentUntil = new Map<string, number>();
  /** When a page was last sent from memory, in epoch milliseconds, by its key and reason. */
  readonly #lastPages = new Map<string, number>();

  constructor(kernel: Kernel, options: UnstoredAlarmsOptions) {
    this.#kernel = kernel;
    this.#options = options;
  }

  /**
   * Posts and pages from memory, each until it succeeded once. Never throws; every failure is logged. `key`: the
   * message's identity.
   */
  raise(press: Press, key: string | null, receivedAt: number): void {
    for (const [what, until] of this.#sentUntil) if (until <= receivedAt) this.#sentUntil.delete(what);
    const { policy } = this.#options.directory.policyOf(press);
    const incident = this.#toPressed(press, policy, receivedAt);
    this.#raise(
      {
        press,
        incident,
        policy,
        receivedAt,
        toKey: (step) => toKeyFromMemory(toPageKey(press.incident, 1, step), receivedAt),
        isWanted: () => this.#options.presses.has(press),
      },
      key,
    );
  }

  /**
   * Pages for an incident that can't be changed now: what is due goes out, and again every `repeatEvery`, under keys of
   * its own. `help`: a call for help that waits to be recorded. Never throws.
   */
  escalate(incident: string, help?: Request): void {
    this.#escalate(incident, help).catch((error: unknown) => this.#noteUnread(incident, error));
  }

  /**
   * Pages at once for a call for help that can't be recorded now, and rings colleagues by a card from memory. Never
   * throws.
   */
  callForHelp(incident: string, help: Request): void {
    const calling = this.#escalate(incident, help).then((called) => {
      if (called !== null) this.#postOnce("help", { ...called, isWanted: () => true }, null);
    });
    calling.catch((error: unknown) => this.#noteUnread(incident, error));
  }

  /** Sends a page that waits in the outbox and can't be leased there; the same holds for it. Never throws. */
  sendWaiting({ key, incident, outgoing }: RowOf<"page">): void {
    this.#sendWaiting(key, incident, outgoing).catch((error: unknown) => this.#noteUnread(incident, error));
  }

  /** Posts and pages every open incident once more, because the next process will know nothing of it. */
  raiseAll(): void {
    const now = this.#kernel.clock.now();
    const { openIncidents, directory } = this.#options;
    for (const each of openIncidents.all()) {
      const { incident, policy } = toLoaded(each, directory);
      const { id, round } = incident;
      const toKey = (step: number) => toKeyFromMemory(toPageKey(id, round.number, step), now);
      const isWanted = () => true;
      this.#raise({ press: toPress(incident), incident, policy, receivedAt: now, toKey, isWanted }, null);
    }
  }

  /** The open incident that a press joins, as memory knows it, or else the one that it opens. */
  #toPressed(press: Press, policy: Policy, now: number): Incident {
    const { presses, openIncidents } = this.#options;
    const joined = openIncidents.joinedBy(press);
    if (joined === null || presses.isClosing(joined.incident.id))
      return toIncident({ ...press, incident: presses.toOpened(press) }, policy, now);
    const request = { kind: "press", press } as const;
    const command = { ...request, ...this.#circumstances(joined.incident, request, now) };
    return decide(joined.incident, command, now, joined.policy).incident;
  }

  #raise(raised: Raised, key: string | null): void {
    const { press, receivedAt } = raised;
    this.#postOnce("card", raised, key);
    this.#raiseOnce("page", press, key, receivedAt, () => this.#pageInOrder(raised));
  }

  #postOnce(what: "card" | "help", raised: Omit<Raised, "toKey">, key: string | null) {
    const { press, incident, policy, receivedAt, isWanted } = raised;
    const { post, directory } = this.#options;
    this.#raiseOnce(what, press, key, receivedAt, () => {
      const people = (directory.onDuty(receivedAt, toWhereabouts(incident)) ?? []).filter((person) =>
        isAskable(incident, person),
      );
      const rung = { people, tag: tagOf(policy, press.channel), needed: policy.claimsNeeded };
      const { incident: id, place } = press;
      const named = { what: "card", incident: id, place };
      const send = (signal: AbortSignal) => post(press, rung, receivedAt, signal);
      return sendInTurn(this.#kernel, named, { send, isWanted });
    });
  }

  /**
   * Sends once for a message or button. What failed is sent again when the press comes again. `send` never rejects, so
   * nobody has to wait for it.
   */
  #raiseOnce(
    what: "card" | "page" | "help",
    press: Press,
    key: string | null,
    receivedAt: number,
    send: () => Promise<boolean>,
  ): void {
    const { source, via } = press;
    // Without an id a second try and a second press look the same, and in a chat somebody in a panic clicks many times.
    const isOfButton = key === null || via === "chat";
    const marks = new Map<string, number>();
    if (isOfButton) marks.set(toMark(what, press, namesWhere(press)), sameButtonMs);
    if (key !== null) marks.set(`${what} ${source} ${key}`, sameMessageMs);
    if ([...marks.keys()].some((mark) => this.#sentUntil.has(mark))) return;
    // One that says nothing of where it is adds nothing to this one; one that does is news.
    if (isOfButton) marks.set(toMark(what, press, false), sameButtonMs);
    for (const [mark, rememberedMs] of marks) this.#sentUntil.set(mark, receivedAt + rememberedMs);
    void send().then((isSent) => {
      if (isSent) this.#options.presses.noteOut(press);
      else for (const mark of marks.keys()) this.#sentUntil.delete(mark);
    });
  }

  /** Pages in the policy's order until a pager takes it; false when none did. */
  async #pageInOrder({ press, incident, policy, receivedAt, toKey }: Raised): Promise<boolean> {
    for (const [index, step] of policy.steps.entries()) {
      if (step.kind !== "page") continue;
      const { siteFor, toWords } = this.#options;
      const site = siteFor(incident, step.pager);
      const message = composeUnlinkedPage(incident, toKey(index), "unclaimed", toWords(press, receivedAt, site), site);
      if (await this.#sendPage(step.pager, message)) return true;
    }
    return false;
  }

  /** Resolves with the incident as it would be by that; null when there is none. */
  async #escalate(id: string, help?: Request): Promise<Omit<Raised, "toKey" | "isWanted"> | null> {
    const found = await this.#load(id);
    if (found === null) return null;
    const now = this.#kernel.clock.now();
    const { policy } = found;
    const request = help ?? found.first ?? ({ kind: "deadline" } as const);
    const command = { ...request, ...this.#circumstances(found.incident, request, now) };
    const { incident, effects } = decide(found.incident, command, now, policy);
    for (const effect of effects) {
      if (effect.kind === "page") this.#pageAgain(effect, incident, now, policy);
    }
    return { press: toPress(incident), incident, policy, receivedAt: now };
  }

  async #sendWaiting(key: string, id: string, { pager, reason }: RowOf<"page">["outgoing"]): Promise<void> {
    const found = await this.#load(id);
    if (found === null) return;
    const now = this.#kernel.clock.now();
    // It is paged anew, see above.
    if (found.first !== null) {
      await this.#escalate(id);
      return;
    }
    const starting = { kind: "page-starting", key } as const;
    const command = { ...starting, ...this.#circumstances(found.incident, starting, now) };
    const { incident, reason: decided } = decide(found.incident, command, now, found.policy);
    if (decided === "page-started") this.#pageAgain({ kind: "page", key, pager, reason }, incident, now, found.policy);
  }

  #noteUnread(incident: string, err: unknown): void {
    this.#kernel.log.error({ incident, err }, "unrecorded-not-read");
  }

  #circumstances(incident: Incident, request: Request, now: number): Circumstances {
    const { directory, openIncidents } = this.#options;
    const onDuty = directory.onDuty(now, toWhereabouts(incident));
    return { onDuty, ...toInAlarms(incident, request, onDuty, openIncidents) };
  }

  /** Loads an incident, or takes it from memory when the storage can't be read. */
  async #load(id: string): Promise<LoadedIncident | null> {
    const { directory, openIncidents } = this.#options;
    try {
      return await this.#kernel.store.read((reader) => loadOrRestore(reader, directory, id));
    } catch (error) {
      const known = openIncidents.of(id);
      if (known === null) throw error;
      return toLoaded(known, directory);
    }
  }

  /** Sends a page of a round that can't be recorded, and repeats it (rule 14). */
  #pageAgain({ key, pager, reason }: PageEffect, incident: Incident, now: number, policy: Policy): void {
    // What is paged for another reason, such as help, is another page.
    const paged = `${key} ${reason}`;
    const before = this.#lastPages.get(paged);
    if (before !== undefined && now - before < policy.repeatEveryMs) return;
    const sentKey = toKeyFromMemory(key, now);
    this.#lastPages.set(paged, now);
    const page = { ...this.#options.composePage(incident, pager, key, key, reason), key: sentKey, pageKey: sentKey };
    void this.#sendPage(pager, page).then((isSent) => {
      if (isSent) return;
      // What did not arrive is tried again at the next poll.
      if (before === undefined) this.#lastPages.delete(paged);
      else this.#lastPages.set(paged, before);
    });
  }

  #sendPage(name: string, message: Page): Promise<boolean> {
    const pager = this.#options.pagers[name];
    const send = async (signal: AbortSignal) => {
      if (pager === undefined) throw new DeliveryError("misconfigured", "this pager is not in the configuration");
      await pager.page(message, signal);
    };
    const { id, place } = message.incident;
    const named = { what: `page ${name} ${message.key}`, incident: id, place };
    return sendInTurn(this.#kernel, named, { send }, pager?.timeoutMs);
  }
}

function toMark(what: string, { source, button, location, mayBeAt, place }: Press, withWhere: boolean): string {
  return JSON.stringify([what, source, button, ...(withWhere ? [location, mayBeAt, place] : [])]);
}
