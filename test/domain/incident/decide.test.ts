import { describe, expect, it } from "vitest";
import type { Press } from "../../../bot/domain/incident/command.ts";
import { decide } from "../../../bot/domain/incident/decide.ts";
import { formatKey } from "../../../bot/domain/message-key.ts";
import { alice, bob, carol, minute, Play, policy, press, presser, second } from "./play.ts";

const other = { ...press, button: "0043", holder: { id: carol.id, name: carol.name } };
const desk = formatKey({ kind: "page", incident: press.incident, round: 1, step: 1 });
const phone = formatKey({ kind: "page", incident: press.incident, round: 1, step: 2 });

describe("opening", () => {
  it("rings the people on duty, posts the card and waits for the first step", () => {
    const game = new Play().open();
    expect(game.told).toEqual(["opened", "rung", "card-posted"]);
    expect(game.effects.map((effect) => effect.kind)).toEqual(["card", "notify", "card"]);
    expect(game.incident?.nextAt).toBe(minute);
  });

  it("throws for anything but a press without an incident: a mistake in the caller", () => {
    expect(() => decide(null, { kind: "cancel", onDuty: null }, 0, policy)).toThrow(RangeError);
  });

  it("rule 9: pages at once when nobody is on duty, and says so", () => {
    const game = new Play({ onDuty: [] }).open();
    expect(game.pages).toEqual(["desk nobody-on-duty 0"]);
    expect(game.told).toContain("nobody-on-duty");
  });

  it("rule 7: with only the holder on duty, nobody is", () => {
    expect(new Play({ onDuty: [presser] }).open().pages).toEqual(["desk nobody-on-duty 0"]);
  });

  it("rule 9: without a roster nobody can be missing", () => {
    expect(new Play({ onDuty: null }).open().pages).toEqual([]);
  });

  it("rule 16: pages when the card does not stand in time, and at once when the channel is not linked", () => {
    const slow = new Play();
    slow.do({ kind: "press", press });
    slow.do({ kind: "card-failed", reason: "unreachable" });
    slow.to(10 * second - 1);
    expect(slow.pages).toEqual([]);
    slow.to(10 * second);
    expect(slow.pages).toEqual(["desk teams-unreachable 10"]);
    const unlinked = new Play();
    unlinked.do({ kind: "press", press });
    unlinked.do({ kind: "card-failed", reason: "misconfigured" });
    expect(unlinked.pages).toEqual(["desk teams-unreachable 0"]);
  });

  it("rule 16: a card that comes late is still the card", () => {
    const game = new Play();
    game.do({ kind: "press", press });
    game.to(30 * second);
    expect(game.do({ kind: "card-posted" }).incident.cardPostedAt).toBe(30 * second);
  });
});

