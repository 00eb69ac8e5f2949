import type { Person } from "../../../domain/person.ts";
import type { DeliveryError } from "../../../errors.ts";
import { done, type SendOutcome } from "../../../ports/send-outcome.ts";
import type { FollowUp } from "../../../ports/store/personal-cards.ts";
import { toPresserCard } from "../../cards/chat/presser-card.ts";
import { type PersonalCard, toPersonalCard } from "../../cards/personal-card.ts";
import type { OutgoingActivity } from "../../wire/connector.ts";
import { isGone, isRefused } from "../../wire/failure.ts";
import { toAnswerActivity, toDigest } from "../../wire/outgoing.ts";
import type { ChatCardsOptions } from "./chat-cards.ts";
import { isWorthTrying, RefusedEdits } from "./refused-edits.ts";

export type FollowUpsOptions = Pick<
  ChatCardsOptions,
  "store" | "connectorFor" | "clock" | "log" | "language" | "timezone" | "names" | "loadContext"
>;

/** What is to stand there. `endedAt`: since when nothing more comes of it; null: more may. */
interface Rendered extends PersonalCard {
  readonly endedAt: number | null;
}

/** Shows people on messages in their chat what becomes of their alarms and their visit, without a sound (rule 27). */
export class FollowUps {
  readonly #options: FollowUpsOptions;
  /** By the id of the message. */
  readonly #refused: RefusedEdits;

  constructor(options: FollowUpsOptions) {
    this.#options = options;
    this.#refused = new RefusedEdits(options.clock);
  }

  /**
   * Brings the messages of this person up to date, each by itself. Resolves with what came of each; rejects where they
   * can't be read.
   */
  async show(person: Person, signal: AbortSignal): Promise<readonly PromiseSettledResult<SendOutcome>[]> {
    const known = await this.#options.store.read((reader) => reader.listFollowUps(person.id));
    return Promise.allSettled(known.map((each) => this.#showOne(each, person, signal)));
  }

  async #showOne(followUp: FollowUp, person: Person, signal: AbortSignal): Promise<SendOutcome> {
    const { connectorFor, clock } = this.#options;
    const { activity: id, serviceUrl, conversation, shownAt } = followUp;
    const rendered = await this.#render(followUp, person);
    if (rendered === null) return this.#settle(followUp, followUp.shown, true);
    const isLast = rendered.endedAt !== null;
    const activity: OutgoingActivity = toAnswerActivity(rendered.card, rendered.summary);
    const digest = toDigest(activity);
    if (digest === followUp.shown) return isLast ? this.#settle(followUp, digest, true) : done;
    const freeAt = this.#refused.freeAt(id, digest, shownAt);
    if (clock.now() < freeAt) return { kind: "again", at: freeAt };
    try {
      await connectorFor("chat", 0).update(serviceUrl, conversation, id, activity, signal);
    } catch (error) {
      if (!isRefused(error)) throw error;
      return this.#noteRefusal(followUp, digest, rendered.endedAt, error);
    }
    this.#refused.forget(id);
    return this.#settle(followUp, digest, isLast);
  }

  /** It is tried on while it is news. */
  async #noteRefusal(
    followUp: FollowUp,
    digest: string,
    endedAt: number | null,
    error: DeliveryError,
  ): Promise<SendOutcome> {
    const { clock, log } = this.#options;
    const { person, activity: id, shownAt } = followUp;
    if (isGone(error) || !isWorthTrying(endedAt, clock.now())) {
      this.#refused.forget(id);
      log.warn({ person, err: error }, "follow-up-left");
      return this.#settle(followUp, followUp.shown, true);
    }
    if (this.#refused.note(id, digest) === 1) log.warn({ person, err: error }, "follow-up-refused");
    return { kind: "again", at: this.#refused.freeAt(id, digest, shownAt) };
  }

  /** Saves what stands there now. One that was given something else to show meanwhile goes on, also after its last. */
  #settle(followUp: FollowUp, shown: string, isOver: boolean): Promise<SendOutcome> {
    const { store, clock } = this.#options;
    return store.write(async (tx): Promise<SendOutcome> => {
      const known = await tx.listFollowUps(followUp.person);
      const now = known.find(({ activity }) => activity === followUp.activity);
      if (now === undefined) return done;
      const { shows, incident, since } = followUp;
      const isSame = now.shows === shows && now.incident === incident && now.since === since;
      if (isSame && isOver) await tx.deleteFollowUp(now);
      else await tx.saveFollowUp({ ...now, shown, shownAt: clock.now() });
      return isSame ? done : { kind: "again", at: clock.now() };
    });
  }

  /** null: there is nothing to show any more. */
  async #render({ shows, incident: id, since }: FollowUp, person: Person): Promise<Rendered | null> {
    const { store, loadContext } = this.#options;
    if (shows === "visit") {
      const visit = await store.read((reader) => reader.loadVisit(person.id));
      const content = visit === null ? ({ kind: "no-visit" } as const) : ({ kind: "visit", visit } as const);
      return { ...toPersonalCard(content, this.#options), endedAt: visit === null ? since : null };
    }
    if (shows !== "alarm") return { ...toPersonalCard({ kind: shows }, this.#options), endedAt: since };
    const incident = await store.read((reader) => reader.loadIncident(id));
    if (incident === null) return null;
    const context = await loadContext(incident);
    return { ...toPresserCard({ incident, context }, person, this.#options), endedAt: incident.closedAt };
  }
}
