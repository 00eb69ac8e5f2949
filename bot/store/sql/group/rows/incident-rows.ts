import type { Kysely } from "kysely";
import type { HistoryLine } from "../../../../domain/incident/history.ts";
import type { Incident } from "../../../../domain/incident/incident.ts";
import type { IncidentRemains } from "../../../../domain/incident/press.ts";
import { DamagedIncident, StaleIncident } from "../../../../errors.ts";
import type { Joinable } from "../../../../ports/store/incidents.ts";
import type { Connection } from "../../connection.ts";
import type { NewLine } from "../../history.ts";
import { readIncident, type StoredIncident } from "../../incidents.ts";
import { toStorableRow } from "../../storable.ts";
import type { Tables } from "../../tables.ts";
import { type OfButton, type OfPlace, prepareIncidentStatements, type WrittenIncident } from "./incident-statements.ts";
import { type Changes, Known, toText } from "./known.ts";
import { NotTogether } from "./not-together.ts";
import type { Sequences } from "./sequences.ts";

interface Row {
  /** The columns, as they are or will be. */
  readonly remains: IncidentRemains;
  readonly incident: Incident | DamagedIncident;
  /** The version on disk; null: it is not there yet. */
  readonly onDisk: number | null;
}

/** Which incidents are to be read: by their ids, and the open ones of those buttons and places. */
export interface WhichIncidents {
  readonly incidents?: readonly string[];
  readonly buttons?: readonly OfButton[];
  readonly places?: readonly OfPlace[];
}

/**
 * Incidents and their histories, as works see them. What a button or a place has that a work has opened,
 * closed or moved is always known here, so that what is read later tells nothing that is no longer so.
 */
export class IncidentRows {
  readonly #changes: Changes;
  readonly #sequences: Sequences;
  readonly #rows: Known<Row | null>;
  /** Ids of open incidents. */
  readonly #ofButton: Known<string | null>;
  readonly #ofPlace: Known<string | null>;
  readonly #statements: ReturnType<typeof prepareIncidentStatements>;
  #lines: readonly NewLine[] = [];
  /** Of these it takes it that they have no open incident. */
  #assumed: Required<Pick<WhichIncidents, "buttons" | "places">> = { buttons: [], places: [] };

  constructor(db: Kysely<Tables>, on: Connection, changes: Changes, sequences: Sequences) {
    this.#changes = changes;
    this.#sequences = sequences;
    this.#rows = new Known(changes);
    this.#ofButton = new Known(changes);
    this.#ofPlace = new Known(changes);
    this.#statements = prepareIncidentStatements(db, on);
  }

