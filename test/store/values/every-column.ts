import { startTest } from "../../../bot/domain/route-test/route-test.ts";
import { toPagerLane } from "../../../bot/ports/store/outbox.ts";
import type { Foreseen, Transaction } from "../../../bot/ports/store/store.ts";
import { buildPolicy } from "../../fixtures/policy.ts";
import { newIncident } from "../new-incident.ts";

/** Two texts, a number, and what may be measured. */
export interface Values {
  readonly a: string;
  readonly b: string;
  readonly n: number;
  readonly r: number | null;
}

/** Columns into which `writeAll` puts no such value, and why. */
export const notFromOutside: Readonly<Record<string, string>> = {
  "incidents.number": "numbered by the database",
  "incidents.shape": "counted by us",
  "incidents.version": "counted by us",
  "history.seq": "counted by us",
  "alarms.outcome": "a word of ours",
  "buttons.kind": "a word of ours",
  "button_states.is_on": "yes or no",
  "button_states.was_off": "yes or no",
  "outbox.id": "numbered by the database",
  "outbox.attempts": "counted by us",
  "outbox.wanted": "counted by us",
  "outbox.last_reason": "a word of ours",
  "boards.tag_rung": "yes or no",
  "messages.kind": "a word of ours",
  "follow_ups.shows": "a word of ours",
  "settings.subject": "a word of ours",
  "proven_routes.route": "a word of ours",
};

/** No id is empty. */
function toId(text: string): string {
  return `open ${text}`;
}

/** What `writeAll` reads by the way, as the bot foresees it of a press. */
export function foresee({ a, b }: Values): Foreseen {
  return {
    incidents: [toId(a)],
    alarms: [{ source: a, key: b }],
    buttons: [{ source: b, button: a }],
    places: [{ channel: b, fixedPlace: a }],
    states: [{ source: a, name: b }],
    cards: [a],
    visitors: [a],
    keys: [a],
  };
}

/** Puts them into all columns, those of keys among them. Resolves with what a press learns by the way. */
export async function writeAll(tx: Transaction, { a, b, n, r }: Values): Promise<readonly unknown[]> {
  const place = { conversation: a, serviceUrl: b, activity: a };
  const moments = { openedAt: n, nextAt: n };
  const texts = { source: b, channel: b, place: a.slice(0, 100) };
  const id = toId(a);
  const incident = await tx.insertIncident(newIncident(id, { ...texts, ...moments, button: a, fixedPlace: a }));
  const other = await tx.insertIncident(newIncident(`closed ${b}`, { ...texts, ...moments, button: `closed ${a}` }));
  await tx.updateIncident({ ...other, version: other.version + 1, closedAt: n, fixedPlace: b, nextAt: n });
  await tx.appendHistory(id, [{ kind: "cancelled", at: n }]);
  await tx.savePolicy(a, buildPolicy({ name: b, steps: [{ kind: "tell", afterMs: 0, channel: a }] }));
  await tx.saveAlarm({ source: a, key: b, incident: b, outcome: "opened", receivedAt: n });
  await tx.saveButtonState({ source: a, name: b, isOn: true, run: a, wasOff: false, message: b, at: n });
  await tx.saveLastSeen([{ source: a, button: b, kind: "battery", at: n, battery: r }]);
  const outgoing = { kind: "message", person: { id: a, name: b }, ring: n } as const;
  const added = await tx.enqueue([{ key: a, lane: toPagerLane(a), incident: b, outgoing, dueAt: n }], n);
  const learned = [
    await tx.loadOpenByButton(b, a),
    await tx.loadOpenByPlace(b, a),
    await tx.findAlarm(a, b),
    await tx.loadButtonState(a, b),
    await tx.loadVisit(a),
    // PostgreSQL's numbers may have gaps.
    { ...incident, number: 0 },
    ...added.map((row) => ({ ...row, id: 0 })),
  ];
  await tx.saveRouteTest({ ...startTest(a, [b], { by: b, channel: a }, n), nextAt: n });
  const state = { ...place, incident: a, postedAt: n, ring: n, rung: [a, b], isTagRung: true, shown: b, shownAt: n };
  await tx.saveCard({ ...state, repliedTo: n });
  await tx.saveRoundReply({ incident: a, card: b, activity: a, from: n, askedTo: n });
  await tx.saveMessage({ ...place, incident: b, kind: "reply", at: n });
  await tx.addChatCards([{ ...place, person: a, incident: b, message: a, at: n, shown: b, shownAt: n }]);
  await tx.savePresserCard({ ...place, person: a, incident: b, shown: a, shownAt: n });
  await tx.saveFollowUp({ ...place, person: a, shows: "alarm", incident: b, since: n, shown: a, shownAt: n });
  await tx.saveChannel({ ...place, name: a, tenant: b, team: a, teamGroup: b });
  await tx.saveMembers([{ person: { id: a, name: b }, teamsId: b, conversation: a, serviceUrl: b }]);
  await tx.saveSetting("greeted", a, b);
  await tx.saveUsualPlace(a, b);
  await tx.saveProvenRoute({ person: a, route: "chat", knownOn: b, askedOn: a, provenOn: b });
  return learned;
}

/** A visit, which is written by statements of its own. */
export async function writeVisit(tx: Transaction, { a, b, n }: Values): Promise<void> {
  await tx.saveVisit({ person: { id: a, name: b }, startedAt: n, endsAt: n, asked: n, nextAt: n });
}

/** Everything that can be asked of what was written, and where nothing else is. */
export async function readAll(tx: Transaction, { a, b, n }: Values): Promise<readonly unknown[]> {
  const latest = Number.MAX_SAFE_INTEGER;
  return [
    (await tx.listDue(latest, 10)).length,
    await tx.loadOpenByButton(b, a),
    await tx.loadOpenByPlace(b, a),
    await tx.loadHistory(toId(a), 0),
    await tx.loadPolicy(a),
    await tx.findAlarm(a, b),
    await tx.loadButtonState(a, b),
    await tx.listLastSeen(),
    await tx.loadVisit(a),
    await tx.loadRouteTest(a),
    await tx.loadRunningTest(),
    await tx.lanes(),
    await tx.nextOutboxAt(),
    (await tx.listReadyPages(latest, 10)).map((row) => ({ ...row, id: 0 })),
    (await tx.lease(toPagerLane(a), latest, n, 10)).map((row) => ({ ...row, id: 0 })),
    await tx.loadCard(a),
    await tx.loadRoundReply(a),
    await tx.listMessages(b),
    await tx.listChatCards(b, a),
    await tx.loadPresserCard(a),
    await tx.listFollowUps(a),
    await tx.loadChannel(a),
    await tx.loadMember(a),
    await tx.loadMemberByTeamsId(b),
    await tx.loadSetting("greeted", a),
    await tx.loadUsualPlace(a),
    await tx.loadProvenRoute({ person: a, route: "chat" }),
    await tx.newestMoment(),
  ];
}
