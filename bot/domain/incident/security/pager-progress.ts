import { change, type Draft } from "../draft.ts";
import type { EarlierPage, PagerProgress } from "../incident.ts";

/** More rounds than anybody sits through; what is older has long been given up. */
const maxEarlier = 20;

/** Whether that page may be known to somebody: it was sent, and not refused for good. */
export function hasLeft({ state, failure }: Pick<PagerProgress, "state" | "failure">): boolean {
  return state !== "queued" && failure !== "refused" && failure !== "misconfigured";
}

/** What a new page has before it: all that left, unless they know that it is over. */
export function toEarlier(newest: PagerProgress | undefined): readonly EarlierPage[] {
  if (newest === undefined || newest.callOff?.state === "taken") return [];
  const { callOff: _, earlier, ...page } = newest;
  return hasLeft(newest) ? [...earlier, page].slice(-maxEarlier) : earlier;
}

/** Takes back the newest page of that pager, which nobody has: the one before it is the newest again. */
export function withdrawPage(draft: Draft, pager: string): void {
  const { [pager]: newest, ...others } = draft.incident.pagers;
  const last = newest?.earlier.at(-1);
  if (newest === undefined || last === undefined) {
    change(draft, { pagers: others });
    return;
  }
  const before = { ...last, callOff: null, earlier: newest.earlier.slice(0, -1) };
  change(draft, { pagers: { ...others, [pager]: before } });
}
