import { toAlarm } from "../../../../bot/domain/alarm.ts";
import { toIdentity } from "../../../kit/identity.ts";
import { toDuh } from "../frame/answer.ts";
import type { Content } from "../frame/content.ts";
import type { Frame } from "../frame/frame.ts";
import type { KnownAccount } from "./account.ts";
import { type PanelEvent, readContactId, readSia } from "./events.ts";
import { type Meaning, toMeanings } from "./meanings.ts";
import { readPlace, readPosition } from "./place.ts";
import type { FrameResult } from "./result.ts";
import { identify, type Moment, type Snapshot, toPressed, withPressed } from "./snapshot.ts";

/** How the time of a message was found: right or not, when it happened, and the answer that takes it. */
interface Timed {
  readonly isInTime: boolean;
  readonly at: number | null;
  readonly ack: Buffer;
}

/** Evaluates a message of a known account whose time is taken. Changes nothing. */
export function evaluateMessage(
  frame: Frame,
  { data, extended, sentAt }: Content,
  known: KnownAccount,
  { isInTime, at, ack }: Timed,
  snapshot: Snapshot,
  moment: Moment,
): FrameResult {
  const { name } = known;
  const said = toIdentity(name, frame.id, frame.sequence, data, JSON.stringify(Object.entries(extended)), sentAt);
  // A clock that stands still says the same of every press, so only one that is right makes a frame unique.
  const identified = isInTime ? { id: said, remember: null } : identify(said, snapshot, moment);
  const { events, text } = readReport(frame.id, data);
  const place = readPlace(extended, text);
  const position = readPosition(extended);
  const meanings = toMeanings(events, known);
  const { cancelled, remember } = followZones(meanings, name, identified.remember ?? snapshot, moment);
  const alarms = meanings.flatMap(({ kind, button, battery }, index) => {
    const id = toIdentity(identified.id, index);
    const alarm = toAlarm(kind, { id, button, battery, at, place, position });
    const zones = cancelled[index] ?? [];
    return [alarm, ...zones.map((zone) => ({ ...alarm, id: toIdentity(identified.id, index, zone), button: zone }))];
  });
  const isKnown = alarms.every(({ kind }) => kind !== "unreadable");
  return {
    alarms,
    answer: events.some(({ code }) => code !== "") ? ack : toDuh(frame),
    isPromise: true,
    reason: isKnown ? null : "unknown-content",
    remember: remember ?? identified.remember,
  };
}

/** Of a frame that says nothing it is not known that it is no press. */
function readReport(id: string, data: string): { events: readonly PanelEvent[]; text: string | null } {
  const nothing = { events: [{ code: "", zone: null, state: "new" }], text: null } as const;
  const report = id === "SIA-DCS" ? readSia(data) : id === "ADM-CID" ? readContactId(data) : nothing;
  return report.events.length === 0 ? nothing : report;
}

/**
 * The zones that each of `meanings` cancels beside its own button, because panels cancel as a whole what each zone has
 * pressed, and is an incident of its own. `remember` is null where no zone was pressed and none asked for.
 */
function followZones(
  meanings: readonly Meaning[],
  name: string,
  snapshot: Snapshot,
  moment: Moment,
): { readonly cancelled: readonly (readonly string[])[]; readonly remember: Snapshot | null } {
  const cancelled: string[][] = [];
  let remember: Snapshot | null = null;
  for (const { kind, button } of meanings) {
    const isCancel = button === name && kind === "cancel";
    const isPress = button !== name && (kind === "press" || kind === "still-pressed" || kind === "unreadable");
    if (isCancel) remember ??= snapshot;
    if (isPress) remember = withPressed(remember ?? snapshot, button, moment);
    cancelled.push(isCancel ? toPressed(remember ?? snapshot, moment) : []);
  }
  return { cancelled, remember };
}
