import type { Kysely } from "kysely";
import type { ButtonState } from "../../../../domain/device/button-state.ts";
import type { Incident } from "../../../../domain/incident/incident.ts";
import type { Visit } from "../../../../domain/visit/visit.ts";
import type { AlarmRecord } from "../../../../ports/store/alarms.ts";
import type { Foreseen, Transaction } from "../../../../ports/store/store.ts";
import { prepareFindAlarms, prepareSaveAlarms } from "../../alarms.ts";
import type { Connection } from "../../connection.ts";
import { prepareFindStates, prepareSaveStates } from "../../devices/button-states.ts";
import type { Tables } from "../../tables.ts";
import { prepareFindVisits } from "../../visits.ts";
import { CardRows } from "./card-rows.ts";
import { IncidentRows } from "./incident-rows.ts";
import { KeyedRows } from "./keyed-rows.ts";
import { Changes, toText } from "./known.ts";
import { NotTogether } from "./not-together.ts";
import { OutboxRows } from "./outbox-rows.ts";
import type { Sequences } from "./sequences.ts";

/** More than this is forgotten, some ten megabytes; then it is read anew. */
const maxKnown = 10_000;

/**
 * What presses, answers and sent messages read and write, held in memory: what works have read and written is known to
 * the works of later groups too, as long as nothing else has changed it.
 */
export class Rows {
  readonly changes = new Changes();
  readonly #sequences: Sequences;
  readonly #incidents: IncidentRows;
  readonly #outbox: OutboxRows;
  readonly #cards: CardRows;
  readonly #alarms: KeyedRows<Pick<AlarmRecord, "source" | "key">, AlarmRecord>;
  readonly #states: KeyedRows<Pick<ButtonState, "source" | "name">, ButtonState>;
  readonly #visits: KeyedRows<{ readonly person: { readonly id: string } }, Visit>;

