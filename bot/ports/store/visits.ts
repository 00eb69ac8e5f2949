import type { Visit } from "../../domain/visit/visit.ts";

/** Reads visits that were announced and not ended. */
export interface VisitReader {
  /** By `Person.id`. */
  loadVisit(person: string): Promise<Visit | null>;
  /** Visits with `nextAt <= now`, the earliest first. */
  listDueVisits(now: number, limit: number): Promise<readonly Visit[]>;
  nextVisitAt(): Promise<number | null>;
}

/** Reads and changes visits. */
export interface VisitTx extends VisitReader {
  saveVisit(visit: Visit): Promise<void>;
  /** By `Person.id`; false when there was none. */
  deleteVisit(person: string): Promise<boolean>;
}
