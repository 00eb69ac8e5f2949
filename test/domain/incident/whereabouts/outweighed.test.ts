import { expect, it } from "vitest";
import type { Press } from "../../../../bot/domain/incident/command.ts";
import { Course, press, presser, second } from "../course.ts";

const hall = { place: "Balie", location: "hall", fixedPlace: "hall\nBalie" };
const yard = { place: "Loods", location: "yard", fixedPlace: "yard\nLoods" };
const typed = { via: "chat", location: "town", place: null, fixedPlace: null } as const;
const toYard = { ...typed, location: "yard", isLocationNamed: true } as const;
const toHall = { ...typed, location: "hall", isLocationNamed: true } as const;
const toRoom = (place: string) => ({ ...typed, place, updatesPlace: true });
const atUsual = { ...typed, place: "Kamer 12", isPlaceUsual: true } as const;
const visiting = { ...typed, via: "visit", mayBeElsewhere: true } as const;

const toPosition = (lat: number) => ({ lat, lon: 5, accuracyM: 10 });

type Row = readonly [string, Partial<Press>, Partial<Press>, Partial<Press>, object];

it.each<Row>([
  ["its button was elsewhere since", hall, hall, yard, yard],
  ["its button has moved since to where nobody knew of", { ...hall, place: null, fixedPlace: null }, hall, yard, yard],
  ["another room was typed since", typed, toRoom("Zolder"), toRoom("Kelder"), { place: "Kelder" }],
  ["another location was named since", typed, toHall, toYard, { location: "yard" }],
  [
    "another location is known since, of which its place is none",
    { ...typed, location: null },
    hall,
    typed,
    { location: "town", place: null },
  ],
  ["a visit began since", typed, toHall, visiting, { location: "town", mayBeElsewhere: true }],
])("says nothing of where it is, written when %s", (_, first, late, newest, known) => {
  const course = new Course().open(first).to(9 * second);
  course.do({ kind: "press", press: { ...press, ...newest } });
  course.do({ kind: "press", press: { ...press, ...late } }, 5 * second);
  expect(course.incident).toMatchObject({ presses: 3, ...known });
});

it.each<Row>([
  [
    "nothing is known",
    { ...typed, location: null },
    toRoom("Zolder"),
    { ...typed, location: null },
    { place: "Zolder" },
  ],
  ["only a usual location is known", typed, toHall, typed, { location: "hall" }],
  ["only a usual place is known", atUsual, toRoom("Zolder"), atUsual, { place: "Zolder" }],
])("says where it is, written when %s", (_, first, late, newest, known) => {
  const course = new Course().open(first).to(9 * second);
  course.do({ kind: "press", press: { ...press, ...newest } });
  course.do({ kind: "press", press: { ...press, ...late } }, 5 * second);
  expect(course.incident).toMatchObject({ presses: 3, ...known });
});

it.each([toHall, toRoom("Zolder"), { ...toRoom("Zolder"), location: "yard" }])(
  "says nothing of where it is once its presser has said otherwise since: %o",
  (late) => {
    const course = new Course().open(typed).to(9 * second);
    course.do({ kind: "correct-place", by: presser, place: "Loods", where: { location: "yard" } });
    course.do({ kind: "press", press: { ...press, ...late } }, 5 * second);
    expect(course.incident).toMatchObject({
      presses: 2,
      location: "yard",
      place: "Loods",
      locationNamedAt: 9 * second,
    });
  },
);

it("takes its alarm back to no position of before, and gives it one where none is known", () => {
  const [older, newer] = [toPosition(1), toPosition(2)];
  const course = new Course().open(hall).to(9 * second);
  course.do({ kind: "press", press: { ...press, ...hall } });
  course.do({ kind: "press", press: { ...press, ...hall, position: newer } }, 6 * second);
  course.do({ kind: "press", press: { ...press, ...hall, position: older } }, 5 * second);
  expect(course.incident?.position).toEqual(newer);
});

it("says where it is though another button has pressed since: that says nothing of where this one is", () => {
  const course = new Course().open(hall).to(9 * second);
  course.do({ kind: "press", press: { ...press, ...hall, button: "0043" } });
  course.do({ kind: "press", press: { ...press, ...yard } }, 5 * second);
  expect(course.incident).toMatchObject({ lastPressAt: 9 * second, ...yard });
});

it("says where it is though a clock that was ahead made the newer one", () => {
  const course = new Course();
  course.now = 9 * second;
  course.open(hall);
  course.now = 5 * second;
  course.do({ kind: "press", press: { ...press, ...yard } });
  expect(course.incident).toMatchObject(yard);
});
