import { describe, expect, it } from "vitest";
import type { Press } from "../../../bot/domain/incident/command.ts";
import { decide } from "../../../bot/domain/incident/decide.ts";
import { formatKey } from "../../../bot/domain/message-key.ts";
import { alice, bob, Course, carol, minute, policy, press, presser, second } from "./course.ts";

const other = { ...press, button: "0043", holder: { id: carol.id, name: carol.name } };
const desk = formatKey({ kind: "page", incident: press.incident, round: 1, step: 1 });
const phone = formatKey({ kind: "page", incident: press.incident, round: 1, step: 2 });

describe("opening", () => {
  it("rings the people on duty, posts the card and waits for the first step", () => {
    const course = new Course().open();
    expect(course.kinds).toEqual(["opened", "rung", "card-posted"]);
    expect(course.effects.map((effect) => effect.kind)).toEqual(["card", "notify", "card"]);
    expect(course.incident?.nextAt).toBe(minute);
  });

  it("throws for anything but a press without an incident: a mistake in the caller", () => {
    expect(() => decide(null, { kind: "cancel", onDuty: null }, 0, policy)).toThrow(RangeError);
  });

  it("rule 9: pages at once when nobody is on duty, and says so", () => {
    const course = new Course({ onDuty: [] }).open();
    expect(course.pages).toEqual(["desk nobody-on-duty 0"]);
    expect(course.kinds).toContain("nobody-on-duty");
  });

  it("rule 7: with only the holder on duty, nobody is", () => {
    expect(new Course({ onDuty: [presser] }).open().pages).toEqual(["desk nobody-on-duty 0"]);
  });

  it("rule 9: without a roster nobody can be missing", () => {
    expect(new Course({ onDuty: null }).open().pages).toEqual([]);
  });

  it("rule 16: pages when the card does not stand in time, and at once when the channel is not linked", () => {
    const slow = new Course();
    slow.do({ kind: "press", press });
    slow.do({ kind: "card-failed", reason: "unreachable" });
    slow.to(10 * second - 1);
    expect(slow.pages).toEqual([]);
    slow.to(10 * second);
    expect(slow.pages).toEqual(["desk teams-unreachable 10"]);
    const unlinked = new Course();
    unlinked.do({ kind: "press", press });
    unlinked.do({ kind: "card-failed", reason: "misconfigured" });
    expect(unlinked.pages).toEqual(["desk teams-unreachable 0"]);
  });

  it("rule 16: a card that comes late is still the card", () => {
    const course = new Course();
    course.do({ kind: "press", press });
    course.to(30 * second);
    expect(course.do({ kind: "card-posted", ring: 1, rung: ["alice", "bob"] }).incident.cardPostedAt).toBe(30 * second);
  });
});

describe("a card that was posted", () => {
  const post = (course: Course, card: { readonly shown?: number | null }) => {
    const { effects } = course.do({ kind: "card-posted", ring: 1, rung: [alice.id, bob.id], ...card });
    return effects.map(({ kind }) => kind).filter((kind) => kind === "card" || kind === "card-link");
  };
  const pressed = () => {
    const course = new Course();
    course.do({ kind: "press", press });
    return course;
  };

  it("is looked at no more where it shows the incident as it is; chats learn where it stands", () => {
    expect(post(pressed(), { shown: 1 })).toEqual(["card-link"]);
  });

  it.each([{ shown: null }, {}])("is looked at where there may be more to show: %o", (card) => {
    expect(post(pressed(), card)).toEqual(["card"]);
  });

  it("is looked at where the incident has changed since", () => {
    const course = pressed();
    course.do({ kind: "claim", by: alice });
    expect(post(course, { shown: 1 })).toEqual(["card"]);
  });

  it("is looked at where something else is due by then", () => {
    const course = pressed();
    course.now = minute;
    expect(post(course, { shown: 1 })).toEqual(["card"]);
  });
});

