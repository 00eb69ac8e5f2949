import { parseKey } from "../../message-key.ts";
import type { Person } from "../../person.ts";
import type { Command, DecisionReason } from "../command.ts";
import { changeIncident, type Draft, noteEvent } from "../draft.ts";
import type { Incident } from "../incident.ts";
import { tagOf } from "../policy.ts";
import { isAskable } from "./inside.ts";
import { toAskable } from "./occupied.ts";

/** How many people one message in the channel mentions at most. */
export const maxMentions = 20;

/** Who was rung together, and the number that makes it unique within the incident. */
export interface Ring {
  readonly number: number;
  readonly people: readonly Person[];
}

/** Who was rung last since the press and may still be asked to come; null when nobody was rung. */
export function newestRing(incident: Incident): Ring | null {
  const rung = incident.deliveries.flatMap(({ key, person }) => {
    const message = parseKey(key);
    return message?.kind === "message" ? [{ number: message.ring, person }] : [];
  });
  if (rung.length === 0) return null;
  const number = Math.max(...rung.map((each) => each.number));
  const people = rung.filter((each) => each.number === number).map(({ person }) => person);
  return { number, people: people.filter((person) => isAskable(incident, person)) };
}

/**
 * Rings in the channel what this decision rings, once the card stands there. Runs at the end of every decision, because
 * a round and its ring may come from different parts of it.
 */
export function ringChannel(draft: Draft, command: Command): void {
  const { incident, effects, history } = draft;
  if (incident.cardPostedAt === null || incident.closedAt !== null) return;
  const beginsRound = history.some(({ kind }) => kind === "round-started");
  const notified = effects.find((effect) => effect.kind === "notify");
  const rest = command.kind === "card-posted" ? toRest(draft, command) : null;
  const { people, number, ringsTag } = notified === undefined ? (rest ?? toEmpty(draft)) : notified;
  if (people.length === 0 && !ringsTag && !beginsRound) return;
  effects.push({ kind: "ring", people, number, beginsRound, ringsTag });
}

/**
 * Records whom a mention did not reach, of those who may still be asked to come: nobody else was to be mentioned. What
 * is reported of an older ring changes nothing for whoever was rung since; a newer one may have been for others.
 */
export function failRing(
  draft: Draft,
  { people: all, tag: named, number, reason }: Extract<Command, { kind: "ring-failed" }>,
): DecisionReason {
  const { unmentioned = [], tagRing = 0 } = draft.incident;
  const { free = [] } = toAskable(draft, all);
  const people = free.filter(({ id }) => number >= ringOf(draft.incident, id));
  const tag = number >= tagRing ? named : null;
  if (people.length === 0 && tag === null) return "already-so";
  const others = unmentioned.filter(({ id }) => people.every((person) => person.id !== id));
  changeIncident(draft, {
    unmentioned: [...others, ...people],
    ...(tag === null ? {} : { isTagUnmentioned: true }),
  });
  noteEvent(draft, { kind: "not-mentioned", people, ...(tag === null ? {} : { tag }), reason });
  return "ring-failed";
}

/** The number of the newest ring of that person; 0: there was none. */
function ringOf({ deliveries }: Incident, person: string): number {
  const numbers = deliveries.flatMap(({ key }) => {
    const message = parseKey(key);
    return message?.kind === "message" && message.person === person ? [message.ring] : [];
  });
  return Math.max(0, ...numbers);
}

interface Rung extends Ring {
  readonly ringsTag: boolean;
}

/** Of a round that rings nobody. */
function toEmpty({ incident }: Draft): Rung {
  return { people: [], number: incident.version + 1, ringsTag: false };
}

/** What is to be rung, and was not by the card that was posted. */
function toRest(
  { incident, policy, occupied }: Draft,
  { ring, rung }: Pick<Extract<Command, { kind: "card-posted" }>, "ring" | "rung">,
): Rung {
  const newest = newestRing(incident) ?? { number: incident.version + 1, people: [] };
  const known = newest.number > ring && newest.people.length > 0 ? [] : rung;
  const tag = tagOf(policy, incident.channel);
  return {
    number: newest.number,
    people: newest.people.filter(({ id }) => !known.includes(id) && !occupied.has(id)),
    ringsTag: tag !== null && !known.includes(tag.id),
  };
}
