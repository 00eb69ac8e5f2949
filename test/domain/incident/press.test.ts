import { describe, expect, it } from "vitest";
import type { Press } from "../../../bot/domain/incident/command.ts";
import { toIncident, toJoiningButton } from "../../../bot/domain/incident/press.ts";
import { alice, bob, Course, minute, policy, press, presser, second } from "./course.ts";

const position = { lat: 52.5, lon: 5.7, accuracyM: 12 };
const elsewhere = { lat: 52.6, lon: 5.8, accuracyM: 30 };
const fromOther = { ...press, button: "0043", holder: { id: bob.id, name: bob.name } };
const again = (course: Course, part: Partial<Press> = {}) => course.do({ kind: "press", press: { ...press, ...part } });

describe("the incident that a press opens", () => {
  it("has all that the press says, and nothing decided yet", () => {
    const full = { ...press, via: "chat", hasDownlink: true, position, lateMs: 90_000 } as const;
    expect(toIncident(full, policy, 5 * second)).toMatchObject({
      id: "incident-1",
      number: 0,
      version: 0,
      source: "buttons",
      button: "0042",
      unreadable: false,
      channel: "frontdesk",
      place: "Spreekkamer 3",
      fixedPlace: "Spreekkamer 3",
      directions: "Begane grond, links van de balie",
      position,
      policy: "policy-1",
      openedAt: 5 * second,
      lateMs: 90_000,
      mayBeRepeat: false,
      presses: 1,
      lastPressAt: 5 * second,
      pressers: [{ source: "buttons", button: "0042", via: "chat", hears: true, holder: presser, at: 5 * second }],
      cancelledAt: null,
      verification: "none",
      responders: [],
      round: {
        number: 1,
        startedAt: 5 * second,
        firstClaimAt: null,
        lapsedAt: null,
        allDeclinedAt: null,
        pagedAt: null,
        checkAskedAt: null,
        calledOffAt: null,
        helpAskedAt: null,
        onDuty: null,
        steps: [5, 65, 125].map((at) => ({ state: "waiting", dueAt: at * second, reason: null, sentAt: null })),
      },
      pagers: {},
      deliveries: [],
      cardPostedAt: null,
      teamsLostAt: null,
      closedAt: null,
      closedBy: null,
      outcome: null,
      nextAt: null,
    });
  });

  it("rule 5: is one for all unreadable messages of a source, and else the button's own", () => {
    expect(toJoiningButton({ ...press, unreadable: true })).toBe("");
    expect(toJoiningButton(press)).toBe("0042");
    expect(toIncident({ ...press, unreadable: true }, policy, 0).button).toBe("");
  });

  it("begins with a line of what pressed, and asks those on duty but not who pressed", () => {
    const course = new Course({ onDuty: [alice, presser] });
    const { reason, effects } = again(course, { lateMs: 61_000 });
    expect(reason).toBe("opened");
    expect(course.history).toEqual([
      { kind: "opened", source: "buttons", button: "0042", via: "button", lateMs: 61_000, at: 0 },
      { kind: "rung", people: [alice], round: 1, at: 0 },
    ]);
    expect(effects).toEqual([{ kind: "card" }, { kind: "notify", people: [alice], number: 1, ringsTag: false }]);
    expect(course.incident?.round.onDuty).toEqual([alice]);
  });
});