describe("pressing again", () => {
  it("names the place that is typed now, and else fills in one that was missing; a press takes back a cancel", () => {
    const course = new Course().open({ place: null, fixedPlace: null });
    const again = (part: Partial<Press>) =>
      course.do({ kind: "press", press: { ...press, fixedPlace: null, ...part } }).incident;
    expect(again({ place: "Balie" }).place).toBe("Balie");
    expect(again({ place: "Gang" }).place).toBe("Balie");
    expect(course.do({ kind: "cancel" }).incident.cancelledAt).not.toBeNull();
    expect(again({ place: "Kelder", updatesPlace: true })).toMatchObject({ place: "Kelder", cancelledAt: null });
  });

  it("rule 3: counts and rings, and resets no claim", () => {
    const course = new Course().open();
    course.do({ kind: "claim", by: alice });
    const { reason, incident, effects } = course.do({ kind: "press", press });
    expect(reason).toBe("repeated");
    expect(incident.presses).toBe(2);
    expect(incident.responders.map((each) => each.state)).toEqual(["coming"]);
    expect(effects.map((effect) => effect.kind)).toEqual(["card", "notify", "ring"]);
  });

  it.each(["arrival", "guard"])("rule 3: after an %s it starts a new round, and nobody counts as coming", (what) => {
    const course = new Course().open();
    if (what === "arrival") course.do({ kind: "arrive", by: bob });
    else course.to(minute).do({ kind: "guard", pageKey: desk, answer: "accept" });
    course.do({ kind: "claim", by: alice });
    course.now = 5 * minute;
    const { incident } = course.do({ kind: "press", press });
    expect(incident.round).toMatchObject({ number: 2, startedAt: 5 * minute, guards: [] });
    expect(incident.responders.every((each) => each.state === "none")).toBe(true);
    const before = course.pages.length;
    course.to(6 * minute);
    expect(course.pages.slice(before)).toEqual(["desk unclaimed 360"]);
  });

  it("rule 4: another button verifies, a second person only where both holders are known and differ", () => {
    for (const [holder, verification] of [
      [null, "second-button"],
      [press.holder, "second-button"],
      [other.holder, "second-person"],
    ] as const) {
      const course = new Course().open();
      expect(course.do({ kind: "press", press: { ...other, holder } }).reason).toBe("verified");
      expect(course.incident?.verification).toBe(verification);
    }
  });

  it("rule 4: a second button without a configured place verifies nothing", () => {
    const course = new Course().open({ fixedPlace: null });
    course.do({ kind: "press", press: { ...other, fixedPlace: null } });
    expect(course.incident?.verification).toBe("none");
  });

  it("rule 7: who presses no longer counts as coming", () => {
    const course = new Course().open();
    course.do({ kind: "claim", by: carol });
    course.do({ kind: "press", press: other });
    expect(course.incident?.responders).toEqual([]);
    expect(course.do({ kind: "claim", by: carol }).reason).toBe("presser");
  });

  it("rule 19: a cancel counts for no press after it, and for one that a clock which was ahead made", () => {
    const course = new Course();
    course.now = minute;
    course.open();
    expect(course.do({ kind: "cancel" }, 5 * second).reason).toBe("already-so");
    course.now = 5 * second;
    expect(course.do({ kind: "cancel" }).reason).toBe("cancelled");
  });

  it("rule 19: a cancel ends nothing", () => {
    const course = new Course().open();
    expect(course.do({ kind: "cancel" }).reason).toBe("cancelled");
    course.to(minute);
    expect(course.pages).toEqual(["desk unclaimed 60"]);
  });
});

