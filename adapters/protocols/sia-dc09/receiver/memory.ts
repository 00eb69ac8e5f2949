import type { Snapshot } from "./snapshot.ts";

/**
 * At most this many accounts are remembered, because with `*` anybody may make them up. A message of a forgotten
 * account is at worst taken twice.
 */
const maxAccounts = 10_000;

type AccountMemory = Omit<Snapshot, "identified">;
const nothing: AccountMemory = {
  frame: null,
  refusedAt: null,
  damagedAt: [],
  pressed: new Map(),
  passedOn: new Map(),
};

/**
 * Remembers each account from one frame to the next. A restart loses the memory, which at worst raises an alarm twice.
 */
export class Memory {
  /** The account that was remembered longest ago comes first. */
  readonly #accounts = new Map<string, AccountMemory>();
  #identified = 0;

  /** What earlier frames of the account left behind. */
  snapshot(account: string): Snapshot {
    return { ...(this.#accounts.get(account) ?? nothing), identified: this.#identified };
  }

  /** Replaces what is known of an account by what its newest frame left behind. */
  remember(account: string, { identified, ...remembered }: Snapshot): void {
    this.#identified = identified;
    this.#accounts.delete(account);
    this.#accounts.set(account, remembered);
    const [oldest = account] = this.#accounts.keys();
    if (this.#accounts.size > maxAccounts) this.#accounts.delete(oldest);
  }

  /**
   * Makes all that was passed on of an account due again, because the storage did not take it. That a frame was
   * refused, and which one it was, stays true.
   */
  forgetPassedOn(account: string): void {
    this.remember(account, { ...this.snapshot(account), passedOn: new Map() });
  }
}