  /**
   * Reads those that are not known yet, in one statement a kind. `mayAssume`: it may take it that a button or place has
   * no open incident; then `write` rejects where one has.
   */
  async read({ incidents = [], buttons = [], places = [] }: WhichIncidents, mayAssume = false): Promise<void> {
    // Of most buttons and places nothing is open.
    if (mayAssume) this.#assume(buttons, places);
    await Promise.all([this.#readById(incidents), this.#readByButton(buttons), this.#readByPlace(places)]);
  }

  #assume(buttons: readonly OfButton[], places: readonly OfPlace[]): void {
    const [ofButtons, ofPlaces] = [
      this.#ofButton.listUnknown(buttons, toButtonText),
      this.#ofPlace.listUnknown(places, toPlaceText),
    ];
    for (const button of ofButtons) this.#ofButton.learn(toButtonText(button), null);
    for (const place of ofPlaces) this.#ofPlace.learn(toPlaceText(place), null);
    this.#assumed = {
      buttons: [...this.#assumed.buttons, ...ofButtons],
      places: [...this.#assumed.places, ...ofPlaces],
    };
  }

  async #readById(incidents: readonly string[]): Promise<void> {
    const ids = this.#rows.listUnknown(incidents, (id) => toText(id));
    if (ids.length === 0) return;
    this.#learn(await this.#statements.byId.run(ids.map((id) => ({ id }))));
    for (const id of ids) this.#rows.learn(toText(id), null);
  }

  async #readByButton(buttons: readonly OfButton[]): Promise<void> {
    const unknown = this.#ofButton.listUnknown(buttons, toButtonText);
    if (unknown.length === 0) return;
    for (const { id, ...row } of this.#learn(await this.#statements.byButton.run(unknown)))
      this.#ofButton.learn(toButtonText(row), id);
    for (const button of unknown) this.#ofButton.learn(toButtonText(button), null);
  }

  async #readByPlace(places: readonly OfPlace[]): Promise<void> {
    const unknown = this.#ofPlace.listUnknown(places, toPlaceText);
    if (unknown.length === 0) return;
    for (const { id, channel, fixedPlace } of this.#learn(await this.#statements.byPlace.run(unknown)))
      if (fixedPlace !== null) this.#ofPlace.learn(toPlaceText({ channel, fixedPlace }), id);
    for (const place of unknown) this.#ofPlace.learn(toPlaceText(place), null);
  }

  /** Those that are known of these, by what is known now; what can't be read is left out. */
  listKnown({ incidents = [], buttons = [], places = [] }: WhichIncidents): readonly Incident[] {
    const ids = new Set([
      ...incidents,
      ...buttons.map((button) => this.#ofButton.get(toButtonText(button))),
      ...places.map((place) => this.#ofPlace.get(toPlaceText(place))),
    ]);
    return Array.from(ids).flatMap((id) => {
      const incident = id ? this.#rows.get(toText(id))?.incident : undefined;
      return incident === undefined || incident instanceof DamagedIncident ? [] : [incident];
    });
  }

  async load(id: string): Promise<Incident | null> {
    const incident = (await this.#find(id))?.incident ?? null;
    if (incident instanceof DamagedIncident) throw incident;
    return incident;
  }

  async loadOpenByButton(button: OfButton): Promise<Joinable | null> {
    await this.read({ buttons: [button] });
    return this.#toJoinable(this.#ofButton.get(toButtonText(button)));
  }

  async loadOpenByPlace(place: OfPlace): Promise<Joinable | null> {
    await this.read({ places: [place] });
    return this.#toJoinable(this.#ofPlace.get(toPlaceText(place)));
  }

  async insert(incident: Incident): Promise<Incident> {
    const { id, channel, fixedPlace, closedAt } = incident;
    if (closedAt !== null) throw new NotTogether("an incident begins open");
    const place = fixedPlace === null ? null : { channel, fixedPlace };
    await this.read({ buttons: [incident], places: place === null ? [] : [place] });
    const isTaken = this.#ofButton.get(toButtonText(incident)) || (place && this.#ofPlace.get(toPlaceText(place)));
    if (isTaken || this.#rows.get(toText(id)))
      throw new StaleIncident("an open incident for this button or place is there");
    const number = await this.#sequences.take("incidents");
    this.#changes.note(() => this.#sequences.giveBack("incidents", number));
    const numbered = { ...incident, number };
    this.#rows.change(toText(id), { remains: toRemains(numbered), incident: numbered, onDisk: null });
    this.#ofButton.change(toButtonText(incident), id);
    if (place !== null) this.#ofPlace.change(toPlaceText(place), id);
    return numbered;
  }

  async update(incident: Incident): Promise<void> {
    const { id, version } = incident;
    const row = await this.#find(id);
    if (row?.remains.version !== version - 1) throw new StaleIncident("the incident on disk is newer");
    const { remains, onDisk } = row;
    const { fixedPlace, closedAt } = toRemains(incident);
    if (remains.closedAt === null) await this.#move(remains, closedAt === null ? fixedPlace : null);
    else if (closedAt === null) throw new NotTogether("an incident is opened again");
    if (remains.closedAt === null && closedAt !== null) this.#ofButton.change(toButtonText(remains), null);
    this.#rows.change(toText(id), { remains: { ...remains, version, fixedPlace, closedAt }, incident, onDisk });
  }

  async append(incident: string, lines: readonly HistoryLine[]): Promise<void> {
    if ((await this.#find(incident)) === null) throw new NotTogether("a history needs its incident");
    const before = this.#lines;
    this.#changes.note(() => {
      this.#lines = before;
    });
    this.#lines = [...before, ...lines.map((line) => ({ incident, line }))];
  }

  /**
   * Asks for all that has changed to be written, in the order of the ids, so that two writers wait for each other and
   * never both. Rejects where a row is not as it was read.
   */
  write(): Promise<unknown> {
    const changed = this.#rows.listChanged().flatMap((row) => (row === null ? [] : toWritten(row)));
    const sorted = changed.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    // What closes makes room for what opens.
    const updated = sorted.filter(({ before }) => before !== null);
    const inserted = sorted.filter(({ before }) => before === null);
    const { byButton, byPlace, update, insert, append } = this.#statements;
    const { buttons, places } = this.#assumed;
    // Before what is opened here is there.
    return Promise.all([
      ...[byButton.findNone(buttons), byPlace.findNone(places)],
      ...[update.change(updated), insert.change(inserted), append(this.#lines)],
    ]);
  }

  /** All that was changed is on disk. */
  noteWritten(): void {
    this.#rows.noteWritten((row) => row && { ...row, onDisk: row.remains.version });
    for (const known of [this.#ofButton, this.#ofPlace]) known.noteWritten((id) => id);
    this.#lines = [];
    this.#assumed = { buttons: [], places: [] };
  }

  get hasAssumed(): boolean {
    return this.#assumed.buttons.length + this.#assumed.places.length > 0;
  }

  /** Of how many incidents, buttons and places something is known. */
  get size(): number {
    return this.#rows.size + this.#ofButton.size + this.#ofPlace.size;
  }

  forget(): void {
    for (const known of [this.#rows, this.#ofButton, this.#ofPlace]) known.clear();
    this.#lines = [];
    this.#assumed = { buttons: [], places: [] };
  }

  async #find(id: string): Promise<Row | null> {
    await this.read({ incidents: [id] });
    return this.#rows.get(toText(id)) ?? null;
  }

  #learn({ rows }: { readonly rows: readonly StoredIncident[] }): readonly StoredIncident[] {
    for (const row of rows) {
      const { shape: _shape, body: _body, ...remains } = row;
      const incident = readIncidentOr(row);
      this.#rows.learn(toText(row.id), { remains, incident, onDisk: row.version });
    }
    return rows;
  }

  #toJoinable(id: string | null | undefined): Joinable | null {
    const row = id ? this.#rows.get(toText(id)) : null;
    return row ? { id: row.remains.id, channel: row.remains.channel, fixedPlace: row.remains.fixedPlace } : null;
  }

  /** Notes the place that an open incident has from now on; null: none. */
  async #move({ id, channel, fixedPlace: from }: IncidentRemains, to: string | null): Promise<void> {
    if (from === to) return;
    if (to !== null) {
      const place = { channel, fixedPlace: to };
      const holder = await this.loadOpenByPlace(place);
      if (holder !== null) throw new NotTogether("another one has that place");
      this.#ofPlace.change(toPlaceText(place), id);
    }
    if (from !== null) this.#ofPlace.change(toPlaceText({ channel, fixedPlace: from }), null);
  }
}

function toButtonText({ source, button }: OfButton): string {
  return toText(source, button);
}

function toPlaceText({ channel, fixedPlace }: OfPlace): string {
  return toText(channel, fixedPlace);
}

/** The columns, as they come back from the database. */
function toRemains(incident: Incident): IncidentRemains {
  const { id, number, version, source, button, channel, fixedPlace, openedAt, closedAt } = incident;
  return toStorableRow({ id, number, version, source, button, channel, fixedPlace, openedAt, closedAt });
}

function readIncidentOr(row: StoredIncident): Incident | DamagedIncident {
  try {
    return readIncident(row);
  } catch (error) {
    if (error instanceof DamagedIncident) return error;
    throw error;
  }
}

function toWritten({ remains, incident, onDisk }: Row): readonly WrittenIncident[] {
  if (incident instanceof DamagedIncident) return [];
  return [{ ...remains, before: onDisk, nextAt: incident.nextAt, body: JSON.stringify(incident) }];
}