describe("claims", () => {
  it("rule 12: holds the page whose moment comes, and sends it when the claim is given back", () => {
    const course = new Course().open();
    course.to(50 * second).do({ kind: "claim", by: alice });
    course.to(90 * second);
    expect(course.pages).toEqual([]);
    expect(course.kinds).toContain("page-held");
    course.do({ kind: "decline", by: alice });
    expect(course.pages).toEqual(["desk unclaimed 90"]);
    course.to(2 * minute);
    expect(course.pages).toEqual(["desk unclaimed 90", "phone unclaimed 120"]);
  });

  it("rule 10: claimed at 50 s, lapsed at 170 s, the held page goes", () => {
    const course = new Course({ policy: { steps: policy.steps.slice(0, 2) } }).open();
    course.to(50 * second).do({ kind: "claim", by: alice });
    course.to(170 * second - 1);
    expect(course.pages).toEqual([]);
    course.to(170 * second);
    expect(course.pages).toEqual(["desk lapsed 170"]);
  });

  it("rule 10: two claimers, nobody arrives: the first claim's promise counts", () => {
    const course = new Course().open();
    course.to(10 * second).do({ kind: "claim", by: alice });
    course.to(100 * second).do({ kind: "claim", by: bob });
    course.to(130 * second);
    expect(course.pages).toEqual(["desk lapsed 130", "phone lapsed 130"]);
  });

  it("rule 12: needs as many as the policy says", () => {
    const course = new Course({ policy: { claimsNeeded: 2 } }).open();
    course.do({ kind: "claim", by: alice });
    course.to(minute);
    expect(course.pages).toEqual(["desk unclaimed 60"]);
  });

  it("rule 12: an unclaimed page in a slow queue is not sent after a claim; it is held", () => {
    const course = new Course().open();
    course.to(minute, "left").do({ kind: "claim", by: alice });
    expect(course.do({ kind: "page-starting", key: desk }).reason).toBe("page-withheld");
    expect(course.incident?.pagers).toEqual({});
    expect(course.do({ kind: "page-starting", key: desk }).reason).toBe("page-withheld");
    course.do({ kind: "decline", by: alice });
    expect(course.pages).toEqual(["desk unclaimed 60", "desk unclaimed 60"]);
    expect(course.do({ kind: "page-starting", key: desk }).reason).toBe("page-started");
  });

  it("rule 12: a page for any other reason always goes", () => {
    const course = new Course().open();
    course.do({ kind: "decline", by: alice });
    course.do({ kind: "decline", by: bob });
    expect(course.pages).toEqual(["desk declined 0"]);
    course.do({ kind: "claim", by: carol });
    expect(course.do({ kind: "page-starting", key: desk }).reason).toBe("page-started");
  });

  it("rule 13: a claim after the first page holds nothing back and is shown to the guard", () => {
    const course = new Course().open().to(minute);
    expect(course.do({ kind: "claim", by: alice }).effects).toContainEqual({
      kind: "update",
      pager: "desk",
      key: desk,
    });
    course.to(2 * minute);
    expect(course.pages).toEqual(["desk unclaimed 60", "phone unclaimed 120"]);
  });

  it("rule 7: claiming again changes nothing", () => {
    const course = new Course().open();
    course.do({ kind: "claim", by: alice });
    const before = course.incident;
    expect(course.do({ kind: "claim", by: alice })).toMatchObject({ reason: "already-so", history: [], effects: [] });
    expect(course.incident).toBe(before);
    expect(course.do({ kind: "claim", by: bob }).reason).toBe("also-coming");
  });
});

