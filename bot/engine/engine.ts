import type { Page, ReadyPager, SendFeedback } from "../contracts.ts";
import type { Press } from "../domain/incident/command.ts";
import type { Log } from "../log.ts";
import type { TakeAlarms } from "../ports/alarms.ts";
import type { Answer, Click } from "../ports/click.ts";
import type { Directory } from "../ports/directory.ts";
import type { Lane, OutboxRow } from "../ports/outbox.ts";
import type { Personal } from "../ports/personal.ts";
import type { Figures, Status, Trouble } from "../ports/status.ts";
import type { Store } from "../ports/store.ts";
import type { Clock } from "../ports/time.ts";
import { maxSendMs } from "../ports/timing.ts";
import { startAnswers } from "./incident/answers.ts";
import { type Board, createDelivery } from "./incident/delivery.ts";
import { Guards } from "./incident/guards.ts";
import { createToPage, type ToPageWords } from "./incident/page.ts";
import { createPersonal } from "./incident/personal.ts";
import { createUnrecorded } from "./incident/unrecorded.ts";
import { createAlarms, duplicateMs } from "./kernel/alarms.ts";
import { createHandler } from "./kernel/handle.ts";
import { startOutbox } from "./kernel/outbox.ts";
import { startSigns } from "./kernel/signs.ts";
import { startTimekeeper } from "./kernel/timekeeper.ts";
import type { PagerWatch } from "./readiness/pager-watch.ts";
import { Supervision } from "./readiness/supervision.ts";
import { loadRoutes, rememberRoutes } from "./route-test/proof.ts";
import { type RouteTests, startRouteTests } from "./route-test/route-tests.ts";
import { startVisits } from "./visit/visits.ts";

export interface EngineOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly log: Log;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly pagerWatch: Pick<PagerWatch, "lostOf">;
  /** By source, for those whose devices can be told something. */
  readonly feedback: Readonly<Record<string, SendFeedback>>;
  /** The source whose alarms are typed in Teams; null: there is none. */
  readonly teamsSource: string | null;
  /** IANA name: the day's line about what is wrong goes by it. */
  readonly timezone: string;
  readonly board: Board;
  /** Posts a card that could not be recorded, without the store. */
  readonly postUnrecorded: (press: Press, at: number, signal: AbortSignal) => Promise<void>;
  readonly toPageWords: ToPageWords;
  readonly toUnrecordedWords: (press: Press, at: number) => Page["words"];
  readonly testWords: Page["words"];
  readonly toAcceptUrl: (pageKey: string) => string;
  readonly channels: () => Promise<Status["channels"]>;
  /** Only tests have fewer: how many pages to one pager are under way at once. */
  readonly pagesAtOnce?: number;
}

export interface Engine extends AsyncDisposable {
  takeAlarms: TakeAlarms;
  /** A click in Teams. null: there is no such incident; "kept": not on disk yet, and tried again. Rejects when too many are kept. */
  answerClick(click: Click): Promise<Answer | null | "kept">;
  /** What humans behind a page or a call answer. */
  readonly guards: Guards;
  /** What colleagues do for themselves in a chat with the bot. */
  readonly personal: Personal;
  /** Tests of the routes to external security. */
  readonly routeTests: Pick<RouteTests, "start" | "load" | "confirm">;
  /** When a human last answered through each pager; null: none ever did. Rejects when the storage is down. */
  proven(): Promise<Readonly<Record<string, number | null>>>;
  /** Of that channel; null: of all. */
  status(channel: string | null): Promise<Status>;
  /** All that is wrong with buttons, sources and routes now. Rejects when the storage is down. */
  troubles(): Promise<readonly Trouble[]>;
  /** What `/metrics` shows. Rejects when the storage is down. */
  figures(): Promise<Figures>;
  /** Calendar work: one line a day to each channel with troubles; answers to how many. */
  reportTroubles(): Promise<number>;
  /** A channel was linked: what waited for it goes out now (rule 16). */
  onChannelLinked(): Promise<void>;
  /** Calendar work: forgets identities older than a duplicate can be, and buttons nobody heard of for long; answers how many. */
  forget(): Promise<number>;
  /** How much is under way; 0 when everything that can be done at this moment is done. */
  pending(): number;
}

/**
 * How many cards, messages and calls are under way at once. Lanes do not wait for each other. Teams takes some 50 calls
 * a second of one app; more at once would only take the loop away from the presses that come in.
 */
const bounds: ReadonlyMap<Lane, number> = new Map([
  ["alarm", 8],
  ["message", 4],
  ["board", 4],
  ["feedback", 4],
  ["call", 16],
]);
/** Pages to one pager: a thousand that are due in one second all start within half a second, however slow it answers. */
const pagesAtOnceDefault = 1_024;
/** What is known of a button that is not in the configuration goes after this. */
const unknownKeptMs = 7 * 24 * 3_600_000;
const timeoutMs = 5_000;
const mostShown = 200;