describe("a press on an open incident (rule 3)", () => {
  it("by the same button counts, is the newest, and has a line", () => {
    const course = new Course().open().to(5 * second);
    const { reason, history } = again(course, { lateMs: 70_000 });
    expect(reason).toBe("repeated");
    expect(course.incident).toMatchObject({ presses: 2, lastPressAt: 5 * second, lateMs: 70_000, openedAt: 0 });
    expect(course.incident?.pressers).toEqual([
      {
        ...{ source: "buttons", button: "0042", via: "button", hears: false, holder: presser, at: 5 * second },
        isWhereKnown: true,
      },
    ]);
    expect(history).toEqual([
      {
        kind: "pressed-again",
        source: "buttons",
        button: "0042",
        via: "button",
        presses: 2,
        elsewhere: null,
        at: 5 * second,
      },
      { kind: "rung", people: [alice, bob], round: 1, at: 5 * second },
    ]);
  });

  it("counts where it is written behind a newer one, and makes neither its alarm nor its presser older", () => {
    const course = new Course().open().to(9 * second);
    again(course, { lateMs: 70_000 });
    course.do({ kind: "press", press }, 5 * second);
    expect(course.incident).toMatchObject({ presses: 3, lastPressAt: 9 * second, lateMs: 70_000 });
    expect(course.incident?.pressers).toMatchObject([{ at: 9 * second }]);
    expect(course.incident?.occupies).toEqual([{ person: presser.id, at: 9 * second }]);
    course.do({ kind: "press", press: { ...press, ...fromOther } }, 6 * second);
    expect(course.incident).toMatchObject({ presses: 4, lastPressAt: 9 * second });
    expect(course.incident?.pressers).toMatchObject([{ at: 9 * second }, { at: 6 * second }]);
  });

  it("is the newest one where only a clock that was ahead has a newer one", () => {
    const course = new Course();
    course.now = minute;
    course.open();
    course.now = 5 * second;
    again(course);
    expect(course.incident).toMatchObject({ lastPressAt: 5 * second, pressers: [{ at: 5 * second }] });
  });

  it("by another button is beside the first one, whose own press stays as it was", () => {
    const course = new Course().open().to(5 * second);
    again(course, fromOther);
    expect(course.incident?.pressers.map(({ button, at }) => `${button} ${at}`)).toEqual(["0042 0", "0043 5000"]);
    course.to(6 * second);
    again(course);
    expect(course.incident?.pressers.map(({ button, at }) => `${button} ${at}`)).toEqual(["0042 6000", "0043 5000"]);
  });

  it("by a button of that name at another source is another button", () => {
    const course = new Course().open();
    expect(again(course, { source: "panel" }).reason).toBe("verified");
    expect(course.incident?.pressers.map(({ source }) => source)).toEqual(["buttons", "panel"]);
  });

  it("that goes on rings nobody again, and may say where the button is now", () => {
    const course = new Course().open();
    const before = course.incident;
    expect(again(course, { isOngoing: true })).toEqual({
      incident: before,
      history: [],
      effects: [],
      reason: "still-pressed",
    });
    expect(again(course, { isOngoing: true, position })).toMatchObject({
      reason: "located",
      history: [{ kind: "located", at: 0 }],
      effects: [{ kind: "card" }],
    });
    expect(course.incident).toMatchObject({ position, presses: 1 });
  });

  it("that goes on keeps who wears it occupied, and is written for that once a minute at most", () => {
    const course = new Course().open();
    course.to(59_999, "left");
    expect(again(course, { isOngoing: true }).incident.occupies).toEqual([{ person: presser.id, at: 0 }]);
    course.to(minute, "left");
    const { incident, reason, effects } = again(course, { isOngoing: true });
    const goesOn = { person: presser.id, at: minute, since: 0 };
    expect([incident.occupies, reason, effects]).toEqual([[goesOn], "still-pressed", []]);
  });

  it("that goes on is a press all the same by a button that was not heard yet", () => {
    const course = new Course().open();
    expect(again(course, { ...fromOther, isOngoing: true }).reason).toBe("verified");
    expect(course.incident?.presses).toBe(2);
  });

  it("keeps the position that was known unless it says a newer one", () => {
    const course = new Course().open({ position });
    expect(again(course).incident.position).toEqual(position);
    expect(again(course, { position: elsewhere }).incident.position).toEqual(elsewhere);
  });

  it("names in its line another place than the card's, and no place that it does not say", () => {
    const course = new Course().open();
    const said = (part: Partial<Press>) => again(course, part).history.find(({ kind }) => kind === "pressed-again");
    expect(said({ place: "Kelder" })).toMatchObject({ elsewhere: "Kelder" });
    expect(said({ place: null })).toMatchObject({ elsewhere: null });
    expect(said({ place: "Kelder", updatesPlace: true })).toMatchObject({ elsewhere: null });
  });

  it.each([
    [true, true, true],
    [true, false, false],
    [false, true, false],
  ])("may be a repeat only while each press may be one: %s, then %s", (first, second, both) => {
    const course = new Course().open({ mayBeRepeat: first });
    expect(again(course, { mayBeRepeat: second }).incident.mayBeRepeat).toBe(both);
  });

  it("takes from the responders only who pressed (rule 7)", () => {
    const course = new Course().open();
    course.do({ kind: "claim", by: alice });
    course.do({ kind: "claim", by: bob });
    again(course, { ...fromOther, holder: null });
    expect(course.incident?.responders.map(({ person }) => person)).toEqual([alice, bob]);
    again(course, fromOther);
    expect(course.incident?.responders.map(({ person }) => person)).toEqual([alice]);
  });

  it("after an arrival rings by the new round alone, once", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    course.to(5 * second);
    expect(again(course).effects.filter(({ kind }) => kind === "notify")).toHaveLength(1);
  });
});

