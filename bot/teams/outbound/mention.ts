import type { Tag } from "../../domain/incident/policy.ts";
import type { Person } from "../../domain/person.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Log } from "../../log.ts";
import type { Clock } from "../../ports/time.ts";
import type { Mentioned } from "../cards/mentions.ts";
import type { Connector, OutgoingActivity } from "../wire/connector.ts";
import { isContentRefused, isThrottled } from "../wire/failure.ts";
import type { Members } from "./members.ts";

/** Whom a message names, and the ids of those of them whom it rings. */
interface Naming {
  readonly mentioned: readonly Mentioned[];
  readonly rung: readonly string[];
}

/** A way to mention people and a tag; `tag` null: without one. `rung` holds the tag's id too. */
export interface Way extends Naming {
  readonly tag: Tag | null;
}

/** No mention waits longer for a store that may hang, for somebody whom memory does not know. */
const recallWithinMs = 1_000;

/** The last way there is: nobody is mentioned. */
export const quiet: Way = { mentioned: [], rung: [], tag: null };

/** Who is mentioned, by the ids that Teams is given. */
export class Mentions {
  readonly #members: Pick<Members, "recallMember">;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(members: Pick<Members, "recallMember">, { clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#members = members;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * The ways to mention these people, and this tag, the best first; each names all of them. Nobody is looked up,
   * because no look-up may stand between an alarm and its ring: Teams takes the Entra object id too. It might refuse a
   * message because of one that it does not know, so that another way mentions only those who were met in Teams.
   * `people`: as they came out of `toMentions`. Never rejects.
   */
  async listWays(people: readonly Person[], tag: Tag | null): Promise<readonly Way[]> {
    const found = await Promise.all(people.map((person) => this.#recallTeamsId(person)));
    const all = toNaming(people, (person, index) => found[index] ?? person.id);
    const known = toNaming(people, (_, index) => found[index] ?? null);
    const isSame = known.rung.length === people.length || known.rung.length === 0;
    return toWays(isSame ? [all] : [all, known], tag);
  }

  async #recallTeamsId(person: Person): Promise<string | null> {
    try {
      const found = await withTimeout(this.#clock, recallWithinMs, this.#members.recallMember(person));
      return found === late ? null : (found?.teamsId ?? null);
    } catch (error) {
      this.#log.warn({ person: person.id, err: error }, "member-not-looked-up");
      return null;
    }
  }
}

/** Names these people, by the ids that Teams is given; null: named only. `people`: as they came out of `toMentions`. */
export function toNaming(people: readonly Person[], toId: (person: Person, index: number) => string | null): Naming {
  const mentioned = people.map((person, index) => ({ name: person.name, id: toId(person, index) }));
  const rung = people.flatMap((person, index) => (mentioned[index]?.id == null ? [] : [person.id]));
  return { mentioned, rung };
}

/** Each of these with the tag, and then without it where that still rings somebody. */
export function toWays(namings: readonly Naming[], tag: Tag | null): readonly Way[] {
  const withTag = tag === null ? [] : namings.map((each) => ({ ...each, rung: [...each.rung, tag.id], tag }));
  const without = namings.filter(({ rung }) => rung.length > 0).map((each) => ({ ...each, tag: null }));
  return [...withTag, ...without];
}

/** What came of posting the first message that Teams takes; `way` is the one that it took. */
interface Posted {
  readonly activity: string | null;
  readonly way: Way;
  readonly message: OutgoingActivity;
}

/**
 * Posts a message by the first of these ways that Teams takes: another one where it refuses the content, and one
 * without the tag where it takes no more of those now, because a mention without it is better than a late one.
 * `mayTryNext`: whether another way may pass after that error, too. Rejects with the last DeliveryError.
 */
export async function postFirstTaken(
  connector: Pick<Connector, "post">,
  { serviceUrl, conversation }: { readonly serviceUrl: string; readonly conversation: string },
  ways: readonly Way[],
  toMessage: (way: Way) => OutgoingActivity,
  signal: AbortSignal,
  mayTryNext: (error: unknown) => boolean = isContentRefused,
): Promise<Posted> {
  const [way, ...others] = ways;
  if (way === undefined) throw new RangeError("there is nothing to post");
  const message = toMessage(way);
  try {
    return { activity: await connector.post(serviceUrl, conversation, message, signal), way, message };
  } catch (error) {
    const isTooOften = isThrottled(error) && way.tag !== null;
    const next = isTooOften ? others.filter(({ tag }) => tag === null) : others;
    if (next.length === 0 || !(isTooOften || mayTryNext(error))) throw error;
    return postFirstTaken(connector, { serviceUrl, conversation }, next, toMessage, signal, mayTryNext);
  }
}
