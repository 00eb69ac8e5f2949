import { describe, expect, it } from "vitest";
import { alice, bob, Course, minute, presser, second } from "./course.ts";

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
