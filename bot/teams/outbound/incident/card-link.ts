import type { CardState } from "../../../ports/store/teams.ts";
import { toMessageLink } from "../../cards/incident/old-card.ts";
import type { Channels } from "../channels.ts";

/** The address of that card of `channel`, with the team of the channel, unless that leads elsewhere by now. */
export async function findCardLink(
  newest: Pick<CardState, "conversation" | "activity">,
  channel: string,
  channels: Pick<Channels, "findLink">,
): Promise<string> {
  const link = await channels.findLink(channel);
  const isThere = link?.conversation === newest.conversation;
  return toMessageLink(newest, { tenant: link?.tenant ?? null, group: isThere ? link.teamGroup : null });
}
