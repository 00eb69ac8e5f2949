import type { Alarm } from "../../../../bot/domain/alarm.ts";
import type { KnownAccount } from "./account.ts";
import { type CodeKind, hasZone, toCodeKind } from "./codes.ts";
import type { PanelEvent } from "./events.ts";
import { toZoneButton } from "./zone.ts";

/** The kind of alarm that an event is, and its button; `battery` is 0 to 1, null where the event is not about one. */
export type Meaning = Pick<Alarm, "kind" | "button" | "battery" | "state">;

/** The end of a panic, hold-up, medical, emergency, burglary or untyped alarm, which has a code of its own in SIA. */
const restoral = /^[BHMPQU]R$/;

/** The meanings of an account's events, in their order; equal ones of one button once. */
export function toMeanings(events: readonly PanelEvent[], { name, account }: KnownAccount): Meaning[] {
  const meanings = new Map<string, Meaning>();
  for (const { code, zone, state } of events) {
    const codeKind = account.codes[code] ?? toCodeKind(code);
    const kind = toStateKind(codeKind, state);
    const isOfZone = account.zones && zone !== null && kind !== "heartbeat" && hasZone(code);
    const button = isOfZone ? toZoneButton(name, zone) : name;
    // Only a level ends the trouble of a battery. The panel gives none, so 1 stands for "enough".
    const isFull = kind === "battery-ok";
    const isOn = kind === "press" || kind === "still-pressed";
    const isState = isOn || codeKind === "press" || restoral.test(code);
    const key = `${kind} ${button}`;
    meanings.set(key, {
      kind: isFull ? "heartbeat" : kind,
      button,
      battery: isFull ? 1 : null,
      state: isState ? { name: toZoneButton(name, zone ?? ""), run: null, isOn } : (meanings.get(key)?.state ?? null),
    });
  }
  return [...meanings.values()];
}

/**
 * The kind of an event by its state. The end of something is only a sign of life, because a restoral closes nothing;
 * the end of a low battery is `battery-ok`.
 */
function toStateKind(kind: CodeKind, state: PanelEvent["state"]): CodeKind | "still-pressed" {
  if (state === "ongoing") return kind === "press" ? "still-pressed" : kind;
  if (state === "new" || kind === "test" || kind === "cancel") return kind;
  return kind === "battery-low" ? "battery-ok" : "heartbeat";
}
