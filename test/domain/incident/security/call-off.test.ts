import { describe, expect, it } from "vitest";
import { formatKey } from "../../../../bot/domain/message-key.ts";
import { alice, bob, minute, Play, presser } from "../play.ts";

const desk = formatKey({ kind: "page", incident: "incident-1", round: 1, step: 1 });
const phone = formatKey({ kind: "page", incident: "incident-1", round: 1, step: 2 });
const calledOff = (game: Play) => game.effects.flatMap((effect) => (effect.kind === "call-off" ? [effect.pager] : []));

/** Paged at one minute, and Alice is there. */
function arrived(): Play {
  const game = new Play().open().to(minute);
  game.do({ kind: "arrive", by: alice });
  return game;
}

describe("calling off, by somebody who is there", () => {
  it("tells every pager that was paged, and ends nothing", () => {
    const game = arrived();
    expect(game.do({ kind: "call-off", by: alice }).reason).toBe("called-off");
    expect(calledOff(game)).toEqual(["desk"]);
    expect(game.incident).toMatchObject({ closedAt: null, pagers: { desk: { callOff: { state: "queued" } } } });
  });

  it.each([
    ["who only comes", bob, "not-there"],
    ["who pressed", presser, "presser"],
  ] as const)("is not for somebody %s", (_who, by, reason) => {
    const game = arrived();
    game.do({ kind: "claim", by: bob });
    expect(game.do({ kind: "call-off", by }).reason).toBe(reason);
    expect(calledOff(game)).toEqual([]);
  });

  it("is shown as taken or not, by what came back", () => {
    const game = arrived();
    game.do({ kind: "call-off", by: alice });
    expect(game.do({ kind: "call-off-taken", page: desk }).effects).toEqual([{ kind: "card" }]);
    expect(game.incident?.pagers.desk?.callOff?.state).toBe("taken");
    expect(game.do({ kind: "call-off-failed", page: desk, reason: "unreachable" }).reason).toBe("already-so");
  });

  it("ends the guard's errand, and a guard who comes all the same is believed", () => {
    const game = arrived();
    game.do({ kind: "guard", pageKey: desk, answer: "accept" });
    game.do({ kind: "call-off", by: alice });
    expect(game.incident?.round.guard).toBeNull();
    game.do({ kind: "guard", pageKey: desk, answer: "accept" });
    expect(game.incident?.pagers.desk).toMatchObject({ state: "answered", callOff: null });
  });

  it("withdraws what has not left yet, and what is tried again", () => {
    const game = new Play().open().to(minute, "left");
    game.do({ kind: "page-starting", key: desk });
    game.do({ kind: "page-failed", key: desk, reason: "unreachable" });
    game.do({ kind: "arrive", by: alice });
    game.do({ kind: "call-off", by: alice });
    expect(game.do({ kind: "page-starting", key: desk }).reason).toBe("page-withheld");
    expect(calledOff(game)).toEqual(["desk"]);
    expect(game.do({ kind: "page-starting", key: phone }).reason).toBe("page-withheld");
  });

  it("a page that still waits in the outbox never leaves", () => {
    const game = new Play().open();
    game.do({ kind: "claim", by: bob });
    game.to(2 * minute, "left");
    game.do({ kind: "page-starting", key: desk });
    game.do({ kind: "page-accepted", key: desk });
    game.do({ kind: "arrive", by: alice });
    game.do({ kind: "call-off", by: alice });
    expect(game.do({ kind: "page-starting", key: phone }).reason).toBe("page-withheld");
    expect(game.incident?.pagers.phone).toBeUndefined();
    expect(calledOff(game)).toEqual(["desk"]);
  });

  it.each([
    ["asks for help", (game: Play) => game.do({ kind: "help", by: bob })],
    ["is asked whether all is well", (game: Play) => game.to(11 * minute + 30_000)],
  ])("is refused while somebody there %s: an old card sends no help away", (_what, happen) => {
    const game = arrived();
    game.do({ kind: "arrive", by: bob });
    happen(game);
    const pages = game.pages.length;
    expect(game.do({ kind: "call-off", by: alice }).reason).toBe("not-allowed");
    expect(calledOff(game)).toEqual([]);
    expect(game.pages).toHaveLength(pages);
  });

  it("somebody who says so and leaves, with nobody else there, calls all of it anew", () => {
    const game = arrived();
    game.do({ kind: "guard", pageKey: desk, answer: "accept" });
    game.do({ kind: "call-off", by: alice });
    game.do({ kind: "decline", by: alice });
    expect(game.pages.slice(1)).toEqual(["desk repeat 60", "phone repeat 60"]);
    expect(new Set(game.effects.flatMap((effect) => (effect.kind === "page" ? [effect.key] : []))).size).toBe(3);
  });

  it("a guard who says no afterwards, or a phone that nobody picked up, brings nobody else", () => {
    const game = arrived();
    game.do({ kind: "call-off", by: alice });
    const pages = game.pages.length;
    game.do({ kind: "page-failed", key: desk, reason: "no-answer" });
    game.do({ kind: "guard", pageKey: desk, answer: "decline" });
    expect(game.pages).toHaveLength(pages);
  });

  it("no news goes to who was called off; silence on the spot pages anew, under a new key", () => {
    const game = arrived();
    game.do({ kind: "call-off", by: alice });
    const { effects } = game.do({ kind: "witness", by: alice });
    expect(effects.filter(({ kind }) => kind === "update")).toEqual([]);
    game.to(20 * minute);
    expect(game.pages.some((page) => page.startsWith("desk"))).toBe(true);
    expect(game.pages.length).toBeGreaterThan(1);
    expect(game.incident?.round.calledOffAt).toBeNull();
  });

  it.each([
    ["leaves", (game: Play) => game.do({ kind: "decline", by: alice })],
    ["asks for help", (game: Play) => game.do({ kind: "help", by: alice })],
    ["is silent", (game: Play) => game.to(14 * minute)],
  ])("whoever was told hears it anew when who is there %s, whatever step was held", (_what, happen) => {
    const game = arrived().to(130_000);
    game.do({ kind: "call-off", by: alice });
    const before = game.pages.length;
    happen(game);
    expect(game.pages.slice(before).map((page) => page.split(" ")[0])).toEqual(["desk", "phone"]);
  });

  it("help asked for afterwards pages at once all the same", () => {
    const game = arrived();
    game.do({ kind: "call-off", by: alice });
    game.do({ kind: "help", by: alice });
    expect(game.pages.slice(1)).toEqual(["desk help 60", "phone help 60"]);
  });
});

