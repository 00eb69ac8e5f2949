import { toAlarm } from "../../../../bot/domain/alarm.ts";
import { toIdentity } from "../../../kit/identity.ts";
import { toDuh } from "../frame/answer.ts";
import type { Content } from "../frame/content.ts";
import type { Frame } from "../frame/frame.ts";
import type { KnownAccount } from "./account.ts";
import { type PanelEvent, readEvents } from "./events.ts";
import { type Meaning, toMeanings } from "./meanings.ts";
import { readPlace, readPosition } from "./place.ts";
import type { FrameResult } from "./result.ts";
import { identifyFrame, type Moment, type Snapshot, toPressedButtons, withPressed } from "./snapshot.ts";

/**
 * The evaluated time of a message: whether it is right, when the event happened (epoch milliseconds), and the answer
 * that takes the message.
 */
interface MessageTime {
  readonly isInTime: boolean;
  readonly at: number | null;
  readonly ack: Buffer;
}

/**
 * Evaluates a message of a known account whose time is accepted; `data` without an account in front. Changes nothing.
 */
export function evaluateMessage(
  frame: Frame,
  { data, extended, sentAt }: Content,
  known: KnownAccount,
  { isInTime, at, ack }: MessageTime,
  snapshot: Snapshot,
  moment: Moment,
): FrameResult {
  const { name } = known;
  // What stands outside of the encryption can be changed by whoever recorded a frame, without the key.
  const [frameId, sequence] = isInTime && frame.isEncrypted ? [null, null] : [frame.id, frame.sequence];
  const contentId = toIdentity(name, frameId, sequence, data, JSON.stringify(Object.entries(extended)), sentAt);
  // Only a right clock makes a frame unique, because one that stands still gives every press the same time.
  const identity = isInTime ? { id: contentId, remember: null } : identifyFrame(contentId, snapshot, moment);
  const report = readEvents(frame.id, data);
  const events = report.events.length === 0 ? unreadable : report.events;
  const place = readPlace(extended, report.text);
  const position = readPosition(extended);
  const meanings = toMeanings(events, known);
  const { cancelled, remember } = findCancelledZones(meanings, name, identity.remember ?? snapshot, moment);
  const alarms = meanings.flatMap(({ kind, button, battery, state }, index) => {
    // The kind, because under another id a recorded press can be read as no press, and must not pass for the real one.
    const id = toIdentity(identity.id, index, kind);
    const alarm = toAlarm(kind, { id, button, battery, at, place, position, state });
    const zones = cancelled[index] ?? [];
    return [
      alarm,
      ...zones.map((zone) => ({ ...alarm, id: toIdentity(identity.id, index, kind, zone), button: zone })),
    ];
  });
  const isKnown = alarms.every(({ kind }) => kind !== "unreadable");
  return {
    alarms,
    answer: events.some(({ code }) => code !== "") ? ack : toDuh(frame),
    isConfirmation: true,
    reason: isKnown ? null : "unknown-content",
    remember: remember ?? identity.remember,
  };
}

/** Stands for the events of a message in which none can be found, because it may be a press. */
const unreadable: readonly PanelEvent[] = [{ code: "", zone: null, state: "new" }];

/**
 * Finds the zones that each of `meanings` cancels beside its own button, because a panel cancels as a whole while each
 * zone that was pressed is an incident of its own. `remember` is null when no zone was pressed or cancelled.
 */
function findCancelledZones(
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
    cancelled.push(isCancel ? toPressedButtons(remember ?? snapshot, moment) : []);
  }
  return { cancelled, remember };
}
