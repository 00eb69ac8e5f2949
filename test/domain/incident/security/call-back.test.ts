import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { insideOf } from "../../../../bot/domain/incident/colleagues/inside.ts";
import { occupiedForMs } from "../../../../bot/domain/incident/colleagues/occupied.ts";
import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import { findCallee, listPaging } from "../../../../bot/domain/incident/security/call-back.ts";
import { alice, bob, Course, carol, minute, presser } from "../course.ts";

const everybody = [presser, alice, bob, carol];
const anyPhone = () => true;
const nobodyElsewhere = () => false;

describe("whom external security calls back", () => {
  it("is the first on duty who has a phone and did not press or decline, or nobody", () => {
    const course = new Course().open();
    const find = (onDuty = everybody, hasPhone: (person: { id: string }) => boolean = anyPhone) =>
      course.incident && findCallee(course.incident, onDuty, hasPhone, nobodyElsewhere);
    expect(find()).toEqual(alice);
    expect(find(everybody, ({ id }) => id !== alice.id)).toEqual(bob);
    expect(find([presser])).toBeNull();
    expect(course.incident && findCallee(course.incident, null, anyPhone, nobodyElsewhere)).toBeNull();
    course.do({ kind: "decline", by: alice });
    expect(find()).toEqual(bob);
    course.do({ kind: "claim", by: bob });
    expect(find()).toEqual(bob);
    course.do({ kind: "arrive", by: bob });
    expect(find()).toEqual(carol);
    course.do({ kind: "help", by: carol });
    expect(find()).toBeNull();
  });

  it("is nobody who was there or asked for help, in no later round either, until they say that they can't come", () => {
    const course = new Course().open();
    const find = () => course.incident && findCallee(course.incident, [alice, bob, carol], anyPhone, nobodyElsewhere);
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "help", by: bob });
    course.open();
    expect(course.incident?.responders.map(({ state }) => state)).toEqual(["none", "none"]);
    expect(find()).toEqual(carol);
    expect(insideOf(course.incident as Incident)).toEqual(expect.arrayContaining([presser.id, alice.id, bob.id]));
    course.to(2 * occupiedForMs);
    expect(insideOf(course.incident as Incident)).toEqual(expect.arrayContaining([presser.id, alice.id, bob.id]));
    expect(find()).toEqual(carol);
    course.do({ kind: "decline", by: alice });
    expect(insideOf(course.incident as Incident)).not.toContain(alice.id);
    course.do({ kind: "resolve", by: carol, isLead: true, outcome: "real" });
    expect(insideOf(course.incident as Incident)).toEqual([]);
  });

  it("is nobody who is inside another alarm", () => {
    const { incident } = new Course().open();
    const isElsewhere = ({ id }: { id: string }) => id === alice.id;
    expect(incident && findCallee(incident, everybody, anyPhone, isElsewhere)).toEqual(bob);
  });

  it("is in no order of answers who pressed, declined last, is there or asked for help", () => {
    const kinds = fc.constantFrom("claim", "decline", "arrive", "help", "check-in", "112-called" as const);
    const commands = fc.array(fc.record({ kind: kinds, by: fc.constantFrom(...everybody) }), { maxLength: 12 });
    fc.assert(
      fc.property(commands, fc.shuffledSubarray(everybody), (course, onDuty) => {
        const { incident } = course.reduce((played, command) => {
          played.do(command);
          return played;
        }, new Course().open());
        const callee = incident && findCallee(incident, onDuty, anyPhone, nobodyElsewhere);
        if (incident === null || callee === null) return;
        expect(callee.id).not.toBe(presser.id);
        const responder = incident.responders.find(({ person }) => person.id === callee.id);
        expect(["none", "coming", undefined]).toContain(responder?.state);
        expect(responder?.helpAt).toBeUndefined();
      }),
    );
  });
});

describe("security may ring back", () => {
  it("from its first page on, until it is called off by somebody, or the alarm is closed", () => {
    const course = new Course().open();
    const paging = () => course.incident && listPaging(course.incident);
    expect(paging()).toEqual([]);
    course.to(minute);
    expect(paging()).toEqual(["desk"]);
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "call-off", by: alice });
    expect(paging()).toEqual([]);
    const closed = new Course().open().to(minute);
    closed.do({ kind: "resolve", by: alice, isLead: true, outcome: "real" });
    expect(closed.incident && listPaging(closed.incident)).toEqual([]);
  });
});

describe("what is told of the police", () => {
  it("is kept with the time at which it was told first, and changes nothing of who comes and when", () => {
    const course = new Course().open();
    const before = course.incident;
    const { reason, effects } = course.do({ kind: "112-called", by: bob });
    expect(reason).toBe("noted");
    expect(effects).toEqual([{ kind: "card" }]);
    expect(course.kinds.at(-1)).toBe("112-called");
    const { version, called112At, ...rest } = course.incident ?? {};
    const { version: _, ...same } = before ?? {};
    expect([version, called112At]).toEqual([(before?.version ?? 0) + 1, before?.openedAt]);
    expect(rest).toEqual(same);
    course.to(30_000);
    expect(course.do({ kind: "112-called", by: alice }).reason).toBe("already-so");
    expect(course.do({ kind: "police-there", by: bob }).reason).toBe("not-there");
    expect(course.do({ kind: "police-there", by: presser }).reason).toBe("noted");
    expect(course.to(minute).pages).toEqual(["desk unclaimed 60"]);
  });
});