describe("pressing again", () => {
  it("names the place that is typed now, and else fills in one that was missing; a press takes back a cancel", () => {
    const game = new Play().open({ place: null, fixedPlace: null });
    const again = (part: Partial<Press>) =>
      game.do({ kind: "press", press: { ...press, fixedPlace: null, ...part } }).incident;
    expect(again({ place: "Balie" }).place).toBe("Balie");
    expect(again({ place: "Gang" }).place).toBe("Balie");
    expect(game.do({ kind: "cancel" }).incident.cancelledAt).not.toBeNull();
    expect(again({ place: "Kelder", updatesPlace: true })).toMatchObject({ place: "Kelder", cancelledAt: null });
  });

  it("rule 3: counts and rings, and resets no claim", () => {
    const game = new Play().open();
    game.do({ kind: "claim", by: alice });
    const { reason, incident, effects } = game.do({ kind: "press", press });
    expect(reason).toBe("repeated");
    expect(incident.presses).toBe(2);
    expect(incident.responders.map((each) => each.state)).toEqual(["coming"]);
    expect(effects.map((effect) => effect.kind)).toEqual(["card", "notify"]);
  });

  it.each(["arrival", "guard"])("rule 3: after an %s it starts a new round, and nobody counts as coming", (what) => {
    const game = new Play().open();
    if (what === "arrival") game.do({ kind: "arrive", by: bob });
    else game.to(minute).do({ kind: "guard", pageKey: desk, answer: "accept" });
    game.do({ kind: "claim", by: alice });
    game.now = 5 * minute;
    const { incident } = game.do({ kind: "press", press });
    expect(incident.round).toMatchObject({ number: 2, startedAt: 5 * minute, guard: null });
    expect(incident.responders.every((each) => each.state === "none")).toBe(true);
    const before = game.pages.length;
    game.to(6 * minute);
    expect(game.pages.slice(before)).toEqual(["desk unclaimed 360"]);
  });

  it("rule 4: another button verifies, a second person only where both holders are known and differ", () => {
    for (const [holder, verification] of [
      [null, "second-button"],
      [press.holder, "second-button"],
      [other.holder, "second-person"],
    ] as const) {
      const game = new Play().open();
      expect(game.do({ kind: "press", press: { ...other, holder } }).reason).toBe("verified");
      expect(game.incident?.verification).toBe(verification);
    }
  });

  it("rule 4: a second button without a configured place verifies nothing", () => {
    const game = new Play().open({ fixedPlace: null });
    game.do({ kind: "press", press: { ...other, fixedPlace: null } });
    expect(game.incident?.verification).toBe("none");
  });

  it("rule 7: who presses no longer counts as coming", () => {
    const game = new Play().open();
    game.do({ kind: "claim", by: carol });
    game.do({ kind: "press", press: other });
    expect(game.incident?.responders).toEqual([]);
    expect(game.do({ kind: "claim", by: carol }).reason).toBe("presser");
  });

  it("rule 19: a cancel ends nothing", () => {
    const game = new Play().open();
    expect(game.do({ kind: "cancel" }).reason).toBe("cancelled");
    game.to(minute);
    expect(game.pages).toEqual(["desk unclaimed 60"]);
  });
});

describe("claims", () => {
  it("rule 12: holds the page whose moment comes, and sends it when the claim is given back", () => {
    const game = new Play().open();
    game.to(50 * second).do({ kind: "claim", by: alice });
    game.to(90 * second);
    expect(game.pages).toEqual([]);
    expect(game.told).toContain("page-held");
    game.do({ kind: "decline", by: alice });
    expect(game.pages).toEqual(["desk unclaimed 90"]);
    game.to(2 * minute);
    expect(game.pages).toEqual(["desk unclaimed 90", "phone unclaimed 120"]);
  });

  it("rule 10: claimed at 50 s, lapsed at 170 s, the held page goes", () => {
    const game = new Play({ policy: { steps: policy.steps.slice(0, 2) } }).open();
    game.to(50 * second).do({ kind: "claim", by: alice });
    game.to(170 * second - 1);
    expect(game.pages).toEqual([]);
    game.to(170 * second);
    expect(game.pages).toEqual(["desk lapsed 170"]);
  });

  it("rule 10: two claimers, nobody arrives: the first claim's promise counts", () => {
    const game = new Play().open();
    game.to(10 * second).do({ kind: "claim", by: alice });
    game.to(100 * second).do({ kind: "claim", by: bob });
    game.to(130 * second);
    expect(game.pages).toEqual(["desk lapsed 130", "phone lapsed 130"]);
  });

  it("rule 12: needs as many as the policy says", () => {
    const game = new Play({ policy: { claimsNeeded: 2 } }).open();
    game.do({ kind: "claim", by: alice });
    game.to(minute);
    expect(game.pages).toEqual(["desk unclaimed 60"]);
  });

  it("rule 12: an unclaimed page in a slow queue is not sent after a claim; it is held", () => {
    const game = new Play().open();
    game.to(minute, "left").do({ kind: "claim", by: alice });
    expect(game.do({ kind: "page-starting", key: desk }).reason).toBe("page-withheld");
    expect(game.incident?.pagers).toEqual({});
    expect(game.do({ kind: "page-starting", key: desk }).reason).toBe("page-withheld");
    game.do({ kind: "decline", by: alice });
    expect(game.pages).toEqual(["desk unclaimed 60", "desk unclaimed 60"]);
    expect(game.do({ kind: "page-starting", key: desk }).reason).toBe("page-started");
  });

  it("rule 12: a page for any other reason always goes", () => {
    const game = new Play().open();
    game.do({ kind: "decline", by: alice });
    game.do({ kind: "decline", by: bob });
    expect(game.pages).toEqual(["desk declined 0"]);
    game.do({ kind: "claim", by: carol });
    expect(game.do({ kind: "page-starting", key: desk }).reason).toBe("page-started");
  });

  it("rule 13: a claim after the first page holds nothing back and is shown to the guard", () => {
    const game = new Play().open().to(minute);
    expect(game.do({ kind: "claim", by: alice }).effects).toContainEqual({ kind: "update", pager: "desk", key: desk });
    game.to(2 * minute);
    expect(game.pages).toEqual(["desk unclaimed 60", "phone unclaimed 120"]);
  });

  it("rule 7: claiming again changes nothing", () => {
    const game = new Play().open();
    game.do({ kind: "claim", by: alice });
    const before = game.incident;
    expect(game.do({ kind: "claim", by: alice })).toMatchObject({ reason: "already-so", history: [], effects: [] });
    expect(game.incident).toBe(before);
    expect(game.do({ kind: "claim", by: bob }).reason).toBe("also-coming");
  });
});

