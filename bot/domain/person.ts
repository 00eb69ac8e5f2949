/** A colleague. `id` is the Entra object id where Teams gives one, else the Teams id. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/**
 * The person who wears a button. `id` is null when the configuration has the name at the button but not among its
 * people.
 */
export interface Holder {
  readonly id: string | null;
  readonly name: string;
}

/** A way in which one person is rung: their chat with the bot, or their phone. */
export type RingRoute = "chat" | "phone";
