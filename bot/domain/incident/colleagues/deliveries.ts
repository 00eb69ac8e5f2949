import { formatKey } from "../../message-key.ts";
import type { Person } from "../../person.ts";
import type { DecisionReason } from "../command.ts";
import { type Delivery, type DeliveryFailure, type Incident, isReportedLater } from "../incident.ts";
import { change, note, type Turn, withoutPressers } from "../turn.ts";

/**
 * Messages the people on duty 1:1 and mentions them in the thread; at most once in a turn, nobody who pressed; false
 * when there is nobody.
 */
export function notifyOnDuty(turn: Turn): boolean {
  const people = withoutPressers(turn.incident, turn.onDuty) ?? [];
  if (people.length === 0) return false;
  if (turn.effects.some((effect) => effect.kind === "notify")) return true;
  const number = turn.incident.version + 1;
  note(turn, { kind: "rung", people, round: turn.incident.round.number });
  turn.effects.push({ kind: "notify", people, number });
  for (const person of people) {
    const key = formatKey({ kind: "message", incident: turn.incident.id, ring: number, person: person.id });
    queueDelivery(turn, person, "message", key);
  }
  return true;
}

/** Puts a new message or call in the ledger, in place of the last one to that colleague by that route. */
export function queueDelivery(turn: Turn, person: Person, route: Delivery["route"], key: string): void {
  const others = turn.incident.deliveries.filter((each) => each.person.id !== person.id || each.route !== route);
  const state = hasAnswered(turn.incident, person) ? "answered" : "queued";
  change(turn, { deliveries: [...others, { person, route, key, state, failure: null, at: turn.now }] });
}

/** A call about to be made: nobody who answered meanwhile is rung. */
export function startDelivery(turn: Turn, key: string): DecisionReason {
  const delivery = find(turn, key);
  if (delivery === null) return "delivery-withheld";
  if (delivery.state === "answered") return "delivery-withheld";
  if (delivery.state === "queued") set(turn, delivery, { state: "started" });
  return "delivery-started";
}

/** The provider has it; nobody was reached by that. */
export function acceptDelivery(turn: Turn, key: string): DecisionReason {
  const delivery = find(turn, key);
  if (delivery === null) return "unknown-delivery";
  // What the provider told of its end may have been faster than its own receipt.
  const isOver = delivery.state === "answered" || delivery.state === "accepted" || isReportedLater(delivery.failure);
  if (isOver) return "already-so";
  set(turn, delivery, { state: "accepted", failure: null });
  return "delivery-accepted";
}

/** It did not get through; said once for each reason, and never against a human's answer. */
export function failDelivery(turn: Turn, key: string, reason: DeliveryFailure): DecisionReason {
  const delivery = find(turn, key);
  if (delivery === null) return "unknown-delivery";
  if (delivery.state === "answered" || delivery.failure === reason) return "already-so";
  set(turn, delivery, { state: "failed", failure: reason });
  note(turn, { kind: "not-delivered", person: delivery.person, route: delivery.route, reason });
  return "delivery-failed";
}

/** Whoever answered by any route was reached: runs at the end of every decision. */
export function noteReached(turn: Turn): void {
  for (const delivery of turn.incident.deliveries) {
    if (delivery.state === "answered" || !hasAnswered(turn.incident, delivery.person)) continue;
    set(turn, delivery, { state: "answered", failure: null });
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

function find(turn: Turn, key: string): Delivery | null {
  return turn.incident.deliveries.find((delivery) => delivery.key === key) ?? null;
}

function set(turn: Turn, delivery: Delivery, part: Partial<Delivery>): void {
  const after = { ...delivery, ...part, at: turn.now };
  change(turn, { deliveries: turn.incident.deliveries.map((each) => (each === delivery ? after : each)) });
}
