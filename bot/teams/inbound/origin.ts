import { toDigest } from "../../kit/digest.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Member } from "../../ports/store/teams.ts";
import type { Clock } from "../../ports/time.ts";
import type { Members } from "../outbound/members.ts";
import type { Origin } from "../wire/activity.ts";

/** Longest that an alarm waits for what is known of its sender. */
const recallWithinMs = 500;

interface Recalling {
  readonly members: Pick<Members, "recallSender">;
  readonly clock: Clock;
}

/**
 * Fills in what an activity does not say of its sender by what earlier ones said: who they are, without which nobody
 * would know that they pressed themselves, and the chat with them, to which an answer can go. Never rejects.
 */
export async function completeOrigin(origin: Origin, recalling: Recalling): Promise<Origin> {
  const { from, teamsId } = origin;
  const isNamed = from.name !== teamsId;
  const isPlaced = origin.conversation !== "";
  if (from.id !== teamsId && isNamed && isPlaced) return origin;
  const member = await recall(origin, recalling);
  if (member === null) return origin;
  const { person, conversation } = member;
  const known = { ...origin, from: { id: person.id, name: isNamed ? from.name : person.name } };
  if (isPlaced || conversation === null) return known;
  return { ...known, conversation, thread: conversation, scope: "personal" };
}

/**
 * Identifies a message or click, so that one that is delivered again counts once, and one whose text is edited is known
 * again; null when it has no id. Ids of messages are moments, so they count in their conversation only.
 */
export function toMessageIdentity({ from, conversation, activity }: Origin): string | null {
  if (activity === null) return null;
  return toDigest(JSON.stringify([from.id, conversation, activity]));
}

async function recall(origin: Origin, { members, clock }: Recalling): Promise<Member | null> {
  const recalled = await withTimeout(clock, recallWithinMs, members.recallSender(origin)).catch(() => null);
  return recalled === late ? null : recalled;
}
