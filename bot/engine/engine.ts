import type { Page, ReadyPager, SendFeedback } from "../contracts.ts";
import type { Press } from "../domain/incident/command.ts";
import type { PageSite } from "../domain/location.ts";
import type { Directory } from "../ports/directory.ts";
import type { CheckUp, Figures, Status, Trouble } from "../ports/status.ts";
import type { CallingKind } from "../ports/store/outbox.ts";
import type { TakeAlarms } from "../ports/take-alarms.ts";
import type { TeamsRequests } from "../ports/teams-requests.ts";
import type { TeamsSender } from "../ports/teams-sender.ts";
import { startBackfill } from "./backfill.ts";
import { followChannel } from "./channel/follow-channel.ts";
import { createMovedSender } from "./channel/moved-sender.ts";
import { AnswerBuffer } from "./incident/answer-buffer.ts";
import { createAnswerableAlarms } from "./incident/answerable-alarms.ts";
import { createCardSenders } from "./incident/card-senders.ts";
import { answerClick } from "./incident/click.ts";
import { createColleagueSenders } from "./incident/colleague-senders.ts";
import { type ComposePageWords, createComposing } from "./incident/compose-page.ts";
import { toRows } from "./incident/effect-rows.ts";
import { createFeedbackSender } from "./incident/feedback-sender.ts";
import { Guards } from "./incident/guards.ts";
import { createPageSenders } from "./incident/page-senders.ts";
import { createPersonalAlarms } from "./incident/personal-alarms.ts";
import { createUnstored, leaveToMemory, type Unstored, type UnstoredOptions } from "./incident/unstored/unstored.ts";
import { forgetOld } from "./kernel/forget.ts";
import { Handler } from "./kernel/handle.ts";
import { beginAnew } from "./kernel/incidents/begin-anew.ts";
import type { CalleeOf } from "./kernel/incidents/callee.ts";
import { loadCopied } from "./kernel/incidents/load-copied.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { LastSeenBuffer } from "./kernel/last-seen-buffer.ts";
import { followCalledBack } from "./kernel/open/follow-called-back.ts";
import { followOccupations } from "./kernel/open/follow-occupations.ts";
import { followOpen } from "./kernel/open/follow-open.ts";
import type { OpenIncidents } from "./kernel/open/open-incidents.ts";
import { toLimits } from "./kernel/outbox/limits.ts";
import { Outbox } from "./kernel/outbox/outbox.ts";
import { createUnreadableSender, type Senders } from "./kernel/outbox/sender.ts";
import type { SecretUses } from "./kernel/secret-uses.ts";
import { createTaking } from "./kernel/taking/create-taking.ts";
import { type SourceNotes, startSendings, Tally } from "./kernel/tally.ts";
import { askDue, startTimekeeper } from "./kernel/timekeeper.ts";
import { UnrecordedPresses } from "./kernel/unrecorded/unrecorded-presses.ts";
import { UnrecordedQueue } from "./kernel/unrecorded/unrecorded-queue.ts";
import type { KnownConfiguration } from "./known-configuration.ts";
import { createPresser } from "./presser/presser.ts";
import { Overview } from "./readiness/overview.ts";
import { type Readiness, type ReadinessOptions, startReadiness } from "./readiness/start-readiness.ts";
import { recordDirectory, recordStart } from "./record.ts";
import { type RingTestingOptions, startRingTesting } from "./ring-test/start-ring-testing.ts";
import { loadPagerRecords } from "./route-test/pager-records.ts";
import { toPagersOf } from "./route-test/pagers-of.ts";
import { RouteTests } from "./route-test/route-tests.ts";
import { createTestSenders } from "./route-test/test-senders.ts";
import { endVisitBy } from "./visit/end-visit-by.ts";
import { createVisitSenders } from "./visit/visit-senders.ts";
import { Visits, type VisitsOptions } from "./visit/visits.ts";

