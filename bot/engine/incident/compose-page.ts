import type { Page } from "../../contracts.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { countResponding } from "../../domain/incident/presence.ts";
import { toPlace } from "../../kit/safe-text.ts";

/**
 * Makes the page that goes out under `key`. `page` is the key of the page it belongs to: the same as `key`, unless it
 * is an update or a call-off.
 */
export type ComposePage = (incident: Incident, key: string, page: string, reason: Page["reason"]) => Page;

/** The finished sentences of a page. */
export type ComposePageWords = (incident: Incident, reason: Page["reason"]) => Page["words"];

/** Returns a `ComposePage` with links. `toAcceptUrl`: the address where the guard answers the page with that key. */
export function createPageComposer(toWords: ComposePageWords, toAcceptUrl: (pageKey: string) => string): ComposePage {
  return (incident, key, page, reason) => ({
    ...composeUnlinkedPage(incident, key, reason, toWords(incident, reason)),
    pageKey: page,
    earlier: toEarlierKeys(incident, page),
    acceptUrl: toAcceptUrl(page),
  });
}

/** Makes a page without a link for the guard, as when the incident could not be recorded or a colleague is called. */
export function composeUnlinkedPage(
  incident: Incident,
  key: string,
  reason: Page["reason"],
  words: Page["words"],
): Page {
  const { id, number, directions, position, verification, openedAt } = incident;
  const place = toPlace(incident.place ?? "");
  const responding = countResponding(incident);
  const facts = { id, number, place, directions, position, verification, responding, raisedAt: openedAt };
  return { key, pageKey: key, earlier: [], reason, incident: facts, acceptUrl: null, words };
}

function toEarlierKeys({ pagers }: Incident, page: string): readonly string[] {
  return (
    Object.values(pagers)
      .find(({ key }) => key === page)
      ?.earlier.map(({ key }) => key) ?? []
  );
}
