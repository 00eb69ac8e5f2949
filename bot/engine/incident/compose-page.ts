import type { Page } from "../../contracts.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { countResponding } from "../../domain/incident/presence.ts";
import { mayCallBack } from "../../domain/incident/security/call-back.ts";
import { keysOf } from "../../domain/incident/security/pager-progress.ts";
import { type CallBack, type PageSite, type Reception, toSiteOf } from "../../domain/location.ts";
import { toPlace } from "../../kit/safe-text.ts";
import type { Directory } from "../../ports/directory.ts";
import type { CalleeOf } from "../kernel/incidents/callee.ts";

/**
 * Where whoever is reached by that pager has to go, and whom they call back, as it is now; null where there are no
 * locations. `pager` null: a colleague, who calls nobody back. A colleague's number is read here and is stored nowhere.
 */
export type SiteFor = (incident: Incident, pager: string | null) => PageSite | null;

function createSiteFor({ directory, calleeOf }: ComposingOptions): SiteFor {
  const { siteOf, phoneOf, mayShowPhones } = directory;

  function findNumber(incident: Incident): string | null {
    const callee = calleeOf(incident);
    return callee === null ? null : phoneOf(callee);
  }

  function toCallBack(reception: Reception, incident: Incident, pager: string): CallBack | null {
    if (reception.kind === "number") return reception;
    if (!mayCallBack(incident, pager)) return null;
    const number = mayShowPhones(pager) ? findNumber(incident) : null;
    return number === null ? { kind: "impossible" } : { kind: "number", number };
  }

  return (incident, pager) => {
    const site = siteOf(incident);
    if (site === null) return null;
    const { reception, ...known } = toSiteOf(site, incident);
    return { ...known, callBack: reception === null || pager === null ? null : toCallBack(reception, incident, pager) };
  };
}

/**
 * Makes the page that goes out under `key` by that pager. `page` is the key of the page it belongs to: the same as
 * `key`, unless it is an update or a call-off.
 */
export type ComposePage = (
  incident: Incident,
  pager: string,
  key: string,
  page: string,
  reason: Page["reason"],
) => Page;

/** The finished sentences of a page. */
export type ComposePageWords = (incident: Incident, reason: Page["reason"], site: PageSite | null) => Page["words"];

export interface ComposingOptions {
  readonly directory: Pick<Directory, "siteOf" | "phoneOf" | "mayShowPhones">;
  readonly calleeOf: CalleeOf;
  readonly composePageWords: ComposePageWords;
  readonly toAcceptUrl: (pageKey: string) => string;
}

/** How all that leaves for external security is composed, in one place. */
export function createComposing(options: ComposingOptions) {
  const { composePageWords, toAcceptUrl } = options;
  const siteFor = createSiteFor(options);
  return { composePageWords, siteFor, composePage: createPageComposer(composePageWords, siteFor, toAcceptUrl) };
}

/**
 * Returns a `ComposePage` with links, which asks for the site at each call, so that nothing of it waits on disk.
 * `toAcceptUrl`: the address where the guard answers the page with that key.
 */
function createPageComposer(
  toWords: ComposePageWords,
  siteFor: SiteFor,
  toAcceptUrl: (pageKey: string) => string,
): ComposePage {
  return (incident, pager, key, page, reason) => {
    const site = siteFor(incident, pager);
    return {
      ...composeUnlinkedPage(incident, key, reason, toWords(incident, reason, site), site),
      ...toKeys(incident, page, key === page),
      acceptUrl: toAcceptUrl(page),
    };
  };
}

/** Makes a page without a link for the guard, as when the incident could not be recorded or a colleague is called. */
export function composeUnlinkedPage(
  incident: Incident,
  key: string,
  reason: Page["reason"],
  words: Page["words"],
  site: PageSite | null,
): Page {
  const { id, number, directions, position, verification, openedAt } = incident;
  const place = toPlace(incident.place ?? "");
  const responding = countResponding(incident);
  const facts = { id, number, place, directions, position, verification, responding, raisedAt: openedAt };
  const page = { key, pageKey: key, earlier: [], reason, incident: facts, acceptUrl: null, words };
  return site === null ? page : { ...page, site };
}

/** By which keys its provider knows that page and those before it. `isSending`: it is about to know it by its own. */
function toKeys({ pagers }: Incident, page: string, isSending: boolean): Pick<Page, "pageKey" | "earlier"> {
  const progress = Object.values(pagers).find(({ key }) => key === page);
  if (progress === undefined) return { pageKey: page, earlier: [] };
  const keys = keysOf(progress);
  const pageKey = isSending ? page : (keys.at(-1) ?? page);
  // A page from memory for a press stands for the same step as the one that followed it.
  const earlier = new Set([...progress.earlier.flatMap(keysOf), ...keys]);
  earlier.delete(pageKey);
  return { pageKey, earlier: [...earlier] };
}
