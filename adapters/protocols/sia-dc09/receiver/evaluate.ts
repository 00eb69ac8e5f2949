import { type Alarm, toAlarm } from "../../../../bot/domain/alarm.ts";
import { findValue, type Secret, type SecretValue, valuesOf } from "../../../../bot/kit/secrets/secret.ts";
import { toIdentity } from "../../../kit/identity.ts";
import { answerIds, toAck, toDuh, toNak } from "../frame/answer.ts";
import { toKeys } from "../frame/cipher.ts";
import { type Content, isTimeRight, openContent, readTimestamp } from "../frame/content.ts";
import type { Frame } from "../frame/frame.ts";
import type { KnownAccount } from "./account.ts";
import { fillerCode } from "./codes.ts";
import { readEvents } from "./events.ts";
import { splitAccount } from "./frame-data.ts";
import { evaluateMessage } from "./message.ts";
import type { Origin } from "./origin.ts";
import type { FrameReason, FrameResult } from "./result.ts";
import {
  identifyFrame,
  isDue,
  isOftenDamaged,
  isRefusedBefore,
  type Moment,
  type Snapshot,
  withDamage,
  withPassedOn,
  withRefusal,
} from "./snapshot.ts";

/** A poll can come every ten seconds; once a minute is enough to know that the account is there. */
const heartbeatEveryMs = 60_000;
const troubleEveryMs = 600_000;

/** The content of a frame, and the key that opened it; null for one in clear. */
interface OpenedContent {
  readonly content: Content;
  readonly key: Buffer | null;
}

/**
 * Evaluates a frame of ANSI/SIA DC-09: its alarms, its answer, and what is to be remembered of its account; `snapshot`
 * is what was remembered from earlier frames. NAK answers a wrong clock alone, because it makes the sender correct its
 * time and try again; DUH answers every fault that trying again does not repair. Never throws, and changes nothing.
 */
export function evaluate(frame: Frame, origin: Origin, snapshot: Snapshot, moment: Moment): FrameResult {
  const result = evaluateFrame(frame, origin, snapshot, moment);
  const { alarms, isConfirmation } = result;
  if (origin.known === null || alarms.length === 0 || !isConfirmation || !isOftenDamaged(snapshot, moment))
    return result;
  // A sign of life ends a trouble, so this one is said again with each.
  return { ...result, alarms: [...alarms, toAlarm("trouble", { button: origin.known.name })] };
}

/**
 * Evaluates a damaged frame that names a known account. It gets no answer, so that the sender sends it again; when that
 * happens too often it is a trouble of the account.
 */
export function evaluateDamaged({ name }: KnownAccount, snapshot: Snapshot, moment: Moment): FrameResult {
  const damaged = withDamage(snapshot, moment);
  if (isOftenDamaged(damaged, moment)) return refuse(name, "damaged", null, damaged, moment);
  return { alarms: [], answer: null, isConfirmation: false, reason: "damaged", remember: damaged };
}

function evaluateFrame(frame: Frame, origin: Origin, snapshot: Snapshot, moment: Moment): FrameResult {
  // Answering an answer would never end.
  if (answerIds.some((id) => id === frame.id)) {
    return { alarms: [], answer: null, isConfirmation: true, reason: null, remember: null };
  }
  const { known, plain } = origin;
  if (known === null) return refuseUnknown(origin.number, toDuh(frame), snapshot, moment);
  const { name, account } = known;

  const keys = account.key === undefined ? [] : valuesOf(account.key).flatMap(toKeys);
  if (keys.length > 0 && plain !== null) return refuse(name, "not-encrypted", toDuh(frame), snapshot, moment);
  const opened = plain === null ? openContent(frame, keys) : { content: plain, key: null };
  if (opened !== null) {
    const result = evaluateContent(frame, opened, known, snapshot, moment);
    return { ...result, ...toUsedKey(account.key, opened.key) };
  }
  if (keys.length > 0 || frame.id === "NULL") return refuse(name, "wrong-key", toDuh(frame), snapshot, moment);
  // An account without a key is known by its number alone, so this may be one of its presses.
  const { id, remember } = identifyFrame(toIdentity(name, frame.sequence, frame.rest), snapshot, moment);
  const alarms = [toAlarm("unreadable", { id, button: name })];
  return { alarms, answer: toDuh(frame), isConfirmation: true, reason: "wrong-key", remember };
}

