import type { Snapshot } from "./snapshot.ts";

/** The most accounts, because with `*` anybody may name one. Who is forgotten is at worst heard twice. */
const maxAccounts = 10_000;

type Remembered = Omit<Snapshot, "identified">;
const nothing: Remembered = { frame: null, refusedAt: null, pressed: new Map(), passedOn: new Map() };

/** Memory of the accounts from one frame to the next. It is lost at a restart, which costs a second ring at worst. */
export class Memory {
  /** The one that was remembered longest ago comes first. */
  readonly #accounts = new Map<string, Remembered>();
  #identified = 0;

  snapshot(account: string): Snapshot {
    return { ...(this.#accounts.get(account) ?? nothing), identified: this.#identified };
  }

  /** Takes what an account's newest frame left behind in the place of what was known of it. */
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
