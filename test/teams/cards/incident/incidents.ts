import type { Command, Elsewhere } from "../../../../bot/domain/incident/command.ts";
import { decide } from "../../../../bot/domain/incident/decide.ts";
import type { HistoryLine, RecordedLine } from "../../../../bot/domain/incident/history.ts";
import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import type { Policy } from "../../../../bot/domain/incident/policy.ts";
import type { Language } from "../../../../bot/domain/language.ts";
import type { Person } from "../../../../bot/domain/person.ts";
import type { CardContext } from "../../../../bot/teams/cards/context.ts";
import { keys } from "../../../fixtures/names.ts";
import { buildPolicy, toSteps } from "../../../fixtures/policy.ts";
import { buildPress } from "../../../fixtures/press.ts";

const second = 1000;

/** 24 November 2026, 14:02:20 in Amsterdam. */
export const pressedAt = Date.UTC(2026, 10, 24, 13, 2, 20);

const policy = buildPolicy({ steps: toSteps("security-desk", "guard-phone") });
export const press = buildPress({ incident: "0198c0de", holder: { id: "jansen", name: "A. Jansen" } });

export const anna: Person = { id: "anna", name: "Anna Bakker" };
export const bob: Person = { id: "bob", name: "Bob de Vries" };
const onDuty = [anna, bob];

export function toContext(
  language: Language,
  changed: Partial<Policy> = {},
  history: readonly HistoryLine[] = [],
): CardContext {
  return { language, timezone: "Europe/Amsterdam", names: keys, policy: { ...policy, ...changed }, history };
}

type Said = Command extends infer Each ? (Each extends Command ? Omit<Each, "onDuty"> : never) : never;

/** One thing that happens, `atMs` after the press. */
export type Happening = [atMs: number, said: Said];

/** Lets an incident run through the real rules: cards are tested on what the engine really makes. */
export function follow(
  happenings: readonly Happening[],
  { opening = press, changed = {}, roster = onDuty as readonly Person[] | null } = {},
): { incident: Incident; history: readonly RecordedLine[] } {
  const used = { ...policy, ...changed };
  const history: HistoryLine[] = [];
  let incident: Incident | null = null;
  for (const [atMs, said] of [[0, { kind: "press", press: opening }] as const, ...happenings]) {
    const decision = decide(incident, { ...said, onDuty: roster } as Command, pressedAt + atMs, used);
    incident = decision.incident;
    history.push(...decision.history);
  }
  if (incident === null) throw new Error("nothing happened");
  return { incident: { ...incident, number: 17 }, history: history.map((line, at) => ({ ...line, seq: at + 1 })) };
}

const posted: Happening = [100, { kind: "card-posted", ring: 1, rung: ["alice", "bob"] }];
const claimed: Happening = [20 * second, { kind: "claim", by: anna }];
const arrived: Happening = [50 * second, { kind: "arrive", by: anna }];
const key = `${press.incident}-1-1`;
const paged: readonly Happening[] = [
  posted,
  [60 * second, { kind: "deadline" }],
  [60 * second, { kind: "page-starting", key }],
  [61 * second, { kind: "page-accepted", key }],
];

/** On the way to another alarm. */
function goingSince(atMs: number): Elsewhere {
  return { since: null, thereSince: null, comingSince: pressedAt + atMs };
}

