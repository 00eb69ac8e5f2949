import type { Press } from "../../../domain/incident/command.ts";
import { toJoiningButton } from "../../../domain/incident/press.ts";
import type { Joinable } from "../../../ports/store/incidents.ts";
import type { Transaction } from "../../../ports/store/store.ts";

/** Loads the open incident that a press joins, by its button or else its place (rules 3 and 4); null: it opens one. */
export async function loadOpen(tx: Transaction, press: Press): Promise<Joinable | null> {
  const byButton = await tx.loadOpenByButton(press.source, toJoiningButton(press));
  if (byButton !== null || press.fixedPlace === null) return byButton;
  return tx.loadOpenByPlace(press.channel, press.fixedPlace);
}

/**
 * That press on that incident, without a fixed place where another open incident has it, as when its button has moved
 * there: each goes on by itself.
 */
export async function withoutTakenPlace(tx: Transaction, press: Press, { id, channel }: Joinable) {
  const holder = press.fixedPlace && (await tx.loadOpenByPlace(channel, press.fixedPlace));
  return holder && holder.id !== id ? { ...press, fixedPlace: null } : press;
}
