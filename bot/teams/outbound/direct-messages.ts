import { isAskable } from "../../domain/incident/colleagues/inside.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { Names } from "../../domain/names.ts";
import type { Person } from "../../domain/person.ts";
import { DeliveryError } from "../../errors.ts";
import type { InFlight } from "../../kit/in-flight.ts";
import type { IsOccupied } from "../../ports/occupied.ts";
import { done, type SendOutcome } from "../../ports/send-outcome.ts";
import type { Store, Transaction } from "../../ports/store/store.ts";
import type { Member, SentMessage } from "../../ports/store/teams.ts";
import type { PersonContent } from "../../ports/teams-sender.ts";
import type { Clock } from "../../ports/time.ts";
import { ringTest } from "../../words/colleague/ring-test.ts";
import { toAllClear, toLetGo } from "../cards/chat/chat-card.ts";
import type { CardContext } from "../cards/context.ts";
import { toDirectMessage } from "../cards/incident/thread.ts";
import { toDirectMessageOfMany, toShownAlarm } from "../cards/incident/together.ts";
import { toPersonalCard } from "../cards/personal-card.ts";
import { toRingAskCard } from "../cards/tests/ring-test-card.ts";
import type { ConnectorFor } from "../wire/budget/connector-for.ts";
import type { Urgency } from "../wire/budget/urgency.ts";
import type { OutgoingActivity } from "../wire/connector.ts";
import { isContentRefused, isRefused } from "../wire/failure.ts";
import { toAnswerActivity, toCardActivity, toTextActivity } from "../wire/outgoing.ts";
import type { Channels } from "./channels.ts";
import { type Members, throwUnknownMember } from "./members.ts";
import { Pace } from "./pace.ts";
import { Together } from "./together.ts";

export interface DirectMessagesOptions {
  readonly channels: Channels;
  readonly members: Members;
  readonly store: Store;
  readonly connectorFor: ConnectorFor;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly language: Language;
  readonly timezone: string;
  readonly names: Names;
  readonly loadContext: (incident: Incident) => Promise<CardContext>;
  readonly tenantId: string | null;
  /** The channel in which somebody on a visit is looked up; null: there is no such channel. */
  readonly teamsChannel: string | null;
  readonly isOccupied: IsOccupied;
}

/** What stops somebody comes after what calls somebody. */
const urgencies = {
  "all-clear": "reply",
  "let-go": "reply",
  "visit-ask": "ring",
  "visit-pressed": "ring",
  "ring-test": "quiet",
} as const satisfies Record<Exclude<PersonContent["kind"], "incident">, Urgency>;

/** An alarm that somebody is rung for. */
interface PersonalRing {
  readonly person: Person;
  readonly incident: Incident;
  /** As of `PersonContent`. */
  readonly recall?: () => Incident;
}

/** A message that stands in somebody's chat; `activity` null: Teams did not say its id. */
interface Posted {
  readonly conversation: string;
  readonly serviceUrl: string;
  readonly activity: string | null;
  readonly at: number;
}

/** Sends 1:1 messages. Methods reject with DeliveryError. */
export class DirectMessages {
  readonly #options: DirectMessagesOptions;
  readonly #rings: Together<PersonalRing, SendOutcome>;

  constructor(options: DirectMessagesOptions) {
    this.#options = options;
    const sendAll = (rings: readonly PersonalRing[], signal: AbortSignal) => this.#ring(rings, signal);
    this.#rings = new Together({ ...options, pace: new Pace(), sendAll });
  }

  /** What of alarms comes too fast for this person goes out together. */
  async send(person: Person, content: PersonContent, signal: AbortSignal): Promise<SendOutcome> {
    if (content.kind === "incident") return this.#rings.send(person.id, { ...content, person }, signal);
    const incident = "incident" in content ? content.incident : null;
    const channel = incident?.channel ?? this.#options.teamsChannel;
    let outcome: SendOutcome = done;
    for (const activity of this.#composeOther(content)) {
      const posted = await this.#post(person, channel, activity, signal, urgencies[content.kind]);
      outcome = this.#toOutcome(incident?.id ?? "", posted);
      if (content.kind === "visit-ask" || content.kind === "visit-pressed") outcome = withPlace(outcome, posted);
    }
    // When somebody was asked to click is not stored, so that nobody can read how long they took.
    return content.kind === "ring-test" ? done : outcome;
  }

  /** Rings for what they are asked by now, because some of it waited for its turn. */
  #ring(rings: readonly PersonalRing[], signal: AbortSignal): (ring: PersonalRing) => Promise<SendOutcome> {
    const renewing = this.#renew(rings);
    const posting = renewing.then((renewed) => this.#postRing([...renewed.values()], signal));
    return async (before) => {
      const ring = (await renewing).get(before.incident.id);
      if (ring === undefined) return this.#isOccupied(before) ? { kind: "withheld" } : done;
      try {
        return this.#toRung(ring, [...(await renewing).keys()], await posting);
      } catch (error) {
        // What Teams does not take of one alarm must not keep the others from anybody.
        if (!isContentRefused(error) || (await renewing).size === 1) throw error;
        return this.#toRung(ring, [ring.incident.id], await this.#postRing([ring], signal));
      }
    };
  }

