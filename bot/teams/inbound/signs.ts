import type { ChannelSign } from "../../domain/channel/health.ts";
import type { LinkedChannel } from "../../ports/store/teams.ts";
import type { InboundActivity } from "../wire/activity.ts";

/** What an activity shows of how it is with channels, by their names. */
export function toSigns(
  inbound: InboundActivity,
  links: readonly LinkedChannel[],
): readonly { readonly channel: string; readonly sign: ChannelSign }[] {
  const { origin, kind } = inbound;
  // Who removes the app from their own chat with it takes it from no team.
  if (origin.scope !== "channel") return [];
  const toNames = (isMeant: (link: LinkedChannel) => boolean, sign: ChannelSign) =>
    links.filter(isMeant).map(({ name: channel }) => ({ channel, sign }));
  const isThere = ({ conversation }: LinkedChannel) => conversation === origin.conversation;
  // A team's id is that of its General channel, where such an event comes from.
  const team = origin.team ?? origin.conversation;
  const isInTeam = (link: LinkedChannel) => isThere(link) || link.team === team;
  if (kind === "installed") return toNames(isInTeam, { kind: "told-back", what: "added" });
  if (kind !== "gone" && kind !== "restored") return toNames(isThere, { kind: "seen" });
  const isOfChannel = inbound.what === "channel-deleted" || inbound.what === "channel-restored";
  const isMeant = isOfChannel ? ({ conversation }: LinkedChannel) => conversation === inbound.channel : isInTeam;
  if (kind === "gone") return toNames(isMeant, { kind: "told-gone", what: inbound.what });
  return toNames(isMeant, { kind: "told-back", what: inbound.what });
}
