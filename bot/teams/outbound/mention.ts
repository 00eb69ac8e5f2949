import type { Person } from "../../domain/person.ts";
import type { Log } from "../../log.ts";
import type { Mentioned } from "../cards/mentions.ts";
import type { Connector, OutgoingActivity } from "../wire/connector.ts";
import { isContentRefused } from "../wire/failure.ts";
import type { Members } from "./members.ts";

/** Who is mentioned, by the ids that Teams is given. */
export class Mentions {
  readonly #members: Pick<Members, "recallMember">;
  readonly #log: Log;

  constructor(members: Pick<Members, "recallMember">, log: Log) {
    this.#members = members;
    this.#log = log;
  }

  /**
   * The ways to mention these people, the best first; each names all of them. Nobody is looked up, because no look-up
   * may stand between an alarm and its ring: Teams takes the Entra object id too. It might refuse a message because of
   * one that it does not know, so that the second way mentions only those who were met in Teams. Never rejects.
   */
  async listWays(people: readonly Person[]): Promise<readonly (readonly Mentioned[])[]> {
    const found = await Promise.all(people.map((person) => this.#recallTeamsId(person)));
    const all = people.map(({ id, name }, index) => ({ name, id: found[index] ?? id }));
    const known = people.map(({ name }, index) => ({ name, id: found[index] ?? null }));
    const isSame = found.every((id) => id !== null);
    return isSame || found.every((id) => id === null) ? [all] : [all, known];
  }

  async #recallTeamsId(person: Person): Promise<string | null> {
    try {
      return (await this.#members.recallMember(person))?.teamsId ?? null;
    } catch (error) {
      this.#log.warn({ person: person.id, err: error }, "member-not-looked-up");
      return null;
    }
  }
}

/** What came of posting the first message that Teams takes, and which one that was. */
interface Posted<Way> {
  readonly activity: string | null;
  readonly way: Way;
  readonly message: OutgoingActivity;
}

/**
 * Posts in the first of these ways whose content Teams takes. `mayTryNext`: whether another may pass after that error.
 * Rejects with the last DeliveryError.
 */
export async function postFirstTaken<Way>(
  connector: Pick<Connector, "post">,
  { serviceUrl, conversation }: { readonly serviceUrl: string; readonly conversation: string },
  ways: readonly Way[],
  toMessage: (way: Way) => OutgoingActivity,
  signal: AbortSignal,
  mayTryNext: (error: unknown, way: Way) => boolean = isContentRefused,
): Promise<Posted<Way>> {
  for (const [at, way] of ways.entries()) {
    const message = toMessage(way);
    try {
      return { activity: await connector.post(serviceUrl, conversation, message, signal), way, message };
    } catch (error) {
      if (!mayTryNext(error, way) || at === ways.length - 1) throw error;
    }
  }
  throw new RangeError("there is nothing to post");
}
