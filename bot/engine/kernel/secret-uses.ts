import type { NoteSecret, SecretValue } from "../../kit/secrets/secret.ts";
import type { SecretUse } from "../../ports/status.ts";
import type { Clock } from "../../ports/time.ts";

/**
 * Keeps when each value of a secret was last used, since the start: while a secret is changed, that shows when nobody
 * uses the one before it any more. Never keeps a value.
 */
export class SecretUses {
  readonly #clock: Clock;
  readonly #uses = new Map<string, Map<SecretValue, number>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly note: NoteSecret = (secret, value) => {
    const uses = this.#uses.get(secret) ?? new Map<SecretValue, number>();
    this.#uses.set(secret, uses.set(value, this.#clock.now()));
  };

  /** Of secrets that are others from now on: what was used of them says nothing of those. */
  forget(secrets: readonly string[]): void {
    for (const secret of secrets) this.#uses.delete(secret);
  }

  list(): readonly SecretUse[] {
    return [...this.#uses].flatMap(([secret, uses]) => [...uses].map(([value, at]) => ({ secret, value, at })));
  }
}
