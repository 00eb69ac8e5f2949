import { toIdentity } from "../identity.ts";

/** Long enough for a sender's own retries, short enough that a second press is not taken for one. */
const resendMs = 60_000;
/** With `*` anybody may name an account, so there is an end to it; who is forgotten is at worst heard twice. */
const accountLimit = 10_000;

/** The time twice, epoch milliseconds: `now` moves evenly, `wall` is what the clock on the wall says. */
export interface Moment {
  readonly now: number;
  readonly wall: number;
}

interface Remembered {
  /** The last frame without a time to trust: what it said, and the identity it got. */
  frame: { readonly said: string; readonly id: string; readonly at: number } | null;
  /** What was refused last because of its clock. */
  refused: string | null;
  /** When something was passed on that needs no saying all the time. */
  readonly passedOn: Map<string, number>;
}

/** What has to be known of the accounts from one frame to the next. Lost at a restart, which costs a second ring at worst. */
export class Memory {
  readonly #accounts = new Map<string, Remembered>();
  #frames = 0;

  /**
   * The identity of a frame that carries no time to trust: the one before, when the account says the same again within a minute
   * with nothing in between, else a new one. Sequences wrap, and some panels always use the same, so anything that is
   * recognized for longer would swallow a press.
   */
  identify(account: string, said: string, { now, wall }: Moment): string {
    const known = this.#recall(account);
    if (known.frame?.said === said && now - known.frame.at < resendMs) return known.frame.id;
    this.#frames += 1;
    const id = toIdentity(said, wall, this.#frames);
    known.frame = { said, id, at: now };
    return id;
  }

  /** Whether the account sends again, unchanged, what was refused because of its clock. Remembers it for the next time. */
  isRefusedAgain(account: string, said: string): boolean {
    const known = this.#recall(account);
    const isAgain = known.refused === said;
    known.refused = said;
    return isAgain;
  }

  /** Whether it is `everyMs` since this was last asked, for this account and `what`, with the answer yes. */
  isDue(account: string, what: string, everyMs: number, { now }: Moment): boolean {
    const { passedOn } = this.#recall(account);
    const at = passedOn.get(what);
    if (at !== undefined && now - at < everyMs) return false;
    passedOn.set(what, now);
    return true;
  }

  /** Nothing of the account counts as said: what was to be passed on was not taken. */
  forget(account: string): void {
    this.#accounts.delete(account);
  }

  #recall(account: string): Remembered {
    const known = this.#accounts.get(account) ?? { frame: null, refused: null, passedOn: new Map() };
    this.#accounts.delete(account);
    this.#accounts.set(account, known);
    if (this.#accounts.size <= accountLimit) return known;
    const [oldest = account] = this.#accounts.keys();
    this.#accounts.delete(oldest);
    return known;
  }
}
