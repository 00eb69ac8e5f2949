import type { ReadyPager, Report } from "../../contracts.ts";
import { formatKey } from "../../domain/message-key.ts";
import {
  findOver,
  formatTold,
  hasNews,
  isReportDue,
  type NamedTrouble,
  noteTold,
  parseTold,
  type Told,
} from "../../domain/trouble/told.ts";
import { done } from "../../ports/send-outcome.ts";
import type { Trouble } from "../../ports/status.ts";
import { toPagerLane } from "../../ports/store/outbox.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { atMost, type Senders } from "../kernel/outbox/sender.ts";
import { Poller } from "../kernel/poller.ts";
import type { TroubleFinder } from "./trouble-finder.ts";

const lookEveryMs = 60_000;
const maxAttempts = 8;
/** Without the outbox a report that failed is sent again after this long. */
const againAfterMs = 10 * 60_000;

/** Without these no alarm gets through as it should. */
const urgentKinds: ReadonlySet<Trouble["kind"]> = new Set(["teams-lost", "storage-aside", "storage-refuses"]);

/** A pager that guards never see, by which troubles are told where Teams is not needed. */
export interface TroubleRoute {
  readonly pager: string;
  readonly timeoutMs: number;
  readonly tell: NonNullable<ReadyPager["tell"]>;
}

export interface TroubleTellerOptions {
  readonly handler: Handler;
  readonly troubleFinder: Pick<TroubleFinder, "loadTroubles">;
  /** null: the configuration names none. */
  readonly route: TroubleRoute | null;
  /** Makes the report: what is wrong, and the labels of what is over. */
  readonly toReport: (troubles: readonly Trouble[], over: readonly string[], now: number) => Report["words"];
  readonly toLabel: (trouble: Trouble) => string;
  /** The date of that moment, as ISO 8601 writes it. */
  readonly toDay: (at: number) => string;
}

/**
 * Tells whoever keeps the bot running what is wrong, without Teams: at once that alarms can't be posted or recorded,
 * the rest once a day, and that it is over. Where the outbox can't be used it sends by itself.
 */
export class TroubleTeller implements AsyncDisposable {
  readonly #kernel: Kernel;
  readonly #options: TroubleTellerOptions;
  readonly #startedAt: number;
  readonly #poller: Poller | null;
  /** What was told by itself. */
  #told: Told | null = null;
  #quietUntil = Number.NEGATIVE_INFINITY;

  constructor(kernel: Kernel, options: TroubleTellerOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#startedAt = kernel.clock.now();
    this.#poller = options.route === null ? null : new Poller(kernel, () => this.#look(), lookEveryMs);
  }

  /** Looks at once, because something has changed. */
  expect(): void {
    this.#poller?.expect(this.#kernel.clock.now());
  }

