import fc from "fast-check";
import { expect, it } from "vitest";
import type { HistoryLine } from "../../../bot/domain/incident/history.ts";
import { languages } from "../../../bot/domain/language.ts";
import type { GuardCase } from "../../../bot/ports/guard.ts";
import { toGuardToken } from "../../../bot/web/guard/guard-token.ts";
import { renderGuardView } from "../../../bot/web/guard/guard-view.ts";
import { type Html, html } from "../../../bot/web/http/html.ts";
import { buildPresser, pressedAt } from "../../fixtures/incident.ts";
import { keys } from "../../fixtures/names.ts";
import { everyLine } from "../../words/every-line.ts";
import { guardKey, openDoors } from "../doors.ts";
import { me, pageKey, standings } from "./guard-views.ts";

/** Letters that no word of ours has. */
const name = fc.stringMatching(/^[ЖЩЪЫЭ]{1,12}$/u);
/** Fields that hold one of a few words of ours; every other text of a line may be a name, or lead to one. */
const closed = new Set(["kind", "reason", "via", "verification", "outcome", "what", "route", "key"]);

/** The same line with that name wherever it has a text of its own. */
function withName(line: unknown, secret: string): unknown {
  if (typeof line === "string") return secret;
  if (Array.isArray(line)) return line.map((item) => withName(item, secret));
  if (typeof line !== "object" || line === null) return line;
  return Object.fromEntries(
    Object.entries(line).map(([field, value]) => [field, closed.has(field) ? value : withName(value, secret)]),
  );
}

function toText({ title, body }: { title: string; body: Html }): string {
  return html`${title}${body}`.markup;
}

it("names nobody, whatever happened and however it stands", () => {
  const lines = fc.shuffledSubarray([...everyLine], { minLength: 1 });
  const views = fc.constantFrom(...Object.values(standings));
  fc.assert(
    fc.property(name, lines, views, fc.constantFrom(...languages), (secret, subset, view, language) => {
      const person = { id: secret, name: secret };
      const { incident } = view;
      const named: GuardCase = {
        pager: view.pager,
        site: null,
        history: subset.map((line) => withName(line, secret) as HistoryLine),
        incident: {
          ...incident,
          source: secret,
          button: secret,
          channel: secret,
          pressers: [buildPresser({ source: secret, button: secret, holder: person })],
          responders: incident.responders.map((responder) => ({ ...responder, person })),
          round: { ...incident.round, onDuty: [person] },
          closedBy: incident.closedAt === null ? null : person,
        },
      };
      const address = { me, renews: true, asksOutcome: false, saidSafe: false };
      const place = { organisation: "Gemeente", timezone: "Europe/Amsterdam", language, names: keys };
      const context = { pageKey, address, ...place, now: pressedAt };
      expect(toText(renderGuardView(named, context))).not.toMatch(/[ЖЩЪЫЭ]/u);
    }),
    { numRuns: 500 },
  );
});

it("would be seen to name somebody: the name is in what the page is made of", () => {
  const kinds = everyLine.filter((line) => JSON.stringify(withName(line, "Ж")).includes("Ж")).map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(["claimed", "lapsed", "verified", "closed", "called-off", "rung"]));
});

it("stays under 30 KB in all, at its longest", async () => {
  const view = standings.asked;
  const longest = everyLine.flatMap((line) => Array<HistoryLine>(20).fill(line));
  const incident = { ...view.incident, place: "'".repeat(80), directions: "€".repeat(200), unreadable: true };
  const full = { ...view, history: longest, incident: { ...incident, cancelledAt: pressedAt } };
  await using doors = await openDoors({
    organisation: '"'.repeat(200),
    guard: { load: async () => full, answer: async () => undefined },
  });
  for (const language of languages) {
    const response = await fetch(`${doors.url}/guard/${toGuardToken(pageKey, guardKey)}`, {
      headers: { "accept-language": language },
    });
    const page = await response.text();
    const headers = [...response.headers].map(([field, value]) => `${field}: ${value}\r\n`).join("");
    expect(page).toContain(`${"&#39;".repeat(80)}</h1>`);
    expect(Buffer.byteLength(page + headers)).toBeLessThan(30_000);
    // Nothing else is loaded: no address on it but the map's, and that one only when it is pressed.
    expect(page.match(/(src|srcset|data|poster|background|url)\s*[=(]/gi)).toEqual(null);
    expect([...page.matchAll(/https?:\/\/[^/"]+/g)].map(([address]) => address)).toEqual([
      "https://www.openstreetmap.org",
    ]);
  }
});
