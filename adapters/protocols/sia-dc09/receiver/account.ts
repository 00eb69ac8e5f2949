import { z } from "zod";
import { oneOrTwo } from "../../../../bot/kit/secrets/one-or-two.ts";
import { expects } from "../../../../bot/words/settings/expects.ts";
import { keyRule, toKeys } from "../frame/cipher.ts";
import { codeKinds } from "./codes.ts";

/** The settings of one account, which is one panel or one mobile alarm. */
export const Account = z.strictObject({
  /** With a key only frames are taken that are encrypted by it and carry the right time. */
  key: oneOrTwo(z.string().refine((key) => toKeys(key).length > 0, keyRule)).optional(),
  /** The button is the account and the zone, as in 1234/7, instead of the account alone. */
  zones: z.boolean().default(false),
  /** For a panel whose clock can't be set right: its frames count at any time, and can be replayed at any time. */
  anyTime: z.boolean().default(false),
  /** The kinds of this panel's codes that differ from our table: two letters of SIA or three digits of Contact ID. */
  codes: z.record(z.string().regex(/^(?:[A-Z]{2}|\d{3})$/, expects("siaCode")), z.enum(codeKinds)).default({}),
});
export type Account = z.infer<typeof Account>;

/** The settings of every account by its number; `*` for all that are not named. */
export const Accounts = z
  .record(
    z
      .string()
      .regex(/^(?:[0-9A-Fa-f]{3,16}|\*)$/, expects("siaAccountOrAll"))
      .toUpperCase(),
    Account,
  )
  .refine((accounts) => Object.keys(accounts).length > 0, expects("oneAccount"));
export type Accounts = z.infer<typeof Accounts>;

/** An account's number as it is compared, and its settings. */
export interface KnownAccount {
  readonly name: string;
  readonly account: Account;
}

/** The account of that number, in either case; null when it is not in the configuration. */
export function findAccount(accounts: Accounts, number: string): KnownAccount | null {
  const name = number.toUpperCase();
  if (!/^[0-9A-Z]{1,16}$/.test(name)) return null;
  const account = Object.hasOwn(accounts, name) ? accounts[name] : accounts["*"];
  return account === undefined ? null : { name, account };
}
