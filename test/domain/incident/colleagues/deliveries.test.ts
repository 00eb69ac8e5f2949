import { describe, expect, it } from "vitest";
import { countReached, unreachedOf } from "../../../../bot/domain/incident/colleagues/deliveries.ts";
import type { Policy } from "../../../../bot/domain/incident/policy.ts";
import { formatKey } from "../../../../bot/domain/message-key.ts";
import { alice, bob, carol, minute, Play, policy, press, presser, second } from "../play.ts";

const steps: Policy["steps"] = [...policy.steps, { kind: "call", afterMs: 30 * second, pager: "phone" }];
const messageTo = (person: { id: string }) =>
  formatKey({ kind: "message", incident: "incident-1", ring: 1, person: person.id });
const callTo = (person: { id: string }) =>
  formatKey({ kind: "call", incident: "incident-1", round: 1, step: 3, person: person.id });
const calls = (game: Play) =>
  game.effects.flatMap((effect) => (effect.kind === "call" ? [`${effect.person.id} ${effect.at / second}`] : []));
const standOf = (game: Play, person: { id: string }, route: string) =>
  game.incident?.deliveries.find((each) => each.person.id === person.id && each.route === route)?.state;

describe("the ledger of messages to colleagues", () => {
  it("counts as reached only who answered, by whatever route", () => {
    const game = new Play({ onDuty: [alice, bob, carol] }).open();
    expect(game.incident && countReached(game.incident)).toEqual({ asked: 3, reached: 0 });
    game.do({ kind: "delivery-accepted", key: messageTo(alice) });
    expect(standOf(game, alice, "message")).toBe("accepted");
    expect(game.incident && countReached(game.incident)).toEqual({ asked: 3, reached: 0 });
    game.do({ kind: "decline", by: alice });
    game.do({ kind: "claim", by: bob });
    expect(game.incident && countReached(game.incident)).toEqual({ asked: 3, reached: 2 });
    expect(standOf(game, bob, "message")).toBe("answered");
  });

  it("says once to whom nothing got through, and takes it back when something does", () => {
    const game = new Play().open();
    const failed = { kind: "delivery-failed", key: messageTo(bob), reason: "unreachable" } as const;
    expect(game.do(failed).reason).toBe("delivery-failed");
    expect(game.do(failed).reason).toBe("already-so");
    expect(game.told.filter((kind) => kind === "not-delivered")).toHaveLength(1);
    expect(game.incident && unreachedOf(game.incident)).toEqual([bob]);
    game.do({ kind: "delivery-accepted", key: messageTo(bob) });
    expect(game.incident && unreachedOf(game.incident)).toEqual([]);
  });

  it("shows nothing new on the card when a message is merely accepted", () => {
    const game = new Play().open();
    expect(game.do({ kind: "delivery-accepted", key: messageTo(alice) }).effects).toEqual([]);
  });

  it.each(["delivery-accepted", "delivery-failed"] as const)("%s never overrules a human's answer", (kind) => {
    const game = new Play().open();
    game.do({ kind: "claim", by: alice });
    const key = messageTo(alice);
    game.do(kind === "delivery-failed" ? { kind, key, reason: "refused" } : { kind, key });
    expect(standOf(game, alice, "message")).toBe("answered");
  });

  it("knows nothing of a message that was never sent, or of an older ring", () => {
    const game = new Play().open();
    expect(game.do({ kind: "delivery-accepted", key: "message:incident-1:99:alice" }).reason).toBe("unknown-delivery");
  });

  it("asks everybody anew in a round of a new press: nobody counts as reached until they answer again", () => {
    const game = new Play().open();
    game.do({ kind: "arrive", by: alice });
    game.do({ kind: "press", press });
    expect(game.incident && countReached(game.incident)).toEqual({ asked: 2, reached: 0 });
  });
});

describe("calls to the colleagues on duty", () => {
  it("rings at its moment whoever did not answer, and never who pressed", () => {
    const game = new Play({ policy: { steps, claimsNeeded: 2 }, onDuty: [alice, bob, carol, presser] }).open();
    game.do({ kind: "claim", by: alice });
    game.do({ kind: "decline", by: bob });
    game.to(30 * second);
    expect(calls(game)).toEqual(["carol 30"]);
  });

  it("is held while enough are coming, and due when they become too few", () => {
    const game = new Play({ policy: { steps }, onDuty: [alice, bob] }).open();
    game.do({ kind: "claim", by: alice });
    game.to(40 * second);
    expect(calls(game)).toEqual([]);
    game.do({ kind: "decline", by: alice });
    expect(calls(game)).toEqual(["bob 40"]);
  });

  it("goes out again with every round, under a new key", () => {
    const game = new Play({ policy: { steps }, onDuty: [alice] }).open().to(6 * minute);
    const keys = game.effects.flatMap((effect) => (effect.kind === "call" ? [effect.key] : []));
    expect(keys.length).toBeGreaterThan(1);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("rings nobody who answered while it waited", () => {
    const game = new Play({ policy: { steps }, onDuty: [alice, bob] }).open().to(30 * second);
    const key = callTo(alice);
    expect(game.do({ kind: "delivery-starting", key }).reason).toBe("delivery-started");
    game.do({ kind: "claim", by: alice });
    expect(game.do({ kind: "delivery-starting", key }).reason).toBe("delivery-withheld");
  });

  it("keeps the latest truth when the provider's receipt comes after its end", () => {
    const game = new Play({ policy: { steps }, onDuty: [alice] }).open().to(30 * second);
    const key = callTo(alice);
    game.do({ kind: "delivery-starting", key });
    game.do({ kind: "delivery-failed", key, reason: "no-answer" });
    game.do({ kind: "delivery-accepted", key });
    expect(standOf(game, alice, "call")).toBe("failed");
    game.do({ kind: "claim", by: alice });
    expect(standOf(game, alice, "call")).toBe("answered");
  });
});
