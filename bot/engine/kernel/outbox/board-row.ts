import { formatKey } from "../../../domain/message-key.ts";
import type { NewOutboxRow } from "../../../ports/store/outbox.ts";

/** Makes the row that brings the card and its thread up to date. */
export function toBoardRow(incident: string, now: number): NewOutboxRow {
  const key = formatKey({ kind: "board", incident });
  return { key, lane: "board", incident, outgoing: { kind: "board" }, dueAt: now };
}
