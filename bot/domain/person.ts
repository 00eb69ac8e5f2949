/** A colleague: Entra object id where Teams gives one, else the Teams id. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** Who wears a button. `id` is null when the name stands in the configuration but not among its people. */
export interface Holder {
  readonly id: string | null;
  readonly name: string;
}
