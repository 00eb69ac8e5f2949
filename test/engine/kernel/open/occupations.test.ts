import { expect, it } from "vitest";
import { occupiedForMs } from "../../../../bot/domain/incident/colleagues/occupied.ts";
import type { Occupation } from "../../../../bot/domain/incident/incident.ts";
import { Occupations } from "../../../../bot/engine/kernel/open/occupations.ts";
import { buildIncident, buildPresser } from "../../../fixtures/incident.ts";

const paul = { id: "paul", name: "Paul Drager" };

/** An open alarm whose presser is Paul. */
function build(id: string, at: number, part: Parameters<typeof buildIncident>[0] = {}) {
  const occupies: Occupation[] = [{ person: paul.id, at }];
  return buildIncident({ id, pressers: [{ ...buildPresser(), holder: paul }], occupies, ...part });
}

/** That is known of an alarm beside the disk, and where it is. */
function add(occupations: Occupations, alarm: string, occupation: Occupation): void {
  occupations.add(alarm, occupation, { since: occupation.at, thereSince: null });
}

it("occupies for others than itself, until it is closed or half an hour is over", () => {
  const occupations = new Occupations();
  occupations.note(build("i-1", 0), 0);
  expect(occupations.isOccupied(paul, "i-1", 0)).toBe(false);
  expect(occupations.isOccupied(paul, "i-2", 0)).toBe(true);
  expect(occupations.isOccupied(paul, "i-2", occupiedForMs + 1)).toBe(false);
  occupations.note(build("i-2", 5), 5);
  expect(occupations.isOccupied(paul, "i-1", 5)).toBe(true);
  occupations.note(build("i-2", 5, { closedAt: 6 }), 6);
  expect(occupations.isOccupied(paul, "i-1", 6)).toBe(false);
  expect(occupations.isOccupied(paul, "i-3", 6)).toBe(true);
  occupations.note(build("i-1", 0, { closedAt: 6 }), 6);
  expect(occupations.isOccupied(paul, "i-3", 6)).toBe(false);
});

it("keeps what is known beside the disk until that is there, whatever else is written of the alarm", () => {
  const occupations = new Occupations();
  add(occupations, "i-1", { person: paul.id, at: 0 });
  add(occupations, "i-1", { person: "bob", at: 0 });
  expect([paul, { id: "bob" }].map((each) => occupations.isOccupied(each, "", 0))).toEqual([true, true]);
  occupations.note(buildIncident({ id: "i-1" }), 0);
  occupations.settle("i-1", "bob", 0);
  expect([paul, { id: "bob" }].map((each) => occupations.isOccupied(each, "", 0))).toEqual([true, false]);
  add(occupations, "i-1", { person: paul.id, at: 5 });
  // What they said before is on disk, and this is not.
  occupations.settle("i-1", paul.id, 4);
  expect(occupations.isOccupied(paul, "", occupiedForMs + 5)).toBe(true);
  occupations.note(build("i-1", 3), 6);
  occupations.settle("i-1", paul.id, 5);
  expect([3, 5].map((at) => occupations.isOccupied(paul, "", occupiedForMs + at))).toEqual([true, false]);
});

it("knows of whoever is on the way by the disk and by what is not there yet", () => {
  const occupations = new Occupations();
  occupations.note(build("i-1", 3), 3);
  occupations.addComing("i-1", paul.id, 5);
  const known = { since: 3, thereSince: null, comingSince: 5 };
  expect(occupations.findElsewhere(paul, "")).toEqual(known);
  expect(occupations.isOccupied(paul, "", 6)).toBe(true);
  occupations.note(build("i-1", 3), 7);
  expect(occupations.findElsewhere(paul, "")).toEqual(known);
  occupations.settle("i-1", paul.id, 5);
  expect(occupations.findElsewhere(paul, "")).toEqual({ since: 3, thereSince: null });
});

it("knows who is inside an open alarm, however long, and as long as what they answered waits for the disk", () => {
  const occupations = new Occupations();
  occupations.note(build("i-1", 0), occupiedForMs + 1);
  expect(occupations.isInside(paul)).toBe(true);
  occupations.note(build("i-1", 0, { closedAt: 6 }), 6);
  expect(occupations.isInside(paul)).toBe(false);
  // An earlier version did not write whom an alarm occupies: it rings them, and is not told to ring them back.
  occupations.note(build("i-2", 0, { occupies: [] }), 0);
  expect([occupations.isOccupied(paul, "", 0), occupations.isInside(paul)]).toEqual([false, true]);
  const bob = { id: "bob", name: "Bob" };
  add(occupations, "i-3", { person: bob.id, at: 5 });
  occupations.note(buildIncident({ id: "i-3" }), 6);
  expect(occupations.isInside(bob)).toBe(true);
  occupations.note(buildIncident({ id: "i-3", closedAt: 7 }), 7);
  expect(occupations.isInside(bob)).toBe(false);
});

it("occupies by the question about a visit for half an hour at most, because nothing else ends what is forgotten", () => {
  const occupations = new Occupations();
  occupations.noteVisit(paul.id, { askedAt: 0 });
  expect([0, occupiedForMs, occupiedForMs + 1].map((now) => occupations.isOccupied(paul, "", now))).toEqual([
    true,
    true,
    false,
  ]);
  // Nobody knows what sits beside them all the same.
  expect(occupations.isInside(paul)).toBe(true);
});

it("forgets the first of very many, and those in whom it is over stay out", () => {
  const occupations = new Occupations();
  for (let number = 0; number <= 20_000; number += 1)
    add(occupations, `i-${number}`, { person: `person-${number}`, at: 0 });
  expect(occupations.isOccupied({ id: "person-0" }, "", 0)).toBe(false);
  expect(occupations.isOccupied({ id: "person-1" }, "", 0)).toBe(true);
  occupations.note(build("i-old", 0), occupiedForMs + 1);
  expect(occupations.isOccupied(paul, "", occupiedForMs)).toBe(false);
});

it("tells of whom it changed, whatever made it so, and of nobody twice", () => {
  const occupations = new Occupations();
  const told: string[] = [];
  occupations.subscribe((people) => told.push(people.join()));
  add(occupations, "i-1", { person: paul.id, at: 0 });
  // Written at last: that is known already.
  occupations.note(build("i-1", 0), 0);
  add(occupations, "i-1", { person: "bob", at: 0 });
  occupations.settle("i-1", paul.id, 0);
  occupations.note(build("i-1", 0, { closedAt: 6 }), 6);
  occupations.settle("i-1", "bob", 0);
  expect(told).toEqual(["paul", "bob", "paul,bob"]);
});

it("tells of whom it is known at which other location they pressed, because they said so after a slip", () => {
  const occupations = new Occupations();
  const told: string[] = [];
  const pressedAt = (namedLocation: string) =>
    build("i-1", 5, { pressers: [{ ...buildPresser(), at: 5, holder: paul, isWhereKnown: false, namedLocation }] });
  occupations.note(pressedAt("town-hall"), 5);
  occupations.subscribe((people) => told.push(...people));
  occupations.note(pressedAt("town-hall"), 6);
  expect(told).toEqual([]);
  occupations.note(pressedAt("yard"), 6);
  expect(occupations.findElsewhere(paul, "")?.lostAt).toBe("yard");
  expect(told).toEqual([paul.id]);
});
