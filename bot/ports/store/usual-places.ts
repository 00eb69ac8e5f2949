/** Where colleagues usually are, as they said themselves: personal data, and nothing else stands beside it. */
export interface UsualPlaceReader {
  /** By `Person.id`; null for who said none. */
  loadUsualPlace(person: string): Promise<string | null>;
}

/** Changes of them. */
export interface UsualPlaceTx extends UsualPlaceReader {
  /** By `Person.id`; null forgets it. */
  saveUsualPlace(person: string, place: string | null): Promise<void>;
}
