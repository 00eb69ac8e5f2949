import { describe, expect, it } from "vitest";
import { isAskable } from "../../../bot/domain/incident/colleagues/inside.ts";
import { occupationsOf, occupiedForMs } from "../../../bot/domain/incident/colleagues/occupied.ts";
import { alice, bob, Course, minute, press, presser, second } from "./course.ts";

const correction = { kind: "correct-place", by: presser, place: "Kelder" } as const;

describe("correcting the place of an alarm that was typed", () => {
  it("moves the place and rings those on duty again, and changes nothing else", () => {
    const course = new Course().open({ via: "chat" }).to(5 * second);
    const before = course.incident;
    const { reason, history, effects, incident } = course.do(correction);
    expect(reason).toBe("place-corrected");
    expect(history).toEqual([
      { kind: "place-corrected", place: "Kelder", by: presser, at: 5 * second },
      { kind: "rung", people: [alice, bob], round: 1, at: 5 * second },
    ]);
    const people = [alice, bob];
    expect(effects).toEqual([
      { kind: "card" },
      { kind: "notify", people, number: incident.version, ringsTag: false },
      { kind: "ring", people, number: incident.version, beginsRound: false, ringsTag: false },
    ]);
    expect(incident).toEqual({
      ...before,
      place: "Kelder",
      version: incident.version,
      deliveries: incident.deliveries,
    });
    expect(course.to(minute).pages).toEqual(["desk unclaimed 60"]);
  });

  it("rings nobody who is there, and takes back no promise", () => {
    const course = new Course().open({ via: "chat" });
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "claim", by: bob });
    expect(course.do(correction).effects).toContainEqual(expect.objectContaining({ kind: "notify", people: [bob] }));
    expect(course.incident?.responders.map(({ state }) => state)).toEqual(["there", "coming"]);
  });

  it("tells the guards who were paged, and nobody whose page has not left", () => {
    const course = new Course().open({ via: "chat" }).to(minute);
    expect(course.do(correction).effects).toContainEqual(expect.objectContaining({ kind: "update", pager: "desk" }));
    expect(course.effects.filter(({ kind }) => kind === "update")).toHaveLength(1);
    const early = new Course().open({ via: "chat" });
    early.do(correction);
    expect(early.effects.filter(({ kind }) => kind === "update")).toEqual([]);
  });

  it("to the place that is known changes nothing", () => {
    const course = new Course().open({ via: "chat" });
    const before = course.incident;
    const same = { ...correction, place: before?.place ?? "" };
    expect(course.do(same)).toEqual({ incident: before, history: [], effects: [], reason: "already-so" });
  });

  it("to the place where they usually are says that they are there", () => {
    const course = new Course().open({ via: "chat", isPlaceUsual: true }).to(5 * second);
    const place = course.incident?.place ?? "";
    const { reason, history, incident } = course.do({ ...correction, place });
    expect(reason).toBe("place-corrected");
    expect(history[0]).toMatchObject({ kind: "place-corrected", place, by: presser });
    expect(incident).not.toHaveProperty("isPlaceUsual");
    expect(course.do({ ...correction, place })).toMatchObject({ incident, reason: "already-so" });
  });

  it("of a closed alarm changes nothing", () => {
    const course = new Course().open({ via: "chat" });
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "resolve", by: alice, isLead: false, outcome: "real" });
    expect(course.do(correction).reason).toBe("already-closed");
  });

  it.each([
    ["by somebody else", { via: "chat" }, { ...correction, by: alice }],
    ["by the holder of a device, whose place stands in the configuration", {}, correction],
  ] as const)("is not allowed %s", (_who, part, command) => {
    const course = new Course().open(part);
    expect(course.do(command).reason).toBe("not-allowed");
    expect(course.incident?.place).not.toBe("Kelder");
  });
});

