import type { ReadyPager } from "../../contracts.ts";
import { DeliveryError } from "../../errors.ts";

/**
 * Finds the pager of that name; throws DeliveryError for one that has left the configuration since the message was
 * made. Another one pages instead, once the policy of now has taken over (rule 6).
 */
export function pagerOf(pagers: Readonly<Record<string, ReadyPager>>, name: string): ReadyPager {
  const pager = pagers[name];
  if (pager === undefined) throw new DeliveryError("misconfigured", "this pager is no longer in the configuration");
  return pager;
}
