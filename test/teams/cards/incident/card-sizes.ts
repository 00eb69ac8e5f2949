import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import { type Language, languages } from "../../../../bot/domain/language.ts";
import type { Person } from "../../../../bot/domain/person.ts";
import { toChatCard } from "../../../../bot/teams/cards/chat/chat-card.ts";
import { toPresserCard } from "../../../../bot/teams/cards/chat/presser-card.ts";
import { toIncidentCard, toSummary, toUnstoredCard } from "../../../../bot/teams/cards/incident/incident-card.ts";
import { toCardActivity } from "../../../../bot/teams/wire/outgoing.ts";
import { courses, follow, type Happening, press, pressedAt, toContext } from "./incidents.ts";

const second = 1_000;
const place = "Spreekkamer Burgemeester van Heemstra-Oosterhout, derde verdieping, achterzijde";
const people = Array.from({ length: 20 }, (_, at): Person => {
  const number = String(at + 1).padStart(2, "0");
  return { id: `aaaaaaaa-0000-4000-8000-0000000000${number}`, name: `Alexandrina Burgemeester ${number}` };
});
const presser: Person = { id: "jansen", name: "A. Jansen" };
const link = `https://teams.microsoft.com/l/message/19%3Aalarms%40thread.tacv2/1795476602001?tenantId=${"1".repeat(36)}&groupId=${"2".repeat(36)}&parentMessageId=1795476602001&createdTime=1795476602001`;
const everybody = (atMs: number, kind: "claim" | "arrive") => people.map((by): Happening => [atMs, { kind, by }]);

const coming = [...courses.open, ...everybody(20 * second, "claim")];
const there = [...coming, ...everybody(50 * second, "arrive")];
const last = people[0] as Person;
const states: Readonly<Record<string, readonly Happening[]>> = {
  open: courses.open,
  claimed: coming,
  there,
  paged: courses.paged,
  lapsed: [...coming, [140 * second, { kind: "deadline" }]],
  help: [...there, [70 * second, { kind: "help", by: last }]],
  closed: [...there, [300 * second, { kind: "resolve", by: last, isLead: false, outcome: "real" }]],
};

/** How many bytes a card is on the wire. */
export interface CardSize {
  readonly state: string;
  readonly language: Language;
  readonly bytes: number;
}

/**
 * Measures the cards of an alarm in each state as they are posted, with the longest place and twenty people, in both
 * languages: in the channel, in the chat of who was rung, alone and with more than it has room for, and of who pressed.
 */
export function measureCardSizes(): readonly CardSize[] {
  return languages.flatMap((language) => [
    ...Object.entries(states).flatMap(([state, course]) => measureState(state, course, language)),
    { state: "from memory", language, bytes: measureUnstored(language) },
  ]);
}

function measureState(state: string, course: readonly Happening[], language: Language): readonly CardSize[] {
  const followed = follow(course, { roster: people });
  const incident: Incident = { ...followed.incident, place };
  const context = toContext(language, {}, followed.history);
  const alarm = { incident, context, link, isFollowed: false };
  const shown = {
    "": { card: toIncidentCard(incident, context, people), summary: toSummary(incident, context) },
    ", in a chat": toChatCard([alarm], last, context),
    ", of many in a chat": toChatCard(Array(40).fill(alarm), last, context),
    ", of who pressed": toPresserCard(alarm, presser, context),
  };
  return Object.entries(shown).map(([where, { card, summary }]) => {
    return { state: `${state}${where}`, language, bytes: countBytes(toCardActivity(card, summary)) };
  });
}

function measureUnstored(language: Language): number {
  const { card, summary } = toUnstoredCard({ ...press, place }, toContext(language), pressedAt, people);
  return countBytes(toCardActivity(card, summary));
}

function countBytes(activity: unknown): number {
  return Buffer.byteLength(JSON.stringify(activity));
}
