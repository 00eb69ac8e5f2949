/** Somebody with Teams. `aadObjectId` is the id under which the configuration knows them. */
export interface Colleague {
  readonly teamsId: string;
  readonly aadObjectId: string;
  readonly name: string;
}

/** The Teams that an activity comes from. */
interface SendingTeams {
  readonly bot: { readonly id: string; readonly name: string };
  readonly serviceUrl: string;
  readonly tenantId: string;
  /** Of all its channels; `id` is also that of its General channel. */
  readonly team: { readonly id: string; readonly aadGroupId: string };
}

/** An activity as Teams sends it to a bot: the shape of the recorded ones, with these `parts`. */
export function toActivity(
  teams: SendingTeams,
  from: Colleague,
  conversation: string,
  parts: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const inChannel = /^19:.*@thread\.tacv2/.test(conversation);
  const elsewhere = conversation.startsWith("19:") ? "groupChat" : "personal";
  return {
    id: crypto.randomUUID(),
    channelId: "msteams",
    serviceUrl: teams.serviceUrl,
    timestamp: "2026-11-24T09:00:00.000Z",
    from: { id: from.teamsId, name: from.name, aadObjectId: from.aadObjectId },
    recipient: teams.bot,
    conversation: {
      id: conversation,
      conversationType: inChannel ? "channel" : elsewhere,
      tenantId: teams.tenantId,
      ...(inChannel ? { isGroup: true } : {}),
    },
    channelData: {
      tenant: { id: teams.tenantId },
      // The group comes with some activities only.
      ...(inChannel ? { team: { id: teams.team.id }, channel: { id: conversation } } : {}),
    },
    locale: "nl-NL",
    ...parts,
  };
}
