import type { HistoryLine, RecordedLine } from "../../domain/incident/history.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Policy } from "../../domain/incident/policy.ts";

/**
 * Reads incidents, their histories and the policies with which they opened. What can't be read is left out of lists.
 */
export interface IncidentReader {
  /** Rejects with DamagedIncident when it can't be read as a whole. */
  loadIncident(id: string): Promise<Incident | null>;
  loadHistory(incident: string, afterSeq: number): Promise<readonly RecordedLine[]>;
  /** null also when it can't be read. */
  loadPolicy(hash: string): Promise<Policy | null>;
  /** Counts open incidents in that channel; null: in all. */
  countOpen(channel: string | null): Promise<number>;
  /** Open incidents, newest first. */
  listOpen(limit: number): Promise<readonly Incident[]>;
  /** Ids of open incidents with `nextAt <= now`, the earliest first. */
  listDue(now: number, limit: number): Promise<readonly string[]>;
  /** The earliest `nextAt` of all open incidents; null when there are none. */
  nextDeadline(): Promise<number | null>;
  /** Incidents of that source that were closed after `since`, the last one first. */
  listClosed(source: string, since: number, limit: number): Promise<readonly Incident[]>;
}

/** An open incident, and the place by which another button may join it in its channel. */
export type Joinable = Pick<Incident, "id" | "channel" | "fixedPlace">;

/** Reads and changes incidents; versions guard against two writers. */
export interface IncidentTx extends IncidentReader {
  loadOpenByButton(source: string, button: string): Promise<Joinable | null>;
  loadOpenByPlace(channel: string, fixedPlace: string): Promise<Joinable | null>;
  /**
   * Inserts an incident and resolves with it and its number. Rejects with StaleIncident when an open incident for this
   * button or place is there already.
   */
  insertIncident(incident: Incident): Promise<Incident>;
  /** Rejects with StaleIncident unless the stored version is `incident.version - 1`. */
  updateIncident(incident: Incident): Promise<void>;
  appendHistory(incident: string, lines: readonly HistoryLine[]): Promise<void>;
  savePolicy(hash: string, policy: Policy): Promise<void>;
}

/** Writes incidents that an older version stored in the form of now; until then that is done at each read. */
export interface BackfillTx {
  /** Goes on with that many incidents, by a cursor that is a setting; resolves with whether none is left. */
  backfillIncidents(limit: number): Promise<boolean>;
}
