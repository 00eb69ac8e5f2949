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

/** A guard was paged because a colleague did not arrive; `guards` are those who answered since. */
export function buildView(changes: Partial<Incident> = {}, ...guards: readonly Guard[]): GuardCase {
  const base = buildIncident({
    number: 17,
    responders: [
      { person: colleague, state: "coming", since: pressedAt, arrivedAt: null, signAt: null, silentAt: null },
    ],
    pressers: [buildPresser({ holder: { id: "p-2", name: "B. de Vries" } })],
    ...changes,
  });
  const incident = guards.length === 0 ? base : { ...base, round: { ...base.round, guards } };
  return { incident, pager: "security-desk", site: null, history: buildHistory(history) };
}

/** That page, after these too. */
export function told(view: GuardCase, ...lines: readonly HistoryLine[]): GuardCase {
  return { ...view, history: buildHistory([...history, ...lines]) };
}

/** The guard who looks at the page of each state, unless the link was opened as it was sent. */
export const me = "abcdefghijk";

export const promise: Guard = {
  pager: "security-desk",
  who: me,
  state: "coming",
  since: pressedAt + 70_000,
  signAt: null,
  silentAt: null,
  lapsedAt: null,
  helpAt: null,
};
export const there: Guard = { ...promise, state: "there", since: pressedAt + 200_000, signAt: pressedAt + 200_000 };
const declined: Guard = { ...promise, state: "declined" };
/** Somebody else with the same link. */
export const sharer: Guard = { ...promise, who: "lmnopqrstuv" };

/** What that guard said before, and a press since. */
export const said = {
  arrived: { kind: "guard-arrived", pager: "security-desk", who: me, at: pressedAt + 200_000 },
  help: { kind: "guard-help", pager: "security-desk", who: me, at: pressedAt + 250_000 },
} as const satisfies Record<string, HistoryLine>;
export const newPress = { kind: "round-started", round: 2, reason: "press", at: pressedAt + 300_000 } as const;

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
/** A guard who was reached through another pager. */
export const another: Guard = { ...promise, who: "route", pager: "guard-phone" };

/** One of each state there is; a state that is missing here does not compile. */
export const standings: Readonly<Record<GuardState, GuardCase>> = {
  asked: buildView({ position: { lat: 52.5, lon: 5.7, accuracyM: 12.3 }, lateMs: 125_000 }),
  declined: buildView(paged({ state: "failed", failure: "guard-declined" }), declined),
  "declined-other": buildView({}, declined, sharer),
  "link-coming": buildView({}, sharer),
  "link-lapsed": buildView({}, { ...sharer, lapsedAt: pressedAt + 970_000 }),
  "link-there": buildView({}, { ...there, who: "lmnopqrstuv" }),
  "link-declined": buildView(paged({ state: "failed", failure: "guard-declined" })),
  "link-before": told(buildView(), said.arrived, newPress),
  "other-guard": buildView({}, another),
  "other-there": buildView({}, { ...another, state: "there" }),
  coming: buildView({ cancelledAt: pressedAt + 1000, verification: "witnessed" }, promise),
  lapsed: buildView({}, { ...promise, lapsedAt: pressedAt + 970_000 }),
  there: buildView({}, there),
  help: buildView({}, { ...there, helpAt: pressedAt + 300_000 }),
  "was-there": told(buildView(), said.arrived, newPress),
  "help-not-there": told(buildView(), said.help),
  check: buildView({}, { ...there, silentAt: pressedAt + 900_000 }),
  "called-off": buildView(calledOff),
  closed: buildView({ closedAt: pressedAt + 300_000, outcome: "real" }, there),
};

/** The query of the address at which a state shows; a link as it was sent says nothing of who looks. */
export function queryOf(state: GuardState): string {
  return state === "asked" || state === "called-off" || state.startsWith("link-") ? "" : `?me=${me}`;
}
