import { newestRing } from "../../../domain/incident/colleagues/ring.ts";
import { withTimeout } from "../../../kit/with-timeout.ts";
import type { Transaction } from "../../../ports/store/store.ts";
import type { AlarmReceipt } from "../../../ports/take-alarms.ts";
import type { TeamsSender, UnstoredCard } from "../../../ports/teams-sender.ts";
import type { Alarms } from "../alarms.ts";
import { type Ahead, type Commit, type Handler, writeWithinMs } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import type { LastSeenBuffer } from "../last-seen-buffer.ts";
import { toBoardRow } from "../outbox/board-row.ts";
import type { KeptEnd, UnrecordedEnds } from "./unrecorded-ends.ts";
import type { KeptPress, UnrecordedPresses } from "./unrecorded-presses.ts";
import { isUntried, nextTryAt, noteFailed, type WaitingAlarm } from "./waiting.ts";

/** Each holds up those behind it for about 1 ms, and takes of a disk that is nearly full. */
const maxAtOnce = 16;
/** A card that could not be brought to its alarm waits for so long. */
const cardAgainMs = 10_000;

export interface UnrecordedWriterOptions {
  readonly handler: Handler;
  readonly alarms: Pick<Alarms, "takeIn" | "takeKeptIn">;
  readonly presses: UnrecordedPresses;
  readonly ends: UnrecordedEnds;
  readonly lastSeen: Pick<LastSeenBuffer, "note">;
  readonly teams: Pick<TeamsSender, "listUnstored" | "forgetUnstored">;
}

/**
 * Writes presses that went out from memory, and what ended since, as soon as the disk takes writes: each transaction
 * begins with them. Each is written as of the moment at which it was received, a press in the incident that its card
 * bears, so that whoever sends it again has sent a duplicate; and the card goes on as that incident's. Where a write
 * was refused the storage tries one every few seconds, so that nothing here has to. Disposing tries once more.
 */
