import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import { type Language, languages } from "../../../../bot/domain/language.ts";
import type { Person } from "../../../../bot/domain/person.ts";
import { toIncidentCard, toSummary, toUnstoredCard } from "../../../../bot/teams/cards/incident/incident-card.ts";
import { toCardActivity } from "../../../../bot/teams/wire/outgoing.ts";
import { courses, follow, type Happening, press, pressedAt, toContext } from "./incidents.ts";

const second = 1_000;
const place = "Spreekkamer Burgemeester van Heemstra-Oosterhout, derde verdieping, achterzijde";
const people = Array.from({ length: 20 }, (_, at): Person => {
  const number = String(at + 1).padStart(2, "0");
  return { id: `aaaaaaaa-0000-4000-8000-0000000000${number}`, name: `Alexandrina Burgemeester ${number}` };
});
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

/** Measures the card in each state as it is posted, with the longest place and twenty people, in both languages. */
export function measureCardSizes(): readonly CardSize[] {
  return languages.flatMap((language) => [
    ...Object.entries(states).map(([state, course]) => ({ state, language, bytes: measureCard(course, language) })),
    { state: "from memory", language, bytes: measureUnstored(language) },
  ]);
}

function measureCard(course: readonly Happening[], language: Language): number {
  const followed = follow(course, { roster: people });
  const incident: Incident = { ...followed.incident, place };
  const context = toContext(language, {}, followed.history);
  return countBytes(toCardActivity(toIncidentCard(incident, context, people), toSummary(incident, context)));
}

function measureUnstored(language: Language): number {
  const { card, summary } = toUnstoredCard({ ...press, place }, toContext(language), pressedAt, people);
  return countBytes(toCardActivity(card, summary));
}

function countBytes(activity: unknown): number {
  return Buffer.byteLength(JSON.stringify(activity));
}
