import { randomBytes } from "node:crypto";
import { z } from "zod";
import {
  isForbidden,
  listeners as listenerKinds,
  openPager,
  pagers as pagerKinds,
  parentOf,
  sources as sourceKinds,
  toFeedback,
  toReadyListener,
  toReadySource,
} from "../adapters/index.ts";
import { type Configuration, teamsType } from "./config/configuration.ts";
import { createDirectory } from "./config/directory.ts";
import { toNames } from "./config/names.ts";
import type { ReadyListener, ReadyPager, ReadySource, SendFeedback } from "./contracts.ts";
import type { Alarm } from "./domain/alarm.ts";
import type { RecordedLine } from "./domain/incident/history.ts";
import { countResponding } from "./domain/incident/presence.ts";
import type { Names } from "./domain/names.ts";
import { createLinkCode } from "./engine/channel/link-code.ts";
import { listChannels, loadCodeToTell } from "./engine/channel/list-channels.ts";
import { type Engine, type EngineOptions, startEngine } from "./engine/engine.ts";
import { type startCalendar, tryCalendar } from "./engine/kernel/calendar.ts";
import { OpenIncidents } from "./engine/kernel/incidents/open-incidents.ts";
import type { Kernel } from "./engine/kernel/kernel.ts";
import { Listeners } from "./engine/kernel/listeners.ts";
import { createPagerHost } from "./engine/kernel/pager-host.ts";
import { followDisk } from "./engine/readiness/clock-watch.ts";
import { noteFewHandles } from "./engine/readiness/few-handles.ts";
import { noteOpenFiles } from "./engine/readiness/open-files.ts";
import { OwnSecret } from "./engine/readiness/own-secret.ts";
import { PagerHealth } from "./engine/readiness/pager-health.ts";
import type { TroubleRoute } from "./engine/readiness/trouble-teller.ts";
import { InFlight } from "./kit/in-flight.ts";
import { Strangers } from "./kit/strangers.ts";
import type { Log } from "./log.ts";
import { nameIncidents } from "./logging/name-incidents.ts";
import type { Directory } from "./ports/directory.ts";
import type { Trouble } from "./ports/status.ts";
import type { Clock, OwnClock } from "./ports/time.ts";
import { openStore } from "./store/store.ts";
import { toTroubleLabel, toTroubleReport } from "./teams/cards/trouble-report.ts";
import type { TeamsTests } from "./teams/outbound/teams-test/teams-tests.ts";
import { Teams } from "./teams/teams.ts";
import type { TeamsOptions } from "./teams/teams-options.ts";
import { createAlarmDoor } from "./web/alarms/alarm-door.ts";
import { createDoors } from "./web/doors.ts";
import { createGuardDoor } from "./web/guard/guard-door.ts";
import { type GuardKeys, toGuardKeys, toGuardToken } from "./web/guard/guard-token.ts";
import { OpenDoors } from "./web/http/open-doors.ts";
import { Refusals } from "./web/http/refusals.ts";
import { Visitors } from "./web/http/visitors.ts";
import { createDoctorDoor, type DoctorDoorOptions } from "./web/ops/doctor-door.ts";
import { createHealthDoor } from "./web/ops/health-door.ts";
import { createMetricsDoor } from "./web/ops/metrics-door.ts";
import { createPressTestDoor, type Destination } from "./web/ops/press-test-door.ts";
import { createTeamsTestDoor } from "./web/ops/teams-test-door.ts";
import { createPagerDoor } from "./web/pagers/pager-door.ts";
import { createAboutDoor } from "./web/public/about-door.ts";
import { createTeamsDoor } from "./web/teams/teams-door.ts";
import { toRingTestCallWords } from "./words/colleague/ring-test.ts";
import { toPageWords, toTestWords, toUnstoredPageWords } from "./words/guard/page.ts";

export { toReadyListener, toReadySource } from "../adapters/index.ts";