  constructor(db: Kysely<Tables>, on: Connection, sequences: Sequences) {
    const { changes } = this;
    this.#sequences = sequences;
    this.#incidents = new IncidentRows(db, on, changes, sequences);
    this.#outbox = new OutboxRows(db, on, changes, sequences);
    this.#cards = new CardRows(db, on, changes);
    const findAlarms = prepareFindAlarms(db, on);
    const saveAlarms = prepareSaveAlarms(db, on);
    this.#alarms = new KeyedRows(changes, {
      toText: ({ source, key }) => toText(source, key),
      read: async (keys) => (await findAlarms.run(keys)).rows,
      save: (alarms) => saveAlarms.run(alarms),
      findNone: findAlarms.findNone,
    });
    this.#states = new KeyedRows(changes, {
      toText: ({ source, name }) => toText(source, name),
      read: prepareFindStates(db, on),
      save: prepareSaveStates(db, on),
    });
    const findVisits = prepareFindVisits(db, on);
    this.#visits = new KeyedRows(changes, {
      toText: ({ person }) => toText(person.id),
      read: (keys) => findVisits.read(keys.map(({ person }) => ({ person: person.id }))),
      findNone: (keys) => findVisits.findNone(keys.map(({ person }) => ({ person: person.id }))),
      save: async () => {
        throw new NotTogether("visits are only read");
      },
    });
  }

  /**
   * Reads what works foresee that is not known yet, in one statement a table and key, in two goes. `mayAssume`: of what
   * most often is not there it may take it that it is not; then `write` rejects where it is.
   */
  async read(foreseen: readonly Foreseen[], mayAssume: boolean): Promise<void> {
    const all = <T>(of: (each: Foreseen) => readonly T[] | undefined) => foreseen.flatMap((each) => of(each) ?? []);
    await Promise.all([
      this.#incidents.read(
        {
          incidents: all(({ incidents }) => incidents),
          buttons: all(({ buttons }) => buttons),
          places: all(({ places }) => places),
        },
        mayAssume,
      ),
      this.#outbox.read({ keys: all((each) => each.keys), sent: all(({ sent }) => sent) }),
      this.#alarms.read(
        all(({ alarms }) => alarms),
        mayAssume,
      ),
      this.#states.read(all(({ states }) => states)),
      this.#cards.read(all(({ cards }) => cards)),
      this.#sequences.read(),
      this.#visits.read(
        all(({ visitors }) => visitors).map((id) => ({ person: { id } })),
        mayAssume,
      ),
    ]);
    const ofIncidents = foreseen.flatMap((each) => {
      const { keysOf } = each;
      return keysOf
        ? this.#incidents
            .listKnown(each)
            .filter(({ id }) => !this.#outbox.isForeseen(id))
            .map((incident) => ({ id: incident.id, keys: keysOf(incident) }))
        : [];
    });
    await this.#outbox.read({ keys: ofIncidents.flatMap((each) => each.keys) });
    this.#outbox.foresee(ofIncidents.map(({ id }) => id));
  }

  /**
   * Asks for all that works have changed to be written, before it returns; resolves when it is. Throws where something
   * can't be asked for: then not all of it was.
   */
  write(): Promise<unknown> {
    return Promise.all([
      this.#incidents.write(),
      this.#outbox.write(),
      this.#alarms.write(),
      this.#states.write(),
      this.#cards.write(),
      this.#visits.write(),
      this.#sequences.keep(),
    ]);
  }

  /** Whether something is known that was read in an earlier transaction. */
  get isKnown(): boolean {
    return this.#sequences.isKnown || this.#all.some(({ size }) => size > 0);
  }

  /** Whether it takes it of something that it is not there. */
  get hasAssumed(): boolean {
    return [this.#incidents, this.#alarms, this.#visits].some(({ hasAssumed }) => hasAssumed);
  }

  /** All that was changed is on disk, and is known. */
  noteWritten(): void {
    for (const rows of [this.#sequences, ...this.#all]) rows.noteWritten();
    if (this.#all.reduce((sum, { size }) => sum + size, 0) > maxKnown) this.forget();
  }

  /** Knows nothing more: it was changed otherwise, or may have been. */
  forget(): void {
    this.changes.keep();
    for (const rows of [this.#sequences, ...this.#all]) rows.forget();
  }

  get #all() {
    return [this.#incidents, this.#outbox, this.#cards, this.#alarms, this.#states, this.#visits];
  }

  /** The part of a transaction that is done in memory. */
  toMethods() {
    return {
      loadIncident: (id) => this.#incidents.load(id),
      loadOpenByButton: (source, button) => this.#incidents.loadOpenByButton({ source, button }),
      loadOpenByPlace: (channel, fixedPlace) => this.#incidents.loadOpenByPlace({ channel, fixedPlace }),
      insertIncident: (incident) => this.#insert(incident),
      updateIncident: (incident) => this.#incidents.update(incident),
      appendHistory: (incident, lines) => this.#incidents.append(incident, lines),
      findAlarm: (source, key) => this.#alarms.find({ source, key }),
      saveAlarm: async (alarm) => this.#alarms.save(alarm),
      loadButtonState: (source, name) => this.#states.find({ source, name }),
      saveButtonState: async (state) => this.#states.save(state),
      loadVisit: (id) => this.#visits.find({ person: { id } }),
      enqueue: (rows, leasedUntil) => this.#outbox.enqueue(rows, leasedUntil),
      settle: (row, againAt) => this.#outbox.settle(row, againAt),
      ...this.#cards.toMethods(),
    } satisfies Partial<Transaction>;
  }

  async #insert(incident: Incident): Promise<Incident> {
    const inserted = await this.#incidents.insert(incident);
    // Nothing of it can wait, or stand in Teams.
    this.#outbox.foresee([inserted.id]);
    this.#cards.learnNone(inserted.id);
    return inserted;
  }
}
