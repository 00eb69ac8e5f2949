/** Reads where colleagues usually are, as they entered it. It is personal data, and nothing else is stored with it. */
export interface UsualPlaceReader {
  /** By `Person.id`; null for a colleague who entered none. */
  loadUsualPlace(person: string): Promise<string | null>;
}

/** Reads and changes where colleagues usually are. */
export interface UsualPlaceTx extends UsualPlaceReader {
  /** By `Person.id`; null deletes it. */
  saveUsualPlace(person: string, place: string | null): Promise<void>;
}
