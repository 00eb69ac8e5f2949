import type { Person } from "../../person.ts";
import { changeIncident, type Draft, noteEvent } from "../draft.ts";
import type { Responder } from "../incident.ts";
import { listGone } from "./elsewhere.ts";
import { askHelp } from "./respond.ts";

/**
 * Takes back what was said by whoever is in another alarm since: nobody may wait here for somebody who is in danger or
 * busy there (rules 7 and 10). What they say here after that counts. Who is there, and pressed where nobody knows where
 * that is, may have done so here: then it is their call for help here too (rule 11). `helping`: who asks for help here
 * now.
 */
export function takeBack(draft: Draft, helping: Person | null = null): void {
  const gone = listGone(draft.incident, draft.elsewhere).filter(({ person }) => person.id !== helping?.id);
  const { lost = [], away = [] } = Object.groupBy(gone, (each) => (isLost(draft, each) ? "lost" : "away"));
  takeBackOf(draft, away);
  for (const { person } of lost) askHelp(draft, { by: person });
}

/** Whether they are there, and the last that is known of them is a press of which nobody knows where that was. */
function isLost({ elsewhere }: Draft, { person, state }: Responder): boolean {
  const other = elsewhere.get(person.id);
  return state === "there" && other?.lostSince != null && other.lostSince >= other.since;
}

function takeBackOf(draft: Draft, gone: readonly Responder[]): void {
  if (gone.length === 0) return;
  const { responders, occupied = [], freed = [] } = draft.incident;
  const people = gone.map(({ person }) => person);
  const isOther = ({ id }: Person) => people.every((person) => person.id !== id);
  changeIncident(draft, {
    responders: responders.map((each): Responder => (gone.includes(each) ? { ...each, state: "none" } : each)),
    occupied: [...occupied.filter(isOther), ...people],
    freed: freed.filter(isOther),
  });
  for (const by of people) {
    const { since, thereSince } = draft.elsewhere.get(by.id) ?? { since: 0, thereSince: 0 };
    const inDanger = thereSince === null || thereSince < since;
    noteEvent(draft, { kind: "now-elsewhere", by, ...(inDanger ? { inDanger } : {}) });
  }
}
