import type { Guard, Incident } from "../../../domain/incident/incident.ts";
import { isObject } from "../json.ts";

/** The one guard of a round that was remembered up to shape 3. */
interface OldGuard {
  readonly pager: string;
  readonly acceptedAt: number;
  readonly arrivedAt: number | null;
  readonly signAt: number | null;
  readonly silentAt: number | null;
  readonly lapsedAt: number | null;
}

/** What stands in a database of an incident, in whichever shape; what an older one lacks is not there. */
export type StoredBody = Incident & { readonly round: { readonly guard?: OldGuard | null } };

/** Each brings a body of its shape to the next one: the first those of shape 1. */
const upgrades: readonly ((body: StoredBody) => StoredBody)[] = [toWaysOfPresses, toDeliveries, toGuards];

/**
 * The form that a stored incident has. Whoever changes `Incident` in a way that old text does not fit adds a function
 * to `upgrades`, and a migration that has what is stored written anew (see `backfillTx`).
 */
export const incidentShape = upgrades.length + 1;

/** Brings a body of a known shape to the newest; null: it is none, or damaged. */
export function toNewestShape(shape: number, body: StoredBody | null): StoredBody | null {
  if (shape === incidentShape || body === null) return body;
  const isWhole = Array.isArray(body.pressers) && isObject(body.round) && isObject(body.pagers);
  return isWhole ? upgrades.slice(shape - 1).reduce((upgraded, upgrade) => upgrade(upgraded), body) : null;
}

/** Until then every press came by a button, and nobody knew when. */
function toWaysOfPresses(body: StoredBody): StoredBody {
  const way = { via: "button", hears: false, at: body.lastPressAt } as const;
  return { ...body, pressers: body.pressers.map((presser) => ({ ...presser, ...way })) };
}

/** Until then it was not known what became of messages to colleagues and of call-offs. */
function toDeliveries(body: StoredBody): StoredBody {
  const pagers = Object.entries(body.pagers).map(([name, page]) => [name, { ...page, callOff: null, earlier: [] }]);
  return {
    ...body,
    deliveries: [],
    round: { ...body.round, calledOffAt: null },
    pagers: Object.fromEntries(pagers),
  };
}

/** Until then guards were not told apart, none of them could ask for help, and no incident was a repetition. */
function toGuards(body: StoredBody): StoredBody {
  const { guard, ...round } = body.round;
  const helpAskedBy = (round.helpAskedAt ?? null) === null ? null : "colleague";
  return { ...body, mayBeRepeat: false, round: { ...round, helpAskedBy, guards: guard ? [toGuard(guard)] : [] } };
}

function toGuard({ pager, acceptedAt, arrivedAt, signAt, silentAt, lapsedAt }: OldGuard): Guard {
  const since = arrivedAt ?? acceptedAt;
  const state = arrivedAt === null ? "coming" : "there";
  return { pager, who: "link", state, since, signAt, silentAt, lapsedAt, helpAt: null };
}
