import type { Language } from "../../../domain/language.ts";
import type { Person } from "../../../domain/person.ts";
import type { StepReason, StepResult, TeamsStep } from "../../../domain/teams-test/teams-test.ts";
import { DeliveryError } from "../../../errors.ts";
import type { InFlight } from "../../../kit/in-flight.ts";
import type { LinkedChannel } from "../../../ports/store/teams.ts";
import type { Clock } from "../../../ports/time.ts";
import { toTestButton, toTestMention, toTestOver, toTestText } from "../../cards/tests/teams-test-card.ts";
import { toConversation } from "../../wire/activity.ts";
import type { BotToken } from "../../wire/bot-token.ts";
import type { Connector, FoundMember, OutgoingActivity } from "../../wire/connector.ts";
import { ContentRefused, isRefused, TokenRefused } from "../../wire/failure.ts";
import { toAnswerActivity, toTextActivity } from "../../wire/outgoing.ts";

/** What the bot itself does; the other step is what Teams does. */
export type OwnStep = Exclude<TeamsStep, "inbound">;

/** What it does in the channel, or with who is in its team. */
export type LinkedStep = Exclude<OwnStep, "token">;

export interface TestCallsOptions {
  readonly connector: Connector;
  /** null: local, where there is none. */
  readonly token: BotToken | null;
  readonly clock: Clock;
  readonly inFlight: InFlight;
  readonly language: Language;
  readonly tenantId: string | null;
}

/** What one test is about. `person`: the only one who is rung; null: nobody. */
export interface TestSubject {
  readonly id: string;
  readonly link: LinkedChannel;
  readonly person: Person | null;
}

/** Something that a test has left in Teams. `activity` null: Teams did not say its id, so that it can't be edited. */
interface Left {
  readonly conversation: string;
  readonly activity: string | null;
  readonly isCard: boolean;
}

/** Longest that one step may take. */
const stepWithinMs = 5_000;

export const ok: StepResult = { state: "ok", reason: null, answer: null };
const waiting: StepResult = { state: "waiting", reason: null, answer: null };

export function failed(reason: StepReason, answer: string | null = null): StepResult {
  return { state: "failed", reason, answer };
}

export function skipped(reason: StepReason): StepResult {
  return { state: "skipped", reason, answer: null };
}