describe("on the spot", () => {
  it("rule 11: holds further pages, asks after checkAfter and pages when no answer comes", () => {
    const course = new Course().open();
    course.to(30 * second).do({ kind: "arrive", by: alice });
    course.to(30 * second + 10 * minute);
    expect(course.kinds).toContain("check-asked");
    course.to(30 * second + 12 * minute);
    expect(course.pages).toEqual(["desk check 750", "phone check 750"]);
  });

  it("rule 11: an answer holds for another checkAfter", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    course.to(11 * minute);
    expect(course.do({ kind: "check-in", by: alice }).reason).toBe("checked-in");
    course.to(21 * minute - 1);
    expect(course.pages).toEqual([]);
    course.to(23 * minute);
    expect(course.pages[0]).toBe("desk check 1380");
  });

  it("rule 11: help pages at once with enough people there, and with no step left everything goes out again", () => {
    const course = new Course().open();
    course.do({ kind: "arrive", by: alice });
    course.to(5 * second).do({ kind: "help", by: alice });
    course.to(6 * second).do({ kind: "help", by: alice });
    course.to(7 * second).do({ kind: "help", by: alice });
    expect(course.pages).toEqual(["desk help 5", "phone help 6", "desk help 7", "phone help 7"]);
    expect(course.incident?.round.number).toBe(2);
  });

  it("rule 11: a press after a call for help never makes it quieter", () => {
    const course = new Course().open();
    course.to(20 * second).do({ kind: "arrive", by: alice });
    course.to(30 * second).do({ kind: "help", by: alice });
    course.to(35 * second).do({ kind: "press", press });
    course.to(40 * second).do({ kind: "claim", by: bob });
    course.to(3 * minute);
    expect(course.pages.slice(0, 3)).toEqual(["desk help 30", "desk help 35", "phone help 155"]);
  });

  it("rule 13: an arrival after the first page holds the next one", () => {
    const course = new Course().open().to(minute);
    course.do({ kind: "arrive", by: alice });
    course.to(5 * minute);
    expect(course.pages).toEqual(["desk unclaimed 60"]);
  });

  it("rule 17: only somebody who has been there can witness, and every pager paged before gets an update", () => {
    const course = new Course().open().to(minute);
    expect(course.do({ kind: "witness", by: alice }).reason).toBe("not-there");
    course.do({ kind: "arrive", by: alice });
    const { reason, effects } = course.do({ kind: "witness", by: alice });
    expect(reason).toBe("witnessed");
    expect(effects).toContainEqual({ kind: "update", pager: "desk", key: desk });
  });

  it("rule 18: who has been there or leads may resolve; closed stays closed", () => {
    const course = new Course().open();
    expect(course.do({ kind: "resolve", by: alice, isLead: false, outcome: "real" }).reason).toBe("not-there");
    expect(course.do({ kind: "resolve", by: presser, isLead: true, outcome: "false" }).reason).toBe("presser");
    expect(course.do({ kind: "resolve", by: alice, isLead: true, outcome: "false" }).reason).toBe("resolved");
    expect(course.do({ kind: "press", press }).reason).toBe("already-closed");
    expect(course.incident).toMatchObject({ outcome: "false", closedBy: alice, nextAt: null });
  });

  it("rule 20: a position is stored from press to close only", () => {
    const position = { lat: 52.5, lon: 5.7, accuracyM: 12 };
    const course = new Course().open({ position });
    expect(course.incident?.position).toEqual(position);
    course.do({ kind: "resolve", by: alice, isLead: true, outcome: "real" });
    expect(course.incident?.position).toBeNull();
  });

  it("rule 8: a click on what is closed changes nothing", () => {
    const course = new Course().open();
    course.do({ kind: "resolve", by: alice, isLead: true, outcome: "real" });
    const before = course.incident;
    for (const kind of ["claim", "decline", "arrive", "witness", "help", "check-in"] as const) {
      expect(course.do({ kind, by: bob }).reason).toBe("already-closed");
    }
    expect(course.incident).toBe(before);
  });
});

