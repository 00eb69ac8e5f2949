import type { Incident } from "../../../domain/incident/incident.ts";
import type { Person } from "../../../domain/person.ts";
import type { DeliveryError } from "../../../errors.ts";
import { done, type SendOutcome } from "../../../ports/send-outcome.ts";
import type { PresserCard } from "../../../ports/store/personal-cards.ts";
import type { Member } from "../../../ports/store/teams.ts";
import type { HowToTell, TellPresser } from "../../../ports/teams-sender.ts";
import {
  howPressed,
  type OwnAlarm,
  toPresserCard,
  toPresserMessage,
  toPresserState,
} from "../../cards/chat/presser-card.ts";
import type { OutgoingActivity } from "../../wire/connector.ts";
import { isAnswerLost, isGone, isRefused } from "../../wire/failure.ts";
import { toAnswerActivity, toDigest, toTextActivity } from "../../wire/outgoing.ts";
import type { Members } from "../members.ts";
import type { ChatCardsOptions } from "./chat-cards.ts";
import { FollowUps } from "./follow-ups.ts";
import { isWorthTrying, RefusedEdits } from "./refused-edits.ts";

/** Where a new card may be made, one that Teams does not let be changed is let go after so many refusals in a row. */
const maxRefusals = 3;
/** A card that may stand there, and can't be changed, is not made anew any sooner. */
const unnamedForMs = 7 * 24 * 3_600_000;
/** When to come again for whom something else is done. */
const busyForMs = 500;
/** The end of an alarm is shown for so long. */
const overForMs = 12 * 3_600_000;

export interface PresserCardsOptions extends Omit<ChatCardsOptions, "channels"> {
  readonly members: Pick<Members, "recallMember">;
}

/**
 * Shows people what becomes of their own press (rule 27): on a card that stands in their chat and is changed without a
 * sound, because a sound may give them away. Methods reject with DeliveryError.
 */
export class PresserCards {
  readonly #options: PresserCardsOptions;
  /** By the id of the card. */
  readonly #refused: RefusedEdits;
  readonly #followUps: FollowUps;
  /** For whom something is done now. */
  readonly #busy = new Set<string>();

  constructor(options: PresserCardsOptions) {
    this.#options = options;
    this.#refused = new RefusedEdits(options.clock);
    this.#followUps = new FollowUps(options);
  }

  /** What `TeamsSender.tellPresser` promises. */
  async tell(person: Person, open: Incident | null, howToTell: HowToTell, signal: AbortSignal): Promise<SendOutcome> {
    if (this.#busy.has(person.id)) return { kind: "again", at: this.#options.clock.now() + busyForMs };
    this.#busy.add(person.id);
    try {
      // No message of theirs waits for another, as for one that hangs.
      const [shown, followed] = await Promise.allSettled([
        this.#tell(person, open, howToTell, signal),
        this.#followUps.show(person, signal),
      ]);
      return toOneOutcome([shown, ...(followed.status === "fulfilled" ? followed.value : [followed])]);
    } finally {
      this.#busy.delete(person.id);
    }
  }

  async #tell(person: Person, open: Incident | null, howToTell: HowToTell, signal: AbortSignal): Promise<SendOutcome> {
    const { store, members } = this.#options;
    const stored = await store.read((reader) => reader.loadPresserCard(person.id));
    const alarm = await this.#toAlarm(open ?? (await this.#loadRecent(stored)));
    const how = howToTell(alarm?.incident ?? null);
    if (how === "not") return done;
    const member = await members.recallMember(person);
    if (how === "message") {
      await this.#post(person, member, stored, alarm, signal);
      const card = await store.read((reader) => reader.loadPresserCard(person.id));
      // A card that stood there before goes on being true.
      return card === null || card.activity === ""
        ? done
        : ((await this.#show(person, card, alarm, how, signal)) ?? done);
    }
    const isThere = stored !== null && stored.activity !== "";
    if (isThere && (how === "edit" || stored.conversation === member?.conversation)) {
      const outcome = await this.#show(person, stored, alarm, how, signal);
      if (outcome !== null) return outcome;
    }
    // A new message would ring beside an aggressor, so that none is posted while an alarm of theirs is open.
    if (how === "edit" || open !== null || member === null || this.#mayStand(stored, member)) return done;
    return this.#make(person, member, alarm, signal);
  }

  /** Whether a card was posted there lately whose id is not known. */
  #mayStand(stored: PresserCard | null, { conversation }: Member): boolean {
    if (stored === null || stored.activity !== "" || stored.conversation !== conversation) return false;
    return parseShown(stored.shown).digest !== "" && this.#options.clock.now() - stored.shownAt < unnamedForMs;
  }

  /** Makes the card that is changed from then on. */
  async #make(person: Person, member: Member, alarm: OwnAlarm, signal: AbortSignal): Promise<SendOutcome> {
    const { connectorFor, clock } = this.#options;
    const { conversation, serviceUrl } = member;
    if (conversation === null) return done;
    const { activity, digest } = this.#render(person, alarm);
    const incident = alarm?.incident.id ?? "";
    const card = { person: person.id, conversation, serviceUrl, incident, shown: digest };
    const post = connectorFor("quiet").post(serviceUrl, conversation, activity, signal);
    const id = await post.catch((error) => this.#noteLost({ ...card, activity: "", shownAt: clock.now() }, error));
    await this.#save({ ...card, activity: id ?? "", shownAt: clock.now() });
    return done;
  }

  /** What may have arrived counts as said, because each repetition would be one more sound. Always rejects. */
  async #noteLost(card: PresserCard, error: unknown): Promise<never> {
    if (isAnswerLost(error)) await this.#save(card);
    throw error;
  }

  /** Resolves with null where the card can't be changed any more. */
  async #show(
    person: Person,
    card: PresserCard,
    alarm: OwnAlarm,
    how: TellPresser,
    signal: AbortSignal,
  ): Promise<SendOutcome | null> {
    const { connectorFor, clock } = this.#options;
    const { serviceUrl, conversation, activity: id } = card;
    const { activity, digest } = this.#render(person, alarm);
    const shown = parseShown(card.shown);
    if (digest === shown.digest) return done;
    const freeAt = this.#refused.freeAt(id, digest, card.shownAt);
    if (clock.now() < freeAt) return { kind: "again", at: freeAt };
    try {
      await connectorFor("chat", 0).update(serviceUrl, conversation, id, activity, signal);
    } catch (error) {
      if (!isRefused(error)) throw error;
      return this.#noteRefusal(card, digest, alarm, how, error);
    }
    this.#refused.forget(id);
    const incident = alarm?.incident.id ?? "";
    await this.#save({ ...card, incident, shown: toShown({ ...shown, digest }), shownAt: clock.now() });
    return done;
  }

