import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HistoryLine } from "../../../../bot/domain/incident/history.ts";
import type { Person } from "../../../../bot/domain/person.ts";
import type { Request } from "../../../../bot/engine/kernel/decisions.ts";
import { alice, bob, Course, carol, minute, press, presser } from "../../../domain/incident/course.ts";
import { nl, shown } from "../../../dutch.ts";
import { clock, readCard, readSecurity } from "./read-course.ts";

const people = [alice, bob, carol];
const ofThem = fc.constantFrom(...people, presser);
const bobs = { ...press, button: "0043", holder: bob };

type Move = (course: Course) => Request;

const click: fc.Arbitrary<Move> = fc
  .tuple(fc.constantFrom("claim", "decline", "arrive", "witness", "help", "check-in", "call-off"), ofThem)
  .map(
    ([kind, by]) =>
      () =>
        ({ kind, by }) as Request,
  );
const ofPage: fc.Arbitrary<Move> = fc
  .tuple(
    fc.nat(9),
    fc.constantFrom("accept", "decline", "arrived", "help", "page-starting", "page-accepted", "page-failed"),
    fc.constantFrom(undefined, "one", "two"),
  )
  .map(([at, kind, who]) => (course) => {
    const keys = course.effects.flatMap((effect) => (effect.kind === "page" ? [effect.key] : []));
    const key = keys[at % Math.max(1, keys.length)] ?? "incident-1-1-0";
    if (kind === "page-failed") return { kind, key, reason: "misconfigured" };
    if (kind === "page-starting" || kind === "page-accepted") return { kind, key };
    const guard = who && { guard: { who, isCertain: true } };
    return { kind: "guard", pageKey: key, answer: kind, ...guard } as Request;
  });
const other: fc.Arbitrary<Move> = fc
  .constantFrom<Request>(
    { kind: "press", press },
    { kind: "press", press: bobs },
    { kind: "cancel" },
    { kind: "deadline" },
    { kind: "card-posted", ring: 1, rung: ["alice", "bob"] },
    { kind: "resolve", by: alice, isLead: false, outcome: "real" },
  )
  .map((request) => () => request);
const aRun = fc.record({
  claimsNeeded: fc.integer({ min: 1, max: 2 }),
  moves: fc.array(
    fc.tuple(
      fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6 * minute })),
      fc.oneof({ weight: 4, arbitrary: click }, { weight: 3, arbitrary: ofPage }, { weight: 1, arbitrary: other }),
    ),
    { maxLength: 20 },
  ),
});
type Run = typeof aRun extends fc.Arbitrary<infer Each> ? Each : never;

const runs = { numRuns: Number(process.env.FC_RUNS ?? 400) };

/** Lets a run happen, and looks after every decision. */
function follow({ claimsNeeded, moves }: Run, look: (course: Course) => void): Course {
  const course = new Course({ policy: { claimsNeeded, checkAfterMs: 4 * minute, guardWithinMs: 5 * minute } });
  course.do({ kind: "press", press });
  for (const [wait, move] of moves) {
    course.to(course.now + wait, "left");
    course.do(move(course));
    look(course);
  }
  return course;
}

/** A simple reading of the history: who last said what since the press, by hand. */
function readHistory(history: readonly HistoryLine[]) {
  const states = new Map<Person, "coming" | "there" | "declined">();
  const silent = new Set<Person>();
  let asked: readonly Person[] = [];
  const guardsThere = new Set<string>();
  const guardsInNeed = new Set<string>();
  let sincePress = history;
  for (const [at, line] of history.entries()) {
    if (line.kind === "round-started" && line.reason === "press") {
      states.clear();
      silent.clear();
      guardsThere.clear();
      guardsInNeed.clear();
      sincePress = history.slice(at);
    }
    if (line.kind === "pressed-again" && line.button === bobs.button) {
      states.delete(bob);
      silent.delete(bob);
    }
    if (line.kind === "claimed" || line.kind === "also-coming") states.set(line.by, "coming");
    if (line.kind === "arrived") states.set(line.by, "there");
    if (line.kind === "declined") states.set(line.by, "declined");
    if (line.kind === "help" && states.get(line.by) === "coming") states.delete(line.by);
    if (line.kind === "arrived" || line.kind === "declined" || line.kind === "checked-in") silent.delete(line.by);
    if (line.kind === "check-asked") asked = line.people;
    if (line.kind === "check-missed") for (const person of asked) silent.add(person);
    // A guard who fell silent counts again once they say that they are there.
    if (line.kind === "check-missed") guardsThere.clear();
    if (line.kind === "guard-arrived") guardsThere.add(`${line.pager} ${line.who}`);
    if (line.kind === "guard-help") guardsInNeed.add(`${line.pager} ${line.who}`);
  }
  const which = (state: string) => people.filter((person) => states.get(person) === state);
  return {
    coming: which("coming"),
    there: which("there").filter((person) => !silent.has(person)),
    silent: which("there").filter((person) => silent.has(person)),
    declined: which("declined"),
    guardsInOrder: [...guardsThere].filter((guard) => !guardsInNeed.has(guard)),
    has: (...kinds: readonly HistoryLine["kind"][]) => history.some(({ kind }) => kinds.includes(kind)),
    hasSincePress: (...kinds: readonly HistoryLine["kind"][]) => sincePress.some(({ kind }) => kinds.includes(kind)),
  };
}