  /** The alarms as they are now, as they came, without those that are over; as it was where one can't be read. */
  async #renew(rings: readonly PersonalRing[]): Promise<ReadonlyMap<string, PersonalRing>> {
    const renewed = await Promise.all(
      rings.map(async ({ person, incident, recall }) => {
        return { person, incident: recall === undefined ? await this.#load(incident) : recall() };
      }),
    );
    const asked = renewed.filter((ring) => {
      const { person, incident } = ring;
      return incident.closedAt === null && isAskable(incident, person) && !this.#isOccupied(ring);
    });
    const inOrder = asked.toSorted((one, other) => one.incident.number - other.incident.number);
    return new Map(inOrder.map((ring) => [ring.incident.id, ring]));
  }

  async #load(incident: Incident): Promise<Incident> {
    const loading = this.#options.store.read((reader) => reader.loadIncident(incident.id));
    return (await loading.catch(() => null)) ?? incident;
  }

  #isOccupied({ person, incident }: PersonalRing): boolean {
    return this.#options.isOccupied(person, incident.id);
  }

  async #postRing(rings: readonly PersonalRing[], signal: AbortSignal): Promise<Posted> {
    const [ring] = rings;
    // Nobody asks for what came of it then.
    if (ring === undefined) return { conversation: "", serviceUrl: "", activity: null, at: 0 };
    const activity = await this.#compose(rings.map(({ incident }) => incident));
    return this.#post(ring.person, ring.incident.channel, activity, signal);
  }

  /**
   * Posts to somebody whom the bot met without the channel, because that may be gone or refuse (rule 25). Another try
   * makes a new conversation, because the one that is remembered may be gone.
   */
  async #post(
    person: Person,
    channel: string | null,
    activity: OutgoingActivity,
    signal: AbortSignal,
    urgency: Urgency = "ring",
  ): Promise<Posted> {
    const { members, connectorFor } = this.#options;
    const member = (await members.recallMember(person)) ?? (await this.#findMember(person, channel, signal));
    const conversation = await members.openConversation(member, { tenant: this.#tenant() }, signal);
    const { serviceUrl } = member;
    try {
      const id = await connectorFor(urgency).post(serviceUrl, conversation, activity, signal);
      return { conversation, serviceUrl, activity: id, at: this.#options.clock.now() };
    } catch (error) {
      if (isRefused(error)) await members.forgetConversation(member);
      throw error;
    }
  }

  async #findMember(person: Person, channel: string | null, signal: AbortSignal): Promise<Member> {
    const { channels, members } = this.#options;
    if (channel === null) throw new DeliveryError("misconfigured", "No source of type teams is configured");
    const room = await channels.resolveLink(channel);
    return (await members.findMember(person, room, signal)) ?? throwUnknownMember();
  }

  async #compose(incidents: readonly Incident[]): Promise<OutgoingActivity> {
    const { loadContext, language } = this.#options;
    const [only, ...others] = await Promise.all(
      incidents.map(async (incident) => ({ incident, context: await loadContext(incident) })),
    );
    if (only === undefined) throw new RangeError("there is nothing to say");
    const { text, summary } =
      others.length > 0
        ? toDirectMessageOfMany([only, ...others].map(toShownAlarm), language)
        : toDirectMessage(only.incident, only.context);
    return toTextActivity(text, summary);
  }

  /** One card is to follow the message, for all alarms that it tells of. */
  #toRung({ person, incident }: PersonalRing, incidents: readonly string[], posted: Posted): SendOutcome {
    const { activity, conversation, serviceUrl, at } = posted;
    const outcome = this.#toOutcome(incident.id, posted);
    const message = activity ?? `without-id-${at}`;
    const card = { person: person.id, message, conversation, serviceUrl, activity: null, at, shown: "", shownAt: 0 };
    const record = async (tx: Transaction) => {
      await outcome.record?.(tx);
      await tx.addChatCards(incidents.map((id) => ({ ...card, incident: id })));
    };
    return { ...done, record };
  }

  /** `incident`: "" for a message that belongs to none. */
  #toOutcome(incident: string, { activity, ...place }: Posted): SendOutcome {
    if (activity === null) return done;
    const message: SentMessage = { incident, ...place, activity, kind: "direct" };
    return { ...done, record: (tx) => tx.saveMessage(message) };
  }

  /** What is posted, in that order: a toast shows the text of a message and not what stands on a card. */
  #composeOther(content: Exclude<PersonContent, { kind: "incident" }>): readonly OutgoingActivity[] {
    if (content.kind === "ring-test") {
      const { ring } = ringTest[this.#options.language];
      const { card, summary } = toRingAskCard(content.test, this.#options);
      return [toTextActivity(ring, ring), toAnswerActivity(card, summary)];
    }
    if (content.kind === "all-clear" || content.kind === "let-go") {
      const toText = content.kind === "all-clear" ? toAllClear : toLetGo;
      const { text, summary } = toText(content.incident, this.#options);
      return [toTextActivity(text, summary)];
    }
    const { card, summary } = toPersonalCard(content, this.#options);
    return [toCardActivity(card, summary)];
  }

  /** All channels are of one tenant. */
  #tenant(): string | null {
    const { tenantId, channels } = this.#options;
    return tenantId ?? channels.links()[0]?.tenant ?? null;
  }
}

function withPlace(outcome: SendOutcome, { conversation, serviceUrl, activity }: Posted): SendOutcome {
  return activity === null ? outcome : { ...outcome, posted: { conversation, serviceUrl, activity } };
}
