import { toIdentity } from "../../../kit/identity.ts";

/**
 * How long a frame is recognised: long enough for a sender's own retries, short enough that a second press is not taken
 * for one.
 */
const resendMs = 60_000;
/**
 * How long a refusal is remembered: a sender tries again within seconds or minutes. Not longer, because a sender with a
 * wrong clock has to get a NAK again now and then.
 */
const refusalMs = 600_000;
/**
 * How long a cancel of the panel may be about a press of one of its zones. To cancel a closed incident does nothing.
 */
const pressedMs = 12 * 60 * 60_000;
const maxZones = 64;
/**
 * This many damaged frames within a day are no accident, because TCP and UDP have checksums of their own: the panel
 * counts otherwise than we do, or something between us changes what it sends.
 */
const manyDamaged = 3;
const damagedMs = 24 * 60 * 60_000;

/** The present time in two ways, epoch milliseconds: `now` moves evenly, `wall` is the machine's clock as it is set. */
export interface Moment {
  readonly now: number;
  readonly wall: number;
}

/** What earlier frames of one account left behind. Nothing changes a snapshot: each `with…` makes another one. */
export interface Snapshot {
  /** How many frames of all accounts got an identity of their own. */
  readonly identified: number;
  /** The last frame without a time to trust: a digest of its content, its identity, and when it came. */
  readonly frame: { readonly contentId: string; readonly id: string; readonly at: number } | null;
  /** When a message was refused because of its clock; null for never. */
  readonly refusedAt: number | null;
  /** When its last damaged frames came, the oldest first. */
  readonly damagedAt: readonly number[];
  /** When the buttons of its zones were last pressed, the oldest first. */
  readonly pressed: ReadonlyMap<string, number>;
  /** When each kind of repeated alarm was last passed on. */
  readonly passedOn: ReadonlyMap<string, number>;
}

/**
 * The identity of a frame that carries no time to trust: that of the account's last such frame when this one has the
 * same content and comes within a minute, else a new one. A frame is recognised for no longer, because sequences wrap
 * and some panels always use the same one, so that a press would be lost.
 */
export function identifyFrame(
  contentId: string,
  snapshot: Snapshot,
  { now, wall }: Moment,
): { readonly id: string; readonly remember: Snapshot } {
  const { frame } = snapshot;
  if (frame?.contentId === contentId && now - frame.at < resendMs) return { id: frame.id, remember: snapshot };
  const identified = snapshot.identified + 1;
  const id = toIdentity(contentId, wall, identified);
  return { id, remember: { ...snapshot, identified, frame: { contentId, id, at: now } } };
}

/**
 * Whether a message of the account was refused because of its clock within ten minutes. The messages are not compared,
 * because each try may have a new time, a new sequence and another position.
 */
export function isRefusedBefore({ refusedAt }: Snapshot, { now }: Moment): boolean {
  return refusedAt !== null && now - refusedAt < refusalMs;
}

/** The snapshot after a message was refused because of its clock. */
export function withRefusal(snapshot: Snapshot, { now }: Moment): Snapshot {
  return { ...snapshot, refusedAt: now };
}

/** The snapshot after a frame came that was damaged. */
export function withDamage(snapshot: Snapshot, { now }: Moment): Snapshot {
  return { ...snapshot, damagedAt: [...snapshot.damagedAt, now].slice(-manyDamaged) };
}

/** Whether more of the account's frames are damaged than by accident. */
export function isOftenDamaged({ damagedAt: [first, ...others] }: Snapshot, { now }: Moment): boolean {
  return first !== undefined && others.length === manyDamaged - 1 && now - first < damagedMs;
}

/** The buttons of the account's zones that were pressed within twelve hours. */
export function toPressedButtons({ pressed }: Snapshot, { now }: Moment): string[] {
  return [...pressed].filter(([, at]) => now - at < pressedMs).map(([button]) => button);
}

/**
 * The snapshot after the button of a zone was pressed; of too many zones the one that was pressed longest ago is
 * dropped.
 */
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
