import type { Page, ReadyPager, SendFeedback } from "../contracts.ts";
import type { Press } from "../domain/incident/command.ts";
import type { Directory } from "../ports/directory.ts";
import type { Figures, Status, Trouble } from "../ports/status.ts";
import { type CommonLane, isPagerLane, type LaneName, type OutboxRow } from "../ports/store/outbox.ts";
import type { TakeAlarms } from "../ports/take-alarms.ts";
import type { TeamsRequests } from "../ports/teams-requests.ts";
import type { TeamsSender } from "../ports/teams-sender.ts";
import { maxSendMs } from "../ports/timing.ts";
import { createMovedSender } from "./channel/moved-sender.ts";
import { AnswerBuffer } from "./incident/answer-buffer.ts";
import { createCardSenders } from "./incident/card-senders.ts";
import { answerClick } from "./incident/click.ts";
import { createColleagueSenders } from "./incident/colleague-senders.ts";
import { type ComposePageWords, createPageComposer } from "./incident/compose-page.ts";
import { toRows } from "./incident/effect-rows.ts";
import { createFeedbackSender } from "./incident/feedback-sender.ts";
import { Guards } from "./incident/guards.ts";
import { createPageSenders } from "./incident/page-senders.ts";
import { createPersonalAlarms } from "./incident/personal-alarms.ts";
import { UnstoredAlarms } from "./incident/unstored-alarms.ts";
import { Alarms } from "./kernel/alarms.ts";
import { forgetOld } from "./kernel/forget.ts";
import { Handler } from "./kernel/handle.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { LastSeenBuffer } from "./kernel/last-seen-buffer.ts";
import { Outbox } from "./kernel/outbox/outbox.ts";
import type { Senders } from "./kernel/outbox/sender.ts";
import { SourceNotes } from "./kernel/source-notes.ts";
import { startTimekeeper } from "./kernel/timekeeper.ts";
import { Overview } from "./readiness/overview.ts";
import type { PagerHealth } from "./readiness/pager-health.ts";
import { TroubleFinder } from "./readiness/trouble-finder.ts";
import { createTroubleSender } from "./readiness/trouble-sender.ts";
import { loadPagerRecords, saveKnownPagers } from "./route-test/pager-records.ts";
import { RouteTests } from "./route-test/route-tests.ts";
import { createTestSenders } from "./route-test/test-senders.ts";
import { createVisitSenders } from "./visit/visit-senders.ts";
import { Visits } from "./visit/visits.ts";

export interface EngineOptions {
  readonly directory: Directory;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  readonly pagerHealth: Pick<PagerHealth, "lostOf">;
  /** By source, for those whose devices have a down-link. */
  readonly feedback: Readonly<Record<string, SendFeedback>>;
  /** The source whose alarms are typed in Teams; null: there is none. */
  readonly teamsSource: string | null;
  /** An IANA name; by it the day of the line about troubles is counted. */
  readonly timezone: string;
  readonly teams: TeamsSender;
  readonly composePageWords: ComposePageWords;
  readonly toUnstoredWords: (press: Press, at: number) => Page["words"];
  readonly testWords: Page["words"];
  readonly toAcceptUrl: (pageKey: string) => string;
  readonly channels: () => Promise<Status["channels"]>;
  /** How many pages to one pager are under way at once; only tests set it. */
  readonly maxPagesAtOnce?: number;
}

export interface Engine extends TeamsRequests, AsyncDisposable {
  readonly takeAlarms: TakeAlarms;
  /** What sources that hold a connection noted; `figures` counts it. */
  readonly sourceNotes: SourceNotes;
  /** Records what humans behind a page or a call answer. */
  readonly guards: Guards;
  /**
   * When a human last answered through each pager, in epoch milliseconds; null: none ever did. Rejects when the storage
   * is down.
   */
  proven(): Promise<Readonly<Record<string, number | null>>>;
  /** All that is wrong with buttons, sources and routes now. Rejects when the storage is down. */
  troubles(): Promise<readonly Trouble[]>;
  /** What `/metrics` shows. Rejects when the storage is down. */
  figures(): Promise<Figures>;
  /**
   * Enqueues the day's line to each channel that has troubles, for the calendar; resolves with the number of channels.
   */
  reportTroubles(): Promise<number>;
  /**
   * Forgets identities that no duplicate can have any more, and buttons that have long been silent, for the calendar;
   * resolves with the number of records.
   */
  forget(): Promise<number>;
}

/**
 * How many cards, messages and calls are under way at once. Lanes do not wait for each other. Teams takes some 50 calls
 * a second of one app; more at once would only keep the event loop from incoming presses.
 */
const maxAtOnce: Readonly<Record<CommonLane, number>> = {
  alarm: 8,
  message: 4,
  board: 4,
  feedback: 4,
  call: 16,
};
/**
 * How many pages to one pager are under way at once: a thousand that are due in one second all start within half a
 * second, however slow the provider answers.
 */
