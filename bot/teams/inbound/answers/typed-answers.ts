import type { Incident, Presser } from "../../../domain/incident/incident.ts";
import type { Person } from "../../../domain/person.ts";
import { late, withTimeout } from "../../../kit/with-timeout.ts";
import type { PersonalAlarms } from "../../../ports/personal.ts";
import type { AnswerableAlarm, AnswerableAlarms, Answered } from "../../../ports/teams-requests.ts";
import { toRefusal } from "../../cards/incident/refusal.ts";
import { type PersonalCard, type PersonalContent, toPersonalCard } from "../../cards/personal-card.ts";
import { type TypedAnswerContent, type TypedVerb, toTypedAnswerCard } from "../../cards/typed-answer-card.ts";
import type { InboundActivity, Origin } from "../../wire/activity.ts";
import { isQuestion, type Meant, parseAnswerBeside, type TypedAnswer } from "../../wire/typed-answer.ts";
import { nameLocation } from "../handle-personal-command.ts";
import { findVisit, type HelpOptions, sendVisitQuestion } from "../help.ts";
import { toMessageIdentity } from "../origin.ts";
import type { PersonalTurns } from "../personal-turns.ts";
import { isForAnother, type Judgement, judgeAlarmOver, judgeTypedAnswer } from "./judge-typed-answer.ts";
import { answerWithinMs, type SubmitOptions, submitAnswer } from "./submit-answer.ts";

type Typed = Extract<InboundActivity, { kind: "typed-answer" }>;

/** Longest that looking for a closed alarm, or for an answer of before, may take; after that there is none. */
const readWithinMs = 1_000;
/** An edit that comes later counts as a new message. */
const actedForMs = 24 * 3_600_000;
/** More answers than this nobody has in memory; the oldest are forgotten first, and are on disk. */
const maxActed = 2_000;

export interface TypedAnswersOptions extends SubmitOptions, HelpOptions {
  readonly answerable: AnswerableAlarms;
  readonly alarms: Pick<PersonalAlarms, "pressAgain" | "hasUnstored" | "locationIn" | "nameLocation">;
  readonly turns: Pick<PersonalTurns, "answer">;
}

/** Answers what colleagues type to an alarm in their chat with the bot; it counts as a click does. */
export class TypedAnswers {
  readonly #options: TypedAnswersOptions;
  /** What may not be on disk yet, by the identity of the message, oldest first. */
  readonly #acted = new Map<string, Answered & { readonly at: number }>();

  constructor(options: TypedAnswersOptions) {
    this.#options = options;
  }

