import { describe, expect, it } from "vitest";
import {
  countReached,
  notMentionedOf,
  notMessagedOf,
  unreachedOf,
} from "../../../../bot/domain/incident/colleagues/deliveries.ts";
import type { Policy } from "../../../../bot/domain/incident/policy.ts";
import { formatKey } from "../../../../bot/domain/message-key.ts";
import { buildIncident } from "../../../fixtures/incident.ts";
import { alice, bob, Course, carol, minute, policy, press, presser, second } from "../course.ts";

const steps: Policy["steps"] = [...policy.steps, { kind: "call", afterMs: 30 * second, pager: "phone" }];
const messageTo = (person: { id: string }) =>
  formatKey({ kind: "message", incident: "incident-1", ring: 1, person: person.id });
const callTo = (person: { id: string }) =>
  formatKey({ kind: "call", incident: "incident-1", round: 1, step: 3, person: person.id });
const calls = (course: Course) =>
  course.effects.flatMap((effect) => (effect.kind === "call" ? [`${effect.person.id} ${effect.at / second}`] : []));
const standOf = (course: Course, person: { id: string }, route: string) =>
  course.incident?.deliveries.find((each) => each.person.id === person.id && each.route === route)?.state;

describe("the deliveries to colleagues", () => {
  it("counts as reached only who answered, by whatever route", () => {
    const course = new Course({ onDuty: [alice, bob, carol] }).open();
    expect(course.incident && countReached(course.incident)).toEqual({ asked: 3, reached: 0 });
    course.do({ kind: "delivery-accepted", key: messageTo(alice) });
    expect(standOf(course, alice, "message")).toBe("accepted");
    expect(course.incident && countReached(course.incident)).toEqual({ asked: 3, reached: 0 });
    course.do({ kind: "decline", by: alice });
    course.do({ kind: "claim", by: bob });
    expect(course.incident && countReached(course.incident)).toEqual({ asked: 3, reached: 2 });
    expect(standOf(course, bob, "message")).toBe("answered");
  });

  it("says once to whom nothing got through, and takes it back when something does", () => {
    const course = new Course().open();
    const failed = { kind: "delivery-failed", key: messageTo(bob), reason: "unreachable" } as const;
    expect(course.do(failed).reason).toBe("delivery-failed");
    expect(course.do(failed).reason).toBe("already-so");
    expect(course.kinds.filter((kind) => kind === "not-delivered")).toHaveLength(1);
    expect(course.incident && notMessagedOf(course.incident)).toEqual([bob]);
    course.do({ kind: "delivery-accepted", key: messageTo(bob) });
    expect(course.incident && notMessagedOf(course.incident)).toEqual([]);
  });

  it("shows nothing new on the card when a message is merely accepted", () => {
    const course = new Course().open();
    expect(course.do({ kind: "delivery-accepted", key: messageTo(alice) }).effects).toEqual([]);
  });

  it.each(["delivery-accepted", "delivery-failed"] as const)("%s never overrules a human's answer", (kind) => {
    const course = new Course().open();
    course.do({ kind: "claim", by: alice });
    const before = course.incident?.deliveries;
    const key = messageTo(alice);
    const { reason, history } = course.do(
      kind === "delivery-failed" ? { kind, key, reason: "refused" } : { kind, key },
    );
    expect({ reason, history }).toEqual({ reason: "already-so", history: [] });
    expect(course.incident?.deliveries).toBe(before);
    expect(standOf(course, alice, "message")).toBe("answered");
  });

  it("knows who has a message, also one whose place a newer one has taken that was not sent", () => {
    const course = new Course({ onDuty: [alice, bob] }).open();
    expect(course.incident?.messaged).toBeUndefined();
    const first = messageTo(alice);
    course.do({ kind: "delivery-accepted", key: messageTo(bob) });
    course.do({ kind: "press", press });
    const second = course.incident?.deliveries.find(({ person }) => person.id === alice.id)?.key ?? "";
    expect(second).not.toBe(first);
    course.do({ kind: "delivery-withheld", key: second });
    expect(course.incident?.messaged).toEqual([bob]);
    course.do({ kind: "delivery-accepted", key: first });
    expect(course.incident?.messaged).toEqual([bob, alice]);
  });

  it("remembers when a colleague answered first, whatever happens later", () => {
    const course = new Course().open().to(5 * second);
    course.do({ kind: "claim", by: alice });
    course.to(9 * second).do({ kind: "arrive", by: alice });
    expect(course.incident?.deliveries.find(({ person }) => person.id === alice.id)?.at).toBe(5 * second);
  });

  it("counts who answered by one route as reached, though another one failed", () => {
    const delivery = { person: alice, key: "", failure: null, at: 0 };
    const deliveries = [
      { ...delivery, route: "message", state: "failed" } as const,
      { ...delivery, route: "call", state: "answered" } as const,
    ];
    expect(countReached(buildIncident({ deliveries }))).toEqual({ asked: 1, reached: 1 });
    expect(unreachedOf(buildIncident({ deliveries }))).toEqual([]);
  });

  it("knows nothing of a message that was never sent, or of an older ring", () => {
    const course = new Course().open();
    expect(course.do({ kind: "delivery-accepted", key: "message:incident-1:99:alice" }).reason).toBe(
      "unknown-delivery",
    );
  });

  it("asks nobody to come who is there, asked for help or pressed, when help brings a new round", () => {
    const rung = (course: Course) => course.effects.flatMap((each) => (each.kind === "notify" ? [each.people] : []));
    const course = new Course({ onDuty: [alice, bob, carol, presser] }).open().to(2 * minute);
    course.do({ kind: "arrive", by: alice });
    expect(rung(course)).toEqual([[alice, bob, carol]]);
    course.do({ kind: "help", by: bob });
    expect(rung(course).at(-1)).toEqual([carol]);
    // She stays who asked for it, also once she says that she can't come after all.
    course.do({ kind: "decline", by: bob });
    course.do({ kind: "help", by: presser });
    expect(rung(course).at(-1)).toEqual([carol]);
    expect(rung(course)).toHaveLength(3);
  });

  it("asks who had asked for help to come for a new press once they have left, and not while they are there", () => {
    const rung = (course: Course) => course.effects.flatMap((each) => (each.kind === "notify" ? [each.people] : []));
    const course = new Course({ onDuty: [alice, bob, carol] }).open();
    for (const by of [alice, bob]) {
      course.do({ kind: "arrive", by });
      course.do({ kind: "help", by });
    }
    course.do({ kind: "decline", by: bob });
    course.do({ kind: "press", press });
    course.to(second);
    expect(rung(course).at(-1)).toEqual([bob, carol]);
  });

  it("asks all but who was there anew in a round of a new press: nobody counts as reached until they answer again", () => {
    const course = new Course().open();
    course.do({ kind: "claim", by: bob });
    course.do({ kind: "arrive", by: alice });
    course.do({ kind: "press", press });
    expect(course.incident && countReached(course.incident)).toEqual({ asked: 1, reached: 0 });
  });
});