describe("pages before the newest", () => {
  const repeated = () => new Play().open().to(6 * minute);

  it("are remembered while they are out, and end with it", () => {
    const game = repeated();
    const { earlier = [] } = game.incident?.pagers.desk ?? {};
    expect(earlier.map(({ key }) => key)).toContain(desk);
    expect(earlier.every(({ state }) => state === "accepted")).toBe(true);
  });

  it("are called off when the newest has not left", () => {
    const game = repeated();
    const before = game.incident?.pagers.desk?.key;
    game.to(9 * minute, "left");
    const newest = game.incident?.pagers.desk;
    expect(newest).toMatchObject({ state: "queued" });
    expect(newest?.key).not.toBe(before);
    game.do({ kind: "arrive", by: alice });
    game.do({ kind: "resolve", by: alice, isLead: false, outcome: "real" });
    expect(game.incident?.pagers.desk).toMatchObject({ key: before, callOff: { state: "queued" } });
    expect(calledOff(game)).toEqual(expect.arrayContaining(["desk", "phone"]));
  });

  it("are forgotten once they were called off", () => {
    const game = arrived();
    game.do({ kind: "call-off", by: alice });
    game.do({ kind: "call-off-taken", page: desk });
    game.do({ kind: "decline", by: alice });
    expect(game.incident?.pagers.desk?.earlier).toEqual([]);
  });

  it("are called off again at the end while nobody knows whether they heard it", () => {
    const game = arrived();
    game.do({ kind: "call-off", by: alice });
    game.do({ kind: "decline", by: alice });
    expect(game.incident?.pagers.desk?.earlier.map(({ key }) => key)).toEqual([desk]);
    game.do({ kind: "arrive", by: alice });
    game.do({ kind: "resolve", by: alice, isLead: false, outcome: "real" });
    expect(calledOff(game).filter((pager) => pager === "desk")).toHaveLength(2);
  });
});