/** All calls of one test to Teams, each made once: whatever it sends is sent here. */
export class TestCalls {
  readonly #options: TestCallsOptions;
  readonly #subject: TestSubject;
  readonly #left: Left[] = [];
  #root: string | null = null;
  #member: FoundMember | null = null;
  readonly #steps: Readonly<Record<LinkedStep, (signal: AbortSignal) => Promise<StepResult>>> = {
    post: (signal) => this.#postRoot(signal),
    edit: (signal) => this.#editRoot(signal),
    reply: (signal) => this.#postReply(signal),
    "member-by-channel": (signal) => this.#findByChannel(signal),
    "member-by-team": (signal) => this.#findByTeam(signal),
    mention: (signal) => this.#postMention(signal),
    chat: (signal) => this.#sendChat(signal),
    button: (signal) => this.#postButton(signal),
  };

  constructor(options: TestCallsOptions, subject: TestSubject) {
    this.#options = options;
    this.#subject = subject;
  }

  /** How many messages stand in Teams because of this test. */
  get leftCount(): number {
    return this.#left.length;
  }

  /** Tries that step. Never rejects. */
  async try(step: LinkedStep): Promise<StepResult> {
    const { clock, inFlight } = this.#options;
    using _entry = inFlight.enter();
    using deadline = clock.timeout(stepWithinMs);
    return await this.#steps[step](deadline.signal).catch(toFailure);
  }

  /** Has each message say that the test is over. `pause` comes before each, false ends it. Returns how many don't. */
  async markOver(pause: () => Promise<boolean>): Promise<number> {
    let unmarked = this.#left.length;
    for (const each of this.#left) {
      if (!(await pause())) break;
      if (await this.#tryMarking(each)) unmarked -= 1;
    }
    return unmarked;
  }

  async #postRoot(signal: AbortSignal): Promise<StepResult> {
    this.#root = await this.#post(this.#subject.link.conversation, this.#toText("post"), signal);
    return ok;
  }

  async #editRoot(signal: AbortSignal): Promise<StepResult> {
    const { conversation, serviceUrl } = this.#subject.link;
    if (this.#root === null) return skipped("no-message");
    await this.#options.connector.update(serviceUrl, conversation, this.#root, this.#toText("edited"), signal);
    return ok;
  }

  async #postReply(signal: AbortSignal): Promise<StepResult> {
    if (this.#root === null) return skipped("no-message");
    await this.#post(`${this.#subject.link.conversation};messageid=${this.#root}`, this.#toText("reply"), signal);
    return ok;
  }

  /** Nothing needs this where the team is known, because the bot asks for members by their team then. */
  async #findByChannel(signal: AbortSignal): Promise<StepResult> {
    const { conversation, team } = this.#subject.link;
    const result = await this.#find(conversation, signal).catch(passRefusal);
    return result.state === "failed" && team !== null ? { ...result, state: "harmless" } : result;
  }

  async #findByTeam(signal: AbortSignal): Promise<StepResult> {
    const { team } = this.#subject.link;
    return team === null ? failed("team-unknown") : this.#find(team, signal);
  }

  /** Finds the person in that room, or anybody where nobody is rung. */
  async #find(room: string, signal: AbortSignal): Promise<StepResult> {
    const { connector } = this.#options;
    const { link, person } = this.#subject;
    const { serviceUrl } = link;
    const found = await (person === null
      ? connector.findAnyMember(serviceUrl, room, signal)
      : connector.findMember(serviceUrl, room, person.id, signal));
    const isThem = person === null || found === null || found.entraId === null || found.entraId === person.id;
    if (found === null || !isThem) return failed("not-found");
    this.#member = found;
    return ok;
  }

  async #postMention(signal: AbortSignal): Promise<StepResult> {
    const { link, person } = this.#subject;
    if (person === null) return skipped("no-person");
    const name = person.name === "" ? (this.#member?.name ?? "") : person.name;
    const { card, summary } = toTestMention({ ...person, name }, this.#options.language);
    await this.#post(link.conversation, toAnswerActivity(card, summary), signal);
    return ok;
  }

  async #sendChat(signal: AbortSignal): Promise<StepResult> {
    const { connector, language, tenantId } = this.#options;
    const { link, person } = this.#subject;
    if (person === null) return skipped("no-person");
    if (this.#member === null) return skipped("person-unknown");
    const { teamsId } = this.#member;
    const tenant = tenantId ?? link.tenant;
    const chat = await connector.createConversation(link.serviceUrl, teamsId, tenant, signal);
    const text = toTestText("chat", language);
    await this.#post(chat, toTextActivity(text, text), signal);
    return ok;
  }

  async #postButton(signal: AbortSignal): Promise<StepResult> {
    const { id, link } = this.#subject;
    const { card, summary } = toTestButton(id, this.#options.language);
    await this.#post(link.conversation, toAnswerActivity(card, summary), signal);
    return waiting;
  }

  async #post(conversation: string, activity: OutgoingActivity, signal: AbortSignal): Promise<string | null> {
    const { serviceUrl } = this.#subject.link;
    const isCard = activity.attachments !== undefined;
    try {
      const id = await this.#options.connector.post(serviceUrl, conversation, activity, signal);
      this.#left.push({ conversation, activity: id, isCard });
      return id;
    } catch (error) {
      const mayStand = error instanceof DeliveryError && error.mayHaveArrived;
      if (mayStand) this.#left.push({ conversation, activity: null, isCard });
      throw error;
    }
  }

  /** Without an alert, because nobody but the one person is rung. */
  #toText(what: "post" | "edited" | "reply" | "over"): OutgoingActivity {
    return { type: "message", text: toTestText(what, this.#options.language) };
  }

  async #tryMarking({ conversation, activity, isCard }: Left): Promise<boolean> {
    const { connector, clock, inFlight, language } = this.#options;
    if (activity === null) return false;
    const { card, summary } = toTestOver(language);
    const over = isCard ? toAnswerActivity(card, summary) : this.#toText("over");
    using _entry = inFlight.enter();
    using deadline = clock.timeout(stepWithinMs);
    const { serviceUrl } = this.#subject.link;
    return await connector.update(serviceUrl, toConversation(conversation), activity, over, deadline.signal).then(
      () => true,
      () => false,
    );
  }
}

/** Fetches a token. Never rejects. */
export async function tryToken({ token, inFlight }: Pick<TestCallsOptions, "token" | "inFlight">): Promise<StepResult> {
  if (token === null) return skipped("local");
  using _entry = inFlight.enter();
  // The one that is held may be good for an hour after its secret has ended.
  return await token.renew().then(() => ok, toFailure);
}

/** A refusal as a result, which may be harmless. */
function passRefusal(error: unknown): StepResult {
  if (!isRefused(error)) throw error;
  return toFailure(error);
}

function toFailure(error: unknown): StepResult {
  if (error instanceof TokenRefused) return failed(error.fault.flaw, error.fault.answer);
  if (!(error instanceof DeliveryError)) return failed("unreachable");
  const { reason, answer, cause } = error;
  if (cause instanceof TokenRefused) return failed("token-refused", answer);
  if (cause instanceof ContentRefused) return failed("content-refused", answer);
  return failed(reason === "throttled" || reason === "unreachable" ? reason : "refused", answer);
}
