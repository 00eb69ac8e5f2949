import type { PersonalContent } from "../../../bot/teams/cards/personal-card.ts";
import { pressedAt } from "./incident/incidents.ts";

const visit = { person: { id: "anna", name: "Anna Bakker" }, startedAt: pressedAt, endsAt: pressedAt + 45 * 60_000 };

/** One of everything that the bot says to one colleague; a kind that is missing here does not compile. */
const each = {
  called: { kind: "called", typed: "balie", at: 0 },
  welcome: { kind: "welcome" },
  pressed: { kind: "pressed", incident: "i-1", place: "Balie" },
  "still-pressed": { kind: "still-pressed", incident: "i-1", place: "Balie" },
  unstored: { kind: "unstored", incident: "i-1" },
  unsure: { kind: "unsure" },
  "no-alarm": { kind: "no-alarm" },
  cancelled: { kind: "cancelled" },
  "too-late": { kind: "too-late" },
  closed: { kind: "closed" },
  "not-yours": { kind: "not-yours" },
  "location-named": { kind: "location-named", incident: "i-1", place: "Balie", at: { location: "Stadswerf" } },
  "location-kept": { kind: "location-kept", incident: "i-1" },
  "location-failed": { kind: "location-failed" },
  "oops-failed": { kind: "oops-failed", incident: "i-1" },
  "place-set": { kind: "place-set", place: "Balie" },
  "place-forgotten": { kind: "place-forgotten" },
  "place-too-long": { kind: "place-too-long" },
  visit: { kind: "visit", visit: { ...visit, asked: 0, nextAt: visit.endsAt } },
  "visit-ask": { kind: "visit-ask", visit: { ...visit, asked: 1, nextAt: visit.endsAt + 120_000 } },
  "visit-unanswered": { kind: "visit-unanswered", visit: { ...visit, asked: 1, nextAt: visit.endsAt + 120_000 } },
  "visit-help": { kind: "visit-help", visit: { ...visit, asked: 1, nextAt: visit.endsAt + 120_000 } },
  "visit-elsewhere": { kind: "visit-elsewhere" },
  "visit-pressed": { kind: "visit-pressed" },
  "visit-ended": { kind: "visit-ended" },
  "no-visit": { kind: "no-visit" },
  elsewhere: { kind: "elsewhere" },
  "visit-unclear": { kind: "visit-unclear" },
  "visit-failed": { kind: "visit-failed" },
  "not-set-up": { kind: "not-set-up" },
  failed: { kind: "failed" },
} satisfies Record<PersonalContent["kind"], PersonalContent>;

export const personalContents: Readonly<Record<string, PersonalContent>> = {
  ...each,
  "pressed-nowhere": { ...each.pressed, place: null },
  "pressed-somewhere": {
    ...{ kind: "pressed", incident: "i-1", place: "Balie" },
    at: {
      choices: ["Gemeentehuis", "Stadswerf", "Zwembad De Waterlelie aan de Kade"].map((name) => ({ key: name, name })),
    },
  },
  "visit-unanswered-early": { kind: "visit-unanswered", visit: { ...each.visit.visit } },
  "visit-ask-last": { kind: "visit-ask", visit: { ...each["visit-ask"].visit, asked: 2 } },
};
