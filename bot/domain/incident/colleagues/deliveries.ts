import { formatKey } from "../../message-key.ts";
import type { Person } from "../../person.ts";
import type { DecisionReason } from "../command.ts";
import { change, type Draft, note, withoutPressers } from "../draft.ts";
import { type Delivery, type DeliveryFailure, type Incident, isReportedLater } from "../incident.ts";

/**
 * Messages the people on duty 1:1 and mentions them in the thread; at most once in a decision, nobody who pressed;
 * false when there is nobody.
 */
export function notifyOnDuty(draft: Draft): boolean {
  const people = withoutPressers(draft.incident, draft.onDuty) ?? [];
  if (people.length === 0) return false;
  if (draft.effects.some((effect) => effect.kind === "notify")) return true;
  const number = draft.incident.version + 1;
  note(draft, { kind: "rung", people, round: draft.incident.round.number });
  draft.effects.push({ kind: "notify", people, number });
  for (const person of people) {
    const key = formatKey({ kind: "message", incident: draft.incident.id, ring: number, person: person.id });
    queueDelivery(draft, person, "message", key);
  }
  return true;
}

/** Puts a new message or call in the ledger, in place of the last one to that colleague by that route. */
export function queueDelivery(draft: Draft, person: Person, route: Delivery["route"], key: string): void {
  const others = draft.incident.deliveries.filter((each) => each.person.id !== person.id || each.route !== route);
  const state = hasAnswered(draft.incident, person) ? "answered" : "queued";
  change(draft, { deliveries: [...others, { person, route, key, state, failure: null, at: draft.now }] });
}

/** A call about to be made: nobody who answered meanwhile is rung. */
export function startDelivery(draft: Draft, key: string): DecisionReason {
  const delivery = find(draft, key);
  if (delivery === null) return "delivery-withheld";
  if (delivery.state === "answered") return "delivery-withheld";
  if (delivery.state === "queued") set(draft, delivery, { state: "started" });
  return "delivery-started";
}

/** The provider has it; nobody was reached by that. */
export function acceptDelivery(draft: Draft, key: string): DecisionReason {
  const delivery = find(draft, key);
  if (delivery === null) return "unknown-delivery";
  // What the provider told of its end may have been faster than its own receipt.
  const isOver = delivery.state === "answered" || delivery.state === "accepted" || isReportedLater(delivery.failure);
  if (isOver) return "already-so";
  set(draft, delivery, { state: "accepted", failure: null });
  return "delivery-accepted";
}

/** It did not get through; said once for each reason, and never against a human's answer. */
export function failDelivery(draft: Draft, key: string, reason: DeliveryFailure): DecisionReason {
  const delivery = find(draft, key);
  if (delivery === null) return "unknown-delivery";
  if (delivery.state === "answered" || delivery.failure === reason) return "already-so";
  set(draft, delivery, { state: "failed", failure: reason });
  note(draft, { kind: "not-delivered", person: delivery.person, route: delivery.route, reason });
  return "delivery-failed";
}

/** Whoever answered by any route was reached: runs at the end of every decision. */
export function noteReached(draft: Draft): void {
  for (const delivery of draft.incident.deliveries) {
    if (delivery.state === "answered" || !hasAnswered(draft.incident, delivery.person)) continue;
    set(draft, delivery, { state: "answered", failure: null });
  }
}

/** How many colleagues were messaged or called, and how many of them answered. */
export function countReached({ deliveries }: Incident): { readonly asked: number; readonly reached: number } {
  const people = Map.groupBy(deliveries, ({ person }) => person.id);
  const reached = [...people.values()].filter((each) => each.some(({ state }) => state === "answered"));
  return { asked: people.size, reached: reached.length };
}

/** Colleagues to whom nothing got through by any route that was tried. */
export function unreachedOf({ deliveries }: Incident): readonly Person[] {
  const people = Map.groupBy(deliveries, ({ person }) => person.id);
  const failed = [...people.values()].filter((each) => each.every(({ state }) => state === "failed"));
  return failed.flatMap(([first]) => (first === undefined ? [] : [first.person]));
}

/** Whether this colleague answered in this round, with whatever. */
export function hasAnswered({ responders }: Incident, person: Person): boolean {
  return responders.some((responder) => responder.person.id === person.id && responder.state !== "none");
}

function find(draft: Draft, key: string): Delivery | null {
  return draft.incident.deliveries.find((delivery) => delivery.key === key) ?? null;
}

function set(draft: Draft, delivery: Delivery, part: Partial<Delivery>): void {
  const after = { ...delivery, ...part, at: draft.now };
  change(draft, { deliveries: draft.incident.deliveries.map((each) => (each === delivery ? after : each)) });
}
