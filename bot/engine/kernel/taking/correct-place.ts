import type { Alarm } from "../../../domain/alarm.ts";
import { toWhereabouts } from "../../../domain/location.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Transaction } from "../../../ports/store/store.ts";
import type { Commit, Handler } from "../handle.ts";

/** An alarm of a source, and when it was received, in epoch milliseconds. */
interface Received {
  readonly source: string;
  readonly alarm: Alarm;
  readonly receivedAt: number;
}

/** Corrects where the incident of a message is whose text was changed, to what was typed with that. */
export async function correctPlace(
  tx: Transaction,
  { handler, directory }: { readonly handler: Handler; readonly directory: Directory },
  { source, alarm, receivedAt }: Received,
  incident: string | null,
): Promise<readonly Commit[]> {
  const { colleague } = alarm;
  if (incident === null || colleague === null || !colleague.isEdited) return [];
  const press = directory.toPress(source, alarm, incident, receivedAt);
  const place = press.updatesPlace ? press.place : null;
  const where = press.isLocationNamed ? { where: toWhereabouts(press) } : null;
  if (place === null && where === null) return [];
  const by = { id: colleague.id, name: colleague.name };
  const request = { kind: "correct-place", by, place, ...where, saidAt: receivedAt } as const;
  return [(await handler.handleIn(tx, incident, request)).commit];
}
