import type { Colleague, FakeTeams, Message } from "./fakes/teams.ts";
import { listMentioned } from "./fakes/teams-mentions.ts";

/** Whether that message mentions that colleague. */
export function mentions({ teamsId, aadObjectId }: Colleague, { body }: Pick<Message, "body">): boolean {
  return listMentioned(body).some(({ id }) => id === teamsId || id === aadObjectId);
}

/** All that made that colleague's devices sound: every new message in their chat, and every mention of them. */
export function ringsOf({ teams }: { readonly teams: FakeTeams }, who: Colleague): readonly Message[] {
  const { cards, texts, replies, direct } = teams;
  const inChannel = [...cards, ...texts, ...replies].filter((message) => mentions(who, message));
  return [...direct.filter(({ to }) => to === who.teamsId), ...inChannel];
}
