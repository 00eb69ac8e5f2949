import type { Effect } from "../../domain/incident/command.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { formatKey } from "../../domain/message-key.ts";
import type { Person } from "../../domain/person.ts";
import { type NewOutboxRow, toPagerLane } from "../../ports/store/outbox.ts";
import { toBoardRow } from "../kernel/outbox/board-row.ts";
import { toPresserRow } from "../kernel/outbox/presser-row.ts";

/** Makes the row that brings the card in somebody's chat up to date. */
export function toChatRow(incident: string, person: Person, now: number): NewOutboxRow {
  const key = formatKey({ kind: "chat", incident, person: person.id });
  return { key, lane: "chat", incident, outgoing: { kind: "chat", person }, dueAt: now };
}

/**
 * Maps one effect to the rows that go out for it. The keys are unique, so an effect that is decided twice goes out
 * once.
 */
export function toRows(effect: Effect, incident: Incident, now: number): NewOutboxRow[] {
  const { id } = incident;
  const base = { incident: id, dueAt: now };
  switch (effect.kind) {
    case "card":
      return [toCardRow(incident, now), ...toRows({ kind: "card-link" }, incident, now)];
    case "card-link":
      return [...toChatRows(incident, now), ...toPresserRows(incident, now)];
    case "ring": {
      const { people, number, beginsRound, ringsTag } = effect;
      const key = formatKey({ kind: "ring", incident: id, ring: number });
      return [{ ...base, key, lane: "alarm", outgoing: { kind: "ring", people, number, beginsRound, ringsTag } }];
    }
    case "notify":
      return effect.people.map((person) => ({
        ...base,
        key: formatKey({ kind: "message", incident: id, ring: effect.number, person: person.id }),
        lane: "message",
        outgoing: { kind: "message", person, ring: effect.number },
      }));
    case "all-clear":
      return effect.people.map((person) => ({
        ...base,
        key: formatKey({ kind: "all-clear", incident: id, person: person.id }),
        lane: "message",
        outgoing: { kind: "all-clear", person },
      }));
    case "let-go":
      return effect.people.map((person) => ({
        ...base,
        key: formatKey({ kind: "let-go", incident: id, version: incident.version, person: person.id }),
        lane: "message",
        outgoing: { kind: "let-go", person },
      }));
    case "notice": {
      const key = formatKey({ kind: "notice", incident: id, round: effect.round, step: effect.step });
      return [{ ...base, key, lane: "alarm", outgoing: { kind: "notice", channel: effect.channel } }];
    }
    case "call": {
      const { key, pager, person } = effect;
      return [{ ...base, key, lane: "call", outgoing: { kind: "call", pager, call: key, person } }];
    }
    case "page": {
      const { key, pager, reason } = effect;
      return [{ ...base, key, lane: toPagerLane(pager), outgoing: { kind: "page", pager, page: key, reason } }];
    }
    case "feedback": {
      const { source, button, what } = effect;
      const key = formatKey({ kind: "feedback", incident: id, version: incident.version, source, button, what });
      return [{ ...base, key, lane: "feedback", outgoing: { kind: "feedback", source, button, what, at: now } }];
    }
    case "update":
    case "call-off": {
      const { kind, pager, key: page } = effect;
      const key = formatKey({ kind, page, version: incident.version });
      return [{ ...base, key, lane: toPagerLane(pager), outgoing: { kind, pager, page } }];
    }
  }
}

function toCardRow({ id, cardPostedAt }: Incident, now: number): NewOutboxRow {
  if (cardPostedAt !== null) return toBoardRow(id, now);
  return {
    key: formatKey({ kind: "card", incident: id }),
    lane: "alarm",
    incident: id,
    outgoing: { kind: "card" },
    dueAt: now,
  };
}

/** Nothing stands in anybody's chat yet when it opens. */
function toChatRows({ id, version, messaged = [] }: Incident, now: number): readonly NewOutboxRow[] {
  return version === 1 ? [] : messaged.map((person) => toChatRow(id, person, now));
}

/** Whoever pressed is told of each change. */
function toPresserRows({ pressers }: Incident, now: number): readonly NewOutboxRow[] {
  const people = new Map(pressers.flatMap(({ holder }) => (holder?.id ? [[holder.id, holder.name] as const] : [])));
  return Array.from(people, ([id, name]) => toPresserRow({ id, name }, now));
}
