import { lastOf, type Sign } from "./sign.ts";

/** A battery that is emptier than this is a trouble, whatever its button says. */
const lowBattery = 0.2;
const dayMs = 24 * 3_600_000;
/** Who said "low" once and never again has a new battery by then, or fell silent. */
const lowForMs = 30 * dayMs;

/** A button of the configuration. `silentAfterMs` null: its silence is no trouble. */
export interface WatchedButton {
  readonly source: string;
  readonly id: string;
  readonly place: string | null;
  readonly silentAfterMs: number | null;
}

/** A source of the configuration; `isWatched`: its silence for a day is a trouble. */
export interface WatchedSource {
  readonly name: string;
  readonly channel: string;
  readonly isWatched: boolean;
}

export interface Watched {
  readonly sources: readonly WatchedSource[];
  readonly buttons: readonly WatchedButton[];
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

/** All that is wrong with sources and buttons at `now`, sources first. Pure. `signs` in any order. */
export function findTroubles({ sources, buttons }: Watched, signs: readonly Sign[], now: number): SourceTrouble[] {
  const bySource = Map.groupBy(signs, ({ source }) => source);
  const buttonsOf = Map.groupBy(buttons, ({ source }) => source);
  const known = new Set(buttons.flatMap(({ source, id }) => [toKey(source, id), toKey(source, toPanel(id) ?? id)]));
  return sources.flatMap((source) => {
    const heard = Map.groupBy(bySource.get(source.name) ?? [], ({ button }) => button.toLowerCase());
    const ofSource = findSourceTroubles(source, bySource.get(source.name) ?? [], now);
    const ofButtons = (buttonsOf.get(source.name) ?? []).flatMap((button) => {
      const panelId = toPanel(button.id);
      const panel = panelId === null ? [] : (heard.get(panelId) ?? []);
      return findButtonTroubles(
        button,
        heard.get(button.id.toLowerCase()) ?? [],
        ofSource.length > 0 ? null : panel,
        now,
      );
    });
    const unknown = [...heard.values()].flatMap(([sign, ...rest]) => {
      if (sign === undefined || sign.button === "" || known.has(toKey(source.name, sign.button))) return [];
      // What only ever presses may name anything, and its alarms say where they are; who beats is a button of ours.
      if (!source.isWatched && ![sign, ...rest].some(({ kind }) => kind === "heartbeat")) return [];
      const at = Math.max(...[sign, ...rest].map((each) => each.at));
      return now - at > dayMs
        ? []
        : [{ kind: "button-unknown" as const, source: source.name, button: sign.button, at }];
    });
    return [...ofSource, ...ofButtons, ...unknown];
  });
}

function findSourceTroubles({ name, isWatched }: WatchedSource, signs: readonly Sign[], now: number): SourceTrouble[] {
  const itself = signs.filter(({ button }) => button === "");
  const downAt = lastOf(itself, "trouble");
  // Whatever comes through it shows that it is up again.
  const upAt = signs.reduce((last, { kind, at }) => (kind === "trouble" ? last : Math.max(last, at)), 0);
  if (downAt !== null && upAt <= downAt) return [{ kind: "source-down", source: name, since: downAt }];
  if (!isWatched || upAt === 0 || now - upAt < dayMs) return [];
  return [{ kind: "source-silent", source: name, lastAt: upAt }];
}

/** `panel`: signs of the panel that the button is a zone of; null when its whole source is silent or down, and that says it all. */
function findButtonTroubles(
  button: WatchedButton,
  signs: readonly Sign[],
  panel: readonly Sign[] | null,
  now: number,
): SourceTrouble[] {
  const { source, id, place, silentAfterMs } = button;
  const facts = { source, button: id, place };
  const troubles: SourceTrouble[] = [];
  const errorAt = lastOf(signs, "trouble");
  const lifeAt = lastOf(signs, "press", "still-pressed", "test", "cancel", "position", "heartbeat", "battery");
  if (errorAt !== null && (lifeAt === null || lifeAt <= errorAt)) {
    troubles.push({ kind: "button-error", ...facts, since: errorAt });
  }
  const unreadableAt = lastOf(signs, "unreadable");
  if (unreadableAt !== null && now - unreadableAt < dayMs) {
    troubles.push({ kind: "button-unreadable", ...facts, at: unreadableAt });
  }
  const battery = signs.find(({ kind }) => kind === "battery");
  const lowAt = lastOf(signs, "battery-low");
  const isLow = battery?.battery != null && battery.battery < lowBattery;
  const saysLow = lowAt !== null && lowAt >= (battery?.at ?? 0) && now - lowAt < lowForMs;
  if (isLow || saysLow) {
    troubles.push({ kind: "battery-low", ...facts, battery: battery?.battery ?? null });
  }
  if (silentAfterMs === null || panel === null) return troubles;
  const moments = [...signs, ...panel].map(({ at }) => at);
  const lastAt = moments.length === 0 ? null : Math.max(...moments);
  if (lastAt === null || now - lastAt > silentAfterMs) troubles.push({ kind: "button-silent", ...facts, lastAt });
  return troubles;
}

/** "1A2B/7" is zone 7 of panel 1A2B, in lower case: as long as the panel is heard, so is the zone. null for what is no zone. */
function toPanel(id: string): string | null {
  const at = id.lastIndexOf("/");
  return at <= 0 ? null : id.slice(0, at).toLowerCase();
}

function toKey(source: string, button: string): string {
  return JSON.stringify([source, button.toLowerCase()]);
}
