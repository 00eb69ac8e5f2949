import type { Person } from "../../domain/person.ts";
import type { Log } from "../../log.ts";
import type { CardState, Member } from "../../ports/store/teams.ts";
import type { Clock } from "../../ports/time.ts";
import type { Reply } from "../cards/incident/thread.ts";
import { toMentionText } from "../cards/message.ts";
import type { OutgoingActivity } from "../wire/connector.ts";
import type { Channels } from "./channels.ts";
import type { Members } from "./members.ts";

/** Longest that looking people up may take, because it must leave time for the reply itself. */
const lookUpWithinMs = 1_500;

/** Mentions people in replies. */
export class Mentions {
  readonly #channels: Channels;
  readonly #members: Members;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(channels: Channels, members: Members, clock: Clock, log: Log) {
    this.#channels = channels;
    this.#members = members;
    this.#clock = clock;
    this.#log = log;
  }

  /** Makes the reply an activity that mentions whom Teams knows; the others keep their name. Never rejects. */
  async addMentions({ text, mentions }: Reply, state: CardState, signal: AbortSignal): Promise<OutgoingActivity> {
    if (mentions.length === 0) return { type: "message", text };
    using deadline = this.#clock.timeout(lookUpWithinMs);
    const inTime = AbortSignal.any([signal, deadline.signal]);
    const found = await Promise.all(mentions.map((person) => this.#findMember(person, state, inTime)));
    const plain: OutgoingActivity = { type: "message", text };
    return mentions.reduce((activity, person, index) => withMention(activity, person, found[index] ?? null), plain);
  }

  async #findMember(person: Person, state: CardState, signal: AbortSignal): Promise<Member | null> {
    const team = this.#channels.teamOf(state.conversation);
    try {
      return await this.#members.findMember(person, { ...state, tenant: null, team }, signal);
    } catch (error) {
      this.#log.warn({ person: person.id, err: error }, "member-not-looked-up");
      return null;
    }
  }
}

/**
 * Adds one mention, if its text occurs in the message: Teams ignores a mention whose text does not, and the emulator
 * refuses it.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/channel-and-group-conversations#work-with-mentions
 */
function withMention(activity: OutgoingActivity, person: Person, member: Member | null): OutgoingActivity {
  const tag = toMentionText(person);
  const text = activity.text ?? "";
  if (!text.includes(tag)) return activity;
  if (member === null) return { ...activity, text: text.replaceAll(tag, person.name) };
  const entity = { type: "mention", text: tag, mentioned: { id: member.teamsId, name: person.name } };
  return { ...activity, entities: [...(activity.entities ?? []), entity] };
}
