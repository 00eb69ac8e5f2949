import type { Directory } from "../../ports/directory.ts";
import type { Figures, Status } from "../../ports/status.ts";
import type { OpenIncidents } from "../kernel/incidents/open-incidents.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { SourceNotes } from "../kernel/source-notes.ts";
import type { TroubleFinder } from "./trouble-finder.ts";

const maxShown = 200;

export interface OverviewOptions {
  readonly troubleFinder: TroubleFinder;
  readonly openIncidents: OpenIncidents;
  readonly directory: Directory;
  /** The names of the configured pagers. */
  readonly pagers: readonly string[];
  readonly loadChannels: () => Promise<Status["channels"]>;
  readonly sourceNotes: SourceNotes;
}

/** Loads the present state, for people and for machines; what can't be read now is left out. */
export class Overview {
  readonly #kernel: Kernel;
  readonly #options: OverviewOptions;

  constructor(kernel: Kernel, options: OverviewOptions) {
    this.#kernel = kernel;
    this.#options = options;
  }

  /** Loads what `status` shows of that channel; null: of all. */
  async loadStatus(channel: string | null): Promise<Status> {
    const { store, clock } = this.#kernel;
    const { troubleFinder, openIncidents, directory, pagers, loadChannels } = this.#options;
    const known = openIncidents.all().map(({ incident }) => incident);
    const all = await store.read((reader) => reader.listOpen(maxShown)).catch(() => known);
    const open = channel === null ? all : all.filter((incident) => incident.channel === channel);
    const openCount = await store.read((reader) => reader.countOpen(channel)).catch(() => open.length);
    const troubles =
      channel === null ? await troubleFinder.loadTroubles() : await troubleFinder.loadTroublesOf(channel);
    const channels = await loadChannels().catch(() => []);
    return { open, openCount, channels, troubles, onDuty: directory.onDuty(clock.now()), pagers };
  }

  /** Loads what `/metrics` shows. */
  async loadFigures(): Promise<Figures> {
    const { troubleFinder, sourceNotes } = this.#options;
    const figures = await troubleFinder.loadFigures();
    const counted = this.#kernel.store.read(async (reader) => ({
      openIncidents: await reader.countOpen(null),
      outboxRows: await reader.countOutbox(),
    }));
    return { ...figures, notes: sourceNotes.list(), ...(await counted.catch(() => ({}))) };
  }
}
