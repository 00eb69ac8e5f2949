import { toIdentity } from "../../../kit/identity.ts";

/** Long enough for a sender's own retries, short enough that a second press is not taken for one. */
const resendMs = 60_000;
/**
 * A sender tries again within seconds or minutes. Not for longer, because a clock that is wrong has to be told so now
 * and then.
 */
const refusalMs = 600_000;
/** A cancel of the panel may mean a press of one of its zones for so long. One of a closed incident does nothing. */
const pressedMs = 12 * 60 * 60_000;
const maxZones = 64;

/** The time twice, epoch milliseconds: `now` moves evenly, `wall` is what the clock on the wall says. */
export interface Moment {
  readonly now: number;
  readonly wall: number;
}

/** What earlier frames of one account left behind. Nothing changes a snapshot: each `with…` makes another one. */
export interface Snapshot {
  /** How many frames of all accounts got an identity of their own. */
  readonly identified: number;
  /** The last frame without a time to trust: what it said, and the identity it got. */
  readonly frame: { readonly said: string; readonly id: string; readonly at: number } | null;
  /** When a message was refused because of its clock; null for never. */
  readonly refusedAt: number | null;
  /** When the buttons of its zones were last pressed, the oldest first. */
  readonly pressed: ReadonlyMap<string, number>;
  /** When something was passed on that needs no saying all the time. */
  readonly passedOn: ReadonlyMap<string, number>;
}

/**
 * The identity of a frame that carries no time to trust: the one before, when the account says the same again within a
 * minute with nothing in between, else a new one. Nothing is recognized for longer, because sequences wrap and some
 * panels always use the same: that would swallow a press.
 */
export function identify(
  said: string,
  snapshot: Snapshot,
  { now, wall }: Moment,
): { readonly id: string; readonly remember: Snapshot } {
  const { frame } = snapshot;
  if (frame?.said === said && now - frame.at < resendMs) return { id: frame.id, remember: snapshot };
  const identified = snapshot.identified + 1;
  const id = toIdentity(said, wall, identified);
  return { id, remember: { ...snapshot, identified, frame: { said, id, at: now } } };
}

/**
 * Whether a message of the account was refused because of its clock within ten minutes. What the messages say is not
 * compared, because a sender may stamp anew, count on, and have moved with each try.
 */
export function isRefusedBefore({ refusedAt }: Snapshot, { now }: Moment): boolean {
  return refusedAt !== null && now - refusedAt < refusalMs;
}

/** The snapshot after a message was refused because of its clock. */
export function withRefusal(snapshot: Snapshot, { now }: Moment): Snapshot {
  return { ...snapshot, refusedAt: now };
}

/** The buttons of the account's zones that were pressed within twelve hours. */
export function toPressed({ pressed }: Snapshot, { now }: Moment): string[] {
  return [...pressed].filter(([, at]) => now - at < pressedMs).map(([button]) => button);
}

/** The snapshot after the button of a zone was pressed; of too many zones the one goes that was pressed longest ago. */
export function withPressed(snapshot: Snapshot, button: string, { now }: Moment): Snapshot {
  const pressed = new Map(snapshot.pressed);
  pressed.delete(button);
  pressed.set(button, now);
  const [oldest = button] = pressed.keys();
  if (pressed.size > maxZones) pressed.delete(oldest);
  return { ...snapshot, pressed };
}

/** Whether `what` was not passed on of this account within `everyMs`. */
export function isDue({ passedOn }: Snapshot, what: string, everyMs: number, { now }: Moment): boolean {
  const at = passedOn.get(what);
  return at === undefined || now - at >= everyMs;
}

/** The snapshot after `what` was passed on. */
export function withPassedOn(snapshot: Snapshot, what: string, { now }: Moment): Snapshot {
  return { ...snapshot, passedOn: new Map(snapshot.passedOn).set(what, now) };
}
