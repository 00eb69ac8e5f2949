import { type Alarm, toAlarm } from "../../../../bot/domain/alarm.ts";
import { toIdentity } from "../../../kit/identity.ts";
import { answerIds, toAck, toDuh, toNak } from "../frame/answer.ts";
import { toKeys } from "../frame/cipher.ts";
import { type Content, openContent, readContent, readTimestamp } from "../frame/content.ts";
import type { Frame } from "../frame/frame.ts";
import { type Accounts, findAccount, type KnownAccount } from "./account.ts";
import { type PanelEvent, readContactId, readSia } from "./events.ts";
import { type Meaning, toMeanings } from "./meanings.ts";
import type { Memory, Moment } from "./memory.ts";
import { readPlace, readPosition } from "./place.ts";

/** What is to be done with a frame: `alarms` on disk first, then the answer. */
export interface Verdict {
  /** "" where it is not known. */
  readonly account: string;
  readonly alarms: readonly Alarm[];
  /** null for what must not be answered. */
  readonly answer: Buffer | null;
  /** Whether the answer is a promise that `alarms` are on disk. A refusal promises nothing. */
  readonly isPromise: boolean;
  /** Why it is not simply taken: for the log. */
  readonly reason: VerdictReason | null;
}

/** Account not configured; not encrypted although it has a key; not to be decrypted; clock wrong; nothing in it that we know. */
export type VerdictReason = "unknown-account" | "not-encrypted" | "wrong-key" | "wrong-time" | "unknown-content";

/** A frame's time may differ from ours by so much, says ANSI/SIA DC-09. */
const aheadMs = 20_000;
const behindMs = 40_000;

/** A poll can come every ten seconds; once a minute is enough to know that the account is there. */
const heartbeatEveryMs = 60_000;
const troubleEveryMs = 600_000;

/**
 * What a frame of ANSI/SIA DC-09 means and how it is answered. NAK is for a wrong clock alone, since it makes the sender
 * correct its time and try again; all that trying again does not mend is DUH. Never throws.
 */
export function judge(frame: Frame, accounts: Accounts, memory: Memory, moment: Moment): Verdict {
  // Answering an answer would never end.
  if (answerIds.some((id) => id === frame.id)) return toVerdict("", [], null);
  const plain = frame.encrypted ? null : readContent(frame.rest ?? "");
  const given = frame.account || plain?.account || "";
  const found = findAccount(accounts, given);
  if (found === null) return refuseStranger(given, toDuh(frame), memory, moment);
  const { name, account } = found;

  const keys = account.key === undefined ? [] : toKeys(account.key);
  if (keys.length > 0 && plain !== null) return refuse(name, "not-encrypted", toDuh(frame), memory, moment);
  const opened = plain === null ? openContent(frame, keys) : { content: plain, key: null };
  if (opened !== null) return judgeContent(frame, opened, found, memory, moment);
  if (keys.length > 0 || frame.id === "NULL") return refuse(name, "wrong-key", toDuh(frame), memory, moment);
  // Who has no key is known by the account alone, so this may be a press of theirs.
  const id = memory.identify(name, toIdentity(name, frame.sequence, frame.rest), moment);
  return toVerdict(name, [toAlarm("unreadable", { id, button: name })], toDuh(frame), "wrong-key");
}

