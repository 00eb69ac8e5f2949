import type { Report } from "../../contracts.ts";
import type { Person } from "../../domain/person.ts";
import type { ProvenRoute } from "../../domain/ring-test/proven-route.ts";
import type { PagerRecord } from "../../domain/route-test/trouble.ts";
import type { Directory } from "../../ports/directory.ts";
import type { Trouble } from "../../ports/status.ts";
import type { Reader } from "../../ports/store/store.ts";
import type { TeamsLooks } from "../../ports/teams-looks.ts";
import type { TeamsSender } from "../../ports/teams-sender.ts";
import type { Handler } from "../kernel/handle.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { LastSeenBuffer } from "../kernel/last-seen-buffer.ts";
import type { Senders } from "../kernel/outbox/sender.ts";
import { openWallDays } from "../kernel/time/wall-days.ts";
import { ClockWatch } from "./clock-watch.ts";
import type { DatabaseClock } from "./database-clock.ts";
import type { PagerHealth } from "./pager-health.ts";
import { ReachKeeper } from "./reach-keeper.ts";
import { StorageWatch } from "./storage-watch.ts";
import { createSignSender, enqueueSigns } from "./teams/signs-of-life.ts";
import { TeamsWatch } from "./teams/teams-watch.ts";
import { TroubleFinder } from "./trouble-finder.ts";
import { createTroubleSender, tellAtOnce } from "./trouble-sender.ts";
import { type TroubleRoute, TroubleTeller } from "./trouble-teller.ts";

export interface ReadinessOptions {
  readonly directory: Directory;
  readonly pagerHealth: Pick<PagerHealth, "lostOf">;
  /** How many settings let somebody in who should not be. */
  readonly weakSettings: () => number;
  /** An IANA name; by it the day of a report is counted. */
  readonly timezone: string;
  readonly teams: TeamsSender & TeamsLooks;
  /** When the client secret of the bot ends, as ISO 8601 writes a date; null: nobody said. */
  readonly clientSecretEndsOn: string | null;
  /** By what troubles are told where Teams is not needed; null: by nothing. */
  readonly troubleRoute: TroubleRoute | null;
  /** Makes a report of troubles: what is wrong, and the labels of what is over. */
  readonly toTroubleReport: (troubles: readonly Trouble[], over: readonly string[], now: number) => Report["words"];
  readonly toTroubleLabel: (trouble: Trouble) => string;
  /** How far the machine's clock was behind what is on disk, in milliseconds; null: it could be made up for. */
  readonly behindMs: number | null;
  readonly databaseClock: Pick<DatabaseClock, "troubles">;
}

/** What this subject takes from the engine. */
interface FromEngine {
  readonly handler: Handler;
  readonly lastSeen: LastSeenBuffer;
  readonly isAlarmOpen: () => boolean;
  readonly loadPagerRecords: (reader: Reader) => Promise<readonly Omit<PagerRecord, "lost">[]>;
  /** Loads what is on disk of each route of each person of the configuration. */
  readonly loadProvenRoutes: (reader: Reader) => Promise<readonly ProvenRoute[]>;
  /** Called for whoever can be messaged in Teams, each time that is looked at. */
  readonly onReady: (person: Person) => void;
  /** Called when the files of the storage were removed or replaced. */
  readonly onStorageGone: () => void;
}

/** What watches over the bot and its surroundings. */
export interface Readiness extends AsyncDisposable {
  readonly troubleFinder: TroubleFinder;
  readonly reach: ReachKeeper;
  readonly teamsWatch: TeamsWatch;
  readonly senders: Pick<Senders, "troubles" | "trouble-report" | "sign-of-life">;
  /** Enqueues the day's reports, for the calendar; resolves with the number of channels that get one. */
  reportTroubles(): Promise<number>;
  /** Enqueues what shows that the bot works, for the calendar; resolves with the number of channels that get it. */
  showSigns(): Promise<number>;
}

/** Starts all of it. Nothing that it asks can hold up the start, or an alarm. */
export function startReadiness(kernel: Kernel, options: ReadinessOptions, engine: FromEngine): Readiness {
  const { directory, teams, behindMs, troubleRoute, toTroubleReport, toTroubleLabel, timezone } = options;
  const { handler, lastSeen, isAlarmOpen, loadPagerRecords, loadProvenRoutes } = engine;
  const { store, log } = kernel;
  const toDay = openWallDays(timezone).dayOf;
  const parts = new AsyncDisposableStack();
  const clockWatch = parts.use(new ClockWatch(kernel, handler, behindMs));
  const storage = parts.use(watchStorage(kernel, options, engine));
  const reach = parts.use(new ReachKeeper(kernel, { directory, teams, isAlarmOpen, onReady: engine.onReady }));
  const teamsWatch = parts.use(new TeamsWatch(kernel, { handler, teams, onChange: () => teller.expect() }));
  const troubleFinder = new TroubleFinder({
    ...options,
    ...{ clock: kernel.clock, storage, clockWatch, teamsWatch, reach, handler, lastSeen, toDay },
    loadPagerRecords: () => store.read(loadPagerRecords),
    loadProvenRoutes: () => store.read(loadProvenRoutes),
  });
  const reports = { toReport: toTroubleReport, toLabel: toTroubleLabel, toDay };
  const teller = parts.use(new TroubleTeller(kernel, { handler, troubleFinder, route: troubleRoute, ...reports }));

  let warnedOn = "";
  function warnOfSecret(): void {
    const day = toDay(kernel.clock.now());
    const trouble = troubleFinder.findSecretTrouble();
    if (trouble !== null && day !== warnedOn)
      log.warn({ endsOn: trouble.endsOn, daysLeft: trouble.daysLeft }, "client-secret-ends");
    warnedOn = day;
  }
  warnOfSecret();

  return {
    troubleFinder,
    reach,
    teamsWatch,
    senders: {
      ...createTroubleSender(kernel, troubleFinder, teams),
      ...createSignSender(kernel, teams, teamsWatch),
      ...teller.createSender(),
    },
    async reportTroubles() {
      await teller.reportDay();
      return troubleFinder.reportTroubles();
    },
    showSigns() {
      warnOfSecret();
      return enqueueSigns(kernel, { handler, watch: teamsWatch, toDay });
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function watchStorage(
  kernel: Kernel,
  { directory, teams }: ReadinessOptions,
  { onStorageGone }: FromEngine,
): StorageWatch {
  const untold = new Set(directory.channels.all);
  return new StorageWatch(kernel, {
    onGone: onStorageGone,
    onAside: (troubles) => void tellAtOnce(kernel, teams, untold, troubles),
  });
}
