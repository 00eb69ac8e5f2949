import type { Alarm } from "../../../../bot/domain/alarm.ts";
import type { KnownAccount } from "./account.ts";
import { type CodeKind, hasZone, toCodeKind } from "./codes.ts";
import type { PanelEvent } from "./events.ts";
import { toZoneButton } from "./zone.ts";

/** What an event is to us, and of which button; `battery` is 0 to 1, null where it says nothing of one. */
export type Meaning = Pick<Alarm, "kind" | "button" | "battery">;

/** What events of an account are to us, in their order; the same of the same button once. */
export function toMeanings(events: readonly PanelEvent[], { name, account }: KnownAccount): Meaning[] {
  const meanings = new Map<string, Meaning>();
  for (const { code, zone, state } of events) {
    const kind = toStateKind(account.codes[code] ?? toCodeKind(code), state);
    const isOfZone = account.zones && zone !== null && kind !== "heartbeat" && hasZone(code);
    const button = isOfZone ? toZoneButton(name, zone) : name;
    // Only how full it is ends a trouble of a battery. How full is not said, but it is enough.
    const isFull = kind === "battery-ok";
    meanings.set(`${kind} ${button}`, { kind: isFull ? "heartbeat" : kind, button, battery: isFull ? 1 : null });
  }
  return [...meanings.values()];
}

/** What has ended is a sign of life and no more, a low battery aside: a restoral closes nothing. */
function toStateKind(kind: CodeKind, state: PanelEvent["state"]): CodeKind | "still-pressed" {
  if (state === "still") return kind === "press" ? "still-pressed" : kind;
  if (state === "new" || kind === "test" || kind === "cancel") return kind;
  return kind === "battery-low" ? "battery-ok" : "heartbeat";
}
