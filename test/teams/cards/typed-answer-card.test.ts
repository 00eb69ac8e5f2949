import { describe, expect, it } from "vitest";
import { languages } from "../../../bot/domain/language.ts";
import { type TypedAnswerContent, toTypedAnswerCard } from "../../../bot/teams/cards/typed-answer-card.ts";
import { titlesOf } from "../../card-text.ts";
import { nl } from "../../dutch.ts";
import { buildIncident, buildPresser, pressedAt } from "../../fixtures/incident.ts";
import { toContext } from "./incident/incidents.ts";
import { complaintsOf, textOf } from "./read-card.ts";

const holder = { id: "paul", name: "Paul Drager" };
const incident = buildIncident({ pressers: [buildPresser({ holder })] });
const closed = { ...incident, closedAt: pressedAt, closedBy: { id: "alice", name: "Alice Jansen" } };
const many = Array.from({ length: 9 }, (_, index) => buildIncident({ id: `i-${index}`, place: `Kamer ${index}` }));
const toClaim = (each: typeof incident) => ({ incident: each, verbs: ["claim"] as const });

/** One of everything that can come of a typed answer. */
const contents = {
  "ask alarm": { kind: "ask", about: "alarm", choices: many.slice(0, 2).map(toClaim) },
  "ask meaning": {
    kind: "ask",
    about: "meaning",
    choices: [{ incident, verbs: ["claim", "decline", "arrive", "help"] }],
  },
  "ask safe": { kind: "ask", about: "safe", choices: [{ incident, verbs: ["check-in", "resolve"] }] },
  "ask outcome": { kind: "ask", about: "outcome", choices: [{ incident, verbs: ["resolve"] }] },
  "ask new danger": {
    kind: "ask",
    about: "new-danger",
    choices: [{ incident, verbs: ["resolve"] }],
    alarmButton: "first",
  },
  "ask still open": {
    kind: "ask",
    about: "still-open",
    choices: [{ incident, verbs: ["help"] }],
    alarmButton: "first",
  },
  "ask help": { kind: "ask", about: "help", choices: [{ incident, verbs: ["help"] }], alarmButton: "last" },
  done: { kind: "done", verb: "claim", incident },
  "done help": { kind: "done", verb: "help", incident },
  kept: { kind: "kept", verb: "claim", incident },
  "not-kept": { kind: "not-kept", verb: "help", incident },
  refused: { kind: "refused", reason: "presser", incident },
  closed: { kind: "closed", incident: closed },
  standing: { kind: "standing", incident },
  "pressed-again": { kind: "pressed-again", incident },
  own: { kind: "own", incident },
  "nothing-open": { kind: "nothing-open" },
} as const satisfies Record<string, TypedAnswerContent>;

const every = languages.flatMap((language) =>
  Object.entries(contents).map(([name, content]) => ({ name, language, content })),
);

describe.each(every)("$name in $language", ({ language, content }) => {
  const { card, summary } = toTypedAnswerCard(content, toContext(language));
  const text = textOf(card);

  it("is a card that Teams can show", () => {
    expect(complaintsOf(card)).toEqual([]);
    expect(card.lang).toBe(language);
    expect(JSON.stringify(card).length).toBeLessThan(8_000);
  });

  it("says something, leaves no gap, and claims nobody's coming", () => {
    expect(text.split("\n").length).toBeGreaterThan(1);
    expect(text).not.toMatch(/undefined|null|\[object|NaN|\*\*/);
    expect(summary).not.toMatch(/undefined|null|\*\*|\n| – $/);
    expect(text).not.toMatch(/bereikt|onderweg|komt eraan|is coming|reached|on the way/i);
  });

  it("shows the place and whose alarm it is, where it is about one", () => {
    if (!("incident" in content)) return;
    expect(text).toContain("Spreekkamer 3");
    expect(text).toContain(holder.name);
    expect(summary).toContain("Spreekkamer 3");
  });
});

describe("what is asked about", () => {
  const context = toContext("nl");

  it("more alarms than fit a phone are counted", () => {
    const { card } = toTypedAnswerCard({ kind: "ask", about: "alarm", choices: many.map(toClaim) }, context);
    expect(titlesOf(card)).toHaveLength(6);
    expect(textOf(card)).toContain(nl.typedAnswer.more(3));
    expect(complaintsOf(card)).toEqual([]);
  });

  it("shows a place as text that no client understands, on a button too", () => {
    const place = `**vet** <at>Bob</at> {{DATE(x)}} ${"x".repeat(200)}`;
    const strange = buildIncident({ id: "i-2", place });
    const { card } = toTypedAnswerCard(
      { kind: "ask", about: "alarm", choices: [incident, strange].map(toClaim) },
      context,
    );
    expect(JSON.stringify(card)).not.toContain("{{DATE");
    expect(Math.max(...titlesOf(card).map((title) => title.length))).toBeLessThan(60);
    const { summary } = toTypedAnswerCard({ kind: "done", verb: "claim", incident: strange }, context);
    expect(summary).not.toMatch(/<at>|\*\*/);
  });
});
