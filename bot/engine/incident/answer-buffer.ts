import type { Incident } from "../../domain/incident/incident.ts";
import { isSince } from "../../domain/incident/time/is-since.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { CommandResult } from "../../ports/click.ts";
import type { Transaction } from "../../ports/store/store.ts";
import type { CommandOutcome, Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { OpenIncidents } from "../kernel/open/open-incidents.ts";
import {
  closes,
  type HumanAnswer,
  isChangeOfMind,
  isSame,
  says,
  toLinkKey,
  toPersonKey,
  toPresence,
  toSaid,
  withoutName,
} from "../kernel/unrecorded/human-answer.ts";
import { isKeptPress } from "../kernel/unrecorded/unrecorded-presses.ts";
import type { UnrecordedQueue } from "../kernel/unrecorded/unrecorded-queue.ts";
import { toProgress, type Waiting } from "../kernel/unrecorded/waiting.ts";
import type { UnstoredSendings } from "./unstored/unstored-sendings.ts";

/** A person waits this long for a result, at a screen or on the phone. */
const reportWithinMs = 5_000;
/** More different answers than this nobody has to one incident while they wait. */
const maxOfOne = 5;
/** The same of one colleague to all incidents, and of all guards with one link: they may be many, or made up. */
const maxOfLink = 20;
/** Who calls for help once more within this time is no second call, as somebody in a panic clicks many times. */
const sameHelpMs = 60_000;

const nothing: CommandOutcome = { result: null, commit: { rows: [], nextAt: null } };

/** An answer that is not on disk yet. */
interface KeptAnswer extends Waiting {
  readonly kind: "answer";
  readonly answer: HumanAnswer;
  /** Its own write that is under way; null when that was refused. */
  writing: Promise<CommandResult | null> | null;
}

/**
 * Keeps what humans answered in memory while the storage does not take it, in the queue of all that waits for that, so
 * that a promise to come, or that somebody is there, is not lost because a disk is busy for a while.
 */
export class AnswerBuffer {
  readonly #kernel: Pick<Kernel, "clock" | "log">;
  readonly #handler: Handler;
  readonly #queue: UnrecordedQueue;
  readonly #openIncidents: Pick<OpenIncidents, "noteInside" | "occupations">;
  /** What goes out because of an answer that can't be written. */
  readonly #sendings: Pick<UnstoredSendings, "follow" | "forget">;

  constructor(
    kernel: Pick<Kernel, "clock" | "log">,
    handler: Handler,
    queue: UnrecordedQueue,
    openIncidents: Pick<OpenIncidents, "noteInside" | "occupations">,
    sendings: Pick<UnstoredSendings, "follow" | "forget">,
  ) {
    this.#kernel = kernel;
    this.#handler = handler;
    this.#queue = queue;
    this.#openIncidents = openIncidents;
    this.#sendings = sendings;
  }

  /**
   * Resolves once the answer is on disk; null when there is no such incident. "buffered": the storage does not take it
   * now, and it is written in its turn. What was said last and is said again joins that, unless somebody pressed since.
   * Rejects, and keeps nothing, when that person or that link has too many that wait; a call for help is never too
   * many.
   */
  async submit(given: HumanAnswer): Promise<CommandResult | null | "buffered"> {
    const isHelp = says(given.request, "help");
    const answer = isHelp && this.#isFull(given) ? withoutName(given) : given;
    const ofPerson = this.#kept.filter((each) => toPersonKey(each.answer) === toPersonKey(answer));
    const last = ofPerson.at(-1);
    const again = last !== undefined && isSame(last.answer, answer) ? last : null;
    const isAnew = isHelp && again !== null && this.#kernel.clock.now() - again.receivedAt >= sameHelpMs;
    if (again !== null && !isAnew && !this.#queue.listAfter(again).some(isKeptPress)) {
      return again.writing === null ? "buffered" : this.#reportInTime(again, again.writing);
    }
    const replaced = ofPerson.filter((older) => older.writing === null && isChangeOfMind(answer, older.answer));
    // All of it counted at once, and may have rung somebody; so only what is too many goes, and never its last word.
    for (const older of this.#isFull(answer) ? replaced.slice(0, -1) : []) this.#forget(older);
    if (again !== null && this.#isFull(answer)) this.#forget(again);
    if (!isHelp && this.#isFull(answer)) throw new Error("too many answers wait already");
    return this.#write(this.#toKept(answer));
  }

  get #kept(): readonly KeptAnswer[] {
    return this.#queue.listOf(isKeptAnswer);
  }

  #isFull(answer: HumanAnswer): boolean {
    const countOf = (keyOf: (each: HumanAnswer) => string) =>
      this.#kept.filter((each) => keyOf(each.answer) === keyOf(answer)).length;
    return countOf(toPersonKey) >= maxOfOne || countOf(toLinkKey) >= maxOfLink;
  }

  #toKept(answer: HumanAnswer): KeptAnswer {
    const { incident, request } = answer;
    const receivedAt = this.#kernel.clock.now();
    const kept: KeptAnswer = {
      ...{ kind: "answer", answer, receivedAt, writing: null, closes: closes(request) ? incident : null },
      foreseen: { incidents: [incident] },
      holds: [toPersonKey(answer)],
      // A call for help waits for nothing; of any other the page may be one that is not on disk yet.
      waitsFor: says(request, "help") ? [] : [toPersonKey(answer), incident],
      ...toProgress(receivedAt, true),
      work: async (tx) => {
        const isOutdated =
          closes(request) && isPressedSince(await tx.loadIncident(incident), receivedAt, this.#kernel.clock.now());
        const { result, commit } = isOutdated ? nothing : await this.#writeIn(tx, kept);
        const onDone = () => this.#noteWritten(kept, isOutdated ? "outdated" : result?.reason);
        return { commits: [commit], onDone };
      },
      onFault: (err) => this.#kernel.log.error({ incident, command: request.kind, err }, "answer-not-written"),
      onGivenUp: () => {
        this.#forget(kept);
        this.#kernel.log.error({ incident, command: request.kind }, "answer-lost");
      },
    };
    return kept;
  }

  #write(kept: KeptAnswer): Promise<CommandResult | null | "buffered"> {
    this.#queue.add(kept);
    const writing = this.#writeNow(kept);
    kept.writing = writing;
    return this.#reportInTime(kept, writing);
  }

  async #writeNow(kept: KeptAnswer): Promise<CommandResult | null> {
    try {
      const result = await this.#handler.writeLate(
        async (tx) => {
          if (this.#queue.isBehind(kept)) throw new Error("an earlier answer of the same person waits");
          const { result, commit } = await this.#writeIn(tx, kept);
          return { value: result, commits: [commit] };
        },
        { incidents: [kept.answer.incident] },
      );
      this.#noteWritten(kept, result?.reason);
      return result;
    } catch (error) {
      kept.writing = null;
      this.#queue.noteRefused(kept);
      throw error;
    }
  }

  async #writeIn(tx: Transaction, { answer, receivedAt }: KeptAnswer): Promise<CommandOutcome> {
    const { incident, request, also, mayCount } = answer;
    if (mayCount !== undefined && !(await mayCount(tx))) return nothing;
    const outcome = await this.#handler.handleIn(tx, incident, toSaid(request, receivedAt), receivedAt);
    if (outcome.result !== null) await also?.(tx, outcome.result);
    return outcome;
  }

  #noteWritten(kept: KeptAnswer, reason = "unknown-incident"): void {
    const { incident, request } = kept.answer;
    this.#forget(kept);
    this.#kernel.log.info({ incident, command: request.kind, reason }, "handled");
  }

  /** It waits no more, also in what is known of its person: it is on disk, or came to nothing. */
  #forget(kept: KeptAnswer): void {
    const { incident, request } = kept.answer;
    const presence = toPresence(request);
    // First, because what was decided behind it waits for nothing more once the queue looks at what is left.
    this.#sendings.forget(incident, kept);
    this.#queue.remove(kept);
    if (presence !== null) this.#openIncidents.occupations.settle(incident, presence.by.id, kept.receivedAt);
  }

  /** Resolves with the result of a write, or with "buffered" when it failed or takes longer than `reportWithinMs`. */
  async #reportInTime(
    kept: KeptAnswer,
    writing: Promise<CommandResult | null>,
  ): Promise<CommandResult | null | "buffered"> {
    const { clock, log } = this.#kernel;
    const { incident, request } = kept.answer;
    const settled = writing.catch((err: unknown) => (err instanceof Error ? err : new Error(String(err))));
    const result = await withTimeout(clock, reportWithinMs, settled);
    const outcome = result === late ? new Error("the storage did not answer in time") : result;
    if (!(outcome instanceof Error)) return outcome;
    log.error({ incident, command: request.kind, err: outcome }, "answer-kept");
    // Who is there, asked for help or goes there counts as there in no other alarm (rule 7).
    const presence = toPresence(request);
    if (presence !== null) this.#openIncidents.noteInside(incident, presence.by, kept.receivedAt, presence.kind);
    this.#sendings.follow(kept, incident, toSaid(request, kept.receivedAt), kept.receivedAt);
    return "buffered";
  }
}

function isKeptAnswer(waiting: Waiting): waiting is KeptAnswer {
  return waiting.kind === "answer";
}

/** What could not be written in its turn must not close an alarm that was pressed anew (rule 18). */
function isPressedSince(incident: Incident | null, now: number, decidedAt: number): boolean {
  return isSince(incident?.lastPressAt, { now, decidedAt });
}
