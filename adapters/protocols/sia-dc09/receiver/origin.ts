import { type Content, readContent } from "../frame/content.ts";
import type { Frame } from "../frame/frame.ts";
import { type Accounts, findAccount, type KnownAccount } from "./account.ts";

/** Who a frame is from, as far as that can be seen without a key. */
export interface Origin {
  /** The account as the frame names it; "" for none. */
  readonly given: string;
  /** null for one that is not ours. */
  readonly known: KnownAccount | null;
  /** What the frame says; null when it is encrypted. */
  readonly plain: Content | null;
}

/** Finds who a frame is from: by the account in front, else by the one in its data. */
export function findOrigin(frame: Frame, accounts: Accounts): Origin {
  const plain = frame.encrypted ? null : readContent(frame.rest ?? "");
  const given = frame.account || plain?.account || "";
  return { given, known: findAccount(accounts, given), plain };
}