export interface EngineOptions extends ReadinessOptions, Omit<RingTestingOptions, "teams"> {
  /** Where the open incidents are kept in memory; empty at first. */
  readonly openIncidents: OpenIncidents;
  readonly calleeOf: CalleeOf;
  readonly pagers: Readonly<Record<string, ReadyPager>>;
  /** By source, for those whose devices have a down-link. */
  readonly feedback: Readonly<Record<string, SendFeedback>>;
  /** The source whose alarms are typed in Teams; null: there is none. */
  readonly teamsSource: string | null;
  readonly composePageWords: ComposePageWords;
  readonly toUnstoredWords: (press: Press, at: number, site: PageSite | null) => Page["words"];
  readonly testWords: Page["words"];
  readonly toAcceptUrl: (pageKey: string) => string;
  readonly channels: () => Promise<Status["channels"]>;
  readonly secretUses: SecretUses;
  /** Of the configuration with which it starts. */
  readonly known: KnownConfiguration;
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
  /** All that is wrong with buttons, sources, routes and the storage now. */
  troubles(): Promise<readonly Trouble[]>;
  /** What `/metrics` shows; when the storage is down, what is known without it. */
  figures(): Promise<Figures>;
  /** What the doctor asks. */
  checkUp(): Promise<CheckUp>;
  /**
   * Resolves when an alarm that comes in now would be recorded, and what is due can be read; rejects otherwise. Asks
   * what the timekeeper and the outbox ask.
   */
  probe(): Promise<void>;
  /** The channels in which alarms can't be posted now. */
  lostChannels(): readonly string[];
  /**
   * Enqueues the day's line to each channel that has troubles, for the calendar; resolves with the number of channels.
   */
  reportTroubles(): Promise<number>;
  /** Shows in each linked channel that the bot works, for the calendar; resolves with the number of channels. */
  showSigns(): Promise<number>;
  /**
   * Forgets identities that no duplicate can have any more, and buttons that have long been silent, for the calendar;
   * resolves with the number of records.
   */
  forget(): Promise<number>;
  /**
   * Writes what alarms need of a directory before they go by it: its policies (rule 6), and the routes of its people;
   * and of which configuration it is. Rejects when the storage is down.
   */
  recordDirectory(directory: Directory, known: KnownConfiguration): Promise<void>;
  /** Looks whether people can be messaged in Teams who were not looked at yet. */
  greetNewPeople(): void;
  /** Learns anew whether each person can be messaged in Teams, for the calendar; resolves with how many they are. */
  renewReach(): Promise<number>;
}

