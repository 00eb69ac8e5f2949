import type { Person } from "../../person.ts";
import type { Elsewhere } from "../command.ts";
import { changeIncident, type Draft, noteEvent } from "../draft.ts";
import type { Responder } from "../incident.ts";
import { latestOf, listGone, listLeft, listLost } from "./elsewhere.ts";
import { release } from "./occupied.ts";
import { askHelp } from "./respond.ts";

/**
 * Takes back what was said by whoever is in another alarm since: nobody may wait here for somebody who is in danger or
 * busy there (rules 7 and 10). What they say here after that counts. Who is or was there, and pressed where nobody
 * knows where that is, may have done so here: then it is their call for help here too (rule 11). `helping`: who asks
 * for help here now.
 */
export function takeBack(draft: Draft, helping: Person | null = null): void {
  if (draft.elsewhere.size === 0) return;
  const isOther = ({ person }: Responder) => person.id !== helping?.id;
  const lost = listLost(draft.incident, draft.elsewhere).filter(isOther);
  const gone = listGone(draft.incident, draft.elsewhere).filter(isOther);
  takeBackOf(
    draft,
    gone.filter((each) => !lost.includes(each)),
  );
  for (const { person } of lost) askHelp(draft, { by: person });
  const left = listLeft(draft.incident, draft.elsewhere).map(({ person }) => person);
  for (const { id } of left) release(draft, id);
  leaveOut(draft, left);
}

function takeBackOf(draft: Draft, gone: readonly Responder[]): void {
  if (gone.length === 0) return;
  const { responders } = draft.incident;
  changeIncident(draft, {
    responders: responders.map((each): Responder => (gone.includes(each) ? { ...each, state: "none" } : each)),
  });
  const people = gone.map(({ person }) => person);
  leaveOut(draft, people);
  for (const by of people) noteEvent(draft, { kind: "now-elsewhere", by, ...toWhy(draft.elsewhere.get(by.id)) });
}

/** Notes of these people that another alarm has them, so that it is known once none does. */
function leaveOut(draft: Draft, people: readonly Person[]): void {
  if (people.length === 0) return;
  const { occupied = [], freed = [] } = draft.incident;
  const isOther = ({ id }: Person) => people.every((person) => person.id !== id);
  changeIncident(draft, { occupied: [...occupied.filter(isOther), ...people], freed: freed.filter(isOther) });
}

/** What they did last elsewhere. */
function toWhy({ since, thereSince, lostSince, comingSince }: Partial<Elsewhere> = {}) {
  const inDangerSince = latestOf(since, lostSince);
  const last = latestOf(inDangerSince, thereSince, comingSince);
  if (last === (thereSince ?? null)) return {};
  return last === inDangerSince ? { inDanger: true as const } : { isLeaving: true as const };
}