describe("calls to the colleagues on duty", () => {
  it("rings at its moment whoever did not answer, and never who pressed", () => {
    const course = new Course({ policy: { steps, claimsNeeded: 2 }, onDuty: [alice, bob, carol, presser] }).open();
    course.do({ kind: "claim", by: alice });
    course.do({ kind: "decline", by: bob });
    course.to(30 * second);
    expect(calls(course)).toEqual(["carol 30"]);
  });

  it("is held while enough are coming, and due when they become too few", () => {
    const course = new Course({ policy: { steps }, onDuty: [alice, bob] }).open();
    course.do({ kind: "claim", by: alice });
    course.to(40 * second);
    expect(calls(course)).toEqual([]);
    course.do({ kind: "decline", by: alice });
    expect(calls(course)).toEqual(["bob 40"]);
  });

  it("goes out again with every round, under a new key", () => {
    const course = new Course({ policy: { steps }, onDuty: [alice] }).open().to(6 * minute);
    const keys = course.effects.flatMap((effect) => (effect.kind === "call" ? [effect.key] : []));
    expect(keys.length).toBeGreaterThan(1);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("rings nobody who answered while it waited", () => {
    const course = new Course({ policy: { steps }, onDuty: [alice, bob] }).open().to(30 * second);
    const key = callTo(alice);
    expect(course.do({ kind: "delivery-starting", key }).reason).toBe("delivery-started");
    course.do({ kind: "claim", by: alice });
    expect(course.do({ kind: "delivery-starting", key }).reason).toBe("delivery-withheld");
  });

  it.each([
    ["asked for help", { kind: "help", by: alice } as const],
    ["pressed", { kind: "press", press: { ...press, button: "0099", holder: alice } } as const],
  ])("rings nobody who %s, neither at its moment nor when the call had waited", (_name, request) => {
    const before = new Course({ policy: { steps }, onDuty: [alice, bob] }).open();
    before.do(request);
    expect(calls(before.to(31 * second))).toEqual(["bob 30"]);
    const waiting = new Course({ policy: { steps }, onDuty: [alice, bob] }).open().to(30 * second);
    waiting.do(request);
    expect(waiting.do({ kind: "delivery-starting", key: callTo(alice) }).reason).toBe("delivery-withheld");
    expect(waiting.do({ kind: "delivery-starting", key: callTo(bob) }).reason).toBe("delivery-started");
  });

  it("keeps the latest truth when the provider's receipt comes after its end", () => {
    const course = new Course({ policy: { steps }, onDuty: [alice] }).open().to(30 * second);
    const key = callTo(alice);
    course.do({ kind: "delivery-starting", key });
    course.do({ kind: "delivery-failed", key, reason: "no-answer" });
    course.do({ kind: "delivery-accepted", key });
    expect(standOf(course, alice, "call")).toBe("failed");
    course.do({ kind: "claim", by: alice });
    expect(standOf(course, alice, "call")).toBe("answered");
  });
});

describe("a message or call to one colleague", () => {
  it("takes the place of the last one by that route, and of no other", () => {
    const course = new Course({ policy: { steps }, onDuty: [alice, bob] }).open().to(30 * second);
    course.do({ kind: "press", press });
    const ring = course.incident?.version ?? 0;
    expect(course.incident?.deliveries).toEqual(
      [
        ...[alice, bob].map((person) => ({
          person,
          route: "call",
          key: callTo(person),
          state: "queued",
          failure: null,
        })),
        ...[alice, bob].map((person) => ({
          person,
          route: "message",
          key: formatKey({ kind: "message", incident: "incident-1", ring, person: person.id }),
          state: "queued",
          failure: null,
        })),
      ].map((each) => ({ ...each, at: 30 * second })),
    );
    expect(course.do({ kind: "delivery-failed", key: messageTo(alice), reason: "refused" }).reason).toBe(
      "unknown-delivery",
    );
  });

  it("counts as answered from the start when its colleague has answered in this round", () => {
    const course = new Course().open();
    course.do({ kind: "claim", by: alice });
    course.do({ kind: "press", press });
    expect([alice, bob].map((person) => standOf(course, person, "message"))).toEqual(["answered", "queued"]);
  });

  it("rings beside whatever else goes out by the same decision", () => {
    const both = [{ kind: "tell" as const, afterMs: 0, channel: "other" }, ...policy.steps];
    const course = new Course({ policy: { steps: both } });
    expect(course.do({ kind: "press", press }).effects.map(({ kind }) => kind)).toEqual(["card", "notice", "notify"]);
  });

  it("rings once in a decision, though several steps would", () => {
    const again = [...policy.steps, { kind: "tell" as const, afterMs: 30 * second, channel: "frontdesk" }];
    const course = new Course({ policy: { steps: again } }).open().to(4 * minute);
    const before = course.effects.length;
    course.to(5 * minute);
    expect(course.effects.slice(before).filter(({ kind }) => kind === "notify")).toHaveLength(1);
    expect(course.history.filter((line) => line.kind === "rung" && line.at === 5 * minute)).toHaveLength(1);
    expect(course.history.filter((line) => line.kind === "told" && line.at === 5 * minute)).toEqual([]);
  });

  it("is started once, and tried again without a word when it failed", () => {
    const course = new Course({ policy: { steps }, onDuty: [alice, bob] }).open().to(30 * second);
    course.now = 31 * second;
    course.do({ kind: "delivery-starting", key: callTo(alice) });
    expect(standOf(course, alice, "call")).toBe("started");
    expect(standOf(course, bob, "call")).toBe("queued");
    expect(course.incident?.deliveries.find(({ key }) => key === callTo(alice))?.at).toBe(31 * second);
    course.do({ kind: "delivery-failed", key: callTo(alice), reason: "unreachable" });
    const before = course.incident;
    expect(course.do({ kind: "delivery-starting", key: callTo(alice) }).reason).toBe("delivery-started");
    expect(course.incident).toBe(before);
  });

  it("is withheld when nothing is known of it", () => {
    const course = new Course().open();
    expect(course.do({ kind: "delivery-starting", key: callTo(alice) }).reason).toBe("delivery-withheld");
    expect(course.do({ kind: "delivery-failed", key: callTo(alice), reason: "refused" }).reason).toBe(
      "unknown-delivery",
    );
  });

  it.each(["no-answer", "undelivered"] as const)("has ended with %s, whatever receipt comes after it", (reason) => {
    const course = new Course().open();
    course.do({ kind: "delivery-failed", key: messageTo(alice), reason });
    expect(course.do({ kind: "delivery-accepted", key: messageTo(alice) }).reason).toBe("already-so");
    expect(standOf(course, alice, "message")).toBe("failed");
  });

  it("is accepted once, and without the failure of an earlier try", () => {
    const course = new Course().open();
    course.do({ kind: "delivery-failed", key: messageTo(alice), reason: "throttled" });
    expect(course.do({ kind: "delivery-accepted", key: messageTo(alice) }).reason).toBe("delivery-accepted");
    expect(course.incident?.deliveries[0]).toMatchObject({ person: alice, state: "accepted", failure: null });
    expect(course.do({ kind: "delivery-accepted", key: messageTo(alice) }).reason).toBe("already-so");
    expect(course.do({ kind: "delivery-failed", key: messageTo(alice), reason: "undelivered" }).reason).toBe(
      "delivery-failed",
    );
  });

  it("says in a line whom it did not reach, by which route and why", () => {
    const course = new Course().open().to(5 * second);
    expect(course.do({ kind: "delivery-failed", key: messageTo(bob), reason: "refused" }).history).toEqual([
      { kind: "not-delivered", person: bob, route: "message", reason: "refused", at: 5 * second },
    ]);
    expect(standOf(course, alice, "message")).toBe("queued");
  });

  it("has not failed any more once its colleague answered by another route", () => {
    const course = new Course().open();
    course.do({ kind: "delivery-failed", key: messageTo(alice), reason: "refused" });
    course.do({ kind: "claim", by: alice });
    expect(course.incident?.deliveries.find(({ person }) => person.id === alice.id)).toMatchObject({
      state: "answered",
      failure: null,
    });
    expect(standOf(course, bob, "message")).toBe("queued");
  });

  it("rule 25: leaves a colleague unreached whom neither the message nor the mention reached", () => {
    const course = new Course().open();
    const failed = { kind: "ring-failed", people: [alice, bob], tag: null, number: 1, reason: "refused" } as const;
    expect(course.do(failed).reason).toBe("ring-failed");
    course.do({ kind: "delivery-failed", key: messageTo(alice), reason: "refused" });
    const { incident } = course;
    expect(incident && unreachedOf(incident)).toEqual([alice]);
    expect(incident && notMentionedOf(incident)).toEqual([bob]);
    expect(incident && notMessagedOf(incident)).toEqual([]);
    expect(course.do({ kind: "claim", by: bob }).incident).toSatisfy((after) => notMentionedOf(after).length === 0);
  });

  it("leaves a colleague unreached only when every route to them failed", () => {
    const course = new Course({ policy: { steps }, onDuty: [alice, bob] }).open().to(30 * second);
    course.do({ kind: "delivery-failed", key: messageTo(alice), reason: "refused" });
    expect(course.incident && unreachedOf(course.incident)).toEqual([]);
    expect(course.incident && notMessagedOf(course.incident)).toEqual([alice]);
    course.do({ kind: "delivery-failed", key: callTo(alice), reason: "no-answer" });
    expect(course.incident && unreachedOf(course.incident)).toEqual([alice]);
    expect(course.incident && notMessagedOf(course.incident)).toEqual([]);
    expect(course.incident && countReached(course.incident)).toEqual({ asked: 2, reached: 0 });
  });
});
