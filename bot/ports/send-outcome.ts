import type { Transaction } from "./store/store.ts";

/**
 * A sender's answer: it is out, or there is more to do not before `at`. It rejects with DeliveryError. `record`: what
 * the sender has to remember of it, in the transaction that settles the row.
 */
export type SendOutcome = ({ readonly kind: "done" } | { readonly kind: "again"; readonly at: number }) & {
  readonly record?: (tx: Transaction) => Promise<void>;
};

/** It is out, and there is nothing to remember. */
export const done: SendOutcome = { kind: "done" };