describe("where the button is (rule 20)", () => {
  it("is said on the card, with one line for the first position and none with coordinates", () => {
    const course = new Course().open();
    expect(course.do({ kind: "position", position })).toMatchObject({
      reason: "located",
      history: [{ kind: "located", at: 0 }],
      effects: [{ kind: "card" }],
    });
    const moved = course.do({ kind: "position", position: elsewhere });
    expect(moved).toMatchObject({ reason: "located", history: [], effects: [{ kind: "card" }] });
    expect(course.incident?.position).toEqual(elsewhere);
  });
});

describe("how sure it is that the alarm is real (rules 4 and 17)", () => {
  it("is said in a line, without a person where a button says so", () => {
    const course = new Course().open();
    const { history } = again(course, fromOther);
    expect(history).toContainEqual({ kind: "verified", verification: "second-person", by: null, at: 0 });
  });

  it.each([
    ["at another place", { fixedPlace: "Kelder" }],
    ["without a place of its own", { fixedPlace: null }],
  ])("does not grow by another button %s", (_where, part) => {
    const course = new Course().open();
    expect(again(course, { ...fromOther, ...part }).reason).toBe("repeated");
    expect(course.incident?.verification).toBe("none");
  });

  it("does not grow by the same button", () => {
    const course = new Course().open();
    expect(again(course, { holder: { id: bob.id, name: bob.name } }).reason).toBe("repeated");
    expect(course.incident?.verification).toBe("none");
  });

  it("is no second person where the first one is not known", () => {
    const course = new Course().open({ holder: null });
    again(course, fromOther);
    expect(course.incident?.verification).toBe("second-button");
  });

  it("knows a second person among all who pressed before", () => {
    const course = new Course().open({ holder: null });
    again(course, { ...press, button: "0044" });
    again(course, fromOther);
    expect(course.incident?.verification).toBe("second-person");
  });

  it("never sinks: not by a button after a witness, and a witness counts once", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    expect(course.do({ kind: "witness", by: alice }).history).toEqual([
      { kind: "verified", verification: "witnessed", by: alice, at: 0 },
    ]);
    expect(course.do({ kind: "witness", by: alice }).reason).toBe("already-so");
    expect(again(course, fromOther).reason).toBe("repeated");
    expect(course.incident?.verification).toBe("witnessed");
  });

  it("is told to those who were paged before, and to nobody else", () => {
    const course = new Course().open().to(minute);
    const { effects } = again(course, fromOther);
    expect(effects.filter(({ kind }) => kind === "update")).toEqual([
      { kind: "update", pager: "desk", key: "incident-1-1-1" },
    ]);
  });
});
