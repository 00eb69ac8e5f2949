import { formatKey, parseKey } from "../../message-key.ts";
import type { Person } from "../../person.ts";
import type { DecisionReason } from "../command.ts";
import { changeIncident, type Draft, noteEvent } from "../draft.ts";
import { type Delivery, type DeliveryFailure, type Incident, isReportedLater } from "../incident.ts";
import { tagOf } from "../policy.ts";
import { countResponding, isEnough, isGuardThere } from "../presence.ts";
import { isAskable } from "./inside.ts";
import { noteFreed, noteOccupied, toAskable } from "./occupied.ts";

/**
 * Rings the people on duty, 1:1 and by a mention in the channel (rule 25), but nobody who pressed, is there or asked
 * for help, and the tag of the channel; at most once in a decision. Answers false when there is nobody to notify.
 */
export function notifyOnDuty(draft: Draft): boolean {
  if (draft.effects.some((effect) => effect.kind === "notify")) return true;
  const { free: people = [], occupied = [] } = toAskable(draft, draft.onDuty ?? []);
  noteOccupied(draft, occupied);
  const ringsTag = tagOf(draft.policy, draft.incident.channel) !== null;
  if (people.length === 0 && !ringsTag) return false;
  if (draft.incident.unmentioned !== undefined) changeIncident(draft, { unmentioned: [] });
  ring(draft, people, ringsTag);
  return true;
}

/**
 * Rings who has not answered while too few people come and no guard is there (rule 7): whoever was left out because
 * another alarm occupied them, once none does; and all of them where somebody was counted on until now who is in
 * another alarm since, because an update of the card rings nobody. As long as no card stands, everybody is rung with
 * them, because the card mentions the newest ring.
 */
export function askMore(draft: Draft): void {
  const freed = noteFreed(draft);
  const { incident, policy, history } = draft;
  if (isEnough(incident, policy) || isGuardThere(incident)) return;
  const onDuty = draft.onDuty ?? [];
  if (history.some(({ kind }) => kind === "now-elsewhere")) askAnew(draft, onDuty);
  else if (freed.length > 0) {
    changeIncident(draft, { freed: [] });
    const isFreed = ({ id }: Person) => freed.some((person) => person.id === id);
    ringUnanswered(draft, onDuty.filter(isFreed), false);
  }
}

/** Rings all of them once more, unless this decision rings them already. */
function askAnew(draft: Draft, onDuty: readonly Person[]): void {
  if (draft.effects.some(({ kind }) => kind === "notify")) return;
  const { free = [], occupied = [] } = toAskable(draft, onDuty);
  const known = draft.incident.occupied ?? [];
  const unanswered = occupied.filter((person) => !hasAnswered(draft.incident, person));
  noteOccupied(draft, [...known, ...leaveOut(unanswered, known)]);
  ringUnanswered(draft, free, tagOf(draft.policy, draft.incident.channel) !== null);
}

function ringUnanswered(draft: Draft, people: readonly Person[], ringsTag: boolean): void {
  const { incident } = draft;
  const asked = people.filter((person) => isAskable(incident, person) && !hasAnswered(incident, person));
  if (asked.length === 0 && !ringsTag) return;
  if (incident.cardPostedAt === null) notifyOnDuty(draft);
  else ring(draft, asked, ringsTag);
}

function ring(draft: Draft, people: readonly Person[], ringsTag: boolean): void {
  const number = draft.incident.version + 1;
  const { unmentioned = [] } = draft.incident;
  const silent = leaveOut(unmentioned, people);
  if (silent.length < unmentioned.length) changeIncident(draft, { unmentioned: silent });
  if (ringsTag) changeIncident(draft, { tagRing: number, isTagUnmentioned: false });
  if (people.length > 0) noteEvent(draft, { kind: "rung", people, round: draft.incident.round.number });
  draft.effects.push({ kind: "notify", people, number, ringsTag });
  for (const person of people) {
    const key = formatKey({ kind: "message", incident: draft.incident.id, ring: number, person: person.id });
    queueDelivery(draft, person, "message", key);
  }
}

/** Notes who has that message now, also where a newer one has taken its place meanwhile. */
function noteMessaged(draft: Draft, key: string): void {
  const message = parseKey(key);
  if (message?.kind !== "message") return;
  const { messaged = [], deliveries, occupied = [], round } = draft.incident;
  const known = [...deliveries.map(({ person }) => person), ...occupied, ...(round.onDuty ?? [])];
  const added = leaveOut(known.filter(({ id }) => id === message.person).slice(0, 1), messaged);
  if (added.length > 0) changeIncident(draft, { messaged: [...messaged, ...added] });
}

/** Records a new message or call, in place of the last one to that colleague by that route. */
export function queueDelivery(draft: Draft, person: Person, route: Delivery["route"], key: string): void {
  const others = draft.incident.deliveries.filter((each) => each.person.id !== person.id || each.route !== route);
  const queued = { person, route, key, state: "queued", failure: null, at: draft.now } as const;
  changeIncident(draft, { deliveries: [...others, queued] });
}

/**
 * Decides on a call that is about to be made: a colleague who answered, pressed, asked for help or is occupied is not
 * called.
 */
export function startDelivery(draft: Draft, key: string): DecisionReason {
  const delivery = findDelivery(draft, key);
  if (delivery === null) return "delivery-withheld";
  if (delivery.state === "answered" || !isAskable(draft.incident, delivery.person)) return "delivery-withheld";
  if (draft.occupied.has(delivery.person.id)) return withholdDelivery(draft, key);
  if (delivery.state === "queued") changeDelivery(draft, delivery, { state: "started" });
  return "delivery-started";
}

