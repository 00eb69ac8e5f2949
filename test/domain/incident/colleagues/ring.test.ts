import { describe, expect, it } from "vitest";
import { maxMentions, newestRing } from "../../../../bot/domain/incident/colleagues/ring.ts";
import type { Incident } from "../../../../bot/domain/incident/incident.ts";
import { buildPolicy, toSteps } from "../../../fixtures/policy.ts";
import { alice, bob, Course, carol, minute, press, presser, second } from "../course.ts";

/** Whom each ring in the channel mentions, and whether a round begins with it. */
const rings = (course: Course) =>
  course.effects.flatMap((effect) =>
    effect.kind === "ring" ? [{ names: effect.people.map(({ id }) => id), begins: effect.beginsRound }] : [],
  );
const team = Array.from({ length: 25 }, (_, at) => ({ id: `p${at}`, name: `Collega ${at}` }));

describe("the ring in the channel (rule 25)", () => {
  it("comes with the first card, which mentions those on duty itself, and never the presser", () => {
    const course = new Course({ onDuty: [alice, bob, presser] }).open();
    expect(rings(course)).toEqual([]);
    expect(newestRing(course.incident as Incident)).toEqual({ number: 1, people: [alice, bob] });
  });

  it("goes under a card that mentions nobody, or was made for an older ring", () => {
    for (const [presses, ring] of [
      [1, 0],
      [2, 1],
    ]) {
      const course = new Course();
      for (let count = 0; count < (presses ?? 1); count += 1) course.do({ kind: "press", press });
      course.do({ kind: "card-posted", ring: ring ?? 0, rung: ring === 1 ? ["alice", "bob"] : [] });
      expect(rings(course)).toEqual([{ names: ["alice", "bob"], begins: false }]);
    }
  });

  it("mentions under the card whom it has no room for", () => {
    const course = new Course({ onDuty: team }).open();
    expect(rings(course)).toEqual([{ names: team.slice(maxMentions).map(({ id }) => id), begins: false }]);
  });

  it("mentions under the card whom Teams did not take on it", () => {
    const course = new Course();
    course.do({ kind: "press", press });
    course.do({ kind: "card-posted", ring: 1, rung: ["alice"] });
    expect(rings(course)).toEqual([{ names: ["bob"], begins: false }]);
    expect(course.effects.at(-1)).toMatchObject({ kind: "ring", number: 1 });
  });

  it("leaves out under the card who is there by then", () => {
    const course = new Course();
    course.do({ kind: "press", press });
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "card-posted", ring: 0, rung: [] });
    expect(rings(course)).toEqual([{ names: ["bob"], begins: false }]);
  });

  it("comes with each press, each round and each call for help, at once", () => {
    const course = new Course({ onDuty: [alice, bob, carol] }).open().to(5 * second);
    course.do({ kind: "press", press });
    expect(rings(course).at(-1)).toEqual({ names: ["alice", "bob", "carol"], begins: false });
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "help", by: alice });
    expect(rings(course).at(-1)).toEqual({ names: ["bob", "carol"], begins: false });
    course.to(8 * minute);
    expect(rings(course).slice(2)).not.toEqual([]);
    expect(rings(course).at(-1)).toEqual({ names: ["bob", "carol"], begins: true });
    expect(rings(course)).toHaveLength(course.effects.filter(({ kind }) => kind === "notify").length - 1);
  });

  it("begins a round also where there is nobody to mention", () => {
    const course = new Course({ onDuty: null }).open().to(6 * minute);
    expect(rings(course)).toEqual([{ names: [], begins: true }]);
  });

  it("is none once the alarm is closed", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "resolve", by: alice, isLead: false, outcome: "false" });
    course.do({ kind: "press", press });
    expect(rings(course)).toEqual([]);
  });
});

