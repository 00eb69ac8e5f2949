import type { Person } from "../../../domain/person.ts";
import type { NewOutboxRow } from "../../../ports/store/outbox.ts";
import type { FollowUp, MessagePlace } from "../../../ports/store/personal-cards.ts";
import type { Transaction } from "../../../ports/store/store.ts";
import { toPresserRow } from "./presser-row.ts";

/** What a message is to show: an alarm, or a visit and how it ended. */
export type Subject =
  | { readonly shows: "alarm"; readonly incident: string }
  | { readonly shows: Exclude<FollowUp["shows"], "alarm" | "elsewhere"> };

/**
 * Lets a message show from now on what becomes of that, in place of the one of before, which says that it goes on
 * elsewhere. Returns what has it shown.
 */
export async function followIn(
  tx: Transaction,
  person: Person,
  subject: Subject,
  { conversation, serviceUrl, activity }: MessagePlace,
  now: number,
): Promise<readonly NewOutboxRow[]> {
  const incident = toIncident(subject);
  const known = await tx.listFollowUps(person.id);
  for (const other of known) {
    if (other.shows !== subject.shows || other.incident !== incident || other.activity === activity) continue;
    await tx.saveFollowUp({ ...other, shows: "elsewhere", incident: "", since: now });
  }
  const place = { person: person.id, conversation, serviceUrl, activity };
  await tx.saveFollowUp({ ...place, shows: subject.shows, incident, since: now, shown: "", shownAt: now });
  return [toPresserRow(person, now)];
}

/** Lets what shows somebody's visit show what became of that. Returns what has it shown: nothing where nothing does. */
export async function turnVisitIn(
  tx: Transaction,
  person: Person,
  became: Subject,
  now: number,
): Promise<readonly NewOutboxRow[]> {
  const known = (await tx.listFollowUps(person.id)).filter(({ shows }) => shows === "visit");
  for (const followUp of known)
    await tx.saveFollowUp({ ...followUp, shows: became.shows, incident: toIncident(became), since: now });
  return known.length === 0 ? [] : [toPresserRow(person, now)];
}

function toIncident(subject: Subject): string {
  return subject.shows === "alarm" ? subject.incident : "";
}