describe("saying at which location it is", () => {
  const among = { via: "chat", fixedPlace: null, location: null, mayBeAt: ["hall", "yard"] } as const;
  const toYard = { kind: "correct-place", by: presser, place: null, where: { location: "yard" } } as const;

  it("of one that was not known rings those of there, and their promises stand", () => {
    const course = new Course().open(among);
    course.do({ kind: "claim", by: bob });
    course.onDuty = [bob];
    const { history, effects } = course.do(toYard);
    expect(history[0]).toMatchObject({ kind: "place-corrected", locations: ["yard"], place: press.place });
    expect(effects).toContainEqual(expect.objectContaining({ kind: "notify", people: [bob] }));
    expect(course.incident).toMatchObject({ location: "yard", isLocationNamed: true, place: press.place, presses: 1 });
    expect(course.incident).not.toHaveProperty("mayBeAt");
    expect(course.incident?.responders.map(({ state }) => state)).toEqual(["coming"]);
    expect(course.do(toYard).reason).toBe("already-so");
  });

  it("takes the promise of who belongs elsewhere, who is told, and of who asked for help that they are there", () => {
    const course = new Course({ policy: { claimsNeeded: 1 } }).open(among);
    course.do({ kind: "claim", by: alice });
    course.to(minute + second);
    expect(course.pages).toEqual([]);
    course.onDuty = [bob];
    course.ofOthers = new Set([alice.id]);
    const { history, effects } = course.do(toYard);
    expect(course.incident?.responders).toMatchObject([{ state: "none" }]);
    expect(history).toContainEqual(expect.objectContaining({ kind: "let-go", people: [alice] }));
    expect(effects).toContainEqual({ kind: "let-go", people: [alice] });
    // The page that was held for it goes.
    expect(course.to(course.now + second).pages).toEqual(["desk unclaimed 61"]);
    for (const said of [
      ["arrive", "help"],
      ["claim", "help"],
    ] as const) {
      const other = new Course().open(among);
      for (const kind of said) other.do({ kind, by: alice });
      const [before] = other.incident?.responders ?? [];
      other.onDuty = [bob];
      other.ofOthers = new Set([alice.id]);
      const { history: told, effects: out } = other.do(toYard);
      expect(other.incident?.responders).toMatchObject([{ state: "none", helpAt: 0, arrivedAt: before?.arrivedAt }]);
      expect(told.map(({ kind }) => kind)).not.toContain("let-go");
      expect(out.map(({ kind }) => kind)).not.toContain("let-go");
    }
  });

  it("takes the arrival of who belongs elsewhere, without a sound: no page is held for it", () => {
    const course = new Course({ policy: { claimsNeeded: 1 } }).open(among);
    course.do({ kind: "arrive", by: alice });
    course.to(minute + second);
    expect(course.pages).toEqual([]);
    course.onDuty = [bob];
    course.ofOthers = new Set([alice.id]);
    const { history, effects } = course.do(toYard);
    expect(course.incident?.responders).toMatchObject([{ state: "none", arrivedAt: null }]);
    expect(history).toContainEqual(expect.objectContaining({ kind: "let-go", people: [alice] }));
    expect(effects.map(({ kind }) => kind)).not.toContain("let-go");
    expect(course.to(course.now + second).pages).toEqual(["desk unclaimed 61"]);
    course.do({ kind: "arrive", by: alice });
    expect(course.incident?.responders).toMatchObject([{ state: "there" }]);
  });

  it("takes the word of who belongs elsewhere that it is real, and their right to say how it ended", () => {
    const course = new Course().open(among);
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "witness", by: alice });
    course.onDuty = [bob];
    course.ofOthers = new Set([alice.id]);
    course.do(toYard);
    expect(course.incident).toMatchObject({ verification: "none" });
    expect(course.do({ kind: "witness", by: alice }).reason).toBe("not-there");
    expect(course.do({ kind: "resolve", by: alice, isLead: false, outcome: "false" }).reason).toBe("not-there");
    expect(course.do({ kind: "resolve", by: alice, isLead: true, outcome: "false" }).reason).toBe("resolved");
  });

  it("of who said that it is real keeps the word of whoever belongs there, however many said it before", () => {
    const course = new Course().open(among);
    for (const by of [alice, bob]) {
      course.do({ kind: "arrive", by });
      course.do({ kind: "witness", by });
    }
    course.ofOthers = new Set([alice.id]);
    course.do(toYard);
    expect(course.incident).toMatchObject({ verification: "witnessed" });
    // What an earlier version wrote does not say whose word it was.
    const older = new Course().open(among);
    for (const by of [alice, bob]) older.do({ kind: "arrive", by });
    if (older.incident !== null) older.incident = { ...older.incident, verification: "witnessed" };
    older.ofOthers = new Set([alice.id]);
    older.do(toYard);
    expect(older.incident).toMatchObject({ verification: "none" });
  });

  it("takes the same of who was there in a round before", () => {
    const course = new Course().open(among);
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "press", press: { ...press, ...among } });
    expect(course.incident?.responders).toMatchObject([{ state: "none", arrivedAt: expect.any(Number) }]);
    course.ofOthers = new Set([alice.id]);
    course.do(toYard);
    expect(course.incident?.responders).toMatchObject([{ state: "none", arrivedAt: null }]);
  });

  it.each(["arrive", "witness", "help"] as const)(
    "occupies who belongs elsewhere as before, because they may be there, and makes no sound for them: %s",
    (last) => {
      const course = new Course().open(among);
      course.do({ kind: "arrive", by: alice });
      if (last !== "arrive") course.do({ kind: last, by: alice });
      const before = course.incident;
      course.ofOthers = new Set([alice.id]);
      course.do(toYard);
      if (course.incident === null || before === null) throw new Error("it is closed");
      expect(occupationsOf(course.incident)).toContainEqual({ person: alice.id, at: 0 });
      expect(occupationsOf(course.incident)).toEqual(occupationsOf(before));
      expect(isAskable(course.incident, alice)).toBe(false);
      // With nobody there it goes on for who pressed, or asked for help.
      course.to(occupiedForMs + second);
      const isLasting = last === "help";
      expect(
        occupationsOf(course.incident)
          .map(({ person }) => person)
          .includes(alice.id),
      ).toBe(isLasting);
      expect(occupationsOf(course.incident)).toContainEqual(expect.objectContaining({ person: presser.id }));
      expect(isAskable(course.incident, alice)).toBe(false);
      course.do({ kind: "decline", by: alice });
      expect(occupationsOf(course.incident)).not.toContainEqual(expect.objectContaining({ person: alice.id }));
    },
  );

  it("of another one, where somebody was at that of before, begins a round, as a press does", () => {
    const course = new Course().open({ ...among, location: "hall" });
    course.do({ kind: "arrive", by: alice });
    const { history } = course.do(toYard);
    expect(history).toContainEqual(expect.objectContaining({ kind: "round-started", reason: "press" }));
    expect(course.incident?.responders).toMatchObject([{ state: "none", arrivedAt: null }]);
  });

  it("of another one asks those who were coming to come there", () => {
    const course = new Course().open({ ...among, location: "hall" });
    course.do({ kind: "claim", by: alice });
    course.do(toYard);
    expect(course.incident).toMatchObject({ location: "yard" });
    expect(course.incident?.responders.map(({ state }) => state)).toEqual(["none"]);
  });

  it("where nobody is on duty pages at once", () => {
    const course = new Course().open(among);
    course.onDuty = [];
    expect(course.do(toYard).history.map(({ kind }) => kind)).toContain("nobody-on-duty");
    expect(course.to(second).pages).toEqual(["desk nobody-on-duty 0"]);
  });

  it("is what no usual location outweighs in a later press; what is named then does", () => {
    const course = new Course().open(among);
    course.do(toYard);
    const again = {
      ...press,
      via: "chat",
      fixedPlace: null,
      location: "hall",
      button: course.incident?.button ?? "",
    } as const;
    course.do({ kind: "press", press: again });
    expect(course.incident).toMatchObject({ location: "yard", presses: 2 });
    course.do({ kind: "press", press: { ...again, isLocationNamed: true } });
    expect(course.incident).toMatchObject({ location: "hall", presses: 3 });
  });

  it("is void once another was named since, but for the place that is said with it", () => {
    const course = new Course().open(among).to(10 * second);
    const before = course.do(toYard).incident;
    const older = { ...toYard, where: { location: "hall" }, saidAt: 5 * second };
    expect(course.to(20 * second).do(older)).toMatchObject({ reason: "already-so", history: [], effects: [] });
    expect(course.incident).toMatchObject({ location: "yard", locationNamedAt: before?.locationNamedAt });
    expect(course.do({ ...older, place: "Kelder" }).reason).toBe("place-corrected");
    expect(course.incident).toMatchObject({ location: "yard", place: "Kelder" });
    expect(course.do({ ...older, saidAt: 15 * second }).incident).toMatchObject({ location: "hall" });
  });

  it("counts though another was named at what can't be a moment yet, since the clock was ahead then", () => {
    const course = new Course().open(among).to(10 * second);
    course.do(toYard);
    course.now = 5 * second;
    const { incident } = course.do({ ...toYard, where: { location: "hall" }, saidAt: 4 * second });
    expect(incident).toMatchObject({ location: "hall", locationNamedAt: 4 * second });
  });

  it("is not allowed by anybody else", () => {
    const course = new Course().open(among);
    expect(course.do({ ...toYard, by: alice }).reason).toBe("not-allowed");
  });
});
