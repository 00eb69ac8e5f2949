import type { Alarm } from "../../../domain/alarm.ts";
import { newestRing } from "../../../domain/incident/colleagues/ring.ts";
import type { Transaction } from "../../../ports/store/store.ts";
import type { AlarmReceipt } from "../../../ports/take-alarms.ts";
import type { TeamsSender, UnstoredCard } from "../../../ports/teams-sender.ts";
import type { Alarms } from "../alarms.ts";
import type { Ahead, Commit, Handler } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import type { LastSeenBuffer } from "../last-seen-buffer.ts";
import { toBoardRow } from "../outbox/board-row.ts";
import type { KeptEnd, UnrecordedEnds } from "./unrecorded-ends.ts";
import type { KeptPress, UnrecordedPresses } from "./unrecorded-presses.ts";
import type { UnrecordedQueue } from "./unrecorded-queue.ts";
import type { Waiting, Writing } from "./waiting.ts";

/** A card that could not be brought to its alarm waits for so long. */
const cardAgainMs = 10_000;

export interface UnrecordedWriterOptions {
  readonly handler: Handler;
  readonly alarms: Pick<Alarms, "takeIn" | "takeKeptIn">;
  readonly queue: UnrecordedQueue;
  readonly presses: UnrecordedPresses;
  readonly ends: UnrecordedEnds;
  readonly lastSeen: Pick<LastSeenBuffer, "note">;
  readonly teams: Pick<TeamsSender, "listUnstored" | "forgetUnstored">;
}

/**
 * Writes presses that went out from memory, and what ended since, from the queue: each as of the moment at which it was
 * received, a press in the incident that its card bears, so that whoever sends it again has sent a duplicate; and the
 * card goes on as that incident's.
 */
export class UnrecordedWriter {
  readonly #kernel: Kernel;
  readonly #options: UnrecordedWriterOptions;
  /** From when a card may be tried again that was tried, by what Teams calls it. */
  readonly #cardAgainAt = new WeakMap<UnstoredCard, number>();

  constructor(kernel: Kernel, options: UnrecordedWriterOptions) {
    this.#kernel = kernel;
    this.#options = options;
    options.queue.writeWith((due) => this.#listCards(due));
  }

  readonly toPressWriting: Writing<KeptPress> = (kept) => {
    const { presses, lastSeen } = this.#options;
    const { source, incident: id, place } = kept.press;
    return {
      work: async (tx) => {
        kept.writtenIn = null;
        const { receipt, commits } = await this.#takeIn(tx, kept);
        kept.writtenIn = receipt.incident;
        const onDone = () => {
          presses.noteRecorded(kept, receipt.incident);
          if (kept.alarm.colleague === null) lastSeen.note(source, kept.alarm, kept.receivedAt);
          this.#noteTaken(source, kept.alarm, receipt);
        };
        return { commits, onDone };
      },
      onFault: (err) => this.#kernel.log.error({ source, incident: id, place, err }, "press-not-written"),
    };
  };

  readonly toEndWriting: Writing<KeptEnd> = ({ source, alarm, receivedAt }) => ({
    work: async (tx) => {
      const { receipt, commits } = await this.#options.alarms.takeIn(tx, source, alarm, receivedAt);
      return { commits, onDone: () => this.#noteTaken(source, alarm, receipt) };
    },
    onFault: (err) => {
      const { button, kind } = alarm;
      this.#kernel.log.error({ source, button, kind, err }, "press-not-written");
    },
  });

  #noteTaken(source: string, { kind }: Alarm, receipt: AlarmReceipt): void {
    this.#kernel.log.info({ source, kind, ...receipt }, "alarm-taken");
  }

  /** Those whose press is on disk, or goes there with what is due. */
  #listCards(due: readonly Waiting[]): readonly Ahead[] {
    const { presses, teams } = this.#options;
    const now = this.#kernel.clock.now();
    const ready = teams.listUnstored().filter((card) => {
      const kept = presses.keptBehind(card.incident);
      return now >= (this.#cardAgainAt.get(card) ?? now) && (kept === null || due.includes(kept));
    });
    return ready.map((card) => this.#toCardWork(card));
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
        this.#cardAgainAt.set(card, clock.now() + cardAgainMs);
        const commits = await this.#adopt(tx, card);
        const onDone = () => (presses.keptBehind(card.incident) === null ? teams.forgetUnstored(card) : undefined);
        return { commits, onDone };
      },
      onFailed: (err) => log.error({ incident: card.incident, err }, "press-not-written"),
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
