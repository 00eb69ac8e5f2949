import type { Position } from "../../domain/alarm.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Language } from "../../domain/language.ts";
import type { PageSite } from "../../domain/location.ts";
import { guardView } from "../../words/guard/guard-view.ts";
import { toLocation } from "../../words/shared/site.ts";
import { type Html, html } from "../http/html.ts";

/** Renders where to go: the location and its address, whom to call back, how to get there, and the map. */
export function renderWhere(
  { closedAt, directions, position }: Pick<Incident, "closedAt" | "directions" | "position">,
  site: PageSite | null,
  language: Language,
): Html {
  const words = guardView[language];
  // Once the incident is closed, nobody needs to know any more where somebody is (rule 20).
  const ownPosition = closedAt === null ? position : null;
  return html`${site && renderAddress(site, language)}${directions && html`<p class="directions">${directions}</p>`}
${site && renderCallBack(site, language)}${ownPosition && renderPosition(ownPosition, words.map(ownPosition.accuracyM))}${site && renderSiteMap(site, language)}`;
}

function renderAddress(site: PageSite, language: Language): Html {
  const words = guardView[language];
  const { address, entrance } = site;
  const line = [toLocation(site, language), ...(address === null ? [] : [address])].join(", ");
  return html`<p class="directions"><strong>${line}</strong></p>
${entrance && html`<p class="directions">${words.entrance(entrance)}</p>`}`;
}

/** A link that rings on every phone; the number stands in it, for whoever reads it on another device. */
function renderCallBack({ callBack }: PageSite, language: Language): Html {
  const words = guardView[language];
  if (callBack === null) return html``;
  if (callBack.kind === "impossible") return html`<p>${words.noCallBack}</p>`;
  return html`<p><a href="tel:${callBack.number}">${words.callBack(callBack.number)}</a></p>`;
}

function renderPosition({ lat, lon }: Position, words: string): Html {
  return html`<p><a href="${toMapUrl({ lat, lon })}" rel="noreferrer">${words}</a><br><small>${lat.toFixed(5)}, ${lon.toFixed(5)}</small></p>`;
}

function renderSiteMap({ position, address }: PageSite, language: Language): Html {
  const query = address === null ? null : `https://www.openstreetmap.org/search?query=${encodeURIComponent(address)}`;
  const href = position === null ? query : toMapUrl(position);
  return html`${href && html`<p><a href="${href}" rel="noreferrer">${guardView[language].siteMap}</a></p>`}`;
}

/** A map that asks for no account and sells nothing of who looks; a plain address, which phones of any age open. */
function toMapUrl({ lat, lon }: { readonly lat: number; readonly lon: number }): string {
  return `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=18/${lat}/${lon}`;
}