/** What happened until the card looks as the name says. */
export const courses = {
  open: [posted],
  coming: [posted, claimed, [25 * second, { kind: "claim", by: bob }]],
  lapsed: [posted, claimed, [140 * second, { kind: "deadline" }]],
  paged,
  failed: [
    posted,
    [60 * second, { kind: "deadline" }],
    [60 * second, { kind: "page-starting", key }],
    [61 * second, { kind: "page-failed", key, reason: "unreachable" }],
    [62 * second, { kind: "page-failed", key: `${press.incident}-1-2`, reason: "refused" }],
  ],
  rerouted: [...paged.slice(0, 3), [61 * second, { kind: "page-failed", key, reason: "unreachable" }]],
  guardComing: [...paged, [80 * second, { kind: "guard", pageKey: key, answer: "accept" }]],
  guardThere: [...paged, [80 * second, { kind: "guard", pageKey: key, answer: "arrived" }]],
  pagedAndComing: [...paged, [80 * second, { kind: "claim", by: bob }]],
  failedAndComing: [
    posted,
    [60 * second, { kind: "deadline" }],
    [60 * second, { kind: "page-starting", key }],
    [61 * second, { kind: "page-failed", key, reason: "misconfigured" }],
    [62 * second, { kind: "page-failed", key: `${press.incident}-1-2`, reason: "refused" }],
    [80 * second, { kind: "claim", by: bob }],
  ],
  guardAndColleague: [
    ...paged,
    [80 * second, { kind: "guard", pageKey: key, answer: "accept" }],
    [90 * second, { kind: "claim", by: bob }],
  ],
  lapsedAndComing: [posted, claimed, [140 * second, { kind: "deadline" }], [150 * second, { kind: "claim", by: bob }]],
  helpAndGuard: [
    ...paged,
    [70 * second, { kind: "arrive", by: anna }],
    [75 * second, { kind: "help", by: anna }],
    [80 * second, { kind: "guard", pageKey: key, answer: "accept" }],
  ],
  helpMet: [
    ...paged,
    [70 * second, { kind: "arrive", by: anna }],
    [75 * second, { kind: "help", by: anna }],
    [80 * second, { kind: "guard", pageKey: key, answer: "arrived" }],
  ],
  helpAgain: [
    ...paged,
    [80 * second, { kind: "guard", pageKey: key, answer: "arrived" }],
    [90 * second, { kind: "help", by: anna }],
  ],
  thereAndPaged: [...paged, [80 * second, { kind: "arrive", by: anna }]],
  thereAndSilent: [
    posted,
    claimed,
    arrived,
    [55 * second, { kind: "arrive", by: bob }],
    [655 * second, { kind: "deadline" }],
    [775 * second, { kind: "deadline" }],
    [780 * second, { kind: "check-in", by: bob }],
  ],
  there: [posted, claimed, arrived],
  left: [
    posted,
    claimed,
    arrived,
    [70 * second, { kind: "deadline", elsewhere: new Map([[anna.id, goingSince(70 * second)]]) }],
  ],
  asked: [posted, claimed, arrived, [650 * second, { kind: "deadline" }]],
  silent: [posted, claimed, arrived, [650 * second, { kind: "deadline" }], [770 * second, { kind: "deadline" }]],
  guardSilent: [
    ...paged,
    [80 * second, { kind: "guard", pageKey: key, answer: "arrived" }],
    [680 * second, { kind: "deadline" }],
    [800 * second, { kind: "deadline" }],
  ],
  help: [posted, claimed, arrived, [70 * second, { kind: "help", by: anna }]],
  witnessed: [posted, claimed, arrived, [70 * second, { kind: "witness", by: anna }]],
  closedAfterGuard: [
    ...paged,
    [70 * second, { kind: "claim", by: bob }],
    [75 * second, { kind: "decline", by: bob }],
    [80 * second, { kind: "guard", pageKey: key, answer: "accept" }],
    [180 * second, { kind: "guard", pageKey: key, answer: "arrived" }],
    [200 * second, { kind: "arrive", by: anna }],
    [300 * second, { kind: "resolve", by: anna, isLead: false, outcome: "real" }],
    [301 * second, { kind: "call-off-taken", page: key }],
  ],
  closed: [posted, claimed, arrived, [300 * second, { kind: "resolve", by: anna, isLead: false, outcome: "false" }]],
} satisfies Record<string, readonly Happening[]>;

export type CourseName = keyof typeof courses;
