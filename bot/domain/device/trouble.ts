import { type LastSeen, lastSeenAt } from "./last-seen.ts";

/** A battery that is emptier than this (0 to 1) is a trouble, even when its button reports nothing. */
const lowBattery = 0.2;
const dayMs = 24 * 3_600_000;
/** A button that reported "low" once and not again for this long has a new battery, or is silent. */
const lowForMs = 30 * dayMs;

/**
 * A button of the configuration. `parent`: the device whose messages count as signs of life for this button too, in
 * upper or lower case; null for none. `silentAfterMs` null: its silence is no trouble.
 */
export interface ExpectedButton {
  readonly source: string;
  readonly id: string;
  readonly place: string | null;
  readonly parent: string | null;
  readonly silentAfterMs: number | null;
}

/** A source of the configuration; `isExpectedDaily`: its silence for a day is a trouble. */
export interface ExpectedSource {
  readonly name: string;
  readonly channel: string;
  readonly isExpectedDaily: boolean;
}

export interface Expected {
  readonly sources: readonly ExpectedSource[];
  readonly buttons: readonly ExpectedButton[];
}

/**
 * What is wrong with a source or one of its buttons: for IT, and no alarm. `source-silent`: something came from the
 * source before, and nothing for a day. Moments are epoch milliseconds UTC.
 */
export type SourceTrouble = { readonly source: string } & (
  | { readonly kind: "source-silent"; readonly lastAt: number }
  /** The source, or its connection, reports that it does not work. */
  | { readonly kind: "source-down"; readonly since: number }
  | {
      readonly kind: "button-silent";
      readonly button: string;
      readonly place: string | null;
      readonly lastAt: number | null;
    }
  | {
      readonly kind: "battery-low";
      readonly button: string;
      readonly place: string | null;
      readonly battery: number | null;
    }
  /** The button's network reports that something is wrong with it, or with its parent. */
  | { readonly kind: "button-error"; readonly button: string; readonly place: string | null; readonly since: number }
  /** The button sends messages that can't be read, after one of them was closed as a false alarm (rule 5). */
  | { readonly kind: "button-unreadable"; readonly button: string; readonly place: string | null; readonly at: number }
  /** The button sends messages and is not in the configuration, so its alarm could not say where it is. */
  | { readonly kind: "button-unknown"; readonly button: string; readonly at: number }
);

/** What was last seen of one source, by the button's id in lower case. */
type ByButton = ReadonlyMap<string, readonly LastSeen[]>;

/**
 * Finds all that is wrong with sources and buttons at `now`, each source before its buttons. Pure. `lastSeen` may be in
 * any order.
 */
export function findSourceTroubles(
  { sources, buttons }: Expected,
  lastSeen: readonly LastSeen[],
  now: number,
): SourceTrouble[] {
  const lastSeenOf = Map.groupBy(lastSeen, ({ source }) => source);
  const buttonsOf = Map.groupBy(buttons, ({ source }) => source);
  return sources.flatMap((source) =>
    findTroublesOf(source, buttonsOf.get(source.name) ?? [], lastSeenOf.get(source.name) ?? [], now),
  );
}

function findTroublesOf(
  source: ExpectedSource,
  buttons: readonly ExpectedButton[],
  lastSeen: readonly LastSeen[],
  now: number,
): SourceTrouble[] {
  const byButton = Map.groupBy(lastSeen, ({ button }) => button.toLowerCase());
  const ofSource = findDown(source, lastSeen) ?? findSourceSilence(source, lastSeen, now);
  const ofButtons = buttons.flatMap((button) => {
    const own = byButton.get(button.id.toLowerCase()) ?? [];
    return [
      findError(button, byButton),
      findUnreadable(button, own, now),
      findLowBattery(button, own, now),
      // When the whole source is silent or down, the silence of its buttons is not reported as well.
      ofSource === null ? findSilence(button, byButton, now) : null,
    ];
  });
  return [ofSource, ...ofButtons, ...findUnknown(source, buttons, byButton, now)].filter((each) => each !== null);
}

function findDown({ name }: ExpectedSource, lastSeen: readonly LastSeen[]): SourceTrouble | null {
  const itself = lastSeen.filter(({ button }) => button === "");
  const downAt = lastSeenAt(itself, "trouble");
  if (downAt === null || lastUpAt(lastSeen) > downAt) return null;
  return { kind: "source-down", source: name, since: downAt };
}