describe("on the spot", () => {
  it("rule 11: holds further pages, asks after checkAfter and pages when no answer comes", () => {
    const game = new Play().open();
    game.to(30 * second).do({ kind: "arrive", by: alice });
    game.to(30 * second + 10 * minute);
    expect(game.told).toContain("check-asked");
    game.to(30 * second + 12 * minute);
    expect(game.pages).toEqual(["desk check 750", "phone check 750"]);
  });

  it("rule 11: an answer holds for another checkAfter", () => {
    const game = new Play().open();
    game.do({ kind: "arrive", by: alice });
    game.to(11 * minute);
    expect(game.do({ kind: "check-in", by: alice }).reason).toBe("checked-in");
    game.to(21 * minute - 1);
    expect(game.pages).toEqual([]);
    game.to(23 * minute);
    expect(game.pages[0]).toBe("desk check 1380");
  });

  it("rule 11: help pages at once with enough people there, and with no step left everything goes out again", () => {
    const game = new Play().open();
    game.do({ kind: "arrive", by: alice });
    game.to(5 * second).do({ kind: "help", by: alice });
    game.to(6 * second).do({ kind: "help", by: alice });
    game.to(7 * second).do({ kind: "help", by: alice });
    expect(game.pages).toEqual(["desk help 5", "phone help 6", "desk help 7", "phone help 7"]);
    expect(game.incident?.round.number).toBe(2);
  });

  it("rule 11: a press after a call for help never makes it quieter", () => {
    const game = new Play().open();
    game.to(20 * second).do({ kind: "arrive", by: alice });
    game.to(30 * second).do({ kind: "help", by: alice });
    game.to(35 * second).do({ kind: "press", press });
    game.to(40 * second).do({ kind: "claim", by: bob });
    game.to(3 * minute);
    expect(game.pages.slice(0, 3)).toEqual(["desk help 30", "desk help 35", "phone help 155"]);
  });

  it("rule 13: an arrival after the first page holds the next one", () => {
    const game = new Play().open().to(minute);
    game.do({ kind: "arrive", by: alice });
    game.to(5 * minute);
    expect(game.pages).toEqual(["desk unclaimed 60"]);
  });

  it("rule 17: only somebody who has been there can witness, and every pager paged before hears of it", () => {
    const game = new Play().open().to(minute);
    expect(game.do({ kind: "witness", by: alice }).reason).toBe("not-there");
    game.do({ kind: "arrive", by: alice });
    const { reason, effects } = game.do({ kind: "witness", by: alice });
    expect(reason).toBe("witnessed");
    expect(effects).toContainEqual({ kind: "update", pager: "desk", key: desk });
  });

  it("rule 18: who has been there or leads may resolve; closed stays closed", () => {
    const game = new Play().open();
    expect(game.do({ kind: "resolve", by: alice, isLead: false, outcome: "real" }).reason).toBe("not-there");
    expect(game.do({ kind: "resolve", by: presser, isLead: true, outcome: "false" }).reason).toBe("presser");
    expect(game.do({ kind: "resolve", by: alice, isLead: true, outcome: "false" }).reason).toBe("resolved");
    expect(game.do({ kind: "press", press }).reason).toBe("already-closed");
    expect(game.incident).toMatchObject({ outcome: "false", closedBy: alice, nextAt: null });
  });

  it("rule 20: a position is kept from press to close only", () => {
    const position = { lat: 52.5, lon: 5.7, accuracyM: 12 };
    const game = new Play().open({ position });
    expect(game.incident?.position).toEqual(position);
    game.do({ kind: "resolve", by: alice, isLead: true, outcome: "real" });
    expect(game.incident?.position).toBeNull();
  });

  it("rule 8: a click on what is closed changes nothing", () => {
    const game = new Play().open();
    game.do({ kind: "resolve", by: alice, isLead: true, outcome: "real" });
    const before = game.incident;
    for (const kind of ["claim", "decline", "arrive", "witness", "help", "check-in"] as const) {
      expect(game.do({ kind, by: bob }).reason).toBe("already-closed");
    }
    expect(game.incident).toBe(before);
  });
});

