import { randomUUID } from "node:crypto";
import type { Person } from "../../../domain/person.ts";
import {
  type InboundState,
  type StepResult,
  type TeamsTest,
  type TestClick,
  teamsSteps,
} from "../../../domain/teams-test/teams-test.ts";
import { late, withTimeout } from "../../../kit/with-timeout.ts";
import type { LinkedChannel } from "../../../ports/store/teams.ts";
import type { Clock } from "../../../ports/time.ts";
import { failed, type OwnStep, ok, skipped, TestCalls, type TestCallsOptions, tryToken } from "./test-calls.ts";

/** Longest that a test may take, also when nobody waits for its end any more. */
const maxTestMs = 15 * 60_000;
/** Between its calls, so that it takes next to nothing of what Teams lets an alarm have. */
const pauseMs = 1_000;
/** How many clicks are kept. */
const maxClicks = 20;

const pending: StepResult = { state: "pending", reason: null, answer: null };
const waiting: StepResult = { state: "waiting", reason: null, answer: null };

/** One test of Teams from its start to the moment when what it left there says that it is over. */
export class TestRun {
  readonly id = randomUUID();
  readonly startedAt: number;
  readonly #endsAt: number;
  readonly #clock: Clock;
  readonly #conversation: string | null;
  readonly #options: TestCallsOptions;
  /** null: the channel is not linked, so that nothing can be posted there. */
  readonly #calls: TestCalls | null;
  readonly #clicks: TestClick[] = [];
  readonly #ended = Promise.withResolvers<void>();
  readonly #stopped = Promise.withResolvers<void>();
  readonly #steps: Record<OwnStep, StepResult> = {
    token: pending,
    post: pending,
    edit: pending,
    reply: pending,
    "member-by-channel": pending,
    "member-by-team": pending,
    mention: pending,
    chat: pending,
    button: pending,
  };
  #isEnded = false;
  #isOver = false;
  #unmarked = 0;

  /** `link` null: the channel is not linked. */
  constructor(options: TestCallsOptions, link: LinkedChannel | null, person: Person | null) {
    const { clock } = options;
    this.#clock = clock;
    this.#options = options;
    this.#conversation = link?.conversation ?? null;
    this.#calls = link === null ? null : new TestCalls(options, { id: this.id, link, person });
    this.startedAt = clock.now();
    this.#endsAt = this.startedAt + maxTestMs;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Tries each step, waits for clicks until somebody ends it or its time is up, and tidies up. Never rejects. */
  async play(): Promise<void> {
    for (const step of teamsSteps) {
      if (step !== "inbound") await this.#tryNext(step);
    }
    await withTimeout(this.#clock, this.#endsAt - this.#clock.now(), this.#ended.promise);
    this.end();
    this.#unmarked = (await this.#calls?.markOver(() => this.#pause(this.#stopped.promise))) ?? 0;
    this.#isOver = true;
  }

  /** From now on no step begins and no click counts. */
  end(): void {
    this.#isEnded = true;
    this.#ended.resolve();
  }

  /** Ends it, and leaves in Teams what stands there. */
  stop(): void {
    this.#stopped.resolve();
    this.end();
  }

  /** Notes a click on its card; false when it is over, or the card does not stand there. */
  takeClick(conversation: string, client: string | null): boolean {
    if (this.#isEnded || conversation !== this.#conversation) return false;
    if (this.#clicks.length < maxClicks) this.#clicks.push({ client, at: this.#clock.now() });
    return true;
  }

  /** The test as it stands now. */
  toTest(inbound: InboundState, isAlarmOpen: boolean): TeamsTest {
    return {
      id: this.id,
      endsAt: this.#endsAt,
      isOver: this.#isOver,
      isAlarmOpen,
      steps: { ...this.#steps, button: this.#toButton(), inbound: this.#toInbound(inbound) },
      clicks: [...this.#clicks],
      inbound,
      messages: { left: this.#calls?.leftCount ?? 0, unmarked: this.#unmarked },
    };
  }

  async #tryNext(step: OwnStep): Promise<void> {
    this.#steps[step] = (await this.#pause(this.#ended.promise)) ? await this.#try(step) : skipped("ended");
  }

  async #try(step: OwnStep): Promise<StepResult> {
    if (step === "token") return await tryToken(this.#options);
    if (this.#calls !== null) return await this.#calls.try(step);
    return step === "post" ? failed("not-linked") : skipped("link-needed");
  }

  /** False when the pause was cut short, because nothing more is to be done. */
  async #pause(cut: Promise<void>): Promise<boolean> {
    return (await withTimeout(this.#clock, pauseMs, cut)) === late;
  }

  #toButton(): StepResult {
    const { button } = this.#steps;
    if (button.state !== "waiting") return button;
    if (this.#clicks.length > 0) return ok;
    return this.#isEnded ? failed("no-click") : button;
  }

  #toInbound({ takenAt }: InboundState): StepResult {
    if (takenAt !== null) return ok;
    return this.#isOver ? failed("nothing-came") : waiting;
  }
}
