import { z } from "zod";
import { Position } from "../../../../bot/domain/alarm.ts";
import { cutText, safeFor } from "../../../../bot/kit/safe-text.ts";
import { encrypt } from "../frame/cipher.ts";
import { toTimestamp } from "../frame/content.ts";
import { writeFrame } from "../frame/frame.ts";

/** The account under which we send. */
export interface OutgoingAccount {
  readonly protocol: "SIA-DCS" | "ADM-CID";
  /** The number that the alarm centre assigned, without a number sign. */
  readonly account: string;
  readonly key: Buffer | null;
  /** Digits agreed with the alarm centre; zeros are put in front where a frame needs more. */
  readonly partition: string;
  readonly zone: string;
}

/**
 * One event, before it has a sequence and a time. `text` is printable ASCII without the characters that delimit a
 * frame.
 */
export const OutgoingEvent = z.object({
  /** Two letters of SIA, three digits of Contact ID, or four with the qualifier in front. */
  code: z.string(),
  /** The number of its location at the alarm centre; null, and in what was stored before: that of the sender. */
  account: z.string().nullable().default(null),
  text: z.string().nullable(),
  position: Position.nullable(),
  isTest: z.boolean(),
  /** The key of the page whose alarm it begins at its account, where that has to be ended too; null: it begins none. */
  begins: z.string().nullable().default(null),
  /** Whether it ends the alarm at its account, and with it any other that is open there. */
  isEnd: z.boolean().default(false),
  /** The id of the alarm that it is of; null, and in what was stored before: not said. */
  alarm: z.string().nullable().default(null),
});
export type OutgoingEvent = z.infer<typeof OutgoingEvent>;

/**
 * An event as it is sent now, and as much of it as is kept: without whom to call back, who may be another one by then.
 */
export interface TimelyEvent {
  readonly event: OutgoingEvent;
  readonly kept: OutgoingEvent;
}

/**
 * The event without what not every receiver reads, which is its extended data; null when it has none. A receiver that
 * refuses a frame for its text would never get the alarm.
 */
export function toBare(event: OutgoingEvent): OutgoingEvent | null {
  return event.text === null && event.position === null ? null : { ...event, text: null, position: null };
}

/** The sequence of every poll. */
export const pollSequence = "0000";

/** The frame of an event, from LF to CR; `at` is the time on the receiver's clock, epoch milliseconds. */
export function toEventFrame(sender: OutgoingAccount, event: OutgoingEvent, sequence: number, at: number): Buffer {
  const from = { ...sender, account: event.account ?? sender.account };
  const data = from.protocol === "SIA-DCS" ? toSiaData(from, event.code) : toContactIdData(from, event.code);
  const text = `#${from.account}|${data}]${toExtended(event)}${toTimestamp(at)}`;
  return toBytes(from, from.protocol, toDigits(sequence), text);
}

/** A sequence in the four digits of a frame. */
export function toDigits(sequence: number): string {
  return String(sequence).padStart(4, "0");
}

/** The frame of a poll (NULL), which asks whether the receiver is there; `at` as in `toEventFrame`. */
export function toPollFrame(from: OutgoingAccount, at: number): Buffer {
  return toBytes(from, "NULL", pollSequence, `]${toTimestamp(at)}`);
}

/** Always names receiver and line, because some receivers can't read a frame without them. */
function toBytes({ account, key }: OutgoingAccount, id: string, sequence: string, text: string): Buffer {
  return writeFrame({
    crcForm: "text",
    id,
    isEncrypted: key !== null,
    sequence,
    receiver: "0",
    prefix: "0",
    account,
    rest: key === null ? text : encrypt(text, key),
  });
}

/** SIA DC-03: N is new, `ri` the area. */
function toSiaData({ partition, zone }: OutgoingAccount, code: string): string {
  return `Nri${partition}/${code}${zone.padStart(3, "0")}`;
}

/** SIA DC-05: 1 is a new event. */
function toContactIdData({ partition, zone }: OutgoingAccount, code: string): string {
  return `${code.padStart(4, "1")} ${partition.padStart(2, "0")} ${zone.padStart(3, "0")}`;
}

/**
 * Extended data of DC-09: I is the text of the alarm, X the longitude and Y the latitude. The letters are those of
 * https://github.com/eavanvalkenburg/pysiaalarm/blob/main/src/pysiaalarm/data/xdata.json; the text is put here and not
 * in the data because Contact ID has no room for one.
 */
function toExtended({ text, position }: OutgoingEvent): string {
  const parts = [
    text === null ? "" : `[I${text}]`,
    position === null ? "" : `[X${toDegrees(position.lon, 3, "EW")}][Y${toDegrees(position.lat, 2, "NS")}]`,
  ];
  return parts.join("");
}

/** Degrees, the letter, minutes: `005E13.4576`. A ten-thousandth of a minute is less than 20 cm. */
function toDegrees(value: number, digits: number, letters: "EW" | "NS"): string {
  const parts = Math.round(Math.abs(value) * 600_000);
  const degrees = String(Math.floor(parts / 600_000)).padStart(digits, "0");
  const minutes = ((parts % 600_000) / 10_000).toFixed(4).padStart(7, "0");
  return `${degrees}${value < 0 ? letters[1] : letters[0]}${minutes}`;
}

/** The longest text of an alarm, in characters. */
export const maxTextLength = 256;

/** Text that any receiver can read; "" when nothing is left. */
export function toPlainText(text: string): string {
  return cutText(safeFor.alarmCentre(text), maxTextLength);
}
