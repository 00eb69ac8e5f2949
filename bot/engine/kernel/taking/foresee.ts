import { type Alarm, mayChangeIncident } from "../../../domain/alarm.ts";
import { toStateName } from "../../../domain/device/button-state.ts";
import { toJoiningButton } from "../../../domain/incident/press.ts";
import { formatKey } from "../../../domain/message-key.ts";
import type { Directory } from "../../../ports/directory.ts";
import type { Foreseen } from "../../../ports/store/store.ts";

/** What taking the alarms of one message reads. */
export function foreseeAlarms(
  directory: Pick<Directory, "toPress">,
  source: string,
  alarms: readonly Alarm[],
  receivedAt: number,
): Foreseen {
  const presses = alarms.filter(mayChangeIncident).map((alarm) => directory.toPress(source, alarm, "", receivedAt));
  const visitors = presses.flatMap(({ holder }) => holder?.id ?? []);
  return {
    alarms: alarms.flatMap(({ id }) => (id === null ? [] : [{ source, key: id }])),
    buttons: presses.map((press) => ({ source: press.source, button: toJoiningButton(press) })),
    places: presses.flatMap(({ channel, fixedPlace }) => (fixedPlace === null ? [] : [{ channel, fixedPlace }])),
    states: alarms.flatMap((alarm) => (alarm.state === null ? [] : [{ source, name: toStateName(alarm) }])),
    visitors,
    keys: visitors.map((person) => formatKey({ kind: "presser", person })),
  };
}
