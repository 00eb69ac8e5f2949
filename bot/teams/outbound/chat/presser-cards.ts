import { createHash } from "node:crypto";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Person } from "../../../domain/person.ts";
import { DeliveryError } from "../../../errors.ts";
import { done, type SendOutcome } from "../../../ports/send-outcome.ts";
import type { PresserCard } from "../../../ports/store/personal-cards.ts";
import type { Member } from "../../../ports/store/teams.ts";
import type { TellPresser } from "../../../ports/teams-sender.ts";
import {
  howPressed,
  type OwnAlarm,
  toPresserCard,
  toPresserMessage,
  toPresserState,
} from "../../cards/chat/presser-card.ts";
import type { OutgoingActivity } from "../../wire/connector.ts";
import { isRefused } from "../../wire/failure.ts";
import { toAnswerActivity, toTextActivity } from "../../wire/outgoing.ts";
import type { Members } from "../members.ts";
import type { ChatCardsOptions } from "./chat-cards.ts";

/** A card that Teams does not let be changed is let go after so many tries. */
const maxTries = 3;
/** A card is changed this often at most, and shows the newest state then. */
const updateEveryMs = 1_000;
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
  /** How often Teams refused to change a card in a row, by its id. */
  readonly #refusals = new Map<string, number>();
  /** For whom something is done now. */
  readonly #busy = new Set<string>();

  constructor(options: PresserCardsOptions) {
    this.#options = options;
  }

  /** What `TeamsSender.tellPresser` promises. */
  async tell(person: Person, open: Incident | null, how: TellPresser, signal: AbortSignal): Promise<SendOutcome> {
    if (this.#busy.has(person.id)) return { kind: "again", at: this.#options.clock.now() + busyForMs };
    this.#busy.add(person.id);
    try {
      return await this.#tell(person, open, how, signal);
    } finally {
      this.#busy.delete(person.id);
    }
  }

  async #tell(person: Person, open: Incident | null, how: TellPresser, signal: AbortSignal): Promise<SendOutcome> {
    const { store, members } = this.#options;
    const stored = await store.read((reader) => reader.loadPresserCard(person.id));
    const alarm = await this.#toAlarm(open ?? (await this.#loadRecent(stored)));
    const member = await members.recallMember(person);
    if (how === "message") return this.#post(person, member, stored, alarm, signal);
    const isThere = stored !== null && stored.activity !== "";
    if (isThere && (how === "edit" || stored.conversation === member?.conversation))
      return this.#show(person, stored, alarm, signal);
    // A new message would ring beside an aggressor, so that none is posted while an alarm of theirs is open.
    if (how === "edit" || open !== null || member === null) return done;
    return this.#make(person, member, alarm, signal);
  }

  /** Makes the card that is changed from then on. */
  async #make(person: Person, member: Member, alarm: OwnAlarm, signal: AbortSignal): Promise<SendOutcome> {
    const { connectorFor, clock } = this.#options;
    const { conversation, serviceUrl } = member;
    if (conversation === null) return done;
    const { activity, digest } = this.#render(person, alarm);
    const id = await connectorFor("quiet").post(serviceUrl, conversation, activity, signal);
    const incident = alarm?.incident.id ?? "";
    const place = { person: person.id, conversation, serviceUrl };
    await this.#save({ ...place, activity: id ?? "", incident, shown: digest, shownAt: clock.now() });
    return done;
  }

  async #show(person: Person, card: PresserCard, alarm: OwnAlarm, signal: AbortSignal): Promise<SendOutcome> {
    const { connectorFor, clock, log } = this.#options;
    const { serviceUrl, conversation, activity: id } = card;
    const { activity, digest } = this.#render(person, alarm);
    if (digest === card.shown) return done;
    const freeAt = card.shownAt > clock.now() ? clock.now() : card.shownAt + updateEveryMs;
    if (clock.now() < freeAt) return { kind: "again", at: freeAt };
    try {
      await connectorFor("chat").update(serviceUrl, conversation, id, activity, signal);
    } catch (error) {
      if (!isRefused(error)) throw error;
      const refusals = (this.#refusals.get(id) ?? 0) + 1;
      this.#refusals.set(id, refusals);
      if (refusals < maxTries) throw new DeliveryError("unreachable", "A presser's card was refused", { cause: error });
      log.warn({ person: person.id, err: error }, "presser-card-left");
      await this.#save({ ...card, activity: "" });
      return done;
    }
    this.#refusals.delete(id);
    await this.#save({ ...card, incident: alarm?.incident.id ?? "", shown: digest, shownAt: clock.now() });
    return done;
  }

  /** Posts each state once, for who is to hear it; what was answered where they typed is not said again. */
  async #post(
    person: Person,
    member: Member | null,
    stored: PresserCard | null,
    alarm: OwnAlarm,
    signal: AbortSignal,
  ): Promise<SendOutcome> {
    const { connectorFor, clock } = this.#options;
    const state = toPresserState(alarm);
    if (alarm === null || member === null || member.conversation === null) return done;
    const { conversation, serviceUrl } = member;
    const incident = alarm.incident.id;
    const told = `${incident} ${state}`;
    if (stored?.shown === told) return done;
    const isAnswered = state === "received" && stored?.incident !== incident && howPressed(alarm, person) !== "button";
    if (!isAnswered) {
      const { text, summary } = toPresserMessage(alarm, this.#options);
      await connectorFor("reply").post(serviceUrl, conversation, toTextActivity(text, summary), signal);
    }
    const place = { person: person.id, conversation, serviceUrl };
    await this.#save({ ...place, activity: stored?.activity ?? "", incident, shown: told, shownAt: clock.now() });
    return done;
  }

  #render(person: Person, alarm: OwnAlarm): { readonly activity: OutgoingActivity; readonly digest: string } {
    const { card, summary } = toPresserCard(alarm, person, this.#options);
    const activity = toAnswerActivity(card, summary);
    return { activity, digest: createHash("sha256").update(JSON.stringify(activity)).digest("base64") };
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

  #save(card: PresserCard): Promise<void> {
    return this.#options.store.write((tx) => tx.savePresserCard(card));
  }
}