describe("the tag of a channel", () => {
  const tag = { id: "tag-1", name: "BHV" };
  const policy = buildPolicy({
    steps: [{ kind: "tell", afterMs: 0, channel: press.channel, tag }, ...toSteps("desk").slice(1)],
  });
  const tagged = (course: Course) => course.effects.flatMap((each) => (each.kind === "ring" ? [each.ringsTag] : []));

  it("is rung by the card, and under it where Teams did not take it there", () => {
    for (const [rung, rings] of [
      [[tag.id], []],
      [[], [true]],
    ] as const) {
      const course = new Course({ policy, onDuty: null });
      course.do({ kind: "press", press });
      course.do({ kind: "card-posted", ring: 0, rung });
      expect(tagged(course)).toEqual(rings);
    }
  });

  it("is rung again by each press, each round and each call for help, also without a roster", () => {
    const course = new Course({ policy, onDuty: null });
    course.do({ kind: "press", press });
    course.do({ kind: "card-posted", ring: 0, rung: [tag.id] });
    course.do({ kind: "press", press });
    expect(tagged(course)).toEqual([true]);
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "help", by: alice });
    expect(tagged(course)).toEqual([true, true]);
    expect(course.kinds).not.toContain("rung");
    expect(course.incident?.deliveries).toEqual([]);
  });
});

describe("a mention that Teams refuses", () => {
  const failed = { kind: "ring-failed", people: [alice, bob], tag: null, number: 1, reason: "refused" } as const;

  it("has a line, and is told until people are rung again", () => {
    const course = new Course().open().to(10 * second);
    expect(course.do(failed).history).toEqual([
      { kind: "not-mentioned", people: [alice, bob], reason: "refused", at: 10 * second },
    ]);
    expect(course.incident?.unmentioned).toEqual([alice, bob]);
    course.do({ kind: "press", press });
    expect(course.incident?.unmentioned).toEqual([]);
  });

  it("changes nothing when people were rung again meanwhile", () => {
    const course = new Course().open();
    course.do({ kind: "press", press });
    const before = course.incident;
    expect(course.do(failed)).toEqual({ incident: before, history: [], effects: [], reason: "already-so" });
  });

  it("counts of an older ring for whoever was not rung since, when only others were", () => {
    const course = new Course({ onDuty: [alice, bob, carol] });
    course.occupied = new Set([carol.id]);
    course.open();
    course.occupied = new Set();
    course.do({ kind: "deadline" });
    // Carol is free again, and rung alone.
    expect(rings(course).at(-1)).toMatchObject({ names: [carol.id] });
    course.do({ ...failed, people: [alice, bob, carol] });
    expect(course.incident?.unmentioned).toEqual([alice, bob]);
  });

  it("is told of the tag as long as that was not rung again, whoever else was", () => {
    const tag = { id: "tag-1", name: "BHV" };
    const steps = [{ kind: "tell" as const, afterMs: 0, channel: press.channel, tag }, ...toSteps("desk").slice(1)];
    const course = new Course({ policy: { steps }, onDuty: [alice, bob] });
    course.occupied = new Set([bob.id]);
    course.open();
    course.occupied = new Set();
    course.do({ kind: "deadline" });
    course.do({ ...failed, people: [], tag: tag.name });
    expect(course.incident?.isTagUnmentioned).toBe(true);
    course.do({ kind: "press", press });
    expect(course.incident?.isTagUnmentioned).toBe(false);
    expect(course.do({ ...failed, people: [], tag: tag.name }).reason).toBe("already-so");
  });

  it("is over for whoever is rung again alone", () => {
    const course = new Course({ onDuty: [alice, bob, carol] }).open();
    course.do({ ...failed, people: [alice, carol] });
    course.occupied = new Set([carol.id]);
    course.do({ kind: "delivery-withheld", key: "message:incident-1:1:carol" });
    course.occupied = new Set();
    course.do({ kind: "deadline" });
    expect(course.incident?.unmentioned).toEqual([alice]);
  });

  it("names nobody who is at another alarm, or is there by now, because they were not to be mentioned", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    course.occupied = new Set([bob.id]);
    const before = course.incident;
    expect(course.do(failed)).toEqual({ incident: before, history: [], effects: [], reason: "already-so" });
    course.do({ ...failed, people: [alice, bob, carol] });
    expect(course.incident?.unmentioned).toEqual([carol]);
  });

  it("names each once, also when the rest fails too", () => {
    const course = new Course().open();
    course.do(failed);
    course.do({ ...failed, people: [bob, carol], number: 9 });
    expect(course.incident?.unmentioned).toEqual([alice, bob, carol]);
  });
});
