import { mentionedOn } from "./card-text.ts";
import type { Colleague, FakeTeams } from "./fakes/teams.ts";
import { toActivity } from "./fakes/teams-activity.ts";
import type { Bot } from "./harness.ts";
import { alice, bob, building, carol, lea, paul, type Settings, sourceSecret } from "./settings.ts";

/** Two buildings, as in the file. */
export const townHall = { name: "Gemeentehuis", address: "Raadhuisplein 1", phone: "+31300000001" };
export const yard = { name: "Stadswerf", address: "Havenkade 8", phone: "+31300000002" };
export const pool = { name: "Zwembad", address: "Badweg 2", phone: "+31300000003" };

/** A colleague on duty who belongs to these locations; `null`: to all. */
export function personAt(
  { name, aadObjectId }: Colleague,
  at: readonly string[] | null,
  more: Settings = {},
): Settings {
  return { name, id: aadObjectId, onDuty: "always", ...(at === null ? {} : { locations: at }), ...more };
}

/** A source of buttons, and what is typed in Teams. */
export const sources = {
  buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" },
  chat: { type: "teams", policy: "building", channel: "frontdesk" },
};

/** Tells the channel for which an alarm is, and pages the desk. */
export const ownChannel = {
  ...building,
  steps: [
    { after: "0s", tell: "own" },
    { after: "60s", page: "desk" },
  ],
};

/** Makes what answers who was rung since it was asked last, by a mention or by a message: their names, in order. */
export function followRings({ teams }: { readonly teams: FakeTeams }): () => readonly string[] {
  let [cards, replies, told] = [0, 0, 0];
  return () => {
    const rung = [
      ...teams.cards.slice(cards).flatMap(({ shown }) => mentionedOn(shown[0]?.attachments?.[0]?.content)),
      ...teams.replies.slice(replies).flatMap(({ body }) => body.entities?.map(({ mentioned: { id } }) => id) ?? []),
      ...teams.told.slice(told).map(({ to }) => to),
    ];
    [cards, replies, told] = [teams.cards.length, teams.replies.length, teams.told.length];
    return [...new Set(rung.map(nameOf))].sort();
  };
}

/** The name of who has that id in Teams or in Entra; the id where nobody of the stories has it. */
export function nameOf(id: string): string {
  const all = [alice, bob, carol, paul, lea];
  return all.find(({ teamsId, aadObjectId }) => [teamsId, aadObjectId].includes(id))?.name ?? id;
}

/** The only open incident; rejects where there is another, or none. */
export async function incidentOf(bot: Bot) {
  const [incident, ...others] = await bot.read((reader) => reader.listOpen(10));
  if (incident === undefined || others.length > 0) throw new Error("not one open incident");
  return incident;
}

/** What Paul does with one message of his own, in his chat with the bot. */
export async function act(bot: Bot, type: "message" | "messageUpdate", text: string) {
  const channelData = { eventType: "editMessage", tenant: { id: bot.teams.tenantId } };
  const parts = { id: "1795476602001", type, text, ...(type === "message" ? {} : { channelData }) };
  await bot.teams.send(toActivity(bot.teams, paul, bot.teams.chatOf(paul), parts));
  await bot.settle();
}
