import { changeIncident, type Draft } from "../draft.ts";
import type { EarlierPage, PagerProgress } from "../incident.ts";

/** How many earlier pages are remembered; after so many rounds the oldest no longer matter. */
const maxEarlier = 20;

/** Whether the page may have reached somebody: its sending began, and it was not refused for good. */
export function hasLeft({ state, failure }: Pick<PagerProgress, "state" | "failure">): boolean {
  return state !== "queued" && failure !== "refused" && failure !== "misconfigured";
}

/** The earlier pages of a new page: all that were sent, or none when the provider has taken their call-off. */
export function toEarlier(newest: PagerProgress | undefined): readonly EarlierPage[] {
  if (newest === undefined || newest.callOff?.state === "taken") return [];
  const { callOff: _, earlier, ...page } = newest;
  return hasLeft(newest) ? [...earlier, page].slice(-maxEarlier) : earlier;
}

/** The pages of that pager with one that is noted late: the newest stays so, unless it was called off. */
export function withPageBefore(newest: PagerProgress | undefined, page: EarlierPage): PagerProgress {
  if (newest === undefined || newest.callOff !== null) return { ...page, callOff: null, earlier: toEarlier(newest) };
  return { ...newest, earlier: [...newest.earlier, page].slice(-maxEarlier) };
}

/** That it went out by that key as well; left out: it did not. */
export function toSentAs({ sentAs = [] }: Pick<PagerProgress, "sentAs">, key?: string): Pick<PagerProgress, "sentAs"> {
  if (key === undefined) return {};
  return { sentAs: [...sentAs.filter((each) => each !== key), key].slice(-maxEarlier) };
}

/** The keys by which its provider may know that page, the newest last. */
export function keysOf({ key, sentAs = [] }: Pick<PagerProgress, "key" | "sentAs">): readonly string[] {
  return sentAs.includes(key) ? sentAs : [key, ...sentAs];
}

/** Removes the newest page of that pager, which reached nobody, so that the one before it is the newest again. */
export function withdrawPage(draft: Draft, pager: string): void {
  const { [pager]: newest, ...others } = draft.incident.pagers;
  const last = newest?.earlier.at(-1);
  if (newest === undefined || last === undefined) {
    changeIncident(draft, { pagers: others });
    return;
  }
  const before = { ...last, callOff: null, earlier: newest.earlier.slice(0, -1) };
  changeIncident(draft, { pagers: { ...others, [pager]: before } });
}
