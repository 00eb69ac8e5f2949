import { type Alarm, toAlarm } from "../../../domain/alarm.ts";
import type { Press } from "../../../domain/incident/command.ts";
import type { Moment } from "../../../domain/incident/time/is-since.ts";
import { listLeftBehind } from "../../../domain/incident/whereabouts/move.ts";
import { withoutOutweighed } from "../../../domain/incident/whereabouts/outweighed.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Joinable } from "../../../ports/store/incidents.ts";
import type { Transaction } from "../../../ports/store/store.ts";
import { loadOrRestore } from "../incidents/load-or-restore.ts";

/** Who pressed at the place from where that press takes their alarm: they have to have one that stays there. */
export async function loadLeftBehind(
  tx: Transaction,
  directory: Directory,
  press: Press,
  { id, fixedPlace }: Joinable,
  moment: Moment,
): Promise<readonly { readonly source: string; readonly alarm: Alarm }[]> {
  if (fixedPlace === null || fixedPlace === press.fixedPlace) return [];
  const found = await loadOrRestore(tx, directory, id);
  if (found === null) return [];
  const { place } = found.incident;
  return listLeftBehind(found.incident, withoutOutweighed(found.incident, press, moment)).map(({ source, button }) => {
    const isConfigured = directory.expected.sources.some(({ name }) => name === source);
    return isConfigured
      ? { source, alarm: toAlarm("press", { button, place }) }
      : // Of a source that has left the configuration somebody goes to that place all the same.
        { source: press.source, alarm: toAlarm("press", { button: `${source} ${button}`, place }) };
  });
}