export class UnrecordedWriter implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #options: UnrecordedWriterOptions;
  #cardsAt = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> | null = null;
  #cancel: (() => void) | null = null;

  constructor(kernel: Kernel, options: UnrecordedWriterOptions) {
    this.#kernel = kernel;
    this.#options = options;
    options.handler.writeFirst(() => this.#list());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { presses, ends } = this.#options;
    await withTimeout(this.#kernel.clock, writeWithinMs, this.#goOn());
    presses.giveUp();
    ends.giveUp();
    this.#schedule();
  }

  /** Writes all that is due, some at a time, until the disk refuses one. Never rejects. */
  #goOn(): Promise<void> {
    const { log } = this.#kernel;
    this.#writing ??= this.#writeDue()
      .catch((err: unknown) => log.error({ err }, "kept-not-written"))
      .finally(() => {
        this.#writing = null;
      });
    return this.#writing;
  }

  async #writeDue(): Promise<void> {
    while (this.#list().length > 0) await this.#options.handler.write(async () => ({ value: null, commits: [] }));
  }

  /** What failed is tried again at its moment, also where nobody writes anything then. */
  #schedule(): void {
    const { clock } = this.#kernel;
    const { presses, ends } = this.#options;
    this.#cancel?.();
    const at = nextTryAt([...presses.all, ...ends.all], clock.now());
    this.#cancel = at === null ? null : clock.wakeAt(at, () => void this.#goOn().then(() => this.#schedule()));
  }

  /**
   * What ended behind the presses, which know of it all the same, and so the cards, because each goes to the incident
   * that has its press.
   */
  #list(): readonly Ahead[] {
    const { presses, ends, teams } = this.#options;
    const now = this.#kernel.clock.now();
    const due = [...presses.listDue(now), ...ends.listDue(now)].slice(0, maxAtOnce);
    const cards = now < this.#cardsAt ? [] : teams.listUnstored();
    const ready = cards.filter(({ incident }) => {
      const kept = presses.keptBehind(incident);
      return kept === null || due.includes(kept);
    });
    return [...due.map((kept) => this.#toWork(kept)), ...ready.map((card) => this.#toCardWork(card))];
  }

  #toWork(kept: KeptPress | KeptEnd): Ahead {
    return "press" in kept ? this.#toPressWork(kept) : this.#toEndWork(kept);
  }

  #toPressWork(kept: KeptPress): Ahead {
    const { presses, lastSeen } = this.#options;
    const { source, incident: id, place } = kept.press;
    return {
      work: async (tx) => {
        kept.writtenIn = null;
        const { receipt, commits } = await this.#takeIn(tx, kept);
        kept.writtenIn = receipt.incident;
        const noteRecorded = () => {
          presses.noteRecorded(kept, receipt.incident);
          if (kept.alarm.colleague === null) lastSeen.note(source, kept.alarm, kept.receivedAt);
        };
        return { commits, onDone: () => this.#noteDone(source, kept, receipt, noteRecorded) };
      },
      onFailed: (error) => {
        kept.writtenIn = null;
        this.#noteFailed(kept, { source, incident: id, place, err: error });
      },
    };
  }

  #toEndWork(kept: KeptEnd): Ahead {
    const { alarms, ends } = this.#options;
    const { source, alarm, receivedAt } = kept;
    return {
      work: async (tx) => {
        const { receipt, commits } = await alarms.takeIn(tx, source, alarm, receivedAt);
        return { commits, onDone: () => this.#noteDone(source, kept, receipt, () => ends.noteRecorded(kept)) };
      },
      onFailed: (error) => this.#noteFailed(kept, { source, button: alarm.button, kind: alarm.kind, err: error }),
    };
  }

  #noteDone(source: string, { alarm }: WaitingAlarm, receipt: AlarmReceipt, noteRecorded: () => void) {
    noteRecorded();
    this.#kernel.log.info({ source, kind: alarm.kind, ...receipt }, "alarm-taken");
    void this.#goOn();
  }

  #noteFailed(waiting: WaitingAlarm, facts: Record<string, unknown>): void {
    const { clock, log } = this.#kernel;
    // Once, because the log may be on the disk that has no room.
    if (isUntried(waiting)) log.error(facts, "press-not-written");
    noteFailed(waiting, clock.now());
    this.#schedule();
  }

  async #takeIn(tx: Transaction, { press, alarm, receivedAt }: KeptPress) {
    const { source, incident } = press;
    // On disk after all, and only whoever waited for it did not learn of it.
    const isThere = (await tx.loadIncident(incident)) !== null;
    if (isThere) return { receipt: { incident, outcome: "duplicate" } as const, commits: [] };
    return this.#options.alarms.takeKeptIn(tx, source, alarm, receivedAt);
  }

  /**
   * The incident goes on on its card from memory, which shows it from now on. Where another card is its newest, the one
   * from memory leads there.
   */
  #toCardWork(card: UnstoredCard): Ahead {
    const { clock, log } = this.#kernel;
    const { presses, teams } = this.#options;
    return {
      work: async (tx) => {
        const commits = await this.#adopt(tx, card);
        return {
          commits,
          onDone: () => (presses.keptBehind(card.incident) === null ? teams.forgetUnstored(card) : undefined),
        };
      },
      onFailed: (error) => {
        this.#cardsAt = clock.now() + cardAgainMs;
        log.error({ incident: card.incident, err: error }, "press-not-written");
      },
    };
  }

  /** Resolves with no commit where no incident has its press: it changed none. */
  async #adopt(tx: Transaction, { incident: bears, rung, isTagRung, ...message }: UnstoredCard): Promise<Commit[]> {
    const { handler, presses } = this.#options;
    const id = presses.incidentOf(bears);
    const incident = id === null ? null : await tx.loadIncident(id);
    if (incident === null) return [];
    const commits: Commit[] = [];
    const newest = await tx.loadCard(incident.id);
    const place = { incident: incident.id, ...message };
    if (newest === null) {
      const ring = newestRing(incident)?.number ?? 0;
      // What it shows is none of that incident yet.
      const shown = { shown: "", shownAt: message.postedAt, repliedTo: 0 };
      await tx.saveCard({ ...place, ring, rung, isTagRung, ...shown });
      commits.push((await handler.handleIn(tx, incident.id, { kind: "card-posted", ring, rung })).commit);
    } else if (newest.activity !== message.activity) {
      await tx.saveMessage({ ...place, kind: "card", at: message.postedAt });
    }
    const now = this.#kernel.clock.now();
    return [...commits, await handler.enqueue(tx, [toBoardRow(incident.id, now)])];
  }
}