/** The engine room: one handler, one timekeeper, one outbox, knit together. Rejects when the storage is down. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { store, clock, directory, log, pagers, board } = options;
  await store.write(async (tx) => {
    for (const { hash, policy } of directory.policies) await tx.savePolicy(hash, policy);
    await rememberRoutes(tx, Object.keys(pagers), clock.now());
  });
  const handler = createHandler({ store, clock, directory, log });
  const toPage = createToPage(options.toPageWords, options.toAcceptUrl);
  const unrecorded = createUnrecorded({
    store,
    clock,
    directory,
    log,
    pagers,
    post: options.postUnrecorded,
    toWords: options.toUnrecordedWords,
    toPage,
  });
  const { teamsSource, feedback } = options;
  // Without a source of its own a visit that is under way becomes a press all the same: there always is a source.
  const visitSource = teamsSource ?? directory.watched.sources[0]?.name ?? "";
  await using starting = new AsyncDisposableStack();
  const signs = starting.use(startSigns(store, clock, log));
  const { pagerWatch, timezone } = options;
  const supervision = new Supervision({
    clock,
    handler,
    directory,
    signs,
    loadRoutes: () => store.read((reader) => loadRoutes(reader, Object.keys(pagers))),
    pagerWatch,
    timezone,
  });
  const tests = starting.use(
    startRouteTests({ store, clock, handler, pagers, toAcceptUrl: options.toAcceptUrl, words: options.testWords, log }),
  );
  const delivery = createDelivery({
    store,
    clock,
    handler,
    board,
    pagers,
    toPage,
    toPageWords: options.toPageWords,
    phoneOf: directory.phoneOf,
    feedback,
    troublesOf: (channel) => supervision.loadTroublesOf(channel),
    tests,
  });
  function boundOf(lane: Lane): number {
    return bounds.get(lane) ?? options.pagesAtOnce ?? pagesAtOnceDefault;
  }

  /** A pager says itself how long it takes; Teams and devices have the usual time. */
  function timeoutOf({ outgoing }: OutboxRow): number {
    const ofPager = "pager" in outgoing ? pagers[outgoing.pager]?.timeoutMs : undefined;
    return Math.min(maxSendMs, ofPager ?? timeoutMs);
  }
  const alarms = createAlarms({ handler, directory, signs, log, onUnrecorded: unrecorded.raise });
  const outbox = starting.use(startOutbox({ store, clock, handler, delivery, log, boundOf, timeoutOf }));
  const timekeeper = starting.use(startTimekeeper({ store, clock, handler, log, onUnrecorded: unrecorded.escalate }));
  const visits = starting.use(
    startVisits({ store, clock, handler, alarms, log, isOpen: teamsSource !== null, source: visitSource }),
  );

  const answers = starting.use(startAnswers(handler, clock, log));

  const running = starting.move();
  return {
    takeAlarms: alarms.take,
    personal: createPersonal({ store, clock, handler, alarms, visits, source: teamsSource }),
    async answerClick({ incident, verb, by, outcome }) {
      if (verb !== "resolve") return answers.give({ incident, who: by.id, request: { kind: verb, by } });
      if (outcome === null) throw new RangeError("resolve needs an outcome");
      const request = { kind: "resolve", by, lead: directory.isLead(by), outcome } as const;
      return answers.give({ incident, who: by.id, request });
    },
    guards: new Guards({ store, clock, handler, answers, personOf: directory.personOf, tests }),
    routeTests: tests,
    proven: () => supervision.loadProven(),
    async status(channel) {
      const all = await store.read((reader) => reader.listOpen(mostShown));
      const open = channel === null ? all : all.filter((incident) => incident.channel === channel);
      const openCount = await store.read((reader) => reader.countOpen(channel));
      const troubles = channel === null ? await supervision.loadTroubles() : await supervision.loadTroublesOf(channel);
      const channels = await options.channels();
      return {
        open,
        openCount,
        channels,
        troubles,
        onDuty: directory.onDuty(clock.now()),
        pagers: Object.keys(pagers),
      };
    },
    async onChannelLinked() {
      for (const lane of ["alarm", "message", "board"] as const) await outbox.hasten(lane);
    },
    troubles: () => supervision.loadTroubles(),
    async figures() {
      const [openIncidents, outboxRows] = await store.read(async (reader) => {
        return [await reader.countOpen(null), await reader.countOutbox()] as const;
      });
      return { ...(await supervision.loadFigures()), openIncidents, outboxRows };
    },
    reportTroubles: () => supervision.reportTroubles(),
    async forget() {
      const { heard } = await supervision.loadFigures();
      const known = new Set(directory.watched.buttons.map(({ source, id }) => `${source} ${id.toLowerCase()}`));
      return store.write(async (tx) => {
        let forgotten = await tx.forgetAlarms(clock.now() - duplicateMs);
        for (const { source, at } of heard) {
          const isKept = (button: string) => button === "" || known.has(`${source} ${button.toLowerCase()}`);
          // Counted from when the source was heard last, so that one that fell silent is not forgotten as a whole.
          forgotten += await tx.forgetSigns(source, at - unknownKeptMs, isKept);
        }
        return forgotten;
      });
    },
    pending() {
      const watches = outbox.pending() + timekeeper.pending() + visits.pending() + signs.pending() + tests.pending();
      return handler.pending() + watches + unrecorded.pending() + answers.pending();
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