function judgeContent(
  frame: Frame,
  { content, key }: { readonly content: Content; readonly key: Buffer | null },
  known: KnownAccount,
  memory: Memory,
  moment: Moment,
): Verdict {
  const { name, account } = known;
  const { data, extended, sentAt } = content;
  const said = toIdentity(name, frame.id, frame.sequence, data, JSON.stringify(Object.entries(extended)), sentAt);
  const isInTime = sentAt !== null && sentAt <= moment.wall + aheadMs && sentAt >= moment.wall - behindMs;
  // The id stands outside the encryption: what calls itself a poll and says something is read as a message.
  const isPoll = frame.id === "NULL" && data === "";
  // Where there is no key the time proves nothing, so who does not learn from a NAK is heard all the same: that opens no
  // door to a replay that a frame without a time, which anybody can make, does not open too. A poll has nothing to lose.
  const isForgiven = () => key === null && (sentAt === null || (!isPoll && memory.isRefusedBefore(name, moment)));
  if (!isInTime && !account.anyTime && !isForgiven()) {
    return refuse(name, "wrong-time", toNak(frame, moment.wall), memory, moment);
  }

  const ack = toAck(frame, key, moment.wall);
  const at = isInTime ? (readTimestamp(extended.H ?? "") ?? sentAt) : null;
  if (isPoll) {
    const isDue = memory.isDue(name, "heartbeat", heartbeatEveryMs, moment);
    return toVerdict(name, isDue ? [toAlarm("heartbeat", { button: name, at })] : [], ack);
  }
  // A clock that stands still says the same of every press, so only one that is right makes a frame unique.
  const id = isInTime ? said : memory.identify(name, said, moment);
  const { events, text } = readReport(frame.id, data);
  const place = readPlace(extended, text);
  const position = readPosition(extended);
  const alarms = toMeanings(events, known).flatMap((meaning, index) => {
    const { kind, button, battery } = meaning;
    const alarm = toAlarm(kind, { id: toIdentity(id, index), button, battery, at, place, position });
    const zones = toCancelled(meaning, name, memory, moment);
    return [alarm, ...zones.map((zone) => ({ ...alarm, id: toIdentity(id, index, zone), button: zone }))];
  });
  const answer = events.some(({ code }) => code !== "") ? ack : toDuh(frame);
  const isKnown = alarms.every(({ kind }) => kind !== "unreadable");
  return toVerdict(name, alarms, answer, isKnown ? null : "unknown-content");
}

/** Of a frame that says nothing it is not known that it is no press. */
function readReport(id: string, data: string): { events: readonly PanelEvent[]; text: string | null } {
  const nothing = { events: [{ code: "", zone: null, state: "new" }], text: null } as const;
  const report = id === "SIA-DCS" ? readSia(data) : id === "ADM-CID" ? readContactId(data) : nothing;
  return report.events.length === 0 ? nothing : report;
}

/** The zones that a cancel is meant for: panels cancel as a whole what each zone has pressed, and is an incident of its own. */
function toCancelled({ kind, button }: Meaning, name: string, memory: Memory, moment: Moment): string[] {
  if (button === name) return kind === "cancel" ? memory.pressedOf(name, moment) : [];
  if (kind === "press" || kind === "still-pressed" || kind === "unreadable") memory.notePressed(name, button, moment);
  return [];
}

function toVerdict(
  account: string,
  alarms: readonly Alarm[],
  answer: Buffer | null,
  reason: VerdictReason | null = null,
): Verdict {
  return { account, alarms, answer, isPromise: true, reason };
}

/** A refusal, and a trouble of that button now and then: nobody reads a log in time. */
function refuse(account: string, reason: VerdictReason, answer: Buffer, memory: Memory, moment: Moment): Verdict {
  const isDue = memory.isDue(account, reason, troubleEveryMs, moment);
  const alarms = isDue ? [toAlarm("trouble", { button: account })] : [];
  return { account, alarms, answer, isPromise: false, reason };
}

/**
 * The refusal of who is not in the configuration, where a new panel or a typing error shows as an unknown button. Once in
 * a while for all strangers together: anybody can make up names, and without one there is only the log.
 */
function refuseStranger(given: string, answer: Buffer, memory: Memory, moment: Moment): Verdict {
  const button = given.toUpperCase();
  const isShown = /^[0-9A-F]{1,16}$/.test(button) && memory.isDue("", "unknown-account", troubleEveryMs, moment);
  const alarms = isShown ? [toAlarm("trouble", { button })] : [];
  return { account: "", alarms, answer, isPromise: false, reason: "unknown-account" };
}
