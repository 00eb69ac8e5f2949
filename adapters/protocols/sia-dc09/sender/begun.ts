import { z } from "zod";
import type { OutgoingEvent } from "./event-frame.ts";

/**
 * An account at which the alarm of a page was begun. `alarm`, `at`: whose page that is, and when it was last sent; what
 * an earlier version wrote does not say it.
 */
export const Begun = z.object({
  page: z.string(),
  account: z.string(),
  alarm: z.string().optional(),
  at: z.number().optional(),
  isOver: z.literal(true).optional(),
});
export type Begun = z.infer<typeof Begun>;

const maxBegun = 256;
/** An alarm that was paged last so long ago, and of whose end nothing was heard, is over. */
const openForMs = 24 * 3_600_000;

/** The accounts at which these pages, or any of that alarm, have begun one, the oldest first. */
export function toAccounts(
  begun: readonly Begun[],
  pages: readonly string[],
  alarm: string | null = null,
): readonly string[] {
  const own = begun.filter((each) => pages.includes(each.page) || (alarm !== null && each.alarm === alarm));
  return [...new Set(own.map(({ account }) => account))];
}

/** Whether another alarm than this was begun at that account and is not over. */
export function isAnotherOpen(begun: readonly Begun[], account: string, alarm: string | null, now: number): boolean {
  return begun.some(({ account: own, alarm: of, at, isOver }) => {
    const isOpen = isOver === undefined && at !== undefined && Math.abs(now - at) < openForMs;
    return isOpen && own === account && of !== alarm;
  });
}

/** With the alarm that this event begins at its account, or is paged there anew. */
export function addBegun(known: Begun[], event: OutgoingEvent, account: string, now: number): Begun[] {
  const { begins: page, alarm, isTest } = event;
  if (page === null || isTest) return known;
  const of = alarm === null ? {} : { alarm, at: now };
  const isKnown = toAccounts(known, [page]).includes(account);
  if (!isKnown) return [...known, { page, account, ...of }].slice(-maxBegun);
  return known.map((each) => (each.page === page && each.account === account ? { ...each, ...of } : each));
}

export function withoutBegun(begun: readonly Begun[], { page, account }: Begun): Begun[] {
  return begun.filter((each) => each.page !== page || each.account !== account);
}

export function toOver(begun: readonly Begun[], alarm: string): Begun[] {
  return begun.map((each) => (each.alarm === alarm ? { ...each, isOver: true as const } : each));
}