describe("a call-off that nobody heard", () => {
  it("is shown as failed, although the provider had taken it", () => {
    const game = arrived();
    game.do({ kind: "call-off", by: alice });
    game.do({ kind: "call-off-taken", page: desk });
    game.do({ kind: "call-off-failed", page: desk, reason: "no-answer" });
    expect(game.incident?.pagers.desk?.callOff?.state).toBe("failed");
  });
});

describe("calling off, by closing", () => {
  it("hears on the closed incident whether it was taken", () => {
    const game = arrived();
    game.do({ kind: "resolve", by: alice, isLead: false, outcome: "false" });
    expect(calledOff(game)).toEqual(["desk"]);
    const failed = game.do({ kind: "call-off-failed", page: desk, reason: "impossible" });
    expect(failed.reason).toBe("call-off-failed");
    expect(failed.incident).toMatchObject({ nextAt: null, pagers: { desk: { callOff: { state: "impossible" } } } });
    expect(calledOff(game)).toEqual(["desk"]);
  });

  it("says it once to a pager that heard it before", () => {
    const game = arrived();
    game.do({ kind: "call-off", by: alice });
    game.do({ kind: "call-off-taken", page: desk });
    game.do({ kind: "resolve", by: alice, isLead: false, outcome: "real" });
    expect(calledOff(game)).toEqual(["desk"]);
  });
});

describe("what a provider tells afterwards", () => {
  it.each(["no-answer", "undelivered"] as const)("%s of an accepted page makes the next one due now", (reason) => {
    const game = new Play().open().to(minute);
    expect(game.do({ kind: "page-failed", key: desk, reason }).reason).toBe("page-failed");
    expect(game.pages).toEqual(["desk unclaimed 60", "phone unclaimed 60"]);
  });

  it("never overrules a human, whichever comes first", () => {
    const answeredFirst = new Play().open().to(minute);
    answeredFirst.do({ kind: "guard", pageKey: desk, answer: "accept" });
    expect(answeredFirst.do({ kind: "page-failed", key: desk, reason: "no-answer" }).reason).toBe("already-so");
    const toldFirst = new Play().open().to(minute);
    toldFirst.do({ kind: "page-failed", key: desk, reason: "no-answer" });
    toldFirst.do({ kind: "guard", pageKey: desk, answer: "accept" });
    expect(toldFirst.incident?.pagers.desk).toMatchObject({ state: "answered", failure: null });
  });

  it("may come before the receipt: the later word is not overwritten by the earlier", () => {
    const game = new Play().open().to(minute, "left");
    game.do({ kind: "page-starting", key: desk });
    game.do({ kind: "page-failed", key: desk, reason: "undelivered" });
    expect(game.do({ kind: "page-accepted", key: desk }).reason).toBe("already-so");
    expect(game.incident?.pagers.desk?.state).toBe("failed");
  });

  it("a failed try says nothing of a page that the provider has", () => {
    const game = new Play().open().to(minute);
    expect(game.do({ kind: "page-failed", key: desk, reason: "unreachable" }).reason).toBe("already-so");
  });
});

it("a second guard's promise counts once, while the first one's stands", () => {
  const game = new Play().open().to(2 * minute);
  game.do({ kind: "guard", pageKey: desk, answer: "accept" });
  expect(game.do({ kind: "guard", pageKey: phone, answer: "accept" }).reason).toBe("guard-accepted");
  expect(game.do({ kind: "guard", pageKey: phone, answer: "accept" }).reason).toBe("already-so");
  game.do({ kind: "guard", pageKey: desk, answer: "decline" });
  expect(game.do({ kind: "guard", pageKey: phone, answer: "accept" }).reason).toBe("guard-accepted");
  expect(game.incident?.round.guard?.pageKey).toBe(phone);
});