function findSourceSilence(
  { name, isExpectedDaily }: ExpectedSource,
  lastSeen: readonly LastSeen[],
  now: number,
): SourceTrouble | null {
  const upAt = lastUpAt(lastSeen);
  if (!isExpectedDaily || upAt === 0 || now - upAt < dayMs) return null;
  return { kind: "source-silent", source: name, lastAt: upAt };
}

/** When a source was last seen to work: any message through it but a trouble shows that. 0: never. */
function lastUpAt(lastSeen: readonly LastSeen[]): number {
  return lastSeen.reduce((last, { kind, at }) => (kind === "trouble" ? last : Math.max(last, at)), 0);
}

/** A trouble of the button itself, else of its parent: each ends with a sign of life of its own. */
function findError({ source, id, place, parent }: ExpectedButton, byButton: ByButton): SourceTrouble | null {
  for (const device of parent === null ? [id] : [id, parent]) {
    const since = findErrorAt(byButton.get(device.toLowerCase()) ?? []);
    if (since !== null) return { kind: "button-error", source, button: id, place, since };
  }
  return null;
}

/** When the device last reported a trouble, in epoch milliseconds; null when it was seen to work since. */
function findErrorAt(lastSeen: readonly LastSeen[]): number | null {
  const since = lastSeenAt(lastSeen, "trouble");
  const signs = ["press", "pressed", "still-pressed", "test", "cancel", "position", "heartbeat", "battery"] as const;
  const aliveAt = lastSeenAt(lastSeen, ...signs);
  return since === null || (aliveAt !== null && aliveAt > since) ? null : since;
}

function findUnreadable(
  { source, id, place }: ExpectedButton,
  lastSeen: readonly LastSeen[],
  now: number,
): SourceTrouble | null {
  const at = lastSeenAt(lastSeen, "unreadable");
  if (at === null || now - at >= dayMs) return null;
  return { kind: "button-unreadable", source, button: id, place, at };
}

function findLowBattery(
  { source, id, place }: ExpectedButton,
  lastSeen: readonly LastSeen[],
  now: number,
): SourceTrouble | null {
  const measured = lastSeen.find(({ kind }) => kind === "battery");
  const battery = measured?.battery ?? null;
  const lowAt = lastSeenAt(lastSeen, "battery-low");
  const isLow = battery !== null && battery < lowBattery;
  const isReportedLow = lowAt !== null && lowAt >= (measured?.at ?? 0) && now - lowAt < lowForMs;
  return isLow || isReportedLow ? { kind: "battery-low", source, button: id, place, battery } : null;
}

function findSilence(
  { source, id, place, parent, silentAfterMs }: ExpectedButton,
  byButton: ByButton,
  now: number,
): SourceTrouble | null {
  if (silentAfterMs === null) return null;
  const devices = parent === null ? [id] : [id, parent];
  const moments = devices.flatMap((device) => byButton.get(device.toLowerCase()) ?? []).map(({ at }) => at);
  const lastAt = moments.length === 0 ? null : Math.max(...moments);
  if (lastAt !== null && now - lastAt <= silentAfterMs) return null;
  return { kind: "button-silent", source, button: id, place, lastAt };
}

/** Finds buttons that send messages, and are neither in the configuration nor the parent of one that is. */
function findUnknown(
  { name, isExpectedDaily }: ExpectedSource,
  buttons: readonly ExpectedButton[],
  byButton: ByButton,
  now: number,
): SourceTrouble[] {
  const known = new Set(buttons.flatMap(({ id, parent }) => [id.toLowerCase(), parent?.toLowerCase()]));
  return [...byButton].flatMap(([id, lastSeen]) => {
    if (id === "" || known.has(id)) return [];
    // A source of presses alone may send any id, and its alarms say where they are; what sends heartbeats is a real
    // button.
    if (!isExpectedDaily && !lastSeen.some(({ kind }) => kind === "heartbeat")) return [];
    const at = Math.max(...lastSeen.map((each) => each.at));
    if (now - at > dayMs) return [];
    return [{ kind: "button-unknown", source: name, button: lastSeen[0]?.button ?? id, at }];
  });
}
