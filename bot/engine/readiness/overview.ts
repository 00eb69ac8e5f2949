import { late, SharedWait, withTimeout } from "../../kit/with-timeout.ts";
import type { Directory } from "../../ports/directory.ts";
import type { CheckUp, Figures, SecretUse, Status, UnprovenPerson, UnrecordedPress } from "../../ports/status.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { OpenIncidents } from "../kernel/open/open-incidents.ts";
import type { SecretUses } from "../kernel/secret-uses.ts";
import type { Sendings, SourceNotes } from "../kernel/tally.ts";
import type { ReachKeeper } from "./reach-keeper.ts";
import type { TeamsWatch } from "./teams/teams-watch.ts";
import type { TroubleFinder } from "./trouble-finder.ts";

const maxShown = 200;
/** A disk that hangs never answers. */
const diskWithinMs = 4_000;

export interface OverviewOptions {
  readonly troubleFinder: TroubleFinder;
  readonly teamsWatch: Pick<TeamsWatch, "tokenFault">;
  readonly reach: Pick<ReachKeeper, "known">;
  readonly openIncidents: OpenIncidents;
  /** What went out from memory and is not recorded. */
  readonly unrecorded: () => readonly UnrecordedPress[];
  readonly directory: Directory;
  /** The names of the configured pagers. */
  readonly pagers: readonly string[];
  readonly loadChannels: () => Promise<Status["channels"]>;
  readonly sourceNotes: SourceNotes;
  readonly sendings: Sendings;
  readonly secretUses: Pick<SecretUses, "list">;
}

/** Loads the present state, for people and for machines; what can't be read now is left out. */
export class Overview {
  readonly #kernel: Kernel;
  readonly #options: OverviewOptions;
  /** One at a time: each that hangs takes one of the few threads by which names are looked up too. */
  readonly #lastCopy: SharedWait<number | null>;

  constructor(kernel: Kernel, options: OverviewOptions) {
    this.#kernel = kernel;
    this.#options = options;
    this.#lastCopy = new SharedWait(kernel.clock, diskWithinMs, () => kernel.store.lastCopyAt());
  }

  /** Loads what `status` shows of that channel; null: of all. */
  async loadStatus(channel: string | null): Promise<Status> {
    const { store, clock } = this.#kernel;
    const { troubleFinder, openIncidents, directory, pagers, loadChannels } = this.#options;
    const isShown = (each: { readonly channel: string }) => channel === null || each.channel === channel;
    const known = openIncidents.listNearest().map(({ incident }) => incident);
    const stored = await store.read((reader) => reader.listOpen(maxShown)).catch(() => null);
    const open = (stored ?? known).filter(isShown);
    const counted = await store.read((reader) => reader.countOpen(channel)).catch(() => null);
    const openCount = counted ?? openIncidents.count(channel);
    const isOpenRead = stored !== null && counted !== null;
    const unrecorded = this.#options.unrecorded().filter(({ press }) => isShown(press));
    const troubles =
      channel === null ? await troubleFinder.loadTroubles() : await troubleFinder.loadTroublesOf(channel);
    const unproven = await this.#loadUnproven(channel);
    const channels = await loadChannels().catch(() => []);
    const onDuty = directory.onDuty(clock.now(), channel === null ? null : { location: null, channel, source: null });
    const secretUses = channel === null ? this.#listChanging() : [];
    return { open, openCount, isOpenRead, unrecorded, channels, troubles, unproven, onDuty, pagers, secretUses };
  }

  /** The uses of secrets of which the value before the new one was used since the start. */
  #listChanging(): readonly SecretUse[] {
    const uses = this.#options.secretUses.list();
    const changing = new Set(uses.filter(({ value }) => value === "second").map(({ secret }) => secret));
    return uses.filter(({ secret }) => changing.has(secret));
  }

  /** Null: it can't be read. */
  async #loadUnproven(channel: string | null): Promise<readonly UnprovenPerson[] | null> {
    try {
      return await this.#options.troubleFinder.loadUnproven(channel);
    } catch (error) {
      this.#kernel.log.warn({ err: error }, "unproven-not-read");
      return null;
    }
  }

  /** Loads what the doctor asks; writes once, as an alarm would. */
  async loadCheckUp(): Promise<CheckUp> {
    const { troubleFinder, teamsWatch, reach, secretUses, loadChannels } = this.#options;
    const syncMs = await this.#measureSync();
    const { troubles, lastSeen, teamsUp } = await troubleFinder.loadFigures();
    const up = new Set(teamsUp.filter(({ isUp }) => isUp).map(({ channel }) => channel));
    const channels = (await loadChannels().catch(() => [])).map((each) => ({ ...each, isUp: up.has(each.name) }));
    const { tokenFault } = teamsWatch;
    return { syncMs, tokenFault, channels, people: reach.known, lastSeen, secretUses: secretUses.list(), troubles };
  }

  async #measureSync(): Promise<number | null> {
    const { store, clock } = this.#kernel;
    const beganAt = performance.now();
    const written = store.probe().then(
      () => true,
      () => false,
    );
    const isWritten = await withTimeout(clock, diskWithinMs, written);
    return isWritten === true ? Math.ceil(performance.now() - beganAt) : null;
  }

  /** Loads what `/metrics` shows. */
  async loadFigures(): Promise<Figures> {
    const { troubleFinder, sourceNotes, sendings, secretUses, unrecorded } = this.#options;
    const figures = await troubleFinder.loadFigures();
    const counting = this.#kernel.store.read(async (reader) => ({
      openIncidents: await reader.countOpen(null),
      outboxRows: await reader.countOutbox(),
      nextOutboxAt: await reader.nextOutboxAt(),
    }));
    // At once, because a failure is nobody's while the copy is asked for.
    const counted = counting.catch(() => ({}));
    const copied = await this.#lastCopy.wait();
    const lastCopyAt = copied === late ? null : copied;
    const counts = { lastCopyAt, notes: sourceNotes.list(), sendings: sendings.list(), secretUses: secretUses.list() };
    return { ...figures, ...counts, unrecordedAlarms: unrecorded().length, ...(await counted) };
  }
}
