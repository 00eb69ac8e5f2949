import type { Colleague, FakeTeams } from "./teams.ts";

/** An activity as Teams sends it to a bot: the shape of the recorded ones, with these `parts`. */
export function toActivity(
  teams: Pick<FakeTeams, "bot" | "serviceUrl" | "tenantId">,
  from: Colleague,
  conversation: string,
  parts: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const inChannel = conversation.startsWith("19:");
  return {
    id: crypto.randomUUID(),
    channelId: "msteams",
    serviceUrl: teams.serviceUrl,
    timestamp: "2026-11-24T09:00:00.000Z",
    from: { id: from.teamsId, name: from.name, aadObjectId: from.aadObjectId },
    recipient: teams.bot,
    conversation: {
      id: conversation,
      conversationType: inChannel ? "channel" : "personal",
      tenantId: teams.tenantId,
      ...(inChannel ? { isGroup: true } : {}),
    },
    channelData: {
      tenant: { id: teams.tenantId },
      ...(inChannel ? { team: { id: "19:team-general@thread.tacv2" }, channel: { id: conversation } } : {}),
    },
    locale: "nl-NL",
    ...parts,
  };
}
