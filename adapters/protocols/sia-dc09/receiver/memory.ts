import { toIdentity } from "../../../kit/identity.ts";

/** Long enough for a sender's own retries, short enough that a second press is not taken for one. */
const resendMs = 60_000;
/** A sender tries again within seconds or minutes. Not for longer: now and then a clock that is wrong has to be told so. */
const refusalMs = 600_000;
/** For so long a cancel of the panel may mean a press of one of its zones. One of an incident that is closed does nothing. */
const pressedMs = 12 * 60 * 60_000;
const zoneLimit = 64;
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
  /** When a message was refused because of its clock; null for never. */
  refusedAt: number | null;
  /** When the buttons of its zones were last pressed. */
  readonly pressed: Map<string, number>;
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

  /**
   * Whether a message of the account was refused because of its clock within ten minutes; if not, this one is, and is
   * remembered. What the messages say is not compared: with each try a sender may stamp anew, count on, and have moved.
   */
  isRefusedBefore(account: string, { now }: Moment): boolean {
    const known = this.#recall(account);
    if (known.refusedAt !== null && now - known.refusedAt < refusalMs) return true;
    known.refusedAt = now;
    return false;
  }

  /** Remembers that the button of a zone was pressed. */
  notePressed(account: string, button: string, { now }: Moment): void {
    const { pressed } = this.#recall(account);
    pressed.delete(button);
    pressed.set(button, now);
    const [oldest = button] = pressed.keys();
    if (pressed.size > zoneLimit) pressed.delete(oldest);
  }

  /** The buttons of the account's zones that were pressed within twelve hours. */
  pressedOf(account: string, { now }: Moment): string[] {
    return [...this.#recall(account).pressed].filter(([, at]) => now - at < pressedMs).map(([button]) => button);
  }

  /** Whether it is `everyMs` since this was last asked, for this account and `what`, with the answer yes. */
  isDue(account: string, what: string, everyMs: number, { now }: Moment): boolean {
    const { passedOn } = this.#recall(account);
    const at = passedOn.get(what);
    if (at !== undefined && now - at < everyMs) return false;
    passedOn.set(what, now);
    return true;
  }

  /** What was to be passed on was not taken, so it is due again. That a frame was refused, and which one it was, stays true. */
  forgetPassedOn(account: string): void {
    this.#recall(account).passedOn.clear();
  }

  #recall(account: string): Remembered {
    const nothing = { frame: null, refusedAt: null, pressed: new Map(), passedOn: new Map() };
    const known = this.#accounts.get(account) ?? nothing;
    this.#accounts.delete(account);
    this.#accounts.set(account, known);
    if (this.#accounts.size <= accountLimit) return known;
    const [oldest = account] = this.#accounts.keys();
    this.#accounts.delete(oldest);
    return known;
  }
}
