import { newestRing } from "../../../domain/incident/colleagues/ring.ts";
import { withTimeout } from "../../../kit/with-timeout.ts";
import type { Transaction } from "../../../ports/store/store.ts";
import type { AlarmReceipt } from "../../../ports/take-alarms.ts";
import type { TeamsSender, UnstoredCard } from "../../../ports/teams-sender.ts";
import type { Alarms } from "../alarms.ts";
import { type Ahead, type Commit, type Handler, writeWithinMs } from "../handle.ts";
import type { Kernel } from "../kernel.ts";
import { toBoardRow } from "../outbox/board-row.ts";
import type { KeptPress, UnrecordedPresses } from "./unrecorded-presses.ts";

/** A card that could not be brought to its alarm waits for so long. */
const cardAgainMs = 10_000;

export interface UnrecordedWriterOptions {
  readonly handler: Handler;
  readonly alarms: Pick<Alarms, "takeKeptIn">;
  readonly presses: UnrecordedPresses;
  readonly teams: Pick<TeamsSender, "listUnstored" | "forgetUnstored">;
}

/**
 * Writes presses that went out from memory as soon as the disk takes writes: each transaction begins with them. Each is
 * written as of the moment at which it was received, in the incident that its card bears, so that whoever sends it
 * again has sent a duplicate; and the card goes on as that incident's. Where a write was refused the storage tries one
 * every few seconds, so that nothing here has to. Disposing tries once more.
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
    await withTimeout(this.#kernel.clock, writeWithinMs, this.#goOn());
    this.#options.presses.giveUp();
    this.#schedule();
  }

  /** Writes all that is due, some at a time, until the disk refuses one. Never rejects. */
  #goOn(): Promise<void> {
    const { log } = this.#kernel;
    this.#writing ??= this.#writeDue()
      .catch((err: unknown) => log.error({ err }, "look-failed"))
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
    this.#cancel?.();
    const at = this.#options.presses.nextTryAt(clock.now());
    this.#cancel = at === null ? null : clock.wakeAt(at, () => void this.#goOn().then(() => this.#schedule()));
  }

  /** The cards behind the presses, because each goes to the incident that has its press. */
  #list(): readonly Ahead[] {
    const { presses, teams } = this.#options;
    const now = this.#kernel.clock.now();
    const due = presses.listDue(now);
    const cards = now < this.#cardsAt ? [] : teams.listUnstored();
    const ready = cards.filter(({ incident }) => {
      const kept = presses.keptBehind(incident);
      return kept === null || due.includes(kept);
    });
    return [...due.map((kept) => this.#toPressWork(kept)), ...ready.map((card) => this.#toCardWork(card))];
  }

  #toPressWork(kept: KeptPress): Ahead {
    const { clock, log } = this.#kernel;
    const { presses } = this.#options;
    const { alarm, press } = kept;
    const { source, incident: id, place } = press;
    const noteDone = ({ incident, outcome }: AlarmReceipt) => {
      presses.noteRecorded(kept, incident);
      log.info({ source, kind: alarm.kind, incident, outcome }, "alarm-taken");
      void this.#goOn();
    };
    return {
      work: async (tx) => {
        kept.writtenIn = null;
        const { receipt, commits } = await this.#takeIn(tx, kept);
        kept.writtenIn = receipt.incident;
        return { commits, onDone: () => noteDone(receipt) };
      },
      onFailed: (error) => {
        kept.writtenIn = null;
        // Once, because the log may be on the disk that has no room.
        if (kept.triesAt === kept.receivedAt)
          log.error({ source, incident: id, place, err: error }, "press-not-written");
        presses.noteFailed(kept, clock.now());
        this.#schedule();
      },
    };
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