function namesIn(...rows: readonly (string | null)[]): string[] {
  return rows.flatMap((row) => row?.split(", ") ?? []).sort();
}

function namesOf(persons: readonly Person[]): string[] {
  return persons.map(({ name }) => name).sort();
}

const { label, ask } = nl.card;
const { also, ...loud } = nl.card.headline;

describe("for any run of commands the card", () => {
  it("names who is on the way, there, silent or unable as the history does", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        follow(run, (course) => {
          if (course.incident?.closedAt !== null) return;
          const { row } = readCard(course);
          const known = readHistory(course.history);
          expect(namesIn(row(label.coming), row(label.late))).toEqual(namesOf(known.coming));
          expect(namesIn(row(label.there))).toEqual(namesOf(known.there));
          expect(namesIn(row(label.silent))).toEqual(namesOf(known.silent));
          expect(namesIn(row(label.declined))).toEqual(namesOf(known.declined));
        });
      }),
      runs,
    );
  });

  it("has a headline of which every word is so by the history, and that is short", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        follow(run, (course) => {
          if (course.incident?.closedAt !== null) return;
          const { headline, summary } = readCard(course);
          const { coming, there, has, hasSincePress } = readHistory(course.history);
          const says = (...words: readonly string[]) => words.some((each) => headline.includes(each));
          expect(headline.split(" – ").length).toBeLessThanOrEqual(2);
          expect([...headline].length).toBeLessThanOrEqual(80);
          expect(summary).toBe(`Spreekkamer 3: ${headline}`);
          if (says(loud.open, also.open)) expect([...coming, ...there]).toEqual([]);
          const count = /(\d+) (?:van \d+ )?collega's? onderweg/.exec(headline)?.[1];
          if (count !== undefined) expect(Number(count)).toBeLessThanOrEqual(coming.length);
          if (count !== undefined) expect(Number(count)).toBeGreaterThan(0);
          if (says(loud.there, loud.bothThere)) expect(there).not.toEqual([]);
          if (says(loud.guardThere, loud.bothThere, also.guardThere, also.bothThere))
            expect(hasSincePress("guard-arrived"), headline).toBe(true);
          if (/beveiliger komt/i.test(headline)) expect(hasSincePress("guard-accepted"), headline).toBe(true);
          if (says(loud.lapsed, also.lapsed)) {
            expect(hasSincePress("arrived", "guard-arrived"), headline).toBe(false);
            expect(hasSincePress("lapsed", "guard-lapsed"), headline).toBe(true);
          }
          if (says(loud.help)) expect(has("help"), headline).toBe(true);
          if (says(loud.guardHelp)) expect(has("guard-help"), headline).toBe(true);
          if (says(also.helpMet)) expect(has("help", "guard-help"), headline).toBe(true);
          if (says(loud.failed, also.failed)) expect(has("page-failed"), headline).toBe(true);
          if (says(loud.declined, also.declined)) expect(has("guard-declined"), headline).toBe(true);
          if (says(loud.delivered, also.delivered)) expect(has("page-accepted"), headline).toBe(true);
          if (says(loud.calling, also.calling)) expect(has("page-queued"), headline).toBe(true);
          if (says(loud.silent, also.silent, loud.guardSilent, also.guardSilent))
            expect(has("check-missed"), headline).toBe(true);
          if (says(also.calledOff)) expect(hasSincePress("called-off"), headline).toBe(true);
        });
      }),
      runs,
    );
  });

  it("hides nobody: who is there, a call for help and who comes stand in the headline, or two things that matter more", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        follow(run, (course) => {
          if (course.incident?.closedAt !== null) return;
          const { headline } = readCard(course);
          const { coming, there, silent, guardsInOrder, has } = readHistory(course.history);
          const hasTwo = headline.includes(" – ");
          if (silent.length > 0) expect(/reageert niet/i.test(headline) || hasTwo).toBe(true);
          if (has("help", "guard-help")) expect(/om hulp/i.test(headline) || hasTwo).toBe(true);
          if (guardsInOrder.length > 0) expect(headline).toMatch(/beveiliger (?:is )?ter plaatse|GAAT HET/i);
          if (there.length > 0) expect(/ter plaatse|hulp|GAAT HET/i.test(headline)).toBe(true);
          else if (coming.length > 0)
            expect(/onderweg$/.test(headline) || hasTwo || headline === loud.check).toBe(true);
          if (coming.length + there.length > 0) expect(headline).not.toMatch(/niemand onderweg/i);
        });
      }),
      runs,
    );
  });

  it("asks nobody to go as if nobody went, and to ring only where a route failed", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        follow(run, (course) => {
          const { text } = readCard(course);
          const { coming, has } = readHistory(course.history);
          if (coming.length > 0) for (const each of [ask.open, ask.paged]) expect(text).not.toContain(shown(each));
          expect(text).not.toMatch(/nog (?:0|-\d+) collega/);
          if (text.includes(shown(ask.ring))) expect(has("page-failed", "guard-declined")).toBe(true);
        });
      }),
      runs,
    );
  });

  it("tells, once closed, the first claim, the first arrival, security and the rounds as they were", () => {
    fc.assert(
      fc.property(aRun, (run) => {
        const course = follow(run, () => {});
        course.do({ kind: "resolve", by: alice, isLead: true, outcome: "real" });
        if (course.incident?.closedAt === null)
          course.do({ kind: "resolve", by: carol, isLead: true, outcome: "real" });
        const { text, row } = readCard(course);
        const { history } = course;
        const claim = history.find(({ kind }) => kind === "claimed" || kind === "also-coming") as
          | { by: Person; at: number }
          | undefined;
        const told = (by: string, at: number) => `${by} (${clock(at)})`;
        expect(row(nl.past.label.firstClaim)).toBe(claim ? told(claim.by.name, claim.at) : nl.past.nobody);
        const arrival = history.find(({ kind }) => kind === "arrived" || kind === "guard-arrived");
        const who = arrival?.kind === "arrived" ? arrival.by.name : nl.card.remark.byRole.guard;
        expect(row(nl.past.label.firstArrival)).toBe(arrival ? told(who, arrival.at) : nl.past.nobody);
        for (const pager of ["desk", "phone"]) {
          const security = row(label.security(pager)) ?? "";
          const arrived = history.find((line) => line.kind === "guard-arrived" && line.pager === pager);
          expect(security.includes(nl.past["guard-arrived"]("").slice(0, -3))).toBe(arrived !== undefined);
          if (arrived) expect(security).toContain(nl.past["guard-arrived"](clock(arrived.at)));
          const [course = ""] = security.split("; ");
          const parts = course.split(", ").filter((part) => part !== "" && part !== nl.past.unanswered);
          const known = readSecurity(history, pager);
          const exact = known.filter((part) => part !== "?");
          const isTold =
            security !== "" || !exact.every((part) => part.startsWith(nl.past["called-off"]("").slice(0, -1)));
          const told = parts.filter((part) => !part.startsWith(nl.past.paged("").slice(0, -1)) || exact.includes(part));
          if (isTold) expect(told).toEqual(exact);
          // What nobody took was no call.
          const queued = history.some((line) => line.kind === "page-queued" && line.pager === pager);
          if (!queued) expect(security).toBe("");
          const isAnswered = history.some(
            (line) => line.kind.startsWith("guard-") && "pager" in line && line.pager === pager,
          );
          if (isAnswered) expect(security).not.toContain(nl.past.unanswered);
        }
        const rounds = 1 + history.filter(({ kind }) => kind === "round-started").length;
        expect(row(nl.past.label.rounds)?.split(" ")[0] ?? "1").toBe(String(rounds));
        const named = namesIn(row(nl.past.label.firstArrival), row(nl.past.label.arrived)).join();
        for (const person of people) {
          const wasThere = history.some((line) => line.kind === "arrived" && line.by.id === person.id);
          expect(named.includes(person.name), person.name).toBe(wasThere);
        }
        for (const person of people) {
          const said = history.filter(
            (line) => "by" in line && line.by !== null && typeof line.by !== "string" && line.by.id === person.id,
          );
          const last = said.findLast(({ kind }) => ["claimed", "also-coming", "declined"].includes(kind))?.kind ?? null;
          const wasThere = said.some(({ kind }) => kind === "arrived");
          const isIn = (name: string) => row(name)?.includes(person.name) ?? false;
          expect(isIn(nl.past.label.wentOnly)).toBe(!wasThere && last !== null && last !== "declined");
          expect(isIn(nl.past.label.declined)).toBe(!wasThere && last === "declined");
        }
        expect(text).not.toMatch(/is ter plaatse|beveiliger komt|Onderweg:/);
      }),
      runs,
    );
  });
});
