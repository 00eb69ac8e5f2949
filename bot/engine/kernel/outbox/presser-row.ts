import { formatKey } from "../../../domain/message-key.ts";
import type { Person } from "../../../domain/person.ts";
import type { NewOutboxRow } from "../../../ports/store/outbox.ts";

/** Makes the row that tells somebody what became of their press; it joins one that waits, with the newest state. */
export function toPresserRow({ id, name }: Person, now: number): NewOutboxRow {
  const outgoing = { kind: "presser", person: { id, name } } as const;
  return { key: formatKey({ kind: "presser", person: id }), lane: "chat", incident: "", outgoing, dueAt: now };
}
