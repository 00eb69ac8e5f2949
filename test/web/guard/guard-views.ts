import type { HistoryLine } from "../../../bot/domain/incident/history.ts";
import type { Guard, Incident, PagerProgress } from "../../../bot/domain/incident/incident.ts";
import type { GuardCase } from "../../../bot/ports/guard.ts";
import type { GuardState } from "../../../bot/web/guard/guard-state.ts";
import { buildHistory, buildIncident, buildPresser, pressedAt } from "../../fixtures/incident.ts";

export const pageKey = "i-1-1-1";
const colleague = { id: "p-1", name: "A. Jansen" };

const history: HistoryLine[] = [
  { kind: "opened", source: "buttons", button: "0042", via: "button", lateMs: null, at: pressedAt },
  { kind: "rung", people: [colleague], round: 1, at: pressedAt },
  { kind: "claimed", by: colleague, at: pressedAt + 5000 },
  { kind: "lapsed", people: [colleague], at: pressedAt + 125_000 },
  { kind: "page-queued", pager: "security-desk", key: pageKey, reason: "lapsed", at: pressedAt + 125_000 },
];

/** A guard was paged because a colleague did not arrive; `guard` is who accepted since. */
export function buildView(changes: Partial<Incident> = {}, guard: Guard | null = null): GuardCase {
  const base = buildIncident({
    number: 17,
    responders: [
      { person: colleague, state: "coming", since: pressedAt, arrivedAt: null, signAt: null, silentAt: null },
    ],
    pressers: [buildPresser({ holder: { id: "p-2", name: "B. de Vries" } })],
    ...changes,
  });
  const incident = guard === null ? base : { ...base, round: { ...base.round, guard } };
  return { incident, pager: "security-desk", history: buildHistory(history) };
}

export const promise: Guard = {
  pageKey,
  pager: "security-desk",
  acceptedAt: pressedAt + 70_000,
  arrivedAt: null,
  signAt: null,
  silentAt: null,
  lapsedAt: null,
};
export const there: Guard = { ...promise, arrivedAt: pressedAt + 200_000, signAt: pressedAt + 200_000 };

/** What became of the page by which this guard was reached. */
export function paged(changes: Partial<PagerProgress>): Pick<Incident, "pagers"> {
  const base = {
    key: pageKey,
    reason: "lapsed",
    state: "accepted",
    at: pressedAt,
    failure: null,
    callOff: null,
    earlier: [],
  } as const;
  return { pagers: { "security-desk": { ...base, ...changes } } };
}

export const calledOff = paged({ callOff: { at: pressedAt + 150_000, state: "taken" } });
export const another: Guard = { ...promise, pageKey: "i-1-1-2", pager: "guard-phone" };

/** One of each state there is; a state that is missing here does not compile. */
export const standings: Readonly<Record<GuardState, GuardCase>> = {
  asked: buildView({ position: { lat: 52.5, lon: 5.7, accuracyM: 12.3 }, lateMs: 125_000 }),
  declined: buildView(paged({ state: "failed", failure: "guard-declined" })),
  "other-guard": buildView({}, another),
  "other-there": buildView({}, { ...another, arrivedAt: pressedAt + 1 }),
  coming: buildView({ cancelledAt: pressedAt + 1000, verification: "witnessed" }, promise),
  lapsed: buildView({}, { ...promise, lapsedAt: pressedAt + 970_000 }),
  there: buildView({}, there),
  check: buildView({}, { ...there, silentAt: pressedAt + 900_000 }),
  "called-off": buildView(calledOff),
  closed: buildView({ closedAt: pressedAt + 300_000, outcome: "real" }, there),
};
