import { type LastSeen, lastSeenAt } from "./last-seen.ts";

/** A battery that is emptier than this is a trouble, whatever its button says. */
const lowBattery = 0.2;
const dayMs = 24 * 3_600_000;
/** Who said "low" once and never again has a new battery by then, or fell silent. */
const lowForMs = 30 * dayMs;

/**
 * A button of the configuration. `parent`: the device whose signs of life count for it too, in whatever case; null for
 * none. `silentAfterMs` null: its silence is no trouble.
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

/** What is wrong with a source or one of its buttons: for IT, and no alarm. Moments are epoch milliseconds UTC. */
export type SourceTrouble = { readonly source: string } /** Was heard before, and not for a day. */ & (
  | { readonly kind: "source-silent"; readonly lastAt: number }
  /** It says itself, or its connection does, that it is not at work. */
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
  /** Its network reports that something is wrong with it. */
  | { readonly kind: "button-error"; readonly button: string; readonly place: string | null; readonly since: number }
  /** Sends what can't be read, after such a message was closed as a false alarm (rule 5). */
  | { readonly kind: "button-unreadable"; readonly button: string; readonly place: string | null; readonly at: number }
  /** Is heard, and not in the configuration: its alarm could not say where it is. */
  | { readonly kind: "button-unknown"; readonly button: string; readonly at: number }
);

/** Signs of one source by the button that gave them, in lower case. */
type ByButton = ReadonlyMap<string, readonly LastSeen[]>;

/** All that is wrong with sources and buttons at `now`, each source before its buttons. Pure. `signs` in any order. */
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
      findError(button, own),
      findUnreadable(button, own, now),
      findLowBattery(button, own, now),
      // That its whole source is silent or down says it all.
      ofSource === null ? findSilence(button, byButton, now) : null,
    ];
  });
  return [ofSource, ...ofButtons, ...findUnknown(source, buttons, byButton, now)].filter((each) => each !== null);
}

function findDown({ name }: ExpectedSource, lastSeen: readonly LastSeen[]): SourceTrouble | null {
  const itself = lastSeen.filter(({ button }) => button === "");
  const downAt = lastSeenAt(itself, "trouble");
  if (downAt === null || toUpAt(lastSeen) > downAt) return null;
  return { kind: "source-down", source: name, since: downAt };
}

function findSourceSilence(
  { name, isExpectedDaily }: ExpectedSource,
  lastSeen: readonly LastSeen[],
  now: number,
): SourceTrouble | null {
  const upAt = toUpAt(lastSeen);
  if (!isExpectedDaily || upAt === 0 || now - upAt < dayMs) return null;
  return { kind: "source-silent", source: name, lastAt: upAt };
}

/** When a source was last at work, for whatever comes through it shows that it is; 0: never. */
function toUpAt(lastSeen: readonly LastSeen[]): number {
  return lastSeen.reduce((last, { kind, at }) => (kind === "trouble" ? last : Math.max(last, at)), 0);
}

function findError({ source, id, place }: ExpectedButton, lastSeen: readonly LastSeen[]): SourceTrouble | null {
  const since = lastSeenAt(lastSeen, "trouble");
  const lifeAt = lastSeenAt(lastSeen, "press", "still-pressed", "test", "cancel", "position", "heartbeat", "battery");
  if (since === null || (lifeAt !== null && lifeAt > since)) return null;
  return { kind: "button-error", source, button: id, place, since };
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
  const saysLow = lowAt !== null && lowAt >= (measured?.at ?? 0) && now - lowAt < lowForMs;
  return isLow || saysLow ? { kind: "battery-low", source, button: id, place, battery } : null;
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

/** Who is heard and is neither in the configuration nor the parent of who is. */
function findUnknown(
  { name, isExpectedDaily }: ExpectedSource,
  buttons: readonly ExpectedButton[],
  byButton: ByButton,
  now: number,
): SourceTrouble[] {
  const known = new Set(buttons.flatMap(({ id, parent }) => [id.toLowerCase(), parent?.toLowerCase()]));
  return [...byButton].flatMap(([id, lastSeen]) => {
    if (id === "" || known.has(id)) return [];
    // What only ever presses may name anything, and its alarms say where they are; who beats is a button of ours.
    if (!isExpectedDaily && !lastSeen.some(({ kind }) => kind === "heartbeat")) return [];
    const at = Math.max(...lastSeen.map((each) => each.at));
    if (now - at > dayMs) return [];
    return [{ kind: "button-unknown", source: name, button: lastSeen[0]?.button ?? id, at }];
  });
}
