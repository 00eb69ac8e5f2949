import { type Content, readContent } from "../frame/content.ts";
import type { Frame } from "../frame/frame.ts";
import { type Accounts, findAccount, type KnownAccount } from "./account.ts";
import { splitAccount } from "./frame-data.ts";

/** The sender of a frame, as far as it can be seen without a key. */
export interface Origin {
  /** The account number in the frame; "" for none. */
  readonly number: string;
  /** null for an account that is not in the configuration. */
  readonly known: KnownAccount | null;
  /** The frame's content; null when it is encrypted. */
  readonly plain: Content | null;
}

/** Finds the sender of a frame by the account in front, else by the one in its data. */
export function findOrigin(frame: Frame, accounts: Accounts): Origin {
  const plain = frame.isEncrypted ? null : readContent(frame.rest ?? "");
  const number = frame.account?.trim() || (plain && splitAccount(frame, plain.data).account) || "";
  return { number, known: findAccount(accounts, number), plain };
}

/** Tells whether bytes may come from a panel of the configuration. */
export type MayBeKnown = (bytes: Buffer) => boolean;

/**
 * Returns a function that tells whether bytes name an account of the configuration somewhere, in front or in the data:
 * only then they may come from one of its panels. It takes microseconds, because anybody may send them.
 */
export function toMayBeKnown(accounts: Accounts): MayBeKnown {
  const numbers = Object.keys(accounts).map((number) => (number === "*" ? "[0-9A-Z]{1,16}" : number));
  const named = new RegExp(`[#[]\\s*(?:${numbers.join("|")})(?![0-9A-Z])`, "i");
  return (bytes) => named.test(bytes.toString("latin1"));
}
