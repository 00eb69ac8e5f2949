import { createAppDoors } from "./compose/app-doors.ts";
import { toKnownConfiguration } from "./compose/changed-settings.ts";
import { openGuardKeys, openLinkCodes } from "./compose/own-secrets.ts";
import { createPagerOpener, toRoutes } from "./compose/pagers.ts";
import { Reloader } from "./compose/reloader.ts";
import { toSetup } from "./compose/setup.ts";
import type { Configuration } from "./config/configuration.ts";
import type { RecordedLine } from "./domain/incident/history.ts";
import type { Incident } from "./domain/incident/incident.ts";
import { countResponding } from "./domain/incident/presence.ts";
import { mayBeOver } from "./domain/incident/time/return.ts";
import type { Names } from "./domain/names.ts";
import { listChannels, loadCodeToTell } from "./engine/channel/list-channels.ts";
import { type EngineOptions, startEngine } from "./engine/engine.ts";
import { type startCalendar, tryCalendar } from "./engine/kernel/calendar.ts";
import { Listeners } from "./engine/kernel/listeners.ts";
import { OpenIncidents } from "./engine/kernel/open/open-incidents.ts";
import { SecretUses } from "./engine/kernel/secret-uses.ts";
import { followDisk } from "./engine/readiness/clock-watch.ts";
import { DatabaseClock } from "./engine/readiness/database-clock.ts";
import { noteFewHandles } from "./engine/readiness/few-handles.ts";
import { noteOpenFiles } from "./engine/readiness/open-files.ts";
import { PagerHealth } from "./engine/readiness/pager-health.ts";
import { follow } from "./kit/follow.ts";
import { InFlight } from "./kit/in-flight.ts";
import { Strangers } from "./kit/strangers.ts";
import type { Log } from "./log.ts";
import type { AuditBy } from "./log-events/audit.ts";
import { nameIncidents } from "./logging/name-incidents.ts";
import type { ReloadAnswer } from "./ports/directory.ts";
import type { Trouble } from "./ports/status.ts";
import type { OwnClock } from "./ports/time.ts";
import { openStore } from "./store/store.ts";
import { toTroubleLabel, toTroubleReport } from "./teams/cards/trouble-report.ts";
import { Teams } from "./teams/teams.ts";
import type { TeamsOptions } from "./teams/teams-options.ts";
import { toGuardToken } from "./web/guard/guard-token.ts";
import { OpenDoors } from "./web/http/open-doors.ts";
import { Refusals } from "./web/http/refusals.ts";
import { Visitors } from "./web/http/visitors.ts";
import { toRingTestCallWords } from "./words/colleague/ring-test.ts";
import { toPageWords, toTestWords, toUnstoredPageWords } from "./words/guard/page.ts";
import { toCopyWords } from "./words/shared/copy.ts";

export { kinds } from "./compose/kinds.ts";

export interface AppOptions {
  readonly configuration: Configuration;
  /** The file that it was read from; left out: none that has to be kept from others. */
  readonly configurationPath?: string;
  /** Reads it again; left out: it stays as it is. Throws ConfigurationError. */
  readonly loadConfiguration?: () => Configuration;
  readonly clock: OwnClock;
  readonly log: Log;
  /** Called when the disk failed in a way that only a new start can judge. */
  readonly onLost?: (() => void) | undefined;
  /** Called when a storage that could not be used at the start can be used again: a new start makes all of it whole. */
  readonly onWhole?: (() => void) | undefined;
  /** Whether the pages of the database are looked through again and again; only the process itself sets it. */
  readonly watchPages?: boolean;
  /** Longest wait for a lock on the database that another process holds; only tests set it. */
  readonly lockWaitMs?: number;
  /** How long the database is waited for; only tests set it. */
  readonly timeouts?: { readonly connectMs: number; readonly answerMs: number };
  /** Starts the calendar; only tests set it, because the calendar goes by the machine's clock. */
  readonly calendar?: typeof startCalendar;
  /** Reads the clock of the database's server; only tests set it, because that server goes by its machine's. */
  readonly databaseClock?: () => Promise<number | null>;
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
  /**
   * Loads what only calls to and from Teams need, and for some half a second nothing else is done, so it waits until
   * the doors are open. Rejects where it can't be loaded.
   */
  loadTeams(): Promise<void>;
  /** The port on which the listener of that source is called; null where it calls the other side itself. */
  listenerPort(source: string): number | null;
  /** Loads what is wrong with buttons, sources, routes and the storage now. */
  troubles(): Promise<readonly Trouble[]>;
  /**
   * Reads the configuration again and goes by it, as far as that needs no restart; `by`: who asked for it. Never
   * rejects.
   */
  reload(by: AuditBy): Promise<ReloadAnswer>;
  /** Enqueues the day's line about what is wrong, as the calendar does; resolves with the number of channels. */
  reportTroubles(): Promise<number>;
}

