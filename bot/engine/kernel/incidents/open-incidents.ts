import type { Press } from "../../../domain/incident/command.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Policy } from "../../../domain/incident/policy.ts";
import { toJoiningButton } from "../../../domain/incident/press.ts";
import type { Person } from "../../../domain/person.ts";
import { askedAtOf } from "../../../domain/visit/visit.ts";
import type { CommandResult } from "../../../ports/click.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { FindElsewhere, IsOccupied } from "../../../ports/occupied.ts";
import type { Reader } from "../../../ports/store/store.ts";
import type { Clock } from "../../../ports/time.ts";
import type { Kernel } from "../kernel.ts";
import { loadOrRestore } from "./load-or-restore.ts";
import { Occupations } from "./occupations.ts";

/** Beyond this many those with the farthest deadlines are not kept: they can still be read from disk. */
const maxKept = 2_000;
/** So many more there may be until they are looked for, because in a flood each press would pay for that. */
const maxMore = 200;
const maxVisits = 20_000;

export type OpenIncident = Pick<CommandResult, "incident" | "policy">;

/**
 * The open incidents as they were last committed, for the time when the storage can't be read, and what people know
 * them by, for the log.
 */
export class OpenIncidents {
  readonly #byId = new Map<string, OpenIncident>();
  readonly #names = new Map<string, Pick<Incident, "number" | "place" | "version">>();
  readonly #clock: Pick<Clock, "now">;
  /** Whom they occupy, with what could not be recorded. */
  readonly occupations = new Occupations();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** Keeps the newest state of an incident; of a closed one only the name, because its last cards still go out. */
  note({ incident, policy }: OpenIncident): void {
    const { id, version, closedAt, number, place } = incident;
    if ((this.#names.get(id)?.version ?? 0) > version) return;
    this.#noteName(id, { number, place, version });
    this.#byId.delete(id);
    if (closedAt === null) this.#byId.set(id, { incident, policy });
    if (this.#byId.size > maxKept + maxMore) this.#leaveFarthest();
    this.occupations.note(incident, this.#clock.now());
  }

  /**
   * Notes what is open on disk and memory does not know, the nearest deadlines of it, and who is on a visit. Rejects
   * where any of it can't be read, once it has noted all that can.
   */
  async fill({ store }: Pick<Kernel, "store">, directory: Directory): Promise<void> {
    await store.read(async (reader) => {
      const visits = await reader.listDueVisits(Number.MAX_SAFE_INTEGER, maxVisits);
      for (const visit of visits) this.occupations.noteVisit(visit.person.id, { askedAt: askedAtOf(visit) });
      const unread: unknown[] = [];
      const noteUnread = (error: unknown) => {
        unread.push(error);
        throw error;
      };
      for (const id of await reader.listDue(Number.MAX_SAFE_INTEGER, maxKept))
        if (!this.#byId.has(id)) await reader.tryToRead(() => this.#noteRead(reader, directory, id).catch(noteUnread));
      if (unread.length > 0) throw unread[0];
    });
  }

  async #noteRead(reader: Reader, directory: Directory, id: string): Promise<void> {
    const found = await loadOrRestore(reader, directory, id);
    if (found === null || found.first?.kind === "restore") return;
    const policy = found.first?.kind === "replace-policy" ? found.first.former : found.policy;
    this.note({ incident: found.incident, policy });
  }

  /** What people know an incident by that was open while this process ran; null for others. */
  nameOf(id: string): Pick<Incident, "number" | "place"> | null {
    const name = this.#names.get(id);
    return name === undefined ? null : { number: name.number, place: name.place };
  }

  readonly isOccupied: IsOccupied = (person, incident, since) => {
    return this.occupations.isOccupied(person, incident, this.#clock.now(), since);
  };

  /** As `isOccupied`, for what is said of their own visit. */
  readonly isInAnother: IsOccupied = (person, incident, since) => {
    return this.occupations.isInAnother(person, incident, this.#clock.now(), since);
  };

  readonly findElsewhere: FindElsewhere = (person, incident) => this.occupations.findElsewhere(person, incident);

  /**
   * Whether this person may be beside an aggressor: they pressed, are there or asked for help in any open alarm, since
   * whenever that is, or are on a visit, as far as memory knows.
   */
  readonly isInside = (person: Pick<Person, "id">): boolean => this.occupations.isInside(person);

  /**
   * Notes that a colleague said at `at` that they are there, asked for help or promised in Teams to come, before that
   * can be on disk; nothing where it is not open.
   */
  noteInside(incident: string, { id: person }: Pick<Person, "id">, at: number, by: "arrive" | "help" | "claim"): void {
    if (!this.#byId.has(incident)) return;
    if (by === "claim") this.occupations.addComing(incident, person, at);
    else {
      const said = by === "arrive" ? { thereSince: at } : { thereSince: null, helpSince: at };
      this.occupations.add(incident, { person, at }, { since: at, ...said });
    }
  }

  get hasOpen(): boolean {
    return this.#byId.size > 0;
  }

  of(id: string): OpenIncident | null {
    return this.#byId.get(id) ?? null;
  }

  /** The policy by which that incident goes, as far as memory has it; null: it has to be read. */
  recallPolicy({ id, policy: hash }: Incident, { policies }: Pick<Directory, "policies">): Policy | null {
    const known = this.of(id);
    if (known?.incident.policy === hash) return known.policy;
    return policies.find((each) => each.hash === hash)?.policy ?? null;
  }

  /** The one that a press of now joins; null: it opens one. */
  joinedBy(press: Press): OpenIncident | null {
    const joined = findJoined(
      this.all().map(({ incident }) => incident),
      press,
    );
    return joined === null ? null : this.of(joined.id);
  }

  all(): readonly OpenIncident[] {
    return [...this.#byId.values()];
  }

  #leaveFarthest(): void {
    const nearest = this.all().toSorted((one, other) => toMoment(one) - toMoment(other));
    for (const { incident } of nearest.slice(maxKept)) this.#byId.delete(incident.id);
  }

  #noteName(id: string, name: Pick<Incident, "number" | "place" | "version">): void {
    this.#names.delete(id);
    this.#names.set(id, name);
    if (this.#names.size <= maxKept + maxMore) return;
    const [oldest] = this.#names.keys();
    if (oldest !== undefined) this.#names.delete(oldest);
  }

  /** Ids of those with `nextAt <= now`. */
  listDue(now: number): readonly string[] {
    return this.all().flatMap(({ incident: { id, nextAt } }) => (nextAt !== null && nextAt <= now ? [id] : []));
  }
}

/** The one of these that a press joins, by its button or else by its place (rules 3 and 4). */
export function findJoined<T extends Pick<Incident, "source" | "button" | "channel" | "fixedPlace">>(
  open: readonly T[],
  press: Press,
): T | null {
  const { source, channel, fixedPlace } = press;
  const button = toJoiningButton(press);
  const byButton = open.find((each) => each.source === source && each.button === button);
  if (byButton !== undefined || fixedPlace === null) return byButton ?? null;
  return open.find((each) => each.channel === channel && each.fixedPlace === fixedPlace) ?? null;
}

/** When it is next to be decided on, in epoch milliseconds. */
function toMoment({ incident }: OpenIncident): number {
  return incident.nextAt ?? Number.POSITIVE_INFINITY;
}