  /** As long as its alarm is news the card is tried on. Resolves with null where it is let go. */
  async #noteRefusal(
    card: PresserCard,
    digest: string,
    alarm: OwnAlarm,
    how: TellPresser,
    error: DeliveryError,
  ): Promise<SendOutcome | null> {
    const { clock, log } = this.#options;
    const { person, activity: id } = card;
    const times = this.#refused.note(id, digest);
    if (times === 1) log.warn({ person, err: error }, "presser-card-refused");
    const again: SendOutcome = { kind: "again", at: this.#refused.freeAt(id, digest, card.shownAt) };
    if (!isGone(error)) {
      if (alarm !== null && isWorthTrying(alarm.incident.closedAt, clock.now())) return again;
      // A later look tries it again, and may make a new one.
      if (how !== "card") return done;
      if (times < maxRefusals) return again;
    }
    this.#refused.forget(id);
    log.warn({ person, err: error }, "presser-card-left");
    await this.#save({ ...card, activity: "", shown: toShown({ ...parseShown(card.shown), digest: "" }) });
    return null;
  }

  /** Posts each state once, for who is to hear it; what was answered where they typed is not said again. */
  async #post(
    person: Person,
    member: Member | null,
    stored: PresserCard | null,
    alarm: OwnAlarm,
    signal: AbortSignal,
  ): Promise<void> {
    const { connectorFor, clock } = this.#options;
    const state = toPresserState(alarm);
    if (alarm === null || member === null || member.conversation === null) return;
    const { conversation, serviceUrl } = member;
    const incident = alarm.incident.id;
    const told = `${incident} ${state}`;
    const shown = parseShown(stored?.shown ?? "");
    if (shown.told === told) return;
    const place = { person: person.id, conversation, serviceUrl, activity: stored?.activity ?? "" };
    const card = { ...place, incident, shown: toShown({ ...shown, told }), shownAt: clock.now() };
    const isAnswered = state === "received" && stored?.incident !== incident && howPressed(alarm, person) !== "button";
    if (!isAnswered) {
      const { text, summary } = toPresserMessage(alarm, person, this.#options);
      const post = connectorFor("reply").post(serviceUrl, conversation, toTextActivity(text, summary), signal);
      const id = await post.catch((error) => this.#noteLost(card, error));
      if (id !== null) return this.#saveWithMessage(card, id);
    }
    await this.#save(card);
  }

  #render(person: Person, alarm: OwnAlarm): { readonly activity: OutgoingActivity; readonly digest: string } {
    const { card, summary } = toPresserCard(alarm, person, this.#options);
    const activity = toAnswerActivity(card, summary);
    return { activity, digest: toDigest(activity) };
  }

  /** The alarm that was shown last, if it is open or was closed only just. */
  async #loadRecent(stored: PresserCard | null): Promise<Incident | null> {
    const { store, clock } = this.#options;
    if (stored === null || stored.incident === "") return null;
    const incident = await store.read((reader) => reader.loadIncident(stored.incident));
    if (incident === null || clock.now() - (incident.closedAt ?? clock.now()) > overForMs) return null;
    return incident;
  }

  async #toAlarm(incident: Incident | null): Promise<OwnAlarm> {
    return incident === null ? null : { incident, context: await this.#options.loadContext(incident) };
  }

  #saveWithMessage(card: PresserCard, activity: string): Promise<void> {
    const { incident, conversation, serviceUrl, shownAt: at } = card;
    return this.#options.store.write(async (tx) => {
      await tx.savePresserCard(card);
      await tx.saveMessage({ incident, conversation, serviceUrl, activity, kind: "direct", at });
    });
  }

  #save(card: PresserCard): Promise<void> {
    return this.#options.store.write((tx) => tx.savePresserCard(card));
  }
}

/** Throws what one was rejected with; the others come again then as well. */
function toOneOutcome(outcomes: readonly PromiseSettledResult<SendOutcome>[]): SendOutcome {
  const again: number[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") throw outcome.reason;
    if (outcome.value.kind === "again") again.push(outcome.value.at);
  }
  return again.length === 0 ? done : { kind: "again", at: Math.min(...again) };
}

/** `PresserCard.shown` in its parts; "" where there is none. */
interface Shown {
  /** Of the card as it was last shown. */
  readonly digest: string;
  /** The alarm and the state that were last told by a message. */
  readonly told: string;
}

function toShown({ digest, told }: Shown): string {
  return `${told} ${digest}`.trim();
}

function parseShown(shown: string): Shown {
  const words = shown.split(" ");
  const told = words.length < 2 ? "" : words.slice(0, 2).join(" ");
  return { told, digest: words.length === 2 ? "" : (words.at(-1) ?? "") };
}
