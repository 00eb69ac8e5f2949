import type { Page, ReadyPager } from "../../../contracts.ts";
import { isAskable } from "../../../domain/incident/colleagues/inside.ts";
import type { Press } from "../../../domain/incident/command.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import { type Policy, tagOf } from "../../../domain/incident/policy.ts";
import { namesWhere, toIncident, toPress } from "../../../domain/incident/press.ts";
import { type PageSite, toWhereabouts } from "../../../domain/location.ts";
import { toKeyFromMemory, toPageKey } from "../../../domain/message-key.ts";
import { DeliveryError } from "../../../errors.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { TeamsSender } from "../../../ports/teams-sender.ts";
import type { Decisions } from "../../kernel/decisions.ts";
import type { Handler } from "../../kernel/handle.ts";
import { toLoaded } from "../../kernel/incidents/load-or-restore.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import type { OpenIncidents } from "../../kernel/open/open-incidents.ts";
import { sendInTurn } from "../../kernel/outbox/send-in-turn.ts";
import type { UnrecordedIncidents } from "../../kernel/unrecorded/unrecorded-incidents.ts";
import type { UnrecordedPresses } from "../../kernel/unrecorded/unrecorded-presses.ts";
import { composeUnlinkedPage, type SiteFor } from "../compose-page.ts";
import { FewATurn } from "./few-a-turn.ts";

/**
 * Presses of one button within this time go out once, because a sender may try again, and somebody in a panic presses
 * often.
 */
const sameButtonMs = 60_000;
/** A message with an id goes out once, for as long as a duplicate is recognised (rule 2). */
const sameMessageMs = 24 * 3_600_000;

/** What goes out from memory. */
interface Raised {
  readonly press: Press;
  /** As memory knows it, so that nobody is rung or called back who pressed or is there (rule 7). */
  readonly incident: Incident;
  readonly policy: Policy;
  readonly receivedAt: number;
  /** The key of the page of that step. */
  readonly toKey: (step: number) => string;
  /** Called once that pager has a page with that key. */
  readonly onPaged: (pager: string, key: string) => void;
  /** Whether it is still for memory to send it: what is on disk by now goes out from there. */
  readonly isWanted: () => boolean;
}

export interface UnstoredAlarmsOptions {
  readonly directory: Directory;
  readonly openIncidents: OpenIncidents;
  readonly handler: Pick<Handler, "handle">;
  readonly unrecorded: Pick<UnrecordedIncidents, "of">;
  readonly decisions: Decisions;
  readonly presses: UnrecordedPresses;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  /** Posts a card that says "not recorded" and mentions people, without the store; rejects with DeliveryError. */
  readonly post: TeamsSender["postUnstored"];
  /** The finished sentences of the page, which say that the alarm could not be recorded. */
  readonly toWords: (press: Press, at: number, site: PageSite | null) => Page["words"];
  readonly siteFor: SiteFor;
}

/**
 * Sends alarms from memory while the storage can't be written: a press goes out at once, because some networks try only
 * once (rule 1).
 */
export class UnstoredAlarms {
  readonly #kernel: Kernel;
  readonly #options: UnstoredAlarmsOptions;
  /**
   * Until when nothing more goes out for a message or a button, in epoch milliseconds, by what is sent and either of
   * them.
   */
  readonly #sentUntil = new Map<string, number>();
  /** Ids of the open incidents that are to go out once more. */
  readonly #open: FewATurn<string>;

  constructor(kernel: Kernel, options: UnstoredAlarmsOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#open = new FewATurn((id) => this.#raiseOpen(id, kernel.clock.now()), kernel.inFlight);
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
        onPaged: (pager, sentAs) => void this.#notePaged(press, pager, sentAs),
        isWanted: () => this.#options.presses.has(press),
      },
      key,
    );
  }

  /** Posts and pages every open incident once more, because the next process will know nothing of it. */
  raiseAll(): void {
    for (const id of this.#options.openIncidents.listIds()) this.#open.add(id);
  }

  #raiseOpen(id: string, now: number): void {
    const { openIncidents, directory } = this.#options;
    const known = openIncidents.of(id);
    if (known === null) return;
    const { incident, policy } = toLoaded(known, directory);
    const toKey = (step: number) => toKeyFromMemory(toPageKey(id, incident.round.number, step), now);
    const [isWanted, onPaged] = [() => true, () => undefined];
    this.#raise({ press: toPress(incident), incident, policy, receivedAt: now, toKey, onPaged, isWanted }, null);
  }

  /** The open incident that a press joins, as memory knows it, or else the one that it opens. */
  #toPressed(press: Press, policy: Policy, now: number): Incident {
    const { presses, openIncidents, unrecorded, decisions } = this.#options;
    const joined = openIncidents.joinedBy(press);
    if (joined === null || presses.isClosing(joined.incident.id))
      return toIncident({ ...press, incident: presses.toOpened(press) }, policy, now);
    const { incident, policy: own } = unrecorded.of(joined.incident.id) ?? joined;
    return decisions.decide(incident, { kind: "press", press }, own, now).incident;
  }

  #raise(raised: Raised, key: string | null): void {
    const { press, receivedAt } = raised;
    this.#postOnce(raised, key);
    this.#raiseOnce("page", press, key, receivedAt, () => this.#pageInOrder(raised));
  }

  #postOnce({ press, incident, policy, receivedAt, isWanted }: Raised, key: string | null) {
    const { post, directory } = this.#options;
    this.#raiseOnce("card", press, key, receivedAt, () => {
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
    what: "card" | "page",
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
  async #pageInOrder({ press, incident, policy, receivedAt, toKey, onPaged }: Raised): Promise<boolean> {
    for (const [index, step] of policy.steps.entries()) {
      if (step.kind !== "page") continue;
      const { siteFor, toWords } = this.#options;
      const site = siteFor(incident, step.pager);
      const message = composeUnlinkedPage(incident, toKey(index), "unclaimed", toWords(press, receivedAt, site), site);
      if (!(await this.#sendPage(step.pager, message))) continue;
      onPaged(step.pager, message.key);
      return true;
    }
    return false;
  }

  /** Tells the incident that has the press, once it is on disk. Never rejects. */
  #notePaged({ incident: id, place }: Press, pager: string, sentAs: string): Promise<void> {
    const { presses, handler } = this.#options;
    return presses.whenRecorded(id, async (incident) => {
      await handler.handle(incident, { kind: "page-before", pager, sentAs }, false).catch((err: unknown) => {
        this.#kernel.log.error({ incident, place, err }, "page-not-known");
      });
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