  /** Acts upon an answer, and shows what came of it; false when there is nothing that it answers. Never rejects. */
  async take({ origin, answer, text, isEdited }: Typed): Promise<boolean> {
    const finding = isEdited ? null : this.#findActed(origin);
    const [acted, open] = await Promise.all([finding, this.#options.answerable.listOpen(origin.from)]);
    // Teams delivered it again, after it was taken.
    if (acted !== null) return true;
    const beside = this.#findBeside(text, answer, open);
    const mayBePlace = answer !== "help" && beside === null && !(answer === "unclear" && isQuestion(text));
    if (mayBePlace && (await this.takeLocation(origin, text))) return true;
    // A call for help waits for nothing, and a hint at an alarm is none where no alarm is.
    const isForAlarm = answer === "help" || (answer === "unclear" && open.length === 0);
    const visit = isForAlarm ? null : await findVisit(origin, this.#options);
    const judgement = judgeTypedAnswer(beside ?? answer, origin.from, open, visit !== null);
    if (judgement.kind === "no-answer") return answer === "help" && this.#showVisit(origin);
    if (visit !== null) await sendVisitQuestion(origin, visit, this.#options);
    for (const card of await this.#act(origin, judgement)) await this.#options.replies.showCard(origin, card);
    if (answer === "help") await this.takeLocation(origin, text);
    // Where they are the help may be needed.
    const visited = answer === "help" ? await findVisit(origin, this.#options) : null;
    if (visited !== null) await sendVisitQuestion(origin, visited, this.#options);
    return true;
  }

  /** The answer that stands beside a location, where another alarm than their own is open for it; null: none. */
  #findBeside(text: string, answer: TypedAnswer, open: readonly AnswerableAlarm[]): Meant | null {
    const location = answer === "unclear" ? this.#options.alarms.locationIn(text) : null;
    const meant = location === null ? null : parseAnswerBeside(text);
    return location !== null && meant !== null && isForAnother(meant, location, open) ? meant : null;
  }

  /**
   * Asks what is meant by a command that may say that an alarm is over as well; false where it says what it is. Never
   * rejects.
   */
  async askWhetherOver({ origin, command, answer }: Extract<InboundActivity, { kind: "personal" }>): Promise<boolean> {
    if (answer !== "over" || (command.kind !== "alarm" && command.kind !== "visit-done")) return false;
    const open = await this.#options.answerable.listOpen(origin.from);
    const judgement =
      command.kind === "alarm"
        ? judgeAlarmOver(origin.from, open, this.#options.isSetUp)
        : judgeTypedAnswer(answer, origin.from, open, false);
    if (judgement?.kind !== "ask") return false;
    if (command.kind === "visit-done" && (await findVisit(origin, this.#options)) !== null) return false;
    await this.#options.replies.showCard(origin, this.#toCard(judgement));
    return true;
  }

  /**
   * Takes the name of a location for where their own alarm is, of who typed that, and shows it; false where it is
   * nothing of the kind. Never rejects.
   */
  async takeLocation(origin: Origin, text: string): Promise<boolean> {
    const { alarms, answerable, names, clock, log } = this.#options;
    const location = origin.scope === "personal" ? alarms.locationIn(text) : null;
    if (location === null) return false;
    const { from } = origin;
    const open = await answerable.listOpen(from);
    const isTyped = ({ via, holder }: Presser) => via === "chat" && holder?.id === from.id;
    const own = open.find(({ incident }) => incident.pressers.some(isTyped));
    if (own === undefined) return alarms.hasUnstored(from) && this.#pressAt(origin, text);
    const incident = own.incident.id;
    const naming = nameLocation(from, { incident, location }, { alarms, names });
    const named = await withTimeout(clock, answerWithinMs, naming).catch((error: unknown): PersonalContent => {
      log.error({ command: "at-location", err: error }, "wish-failed");
      return { kind: "location-failed" };
    });
    // Until then it is in memory, and tried again.
    const content: PersonalContent = named === late ? { kind: "location-kept", incident } : named;
    await this.#options.replies.showCard(origin, toPersonalCard(content, this.#options));
    return true;
  }

  /**
   * Of an alarm that is in memory only the name of a location is a press again, so that whoever is there is rung from
   * memory as well; on disk the two are one alarm.
   */
  async #pressAt(origin: Origin, typed: string): Promise<true> {
    const command = { kind: "alarm", typed } as const;
    const press = { kind: "personal", origin, command, answer: null, isEdited: false, card: null } as const;
    await this.#options.turns.answer(press, false);
    return true;
  }

  /** Shows the *Alarm* button first, to who calls for help on a visit; false to who is on none. */
  async #showVisit(origin: Origin): Promise<boolean> {
    const visit = await findVisit(origin, this.#options);
    if (visit !== null) await sendVisitQuestion(origin, visit, this.#options, "visit-help");
    return visit !== null;
  }

  /**
   * Says that an answer stays whose message was edited or deleted; false when that was none, or when it calls for help
   * now. Never rejects.
   */
  async answerStanding(inbound: InboundActivity): Promise<boolean> {
    const acted = await this.#findActed(inbound.origin);
    const isHelp = inbound.kind === "typed-answer" && inbound.answer === "help";
    if (acted === null || (isHelp && !acted.isHelp)) return false;
    const card = this.#toCard({ kind: "standing", incident: acted.incident });
    await this.#options.replies.showCard(inbound.origin, card);
    return true;
  }

  /** Does what was judged, and resolves with the cards that say what came of it. */
  async #act(origin: Origin, judgement: Exclude<Judgement, { kind: "no-answer" }>): Promise<readonly PersonalCard[]> {
    switch (judgement.kind) {
      case "submit":
        return [await this.#submit(origin, judgement.incident, judgement.verb)];
      case "help": {
        const pressing = judgement.pressed.map((incident) => this.#pressAgain(origin, incident));
        const helping = judgement.helped.map((incident) => this.#submit(origin, incident, "help"));
        return Promise.all([...pressing, ...helping]);
      }
      case "nothing-open": {
        const incident = await this.#findClosed(origin.from);
        return [this.#toCard(incident === null ? judgement : { kind: "closed", incident })];
      }
      default:
        return [this.#toCard(judgement)];
    }
  }

  async #submit(origin: Origin, incident: Incident, verb: TypedVerb): Promise<PersonalCard> {
    const message = toMessageIdentity(origin);
    const answer = { incident: incident.id, verb, outcome: null, ...(message === null ? {} : { message }) };
    const result = await submitAnswer(origin, answer, this.#options);
    if (result === "unknown") return this.#toCard({ kind: "nothing-open" });
    if (result === "not-kept") return this.#toCard({ kind: result, verb, incident });
    if (result === "kept") {
      this.#remember(origin, incident, verb === "help");
      return this.#toCard({ kind: result, verb, incident });
    }
    const { reason, incident: now } = result;
    if (reason === "already-closed") return this.#toCard({ kind: "closed", incident: now });
    if (toRefusal(reason, this.#options.language) !== null)
      return this.#toCard({ kind: "refused", reason, incident: now });
    this.#remember(origin, now, verb === "help");
    return this.#toCard({ kind: "done", verb, incident: now });
  }

  /** Who pressed and calls for help presses again, by the button that pressed for that alarm. */
  async #pressAgain(origin: Origin, incident: Incident): Promise<PersonalCard> {
    const { alarms, clock, log } = this.#options;
    const { from } = origin;
    const button = incident.pressers.find(({ holder }) => holder?.id === from.id);
    if (button === undefined) return this.#submit(origin, incident, "help");
    const pressing = alarms.pressAgain(from, button, toMessageIdentity(origin));
    const pressed = await withTimeout(clock, answerWithinMs, pressing).catch((error: unknown): typeof late => {
      log.error({ command: "alarm", err: error }, "wish-failed");
      return late;
    });
    if (pressed === late) return toPersonalCard({ kind: "unsure" }, this.#options);
    if (pressed.kind !== "pressed") return toPersonalCard({ kind: "unstored", incident: null }, this.#options);
    this.#remember(origin, incident, true);
    return this.#toCard({ kind: "pressed-again", incident });
  }

  async #findClosed(by: Person): Promise<Incident | null> {
    return this.#readInTime(this.#options.answerable.loadLastClosed(by));
  }

  /** Null where it can't be read in time. */
  async #readInTime<T>(reading: Promise<T | null>): Promise<T | null> {
    const { clock, log } = this.#options;
    const found = await withTimeout(clock, readWithinMs, reading).catch((error: unknown) => {
      log.warn({ err: error }, "answerable-not-read");
      return null;
    });
    return found === late ? null : found;
  }

  #toCard(content: TypedAnswerContent): PersonalCard {
    return toTypedAnswerCard(content, this.#options);
  }

  async #findActed(origin: Origin): Promise<Answered | null> {
    const id = toMessageIdentity(origin);
    if (id === null || origin.scope !== "personal") return null;
    const acted = this.#acted.get(id);
    if (acted !== undefined && acted.at + actedForMs > this.#options.clock.now()) return acted;
    return this.#readInTime(this.#options.answerable.loadAnswered(id));
  }

  #remember(origin: Origin, incident: Incident, isHelp: boolean): void {
    const id = toMessageIdentity(origin);
    if (id === null) return;
    this.#acted.delete(id);
    this.#acted.set(id, { incident, isHelp, at: this.#options.clock.now() });
    const [oldest] = this.#acted.keys();
    if (this.#acted.size > maxActed && oldest !== undefined) this.#acted.delete(oldest);
  }
}
