import type { MessagePlace } from "./store/personal-cards.ts";
import type { Transaction } from "./store/store.ts";
import type { CardState } from "./store/teams.ts";

/**
 * The result of a sender: the message was sent; or it was not, because whom it is for is occupied, and never will be;
 * or there is more to do, not before `at` (epoch milliseconds). `record` saves what the sender has to remember, in the
 * transaction that settles the row. `posted`: where a message stands that may be changed later; left out where that is
 * not known, or nobody changes it. `shown`: which version of the incident a card shows where its alarms go now, with
 * nothing left to tell of that; asked in that transaction, too; null: there is more to show. `rang`: whom a first card
 * mentioned, and for which ring; left out where that has to be read.
 */
export type SendOutcome = ({ readonly kind: "done" | "withheld" } | { readonly kind: "again"; readonly at: number }) & {
  readonly record?: (tx: Transaction) => Promise<void>;
  readonly posted?: MessagePlace;
  readonly shown?: () => number | null;
  readonly rang?: Pick<CardState, "ring" | "rung">;
};

/** The message was sent, and there is nothing to remember. */
export const done: SendOutcome = { kind: "done" };