describe("paging", () => {
  it("rule 14: a failed page makes the next one due now, once", () => {
    const game = new Play().open();
    game.to(minute, "unreachable");
    expect(game.pages).toEqual(["desk unclaimed 60", "phone unclaimed 60"]);
    expect(game.do({ kind: "page-failed", key: desk, reason: "unreachable" }).reason).toBe("already-so");
    expect(game.do({ kind: "page-accepted", key: desk }).reason).toBe("page-accepted");
    expect(game.do({ kind: "page-failed", key: desk, reason: "unreachable" }).reason).toBe("already-so");
  });

  it("rule 14: unanswered, everything again every repeatEvery with a new key, without end", () => {
    const game = new Play().open().to(12 * minute);
    expect(game.pages).toEqual([
      "desk unclaimed 60",
      "phone unclaimed 120",
      ...[300, 480, 660].flatMap((at) => [`desk repeat ${at}`, `phone repeat ${at}`]),
    ]);
    const keys = game.effects.flatMap((effect) => (effect.kind === "page" ? [effect.key] : []));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("a page says why it goes now, not why an earlier one went", () => {
    const game = new Play().open();
    game.do({ kind: "decline", by: alice });
    game.do({ kind: "decline", by: bob });
    game.to(20 * second).do({ kind: "claim", by: alice });
    game.to(2 * minute);
    expect(game.pages).toEqual(["desk declined 0", "phone unclaimed 120"]);
  });

  it("a page that a human has answered is not tried again, though we believed it had not arrived", () => {
    const game = new Play().open().to(minute, "unreachable");
    game.do({ kind: "guard", pageKey: desk, answer: "accept" });
    expect(game.do({ kind: "page-starting", key: desk }).reason).toBe("page-withheld");
  });

  it("rule 13: those paged hear of more and of fewer colleagues", () => {
    const game = new Play().open().to(minute);
    for (const kind of ["claim", "decline", "arrive"] as const) {
      expect(game.do({ kind, by: alice }).effects).toContainEqual({ kind: "update", pager: "desk", key: desk });
    }
    expect(game.do({ kind: "decline", by: bob }).effects).toEqual([{ kind: "card" }]);
  });

  it("rule 15: a guard's acceptance holds paging until guardWithin, then it goes on", () => {
    const game = new Play().open().to(minute);
    expect(game.do({ kind: "guard", pageKey: desk, answer: "accept" }).reason).toBe("guard-accepted");
    game.to(16 * minute - 1);
    expect(game.pages).toEqual(["desk unclaimed 60"]);
    game.to(16 * minute);
    expect(game.pages).toEqual(["desk unclaimed 60", "phone lapsed 960"]);
    expect(game.told).toContain("guard-lapsed");
  });

  it("rule 15: a guard who is there counts as arrived, is asked, and may resolve (rule 18)", () => {
    const game = new Play().open().to(minute);
    const answer = (answer: "accept" | "arrived") => game.do({ kind: "guard", pageKey: desk, answer }).reason;
    expect(game.do({ kind: "guard", pageKey: desk, answer: "safe", outcome: "real" }).reason).toBe("not-there");
    answer("accept");
    game.to(5 * minute);
    expect(answer("arrived")).toBe("guard-arrived");
    expect(answer("arrived")).toBe("already-so");
    game.to(15 * minute + second);
    expect(game.told.at(-1)).toBe("check-asked");
    expect(answer("arrived")).toBe("guard-arrived");
    game.to(20 * minute);
    expect(game.pages).toEqual(["desk unclaimed 60"]);
    const closing = game.do({ kind: "guard", pageKey: desk, answer: "safe", outcome: "false" });
    expect(closing.incident).toMatchObject({ closedBy: "guard", outcome: "false" });
    expect(closing.effects).toContainEqual({ kind: "call-off", pager: "desk", key: desk });
  });

  it("a guard who declines makes the next step due now", () => {
    const game = new Play().open().to(70 * second);
    expect(game.do({ kind: "guard", pageKey: desk, answer: "decline" }).reason).toBe("guard-declined");
    expect(game.pages).toEqual(["desk unclaimed 60", "phone unclaimed 70"]);
  });

  it("rule 15: a second guard's promise counts once the first one is silent", () => {
    const game = new Play().open().to(2 * minute);
    game.do({ kind: "guard", pageKey: desk, answer: "arrived" });
    game.to(2 * minute + 12 * minute);
    expect(game.told).toContain("check-missed");
    game.do({ kind: "guard", pageKey: phone, answer: "accept" });
    expect(game.incident?.round.guard).toMatchObject({ pager: "phone", arrivedAt: null });
    expect(game.do({ kind: "guard", pageKey: desk, answer: "safe", outcome: "real" }).reason).toBe("not-there");
  });

  it("a later tell of the own channel is a reply also where nobody can be mentioned", () => {
    const steps = [...policy.steps, { kind: "tell" as const, afterMs: 30 * second, channel: "frontdesk" }];
    const game = new Play({ onDuty: null, policy: { steps } }).open().to(30 * second);
    expect(game.told).toEqual(["opened", "card-posted", "told"]);
  });

  it("a human's answer is never overwritten by a provider's late news", () => {
    const game = new Play().open().to(minute);
    game.do({ kind: "guard", pageKey: desk, answer: "accept" });
    expect(game.do({ kind: "page-failed", key: desk, reason: "unreachable" }).reason).toBe("already-so");
    expect(game.incident?.pagers.desk?.state).toBe("answered");
  });

  it("an answer through a page that never was changes nothing", () => {
    const game = new Play().open().to(minute);
    for (const pageKey of [
      formatKey({ kind: "page", incident: press.incident, round: 9, step: 1 }),
      formatKey({ kind: "page", incident: press.incident, round: 1, step: 0 }),
      "nonsense",
      phone.replace("1-2", "0-2"),
    ]) {
      expect(game.do({ kind: "guard", pageKey, answer: "accept" }).reason).toBe("unknown-page");
    }
  });
});