/**
 * Records that a message or call was not sent, because another alarm occupies that colleague: nobody was asked, and the
 * history, which said so when that was decided, says that it is not so.
 */
export function withholdDelivery(draft: Draft, key: string): DecisionReason {
  const delivery = findDelivery(draft, key);
  if (delivery === null || delivery.state === "answered") return "delivery-withheld";
  const { deliveries, occupied = [] } = draft.incident;
  const { person, route } = delivery;
  changeIncident(draft, {
    deliveries: deliveries.filter((each) => each !== delivery),
    occupied: [...leaveOut(occupied, [person]), person],
  });
  noteEvent(draft, { kind: "withheld", person, route });
  return "delivery-withheld";
}

/** Records that the provider has the message or call, which does not yet mean that the colleague was reached. */
export function acceptDelivery(draft: Draft, key: string): DecisionReason {
  noteMessaged(draft, key);
  const delivery = findDelivery(draft, key);
  if (delivery === null) return "unknown-delivery";
  // The provider's report of how it ended may have come before its receipt.
  const isOver = delivery.state === "answered" || delivery.state === "accepted" || isReportedLater(delivery.failure);
  if (isOver) return "already-so";
  changeDelivery(draft, delivery, { state: "accepted", failure: null });
  return "delivery-accepted";
}

/** Records that it did not get through: once for each reason, and never after the colleague has answered. */
export function failDelivery(draft: Draft, key: string, reason: DeliveryFailure): DecisionReason {
  const delivery = findDelivery(draft, key);
  if (delivery === null) return "unknown-delivery";
  if (delivery.state === "answered" || delivery.failure === reason) return "already-so";
  changeDelivery(draft, delivery, { state: "failed", failure: reason });
  noteEvent(draft, { kind: "not-delivered", person: delivery.person, route: delivery.route, reason });
  return "delivery-failed";
}

/** Marks deliveries to colleagues who have answered by any route as answered. Runs at the end of every decision. */
export function noteReached(draft: Draft): void {
  for (const delivery of draft.incident.deliveries) {
    if (delivery.state === "answered" || !hasAnswered(draft.incident, delivery.person)) continue;
    changeDelivery(draft, delivery, { state: "answered", failure: null });
  }
}

/** Counts the colleagues who were messaged or called, and those of them who answered. */
export function countReached({ deliveries }: Incident): { readonly asked: number; readonly reached: number } {
  const people = Map.groupBy(deliveries, ({ person }) => person.id);
  const reached = [...people.values()].filter((each) => each.some(({ state }) => state === "answered"));
  return { asked: people.size, reached: reached.length };
}

/**
 * Colleagues to whom nothing got through: neither message nor call did, or the message did not and neither did the
 * mention.
 */
export function unreachedOf(incident: Incident): readonly Person[] {
  return Array.from(Map.groupBy(incident.deliveries, ({ person }) => person.id).values()).flatMap((each) => {
    const [first] = each;
    if (first === undefined || each.some(({ state }) => state !== "failed")) return [];
    return each.length > 1 || isUnmentioned(incident, first.person) ? [first.person] : [];
  });
}

/** Colleagues whom the message 1:1 did not reach, though another way may have; who is unreached is not among them. */
export function notMessagedOf(incident: Incident): readonly Person[] {
  const failed = incident.deliveries.filter(({ route, state }) => route === "message" && state === "failed");
  return leaveOut(
    failed.map(({ person }) => person),
    unreachedOf(incident),
  );
}

/** Colleagues whom the mention did not reach and who did not answer; who is unreached is not among them. */
export function notMentionedOf(incident: Incident): readonly Person[] {
  const silent = (incident.unmentioned ?? []).filter((person) => !hasAnswered(incident, person));
  return leaveOut(silent, unreachedOf(incident));
}

/** Colleagues who were not rung because another alarm occupied them, and did not answer by themselves. */
export function occupiedOf(incident: Incident): readonly Person[] {
  return (incident.occupied ?? []).filter((person) => !hasAnswered(incident, person));
}

/** Whether nobody on duty was left to ask, and nobody has been asked or came since. */
export function isNobodyFree(incident: Incident): boolean {
  if (incident.round.nobodyFreeAt === undefined || countResponding(incident) > 0) return false;
  const asked = incident.deliveries.flatMap(({ state, person }) => (state === "answered" ? [] : [person]));
  return leaveOut(asked, incident.occupied ?? []).length === 0;
}

/** Whether this colleague gave any answer in this round. */
export function hasAnswered({ responders }: Incident, person: Person): boolean {
  return responders.some((responder) => responder.person.id === person.id && responder.state !== "none");
}

function isUnmentioned({ unmentioned = [] }: Incident, { id }: Person): boolean {
  return unmentioned.some((person) => person.id === id);
}

function leaveOut(people: readonly Person[], others: readonly Person[]): readonly Person[] {
  return people.filter(({ id }) => others.every((other) => other.id !== id));
}

function findDelivery(draft: Draft, key: string): Delivery | null {
  return draft.incident.deliveries.find((delivery) => delivery.key === key) ?? null;
}

function changeDelivery(draft: Draft, delivery: Delivery, part: Partial<Delivery>): void {
  const after = { ...delivery, ...part, at: draft.now };
  changeIncident(draft, { deliveries: draft.incident.deliveries.map((each) => (each === delivery ? after : each)) });
}