const defaultMaxPagesAtOnce = 1_024;
const timeoutMs = 5_000;

/** Starts the handler, the timekeeper, the outbox, and what each subject adds. Rejects when the storage is down. */
export async function startEngine(kernel: Kernel, options: EngineOptions): Promise<Engine> {
  const { store, clock } = kernel;
  const { directory, pagers, pagerHealth, feedback, teams, teamsSource, timezone, toAcceptUrl, composePageWords } =
    options;
  await store.write(async (tx) => {
    for (const { hash, policy } of directory.policies) await tx.savePolicy(hash, policy);
    await saveKnownPagers(tx, Object.keys(pagers), clock.now());
  });
  await using starting = new AsyncDisposableStack();
  const handler = new Handler(kernel, directory, toRows);
  const composePage = createPageComposer(composePageWords, toAcceptUrl);
  const unstored = new UnstoredAlarms(kernel, {
    directory,
    pagers,
    post: (press, at, signal) => teams.postUnstored(press, at, signal),
    toWords: options.toUnstoredWords,
    composePage,
  });
  const lastSeen = starting.use(new LastSeenBuffer(kernel));
  const troubleFinder = new TroubleFinder({
    clock,
    handler,
    directory,
    lastSeen,
    loadPagerRecords: () => store.read((reader) => loadPagerRecords(reader, Object.keys(pagers))),
    pagerHealth,
    timezone,
  });
  const routeTests = starting.use(new RouteTests(kernel, handler, Object.keys(pagers)));
  const senders = {
    ...createCardSenders(kernel, handler, teams),
    ...createColleagueSenders(kernel, { handler, teams, pagers, composePageWords, phoneOf: directory.phoneOf }),
    ...createPageSenders(kernel, { handler, pagers, composePage }),
    ...createFeedbackSender(kernel, handler, feedback),
    ...createVisitSenders(kernel, teams),
    ...createTroubleSender(troubleFinder, teams),
    ...createMovedSender(teams),
    ...createTestSenders(kernel, { tests: routeTests, teams, pagers, toAcceptUrl, words: options.testWords }),
  } satisfies Senders;
  const alarms = new Alarms(kernel.log, {
    handler,
    directory,
    lastSeen,
    onUnstored: (press, key, receivedAt) => unstored.raise(press, key, receivedAt),
  });

  function maxAtOnceOf(lane: LaneName): number {
    return isPagerLane(lane) ? (options.maxPagesAtOnce ?? defaultMaxPagesAtOnce) : maxAtOnce[lane];
  }

  /** How long one sending may take, in milliseconds: a pager has its own time, Teams and devices have `timeoutMs`. */
  function timeoutOf({ outgoing }: OutboxRow): number {
    const pagerTimeoutMs = "pager" in outgoing ? pagers[outgoing.pager]?.timeoutMs : undefined;
    return Math.min(maxSendMs, pagerTimeoutMs ?? timeoutMs);
  }

  const outbox = starting.use(new Outbox(kernel, { handler, senders, maxAtOnceOf, timeoutOf }));
  starting.use(startTimekeeper(kernel, handler, (incident) => unstored.escalate(incident)));
  // A visit that is under way becomes a press even without a source of type `teams`, so it gets the first source there
  // is.
  const visitSource = teamsSource ?? directory.expected.sources[0]?.name ?? "";
  const visits = starting.use(
    new Visits(kernel, { handler, alarms, mayBeAnnounced: teamsSource !== null, source: visitSource }),
  );
  const answers = starting.use(new AnswerBuffer(kernel, handler));
  const loadChannels = options.channels;
  const sourceNotes = new SourceNotes();
  const overview = new Overview(kernel, {
    troubleFinder,
    directory,
    pagers: Object.keys(pagers),
    loadChannels,
    sourceNotes,
  });
  const running = starting.move();

  return {
    takeAlarms: alarms.take,
    sourceNotes,
    personal: { alarms: createPersonalAlarms(kernel, { handler, alarms, source: teamsSource }), visits },
    routeTests,
    answerClick: (click) => answerClick(click, kernel, answers, directory),
    guards: new Guards({ store, clock, handler, answers, personOf: directory.personOf, tests: routeTests }),
    proven: () => troubleFinder.loadProven(),
    status: (channel) => overview.loadStatus(channel),
    async onChannelLinked() {
      for (const lane of ["alarm", "message", "board"] as const) await outbox.bringForward(lane);
    },
    troubles: () => troubleFinder.loadTroubles(),
    figures: () => overview.loadFigures(),
    reportTroubles: () => troubleFinder.reportTroubles(),
    forget: () => forgetOld(kernel, directory, lastSeen),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
