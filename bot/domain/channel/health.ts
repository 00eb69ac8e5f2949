import { z } from "zod";

/** Looks in a row that fail before that counts: now and then one is refused for no reason. */
const maxFailedLooks = 2;
/** Posts in a row that are refused before that counts, for the same reason. */
const maxRefusedPosts = 3;
/** For so long Teams may still let the bot in after it told that the bot is gone. */
const heldForMs = 60_000;

/** What a look at Teams found; "unclear" says nothing, as when Teams was too busy to answer. */
export type LookFinding = "there" | "not-there" | "no-token" | "no-answer" | "unclear";

/** Why nothing can be posted in a channel: the bot is not let in. */
const outReasons = ["no-token", "no-answer", "removed", "team-deleted"] as const;
type OutReason = (typeof outReasons)[number];
/** The bot is let in, and what it posts is not taken. */
const muteReasons = ["channel-deleted", "team-archived", "posts-refused"] as const;
type MuteReason = (typeof muteReasons)[number];

/** Why alarms can't be posted in a channel. `not-linked`: it leads to no conversation in Teams. */
export type LostReason = OutReason | MuteReason | "not-linked";

/** What shows how it is with a channel. */
export type ChannelSign =
  | { readonly kind: "looked"; readonly found: LookFinding }
  /** Teams told that something is gone, or there again. */
  | { readonly kind: "told-gone"; readonly what: "removed" | "team-deleted" | "channel-deleted" | "team-archived" }
  | { readonly kind: "told-back"; readonly what: "added" | "team-restored" | "channel-restored" | "team-unarchived" }
  /** Somebody wrote or clicked there. */
  | { readonly kind: "seen" }
  | { readonly kind: "posted" }
  | { readonly kind: "post-refused" };

/** A channel that is lost. `since`: epoch milliseconds. */
interface Lost<Reason> {
  readonly reason: Reason;
  readonly since: number;
}

/** What is known of a channel; what Teams tells of `out` is believed until `heldUntil`, whatever a look finds. */
export interface ChannelHealth {
  readonly out: (Lost<OutReason> & { readonly heldUntil: number }) | null;
  readonly mute: Lost<MuteReason> | null;
  /** How often in a row, and since when; null: the last one was good. */
  readonly failedLooks: { readonly count: number; readonly since: number } | null;
  readonly refusedPosts: { readonly count: number; readonly since: number } | null;
}

/** Nothing is known to be wrong. */
export const healthy: ChannelHealth = { out: null, mute: null, failedLooks: null, refusedPosts: null };

/** Why and since when alarms can't be posted there; null when they can, as far as is known. */
export function lostOf({ out, mute }: ChannelHealth): Lost<OutReason | MuteReason> | null {
  return out ?? mute;
}

/**
 * What is known after that sign. Only what was in doubt ends by a sign: that the bot is let in says nothing of whether
 * its posts are taken, and a post that is taken says both. Pure.
 */
export function noteSign(health: ChannelHealth, sign: ChannelSign, now: number): ChannelHealth {
  const { out, mute, refusedPosts } = health;
  switch (sign.kind) {
    case "looked":
      return noteLook(health, sign.found, now);
    case "told-gone": {
      const { what } = sign;
      if (what === "removed" || what === "team-deleted")
        return { ...health, out: { reason: what, since: out?.since ?? now, heldUntil: now + heldForMs } };
      return { ...health, mute: { reason: what, since: mute?.since ?? now } };
    }
    case "told-back": {
      if (sign.what === "added" || sign.what === "team-restored")
        return isToldOut(out) ? { ...health, out: null, failedLooks: null } : health;
      return mute?.reason === restored[sign.what] ? { ...health, mute: null } : health;
    }
    case "seen":
      return isToldOut(out) && now >= out.heldUntil ? { ...health, out: null, failedLooks: null } : health;
    case "posted":
      return healthy;
    case "post-refused": {
      const refused = { count: (refusedPosts?.count ?? 0) + 1, since: refusedPosts?.since ?? now };
      const isMute = mute !== null || refused.count >= maxRefusedPosts;
      const { since } = refused;
      return { ...health, refusedPosts: refused, mute: isMute ? (mute ?? { reason: "posts-refused", since }) : null };
    }
  }
}

const restored = { "channel-restored": "channel-deleted", "team-unarchived": "team-archived" } as const;

function noteLook(health: ChannelHealth, found: LookFinding, now: number): ChannelHealth {
  const { out, failedLooks } = health;
  if (found === "unclear") return health;
  if (found === "there") {
    const isHeld = out !== null && now < out.heldUntil;
    return { ...health, failedLooks: null, out: isHeld ? out : null };
  }
  const failed = { count: (failedLooks?.count ?? 0) + 1, since: failedLooks?.since ?? now };
  if (out === null && failed.count < maxFailedLooks) return { ...health, failedLooks: failed };
  const { since, heldUntil } = out ?? { since: failed.since, heldUntil: now };
  const reason = found === "not-there" ? (isToldOut(out) ? out.reason : "removed") : found;
  return { ...health, failedLooks: failed, out: { reason, since, heldUntil } };
}

/** Whether the bot is out because it, or its team, is gone; not because Teams or its token is. */
function isToldOut(out: ChannelHealth["out"]): out is NonNullable<ChannelHealth["out"]> {
  return out?.reason === "removed" || out?.reason === "team-deleted";
}

const Stored = z.object({
  conversation: z.string(),
  out: z.object({ reason: z.enum(outReasons), since: z.number() }).nullable(),
  mute: z.object({ reason: z.enum(muteReasons), since: z.number() }).nullable(),
});

/** The text by which what is known of a lost channel survives a restart; "" for one that is not. */
export function formatHealth(health: ChannelHealth, conversation: string): string {
  const { out, mute } = health;
  return lostOf(health) === null ? "" : JSON.stringify({ conversation, out, mute });
}

/** What is known of the channel by such a text, if it is of that conversation; else nothing is. */
export function parseHealth(text: string | null, conversation: string): ChannelHealth {
  const stored = Stored.safeParse(toValue(text)).data;
  if (stored?.conversation !== conversation) return healthy;
  const { out, mute } = stored;
  return { ...healthy, mute, out: out && { ...out, heldUntil: out.since } };
}

function toValue(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return null;
  }
}