describe("paging", () => {
  it("rule 14: a failed page makes the next one due now, once", () => {
    const course = new Course().open();
    course.to(minute, "unreachable");
    expect(course.pages).toEqual(["desk unclaimed 60", "phone unclaimed 60"]);
    expect(course.do({ kind: "page-failed", key: desk, reason: "unreachable" }).reason).toBe("already-so");
    expect(course.do({ kind: "page-accepted", key: desk }).reason).toBe("page-accepted");
    expect(course.do({ kind: "page-failed", key: desk, reason: "unreachable" }).reason).toBe("already-so");
  });

  it("rule 14: unanswered, everything again every repeatEvery with a new key, without end", () => {
    const course = new Course().open().to(12 * minute);
    expect(course.pages).toEqual([
      "desk unclaimed 60",
      "phone unclaimed 120",
      ...[300, 480, 660].flatMap((at) => [`desk repeat ${at}`, `phone repeat ${at}`]),
    ]);
    const keys = course.effects.flatMap((effect) => (effect.kind === "page" ? [effect.key] : []));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("a page says why it goes now, not why an earlier one went", () => {
    const course = new Course().open();
    course.do({ kind: "decline", by: alice });
    course.do({ kind: "decline", by: bob });
    course.to(20 * second).do({ kind: "claim", by: alice });
    course.to(2 * minute);
    expect(course.pages).toEqual(["desk declined 0", "phone unclaimed 120"]);
  });

  it("a page that a human has answered is not tried again, though we believed it had not arrived", () => {
    const course = new Course().open().to(minute, "unreachable");
    course.do({ kind: "guard", pageKey: desk, answer: "accept" });
    expect(course.do({ kind: "page-starting", key: desk }).reason).toBe("page-withheld");
  });

  it("rule 13: those paged get an update of more and of fewer colleagues", () => {
    const course = new Course().open().to(minute);
    for (const kind of ["claim", "decline", "arrive"] as const) {
      expect(course.do({ kind, by: alice }).effects).toContainEqual({ kind: "update", pager: "desk", key: desk });
    }
    expect(course.do({ kind: "decline", by: bob }).effects).toEqual([{ kind: "card" }]);
  });

  it("rule 15: a guard's acceptance holds paging until guardWithin, then it goes on", () => {
    const course = new Course().open().to(minute);
    expect(course.do({ kind: "guard", pageKey: desk, answer: "accept" }).reason).toBe("guard-accepted");
    course.to(16 * minute - 1);
    expect(course.pages).toEqual(["desk unclaimed 60"]);
    course.to(16 * minute);
    expect(course.pages).toEqual(["desk unclaimed 60", "phone lapsed 960"]);
    expect(course.kinds).toContain("guard-lapsed");
  });

  it("rule 15: a guard who is there counts as arrived, is asked, and may resolve (rule 18)", () => {
    const course = new Course().open().to(minute);
    const answer = (answer: "accept" | "arrived") => course.do({ kind: "guard", pageKey: desk, answer }).reason;
    expect(course.do({ kind: "guard", pageKey: desk, answer: "safe", outcome: "real" }).reason).toBe("not-there");
    answer("accept");
    course.to(5 * minute);
    expect(answer("arrived")).toBe("guard-arrived");
    expect(answer("arrived")).toBe("already-so");
    course.to(15 * minute + second);
    expect(course.kinds.at(-1)).toBe("check-asked");
    expect(answer("arrived")).toBe("guard-arrived");
    course.to(20 * minute);
    expect(course.pages).toEqual(["desk unclaimed 60"]);
    const closing = course.do({ kind: "guard", pageKey: desk, answer: "safe", outcome: "false" });
    expect(closing.incident).toMatchObject({ closedBy: "guard", outcome: "false" });
    expect(closing.effects).toContainEqual({ kind: "call-off", pager: "desk", key: desk });
  });

  it("a guard who declines makes the next step due now", () => {
    const course = new Course().open().to(70 * second);
    expect(course.do({ kind: "guard", pageKey: desk, answer: "decline" }).reason).toBe("guard-declined");
    expect(course.pages).toEqual(["desk unclaimed 60", "phone unclaimed 70"]);
  });

  it("rule 15: a second guard's promise counts once the first one is silent", () => {
    const course = new Course().open().to(2 * minute);
    course.do({ kind: "guard", pageKey: desk, answer: "arrived" });
    course.to(2 * minute + 12 * minute);
    expect(course.kinds).toContain("check-missed");
    course.do({ kind: "guard", pageKey: phone, answer: "accept" });
    expect(course.incident?.round.guards.at(-1)).toMatchObject({ pager: "phone", state: "coming" });
    expect(course.do({ kind: "guard", pageKey: phone, answer: "safe", outcome: "real" }).reason).toBe("not-there");
  });

  it("a later tell of the own channel is a reply also where nobody can be mentioned", () => {
    const steps = [...policy.steps, { kind: "tell" as const, afterMs: 30 * second, channel: "frontdesk" }];
    const course = new Course({ onDuty: null, policy: { steps } }).open().to(30 * second);
    expect(course.kinds).toEqual(["opened", "card-posted", "told"]);
  });

  it("a human's answer is never overwritten by a provider's late event", () => {
    const course = new Course().open().to(minute);
    course.do({ kind: "guard", pageKey: desk, answer: "accept" });
    expect(course.do({ kind: "page-failed", key: desk, reason: "unreachable" }).reason).toBe("already-so");
    expect(course.incident?.pagers.desk?.state).toBe("answered");
  });

  it("an answer through a page that never was changes nothing", () => {
    const course = new Course().open().to(minute);
    for (const pageKey of [
      formatKey({ kind: "page", incident: press.incident, round: 9, step: 0 }),
      formatKey({ kind: "page", incident: press.incident, round: 1, step: 0 }),
      "nonsense",
      phone.replace("1-2", "0-2"),
    ]) {
      expect(course.do({ kind: "guard", pageKey, answer: "accept" }).reason).toBe("unknown-page");
    }
  });
});