/** Puts the parts together, as the only place that does. Rejects with an Error whose message says what can't start. */
export async function startApp(options: AppOptions): Promise<App> {
  const { configuration, clock, trust, teamsLimits: limits } = options;
  const openIncidents = new OpenIncidents(clock);
  const log = nameIncidents(options.log, (incident) => openIncidents.nameOf(incident));
  const { language, timezone, publicUrl } = configuration;
  await using starting = new AsyncDisposableStack();
  const inFlight = options.inFlight ?? new InFlight();
  const store = starting.use(await openStore({ ...toStoreOptions(options), log, inFlight }));
  const secretUses = new SecretUses(clock);
  const strangers = new Strangers(clock, configuration.listen.trustedProxies);
  noteFewHandles(strangers.limits, log);
  const kernel = { store, clock, log, strangers, inFlight, noteSecret: secretUses.note };
  const databaseClock = starting.use(await DatabaseClock.follow(kernel, clock, options.databaseClock));
  const behindMs = await followDisk(kernel, clock);
  const guardKeys = await openGuardKeys(configuration.guardKeys, kernel, starting);
  const pagerHealth = new PagerHealth(clock, log);
  const openPager = createPagerOpener(kernel, pagerHealth, starting.use(new AsyncDisposableStack()));
  const around = { clock, openPager, openIncidents };
  const setup = toSetup(configuration, around);
  const loadConfiguration = options.loadConfiguration ?? (() => configuration);
  const reloader = new Reloader({ setup, loadConfiguration, around, secretUses, log });
  const { now } = reloader;
  const { routes, troubleRoute } = toRoutes(now);
  const { listeners, teamsSource } = setup.sources;
  const directory = follow(() => now().directory);
  const names = follow(() => now().names);
  const feedback = follow(() => now().sources.feedback);
  const sources = follow(() => now().sources.doors);
  const pagers = follow(() => now().pagers);
  const teams = starting.use(
    new Teams({
      ...configuration.teams,
      channels: configuration.channels,
      teamsChannel: teamsSource === null ? null : (configuration.sources[teamsSource]?.channel ?? null),
      ...{ language, timezone, names, ...kernel },
      ...{ isAlarmOpen: () => openIncidents.hasOpen, isOccupied: openIncidents.isOccupied },
      recallPolicy: (incident) => openIncidents.recallPolicy(incident, directory),
      ...(trust === undefined ? {} : { trust }),
      ...(limits === undefined ? {} : { limits }),
    }),
  );
  const openFiles = noteOpenFiles(toFiles(options), log);
  const engine = starting.use(
    await startEngine(kernel, {
      ...{ directory, openIncidents, pagerHealth, secretUses },
      calleeOf: names.calleeOf,
      pagers: routes,
      ...{ feedback, teamsSource, timezone, troubleRoute },
      known: toKnownConfiguration(configuration),
      weakSettings: () => now().configuration.weaknesses.length + openFiles,
      teams,
      clientSecretEndsOn: configuration.teams.clientSecretEndsOn,
      ...toWords(configuration, names),
      toAcceptUrl: (pageKey) => `${publicUrl}/guard/${toGuardToken(pageKey, guardKeys()[0])}`,
      channels: () => listChannels(configuration, store),
      ...{ behindMs, databaseClock },
      ...(options.maxPagesAtOnce === undefined ? {} : { maxPagesAtOnce: options.maxPagesAtOnce }),
    }),
  );
  const linkCodes = await openLinkCodes(configuration.teams.linkCode, kernel, starting);
  const handleActivity = teams.listen({ ...engine, directory, linkCodes });
  // Started after the pagers, so that their supervision ends before they do.
  starting.use(pagerHealth).supervise(setup.pagers);
  starting.use(tryCalendar(options.calendar, { ...engine, timezone, log }));
  const refusals = starting.use(new Refusals(clock, log));
  async function reload(by: AuditBy): Promise<ReloadAnswer> {
    const answer = await reloader.reload(by, engine.recordDirectory);
    if (answer.kind === "reloaded") engine.greetNewPeople();
    return answer;
  }
  const behind = { configuration, kernel, engine, directory, names, sources, pagers, guardKeys, refusals, reload };
  const doors = createAppDoors({ ...behind, handleActivity, teamsTests: teams.tests });
  const open = starting.use(await OpenDoors.open(doors, configuration.listen, new Visitors(strangers, refusals)));
  const listening = starting.use(await Listeners.start(kernel, listeners, engine.takeAlarms, engine.sourceNotes));
  const running = starting.move();
  return {
    port: open.port,
    listenerPort: (source) => listening.portOf(source),
    troubles: engine.troubles,
    reportTroubles: engine.reportTroubles,
    reload,
    loadTeams: () => teams.load(),
    linkCodeToTell: () => loadCodeToTell(configuration, directory.hasLeads, store, linkCodes()[0] ?? ""),
    history: (incident, afterSeq) => store.read((reader) => reader.loadHistory(incident, afterSeq)),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** The sentences that the engine has sent, finished. */
function toWords({ language, timezone, organisation }: Configuration, names: Names) {
  const toCopy = (incident: Incident) => toCopyWords(mayBeOver(incident), timezone, language);
  return {
    toTroubleReport: (troubles, over, now) => toTroubleReport(troubles, over, now, { language, names, organisation }),
    toTroubleLabel: (trouble) => toTroubleLabel(trouble, { language, names }),
    composePageWords: (incident, reason, site) =>
      toPageWords(incident, reason, countResponding(incident), language, timezone, names, site, toCopy(incident)),
    toUnstoredWords: (press, at, site) => toUnstoredPageWords(press, at, language, timezone, names, site),
    testWords: toTestWords(language),
    ringTestWords: toRingTestCallWords(language),
  } satisfies Partial<EngineOptions>;
}

function toStoreOptions({ configuration, onLost, onWhole, watchPages, lockWaitMs, timeouts }: AppOptions) {
  return { url: configuration.database, onLost, onWhole, watchPages, lockWaitMs, timeouts };
}

/** The files that have to be kept from others. */
function toFiles({ configuration: { database }, configurationPath }: AppOptions): readonly string[] {
  return configurationPath === undefined ? [database] : [configurationPath, database];
}