  /**
   * Enqueues the day's report, unless there is nothing to tell or it was told today. Rejects when the storage is down.
   */
  async reportDay(): Promise<void> {
    const { route, troubleFinder, toDay } = this.#options;
    if (route === null) return;
    const told = await this.#loadTold(route);
    const day = toDay(this.#kernel.clock.now());
    if (told?.day !== day && (await troubleFinder.loadTroubles()).length > 0) await this.#enqueue(route);
  }

  /** Makes the sender of a report. */
  createSender(): Pick<Senders, "trouble-report"> {
    return {
      "trouble-report": {
        send: async ({ id, key, outgoing: { pager } }, signal) => {
          const { route, troubleFinder } = this.#options;
          // The pager of before has nobody to tell any more.
          if (route?.pager !== pager) return done;
          const told = await this.#loadTold(route);
          const troubles = await troubleFinder.loadTroubles();
          const next = await this.#send(route, `${key}:${id}`, told, troubles, signal);
          if (next === null) return done;
          return { kind: "done", record: (tx) => tx.saveSetting("troubles-told", pager, formatTold(next)) };
        },
        retry: atMost(maxAttempts),
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#poller?.[Symbol.asyncDispose]();
  }

  async #look(): Promise<null> {
    const { route, troubleFinder } = this.#options;
    const { clock, log } = this.#kernel;
    const now = clock.now();
    if (route === null || now < this.#quietUntil) return null;
    const troubles = await troubleFinder.loadTroubles();
    const told = await this.#loadTold(route);
    if (!isReportDue(told, this.#toNamed(troubles), now, this.#startedAt)) return null;
    try {
      await this.#enqueue(route);
    } catch (error) {
      log.error({ err: error }, "troubles-not-reported");
      await this.#sendAlone(route, told, troubles);
    }
    return null;
  }

  async #enqueue({ pager }: TroubleRoute): Promise<void> {
    const { handler, toDay } = this.#options;
    const now = this.#kernel.clock.now();
    const day = toDay(now);
    const key = formatKey({ kind: "trouble-report", pager, day });
    const outgoing = { kind: "trouble-report", pager, day } as const;
    const row = { key, lane: toPagerLane(pager), incident: "", outgoing, dueAt: now };
    await handler.write(async (tx) => ({ value: null, commits: [await handler.enqueue(tx, [row])] }));
    // One that fails has tries of its own.
    this.#quietUntil = now + lookEveryMs;
  }

  /** Sends without the outbox, because the storage that holds it takes nothing. */
  async #sendAlone(route: TroubleRoute, told: Told | null, troubles: readonly Trouble[]): Promise<void> {
    const { clock, log } = this.#kernel;
    const now = clock.now();
    using timeout = clock.timeout(route.timeoutMs);
    this.#quietUntil = now + againAfterMs;
    try {
      const key = `${formatKey({ kind: "trouble-report", pager: route.pager, day: this.#options.toDay(now) })}:${now}`;
      this.#told = await this.#send(route, key, told, troubles, timeout.signal);
    } catch (error) {
      log.error({ pager: route.pager, err: error }, "troubles-not-reported");
    }
  }

  /** Sends a report; resolves with what has been told then, or null when there was nothing to tell. */
  async #send(
    route: TroubleRoute,
    key: string,
    told: Told | null,
    troubles: readonly Trouble[],
    signal: AbortSignal,
  ): Promise<Told | null> {
    const { toReport, toDay } = this.#options;
    const now = this.#kernel.clock.now();
    const named = this.#toNamed(troubles);
    const over = findOver(told, named, now, this.#startedAt);
    // Two who asked for a report of the day get one.
    const isTold = told?.day === toDay(now) && !hasNews(told, named, now, this.#startedAt);
    if (isTold || (troubles.length === 0 && over.length === 0)) return null;
    const labels = over.map(({ label }) => label);
    await route.tell({ key, words: toReport(troubles, labels, now) }, signal);
    return noteTold(told, named, { day: toDay(now), now, startedAt: this.#startedAt });
  }

  /** Loads what was told last; what is not on disk counts as long as this process runs. Never rejects. */
  async #loadTold({ pager }: TroubleRoute): Promise<Told | null> {
    const load = this.#kernel.store.read((reader) => reader.loadSetting("troubles-told", pager));
    const stored = parseTold(await load.catch(() => null));
    return stored === null || (this.#told !== null && this.#told.at > stored.at) ? this.#told : stored;
  }

  #toNamed(troubles: readonly Trouble[]): readonly NamedTrouble[] {
    const { toLabel } = this.#options;
    return troubles.map((each) => ({
      id: toId(each),
      label: toLabel(each),
      isUrgent: urgentKinds.has(each.kind),
    }));
  }
}

/** What tells a trouble from another one of its kind: what has it, and not since when or how bad it is. */
function toId(trouble: Trouble): string {
  const { kind, ...facts } = trouble;
  const whose = Object.entries(facts).filter(([name]) => subjects.has(name));
  return JSON.stringify([kind, ...whose.flat()]);
}

const subjects: ReadonlySet<string> = new Set(["source", "button", "pager", "part", "channel", "person"]);