/** The kinds of sources and pagers that a configuration may name; what is typed in Teams is a source too. */
export const kinds = {
  sources: { ...sourceKinds, ...listenerKinds, [teamsType]: { Options: z.object({}), hasHeartbeat: false } },
  pagers: pagerKinds,
  isForbidden,
};

/** Whether a source of that type holds a connection of its own. */
export function isListener(type: string): boolean {
  return Object.hasOwn(listenerKinds, type);
}

export interface AppOptions {
  readonly configuration: Configuration;
  /** The file that it was read from; left out: none that has to be kept from others. */
  readonly configurationPath?: string;
  readonly clock: OwnClock;
  readonly log: Log;
  /** Called when the disk failed in a way that only a new start can judge. */
  readonly onLost?: (() => void) | undefined;
  /** Called when a storage that could not be used at the start can be used again: a new start makes all of it whole. */
  readonly onWhole?: (() => void) | undefined;
  /** Whether the pages of the database are looked through again and again; only the process itself sets it. */
  readonly watchPages?: boolean;
  /** Starts the calendar; only tests set it, because the calendar goes by the machine's clock. */
  readonly calendar?: typeof startCalendar;
  /** How many pages to one pager are under way at once; only tests set it. */
  readonly maxPagesAtOnce?: number;
  /** Counts what is under way; only tests set it. */
  readonly inFlight?: InFlight;
  /** The issuer of tokens to trust instead of Microsoft's; only tests set it. */
  readonly trust?: TeamsOptions["trust"];
  /** How many calls Teams takes; only tests set it. */
  readonly teamsLimits?: TeamsOptions["limits"];
}

/** The running bot. Disposing closes its doors, finishes what is under way and leaves the rest on disk. */
export interface App extends AsyncDisposable {
  readonly port: number;
  /** Loads the history of an incident after that line (0: from the start), oldest first. */
  history(incident: string, afterSeq: number): Promise<readonly RecordedLine[]>;
  /**
   * The code that links a channel and tests security, for who started the bot, and the channels that wait for it; null:
   * nobody has to be told it, because there is a lead, or the configuration has a code.
   */
  linkCodeToTell(): Promise<{ readonly code: string; readonly channels: readonly string[] } | null>;
  /** The port on which the listener of that source is called; null where it calls the other side itself. */
  listenerPort(source: string): number | null;
  /** Loads what is wrong with buttons, sources, routes and the storage now. */
  troubles(): Promise<readonly Trouble[]>;
  /** Enqueues the day's line about what is wrong, as the calendar does; resolves with the number of channels. */
  reportTroubles(): Promise<number>;
}

