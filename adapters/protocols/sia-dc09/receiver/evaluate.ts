import { type Alarm, toAlarm } from "../../../../bot/domain/alarm.ts";
import { toIdentity } from "../../../kit/identity.ts";
import { answerIds, toAck, toDuh, toNak } from "../frame/answer.ts";
import { toKeys } from "../frame/cipher.ts";
import { type Content, openContent, readTimestamp } from "../frame/content.ts";
import type { Frame } from "../frame/frame.ts";
import type { KnownAccount } from "./account.ts";
import { evaluateMessage } from "./message.ts";
import type { Origin } from "./origin.ts";
import type { FrameReason, FrameResult } from "./result.ts";
import { identify, isDue, isRefusedBefore, type Moment, type Snapshot, withPassedOn, withRefusal } from "./snapshot.ts";

/** A frame's time may differ from ours by so much, says ANSI/SIA DC-09. */
const aheadMs = 20_000;
const behindMs = 40_000;

/** A poll can come every ten seconds; once a minute is enough to know that the account is there. */
const heartbeatEveryMs = 60_000;
const troubleEveryMs = 600_000;

/** The content of a frame, and the key that opened it; null for one in clear. */
interface Opened {
  readonly content: Content;
  readonly key: Buffer | null;
}

/**
 * Evaluates a frame of ANSI/SIA DC-09: what it means, how it is answered, and what is to be remembered of its account,
 * of which `snapshot` says what earlier frames left behind. NAK is for a wrong clock alone, because it makes the sender
 * correct its time and try again; all that trying again does not mend is DUH. Never throws, and changes nothing.
 */
export function evaluate(frame: Frame, origin: Origin, snapshot: Snapshot, moment: Moment): FrameResult {
  // Answering an answer would never end.
  if (answerIds.some((id) => id === frame.id)) {
    return { alarms: [], answer: null, isPromise: true, reason: null, remember: null };
  }
  const { known, plain } = origin;
  if (known === null) return refuseStranger(origin.given, toDuh(frame), snapshot, moment);
  const { name, account } = known;

  const keys = account.key === undefined ? [] : toKeys(account.key);
  if (keys.length > 0 && plain !== null) return refuse(name, "not-encrypted", toDuh(frame), snapshot, moment);
  const opened = plain === null ? openContent(frame, keys) : { content: plain, key: null };
  if (opened !== null) return evaluateContent(frame, opened, known, snapshot, moment);
  if (keys.length > 0 || frame.id === "NULL") return refuse(name, "wrong-key", toDuh(frame), snapshot, moment);
  // Who has no key is known by the account alone, so this may be a press of theirs.
  const { id, remember } = identify(toIdentity(name, frame.sequence, frame.rest), snapshot, moment);
  const alarms = [toAlarm("unreadable", { id, button: name })];
  return { alarms, answer: toDuh(frame), isPromise: true, reason: "wrong-key", remember };
}

function evaluateContent(
  frame: Frame,
  opened: Opened,
  known: KnownAccount,
  snapshot: Snapshot,
  moment: Moment,
): FrameResult {
  const { name, account } = known;
  const { data, sentAt } = opened.content;
  const isInTime = sentAt !== null && sentAt <= moment.wall + aheadMs && sentAt >= moment.wall - behindMs;
  // The id stands outside the encryption: what calls itself a poll and says something is read as a message.
  const isPoll = frame.id === "NULL" && data === "";
  if (!isInTime && !account.anyTime && !isForgiven(opened, isPoll, snapshot, moment)) {
    const isRemembered = opened.key === null && !isPoll;
    const remember = isRemembered ? withRefusal(snapshot, moment) : snapshot;
    return refuse(name, "wrong-time", toNak(frame, moment.wall), remember, moment);
  }
  const answer = toAck(frame, opened.key, moment.wall);
  const at = isInTime ? (readTimestamp(opened.content.extended.H ?? "") ?? sentAt) : null;
  if (!isPoll) return evaluateMessage(frame, opened.content, known, { isInTime, at, ack: answer }, snapshot, moment);
  const heartbeat = toAlarm("heartbeat", { button: name, at });
  const passedOn = passOnIfDue(heartbeat, "heartbeat", heartbeatEveryMs, snapshot, moment);
  return { ...passedOn, answer, isPromise: true, reason: null };
}

/**
 * Whether a frame counts although its time is wrong. Where there is no key the time proves nothing, so who does not
 * learn from a NAK is heard all the same: that opens no door to a replay that a frame without a time, which anybody can
 * make, does not open too. A poll has nothing to lose.
 */
function isForgiven({ content, key }: Opened, isPoll: boolean, snapshot: Snapshot, moment: Moment): boolean {
  if (key !== null) return false;
  return content.sentAt === null || (!isPoll && isRefusedBefore(snapshot, moment));
}

/** A refusal, and a trouble of that button now and then: nobody reads a log in time. */
function refuse(button: string, reason: FrameReason, answer: Buffer, snapshot: Snapshot, moment: Moment): FrameResult {
  const passedOn = passOnIfDue(toAlarm("trouble", { button }), reason, troubleEveryMs, snapshot, moment);
  return { ...passedOn, answer, isPromise: false, reason };
}

/**
 * The refusal of who is not in the configuration, where a new panel or a typing error shows as an unknown button. Once
 * in a while for all strangers together: anybody can make up names, and without one there is only the log.
 */
function refuseStranger(given: string, answer: Buffer, snapshot: Snapshot, moment: Moment): FrameResult {
  const button = given.toUpperCase();
  if (/^[0-9A-F]{1,16}$/.test(button)) return refuse(button, "unknown-account", answer, snapshot, moment);
  return { alarms: [], answer, isPromise: false, reason: "unknown-account", remember: null };
}

/** An alarm that needs no passing on all the time: once in `everyMs` for each `what`. */
function passOnIfDue(
  alarm: Alarm,
  what: string,
  everyMs: number,
  snapshot: Snapshot,
  moment: Moment,
): Pick<FrameResult, "alarms" | "remember"> {
  if (!isDue(snapshot, what, everyMs, moment)) return { alarms: [], remember: snapshot };
  return { alarms: [alarm], remember: withPassedOn(snapshot, what, moment) };
}
