import type { Incident } from "../../bot/domain/incident/incident.ts";
import { buildIncident } from "../fixtures/incident.ts";

const page = { reason: "unclaimed", state: "failed", at: 5, failure: "guard-declined" } as const;

/** The guard of a round, as it was remembered while there was one. */
const promise = { pageKey: "old-1-1-1", pager: "desk", acceptedAt: 7, signAt: null, silentAt: null } as const;
const oldGuards = [
  null,
  { ...promise, arrivedAt: null, lapsedAt: null },
  { ...promise, arrivedAt: null, lapsedAt: 900 },
  { ...promise, arrivedAt: 9, signAt: 10, silentAt: 11, lapsedAt: null },
];
const link = { pager: "desk", who: "link", since: 7, signAt: null, silentAt: null, lapsedAt: null, helpAt: null };
const guards = [
  [],
  [{ ...link, state: "coming" }],
  [{ ...link, state: "coming", lapsedAt: 900 }],
  [{ ...link, state: "there", since: 9, signAt: 10, silentAt: 11 }],
] as const;

export function oldIdOf(index: number): string {
  return `old-${index}`;
}

/** The incident `index` as every version reads it, with two pages and what its number brings along. */
export function toExpected(index: number): Incident {
  const [id, button] = [oldIdOf(index), String(index)];
  const incident = buildIncident({ id, button, fixedPlace: null, number: index });
  const paged = { ...page, key: `${id}-1-1`, callOff: null, earlier: [] };
  return {
    ...incident,
    closedAt: isClosed(index) ? incident.openedAt + 1 : null,
    pressers: [{ source: "buttons", button, via: "button", hears: false, holder: null, at: incident.lastPressAt }],
    round: {
      ...incident.round,
      helpAskedAt: index % 2 === 0 ? null : 12,
      helpAskedBy: index % 2 === 0 ? null : "colleague",
      guards: guards[index % 4] ?? [],
    },
    pagers: { desk: paged, 'büro\'s "2"': { ...paged, failure: null } },
  };
}

function isClosed(index: number): boolean {
  return index % 2 === 0;
}

/** The same as a version of that shape stored it: without what later ones know. */
export function toOldBody(index: number, shape: 1 | 2 | 3): string {
  const { mayBeRepeat: _, round: newest, ...incident } = toExpected(index);
  const { guards: __, helpAskedBy: ___, ...round } = newest;
  const third = { ...incident, round: { ...round, guard: oldGuards[index % 4] } };
  if (shape === 3) return JSON.stringify(third);
  const { deliveries: ____, pagers, ...rest } = third;
  const { calledOffAt: _____, ...secondRound } = third.round;
  const oldPages = Object.entries(pagers).map(([name, { callOff: _c, earlier: _e, ...paged }]) => [name, paged]);
  const second = { ...rest, round: secondRound, pagers: Object.fromEntries(oldPages) };
  if (shape === 2) return JSON.stringify(second);
  const pressers = second.pressers.map(({ source, button, holder }) => ({ source, button, holder }));
  return JSON.stringify({ ...second, pressers });
}