/** Puts the parts together, as the only place that does. Rejects with an Error whose message says what can't start. */
export async function startApp(options: AppOptions): Promise<App> {
  const { configuration, clock, trust, teamsLimits: limits, onLost, onWhole, watchPages } = options;
  const openIncidents = new OpenIncidents(clock);
  const log = nameIncidents(options.log, (incident) => openIncidents.nameOf(incident));
  const { language, timezone, publicUrl, organisation, metricsToken } = configuration;
  await using starting = new AsyncDisposableStack();
  const store = starting.use(await openStore({ url: configuration.database, log, onLost, onWhole, watchPages }));
  const strangers = new Strangers(clock, configuration.listen.trustedProxies);
  noteFewHandles(strangers.limits, log);
  const kernel = { store, clock, log, strangers, inFlight: options.inFlight ?? new InFlight() };
  const behindMs = await followDisk(kernel, clock);
  const guardKeys = await openGuardKeys(configuration.guardKeys, kernel, starting);
  const pagerHealth = new PagerHealth(clock, log);
  const pagers = openPagers(configuration, kernel, pagerHealth, starting);
  const { routes, troubleRoute } = toRoutes(pagers, configuration.troubles.tell);
  const { doors: sources, listeners, feedback, teamsSource } = toSources(configuration, clock);
  const directory = createDirectory(configuration, new Set(Object.keys(feedback)), parentOf);
  const names = toNames(configuration);
  const teams = starting.use(
    new Teams({
      ...configuration.teams,
      channels: configuration.channels,
      teamsChannel: teamsSource === null ? null : (configuration.sources[teamsSource]?.channel ?? null),
      ...{ language, timezone, names, ...kernel },
      isAlarmOpen: () => openIncidents.hasOpen,
      isOccupied: openIncidents.isOccupied,
      ...(trust === undefined ? {} : { trust }),
      ...(limits === undefined ? {} : { limits }),
    }),
  );
  const engine = starting.use(
    await startEngine(kernel, {
      ...{ directory, openIncidents, pagerHealth },
      pagers: routes,
      ...{ feedback, teamsSource, timezone, troubleRoute },
      weakSettings: configuration.weaknesses.length + noteOpenFiles(toFiles(options), log),
      teams,
      clientSecretEndsOn: configuration.teams.clientSecretEndsOn,
      ...toWords(configuration, names),
      toAcceptUrl: (pageKey) => `${publicUrl}/guard/${toGuardToken(pageKey, guardKeys()[0])}`,
      channels: () => listChannels(configuration, store),
      behindMs,
      ...(options.maxPagesAtOnce === undefined ? {} : { maxPagesAtOnce: options.maxPagesAtOnce }),
    }),
  );
  const linkCodes = await openLinkCodes(configuration.teams.linkCode, kernel, starting);
  const handleActivity = teams.listen({ ...engine, directory, linkCodes });
  // Started after the pagers, so that their supervision ends before they do.
  starting.use(pagerHealth).supervise(pagers);
  starting.use(tryCalendar(options.calendar, { ...engine, timezone, log }));
  const refusals = starting.use(new Refusals(clock, log));
  const doors = createDoors(
    [
      createAlarmDoor({ sources, takeAlarms: engine.takeAlarms, clock, log, refusals }),
      createTeamsDoor(handleActivity),
      createAboutDoor(configuration),
      createHealthDoor({ token: metricsToken, probe: engine.probe, lostChannels: engine.lostChannels, clock, log }),
      createPagerDoor({ pagers, recordPagerEvents: (...args) => engine.guards.recordEvents(...args), clock, log }),
      createMetricsDoor({ token: metricsToken, figures: engine.figures, refusals, log }),
      ...createTestDoors(configuration, kernel, engine, directory, sources, teams.tests),
      createGuardDoor({ guard: engine.guards, guardKeys, organisation, timezone, language, names, clock, log }),
    ],
    log,
  );
  const open = starting.use(await OpenDoors.open(doors, configuration.listen, new Visitors(strangers, refusals)));
  const listening = starting.use(await Listeners.start(kernel, listeners, engine.takeAlarms, engine.sourceNotes));
  const running = starting.move();
  return {
    port: open.port,
    listenerPort: (source) => listening.portOf(source),
    troubles: engine.troubles,
    reportTroubles: engine.reportTroubles,
    linkCodeToTell: () => loadCodeToTell(configuration, directory.hasLeads, store, linkCodes()[0]),
    history: (incident, afterSeq) => store.read((reader) => reader.loadHistory(incident, afterSeq)),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** The sentences that the engine has sent, finished. */
function toWords({ language, timezone, organisation }: Configuration, names: Names) {
  return {
    toTroubleReport: (troubles, over, now) => toTroubleReport(troubles, over, now, { language, names, organisation }),
    toTroubleLabel: (trouble) => toTroubleLabel(trouble, { language, names }),
    composePageWords: (incident, reason, site) =>
      toPageWords(incident, reason, countResponding(incident), language, timezone, names, site),
    toUnstoredWords: (press, at, site) => toUnstoredPageWords(press, at, language, timezone, names, site),
    testWords: toTestWords(language),
    ringTestWords: toRingTestCallWords(language),
  } satisfies Partial<EngineOptions>;
}

/** Creates the doors of whoever holds the doctor's token: tests of the ways to security, of presses, and of Teams. */
function createTestDoors(
  configuration: Configuration,
  { store, clock, log }: Kernel,
  { routeTests, proven }: Engine,
  directory: Directory,
  sources: Readonly<Record<string, ReadySource>>,
  teamsTests: TeamsTests,
): ReturnType<typeof createDoctorDoor>[] {
  const token = configuration.doctorToken;
  const doctor: DoctorDoorOptions["doctor"] = {
    start: () => routeTests.start(null, null),
    load: (id) => routeTests.load(id),
    confirm: (id, pager) => routeTests.confirm(id, pager),
    proven,
  };
  async function findDestination(source: string, alarm: Alarm): Promise<Destination | null> {
    if (!Object.hasOwn(configuration.sources, source)) return null;
    const { place, channel } = directory.toPress(source, alarm, "", 0);
    const linked = (await listChannels(configuration, store)).filter(({ isLinked }) => isLinked);
    return { place, channel, isLinked: linked.some(({ name }) => name === channel) };
  }
  return [
    createDoctorDoor({ token, doctor, log }),
    createPressTestDoor({ token, sources, findDestination, clock, log }),
    createTeamsTestDoor({ token, teamsTests, people: directory.people, log }),
  ];
}

/** Opens every pager of the configuration, by its name; they end with `stack`. */
function openPagers(
  { pagers, language, publicUrl }: Configuration,
  kernel: Kernel,
  pagerHealth: PagerHealth,
  stack: AsyncDisposableStack,
): Readonly<Record<string, ReadyPager>> {
  const report: PagerHealth["report"] = (...args) => pagerHealth.report(...args);
  const opened: Record<string, ReadyPager> = {};
  for (const [name, { type, options }] of Object.entries(pagers)) {
    const host = createPagerHost(name, { ...kernel, language, publicUrl, report });
    opened[name] = stack.use(openPager(type, options, host));
  }
  return opened;
}

/** Parts the ways to external security from the one by which troubles are told, which guards never see. */
function toRoutes(pagers: Readonly<Record<string, ReadyPager>>, teller: string | null) {
  const routes = Object.fromEntries(Object.entries(pagers).filter(([name]) => name !== teller));
  const { tell, timeoutMs = 0 } = pagers[teller ?? ""] ?? {};
  const troubleRoute: TroubleRoute | null = tell && teller !== null ? { pager: teller, timeoutMs, tell } : null;
  return { routes, troubleRoute };
}

/** Sorts the sources by how their alarms come: at the HTTP doors, over a connection of their own, or typed in Teams. */
function toSources({ sources }: Configuration, clock: Clock) {
  const doors: Record<string, ReadySource> = {};
  const listeners: Record<string, ReadyListener> = {};
  const feedback: Record<string, SendFeedback> = {};
  let teamsSource: string | null = null;
  for (const [name, { type, options }] of Object.entries(sources)) {
    if (type === teamsType) teamsSource = name;
    else if (isListener(type)) listeners[name] = toReadyListener(type, options);
    else doors[name] = toReadySource(type, options);
    const notify = toFeedback(type, options, clock);
    if (notify !== null) feedback[name] = notify;
  }
  return { doors, listeners, feedback, teamsSource };
}

/** The files that have to be kept from others. */
function toFiles({ configuration: { database }, configurationPath }: AppOptions): readonly string[] {
  return configurationPath === undefined ? [database] : [configurationPath, database];
}

/** The keys of the guards' links, as they are at each call. */
async function openGuardKeys(configured: readonly string[], kernel: Kernel, stack: AsyncDisposableStack) {
  const make = () => randomBytes(32).toString("base64");
  const own = stack.use(await OwnSecret.load(kernel, "guard-key", make));
  const toKey = (value: string) => Buffer.from(value, "base64");
  return (): GuardKeys => toGuardKeys(configured, toKey(own.values[0]), ...own.values.slice(1).map(toKey));
}

/** The codes that link a channel, as they are at each call. */
async function openLinkCodes(configured: string | null, kernel: Kernel, stack: AsyncDisposableStack) {
  if (configured !== null) return () => [configured] as const;
  const own = stack.use(await OwnSecret.load(kernel, "link-code", createLinkCode));
  return () => own.values;
}