/** Which value of the account's key opened a frame, where one did. */
function toUsedKey(secret: Secret | undefined, key: Buffer | null): { readonly keyValue?: SecretValue } {
  const value = key && findValue(secret ?? [], (each) => toKeys(each).some((one) => one.equals(key)));
  return value === null ? {} : { keyValue: value };
}

function evaluateContent(
  frame: Frame,
  opened: OpenedContent,
  known: KnownAccount,
  snapshot: Snapshot,
  moment: Moment,
): FrameResult {
  const { name, account } = known;
  const { sentAt } = opened.content;
  const { data } = splitAccount(frame, opened.content.data);
  const isInTime = sentAt !== null && isTimeRight(sentAt, moment.wall);
  const isPoll = frame.id === "NULL" && isFiller(data);
  if (!isInTime && !account.anyTime && !isTakenAnyway(opened, isPoll, snapshot, moment)) {
    const isRemembered = opened.key === null && !isPoll;
    const remember = isRemembered ? withRefusal(snapshot, moment) : snapshot;
    return refuse(name, "wrong-time", toNak(frame, moment.wall), remember, moment);
  }
  const answer = toAck(frame, opened.key, moment.wall);
  const at = isInTime ? (readTimestamp(opened.content.extended.H ?? "") ?? sentAt) : null;
  const content = { ...opened.content, data };
  if (!isPoll) return evaluateMessage(frame, content, known, { isInTime, at, ack: answer }, snapshot, moment);
  const heartbeat = toAlarm("heartbeat", { button: name, at });
  const passedOn = passOnIfDue(heartbeat, "heartbeat", heartbeatEveryMs, snapshot, moment);
  return { ...passedOn, answer, isConfirmation: true, reason: null };
}

/**
 * Whether the data of a poll says nothing. The id is outside the encryption, so a frame that claims to be a poll and
 * says something is read as a message.
 */
function isFiller(data: string): boolean {
  const { events } = readEvents("NULL", data);
  return data === "" || (events.length > 0 && events.every(({ code }) => code === fillerCode));
}

/**
 * Whether a frame counts although its time is wrong. Without a key the time proves nothing, so a message is taken from
 * a sender that does not correct its clock after a NAK. That makes no replay possible that a frame without a time,
 * which anybody can make, does not. A poll with a wrong time is refused, because nothing is lost by that.
 */
function isTakenAnyway({ content, key }: OpenedContent, isPoll: boolean, snapshot: Snapshot, moment: Moment): boolean {
  if (key !== null) return false;
  return content.sentAt === null || (!isPoll && isRefusedBefore(snapshot, moment));
}

/**
 * The result of a refused frame. It has a trouble of that button once in ten minutes, because nobody reads a log in
 * time.
 */
function refuse(
  button: string,
  reason: FrameReason,
  answer: Buffer | null,
  snapshot: Snapshot,
  moment: Moment,
): FrameResult {
  const passedOn = passOnIfDue(toAlarm("trouble", { button }), reason, troubleEveryMs, snapshot, moment);
  return { ...passedOn, answer, isConfirmation: false, reason };
}

/**
 * The result of a frame whose account is not in the configuration, so that a new panel or a typing error shows as an
 * unknown button: once in ten minutes for all such frames together, because anybody can make up accounts. A frame
 * without a proper account is only logged.
 */
function refuseUnknown(number: string, answer: Buffer, snapshot: Snapshot, moment: Moment): FrameResult {
  const button = number.toUpperCase();
  if (/^[0-9A-F]{1,16}$/.test(button)) return refuse(button, "unknown-account", answer, snapshot, moment);
  return { alarms: [], answer, isConfirmation: false, reason: "unknown-account", remember: null };
}

/** The alarm, unless `what` was passed on within `everyMs`; then none. */
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