/** Starts the handler, the timekeeper, the outbox, and what each subject adds, also while the storage is down. */
export async function startEngine(kernel: Kernel, options: EngineOptions): Promise<Engine> {
  const { directory, openIncidents, pagers, feedback, teams, teamsSource, secretUses } = options;
  const { isOccupied, isInAnother, occupations } = openIncidents;
  await using starting = new AsyncDisposableStack();
  const copied = await loadCopied(kernel);
  const handler = new Handler(kernel, directory, toRows, { teams, inAlarms: openIncidents, copied }, endVisitBy);
  const open = starting.use(await followOpen(kernel, handler, openIncidents, directory));
  starting.use(await recordStart(kernel, handler, { ...options, copied }));
  const composing = createComposing(options);
  const queue = new UnrecordedQueue(kernel, handler);
  const presses = new UnrecordedPresses(queue, occupations, kernel.log, (kept) => taking.toPressWriting(kept));
  const unstoredParts = { handler, queue, presses, ...composing, senderOf: (kind: CallingKind) => senders[kind] };
  const { incidents: unrecorded, alarms: unstored, sendings } = openUnstored(kernel, unstoredParts, options);
  const lastSeen = starting.use(new LastSeenBuffer(kernel));
  const isAlarmOpen = () => openIncidents.hasOpen;
  const presserParts = { handler, teams, openIncidents, directory, presses };
  const { follower, followPress, ...presser } = createPresser(kernel, presserParts);
  const readiness = starting.use(
    startReadiness(kernel, options, {
      ...{ handler, lastSeen, isAlarmOpen, onStorageGone: () => unstored.raiseAll() },
      loadPagerRecords: (reader) => loadPagerRecords(reader, Object.keys(pagers)),
      loadProvenRoutes: (reader) => reader.listProvenRoutes(),
      onReady: (person) => void presser.enqueueCard(person),
    }),
  );
  const { troubleFinder, reach, teamsWatch } = readiness;
  const routeTests = starting.use(new RouteTests(kernel, handler, toPagersOf(pagers, directory)));
  const ringTesting = starting.use(startRingTesting(kernel, options, { handler, isAlarmOpen, isOccupied }));
  const tests = { tests: routeTests, ringTests: ringTesting.tests };
  const senders = {
    ...createCardSenders(kernel, handler, teams, unrecorded),
    ...createColleagueSenders(kernel, { handler, teams, pagers, ...composing, directory, isOccupied, unrecorded }),
    ...createPageSenders(kernel, { handler, pagers, ...composing, unrecorded, unstored: sendings }),
    ...createFeedbackSender(kernel, handler, feedback),
    ...createVisitSenders(kernel, { handler, teams, follower, isInAnother }),
    ...presser.senders,
    ...readiness.senders,
    ...createMovedSender(teams),
    ...ringTesting.senders,
    ...createUnreadableSender(kernel.log),
    ...createTestSenders(kernel, { ...options, tests: routeTests }),
  } satisfies Senders;
  const taking = createTaking(kernel, { handler, directory, lastSeen, queue, presses, unstored, teams });
  const { sendWaiting: onUnleased, noteTried: onUnsettled, escalate: onUnstored } = sendings;
  const counts = startSendings(Object.keys(pagers));
  const outboxParts = { handler, senders: leaveToMemory(senders, sendings), sendings: counts, onUnleased, onUnsettled };
  const outbox = starting.use(new Outbox(kernel, { ...outboxParts, ...toLimits(options) }));
  starting.use(startTimekeeper(kernel, { ...options, handler, unrecorded, onUnstored }));
  starting.use(followOccupations(kernel, { handler, openIncidents, onUnstored }));
  starting.use(followCalledBack(kernel, { handler, openIncidents, directory, calleeOf: options.calleeOf }));
  starting.use(beginAnew(kernel, handler, openIncidents, directory, copied, open));
  starting.use(queue);
  starting.use(startBackfill(kernel));
  const visits = starting.use(createVisits(kernel, { handler, follower, presses, occupations, ...taking }, options));
  const answers = new AnswerBuffer(kernel, handler, queue, openIncidents, sendings);
  const sourceNotes: SourceNotes = new Tally();
  const overview = new Overview(kernel, {
    ...{ troubleFinder, teamsWatch, reach, openIncidents, directory, sourceNotes, sendings: counts, secretUses },
    loadChannels: options.channels,
    unrecorded: () => presses.list(kernel.clock.now()),
    pagers: Object.keys(pagers),
  });
  const running = starting.move();

  return {
    takeAlarms: taking.alarms.take,
    ...{ sourceNotes, routeTests, ringTests: tests.ringTests },
    personal: {
      alarms: createPersonalAlarms(kernel, { handler, answers, presses, directory, source: teamsSource, ...taking }),
      visits,
      followPress,
    },
    answerClick: (click) => answerClick(click, kernel, answers, directory),
    answerable: createAnswerableAlarms(kernel, openIncidents, directory),
    guards: new Guards({ ...kernel, ...{ handler, answers, directory, unrecorded, sendings }, ...composing, ...tests }),
    async onChannelLinked(channel) {
      reach.resume();
      teamsWatch.resume();
      for (const lane of ["alarm", "message", "board"] as const) await outbox.bringForward(lane);
      await followChannel(kernel, handler, openIncidents, channel);
    },
    forget: () => forgetOld(kernel, directory, lastSeen),
    recordDirectory: (next, known) => recordDirectory(kernel, handler, { ...options, directory: next, known }),
    probe: () => probe(kernel),
    ...toViews(readiness, overview),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** What shows how it is, and has it looked at. */
function toViews({ troubleFinder, reach, teamsWatch, ...readiness }: Readiness, overview: Overview) {
  return {
    proven: () => troubleFinder.loadProven(),
    status: (channel) => overview.loadStatus(channel),
    troubles: () => troubleFinder.loadTroubles(),
    figures: () => overview.loadFigures(),
    checkUp: () => overview.loadCheckUp(),
    lostChannels: () => teamsWatch.troubles.map(({ channel }) => channel),
    reportTroubles: () => readiness.reportTroubles(),
    showSigns: () => readiness.showSigns(),
    renewReach: () => reach.renew(),
    greetNewPeople: () => reach.resume(),
  } satisfies Partial<Engine>;
}

async function probe(kernel: Kernel): Promise<void> {
  await kernel.store.probe();
  await askDue(kernel);
  await kernel.store.read((reader) => reader.nextOutboxAt());
}

/** A visit that is under way becomes a press even without a source of type `teams`: then of the first there is. */
function createVisits(
  kernel: Kernel,
  {
    presses,
    ...parts
  }: Pick<VisitsOptions, "handler" | "follower" | "alarms" | "occupations"> & { presses: UnrecordedPresses },
  { directory, teamsSource }: EngineOptions,
): Visits {
  const sentUnrecorded = () => presses.listOut(kernel.clock.now());
  const source = teamsSource ?? directory.expected.sources[0]?.name ?? "";
  return new Visits(kernel, { ...parts, sentUnrecorded, mayBeAnnounced: teamsSource !== null, source });
}

function openUnstored(
  kernel: Kernel,
  parts: Pick<UnstoredOptions, "handler" | "queue" | "presses" | "siteFor" | "composePage" | "senderOf">,
  options: EngineOptions,
): Unstored {
  const { directory, openIncidents, pagers, teams, toUnstoredWords: toWords } = options;
  const post: TeamsSender["postUnstored"] = (...each) => teams.postUnstored(...each);
  return createUnstored(kernel, { ...parts, ...toLimits(options), directory, openIncidents, pagers, post, toWords });
}
