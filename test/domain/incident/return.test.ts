import { describe, expect, it } from "vitest";
import { decide } from "../../../bot/domain/incident/decide.ts";
import type { Incident } from "../../../bot/domain/incident/incident.ts";
import { mayBeOver, toReturn } from "../../../bot/domain/incident/time/return.ts";
import { parsePageKey } from "../../../bot/domain/message-key.ts";
import { buildIncident, pressedAt } from "../../fixtures/incident.ts";
import { buildPolicy } from "../../fixtures/policy.ts";
import { buildPress } from "../../fixtures/press.ts";

const policy = buildPolicy();
const hour = 3_600_000;
const now = pressedAt + 5 * hour;
const copied = { at: pressedAt + 1_000, upTo: 17, ended: { over: "false" } } as const;
const anna = { id: "anna", name: "Anna" };

function open(): Incident {
  const { incident } = decide(null, { kind: "press", press: buildPress(), onDuty: [anna] }, pressedAt, policy);
  return { ...incident, number: 17, cardPostedAt: pressedAt };
}

function goOn(incident = open(), at = now) {
  return decide(incident, { kind: "return", copiedAt: copied.at, ended: null, onDuty: [anna] }, at, policy);
}

describe("what comes from a copy", () => {
  it("is every open incident of it, once, and none that came since", () => {
    const command = { kind: "return", copiedAt: copied.at, ended: null };
    expect(toReturn(open(), copied)).toEqual(command);
    expect(toReturn({ ...open(), id: "over" }, copied)).toEqual({ ...command, ended: "false" });
    for (const other of [{ ...open(), number: 18 }, goOn().incident]) expect(toReturn(other, copied)).toBeNull();
    expect(toReturn(open(), null)).toBeNull();
    expect(toReturn(goOn().incident, { ...copied, at: now })).toMatchObject({ copiedAt: now });
  });

  it("has keys that no page had meanwhile, however often it was repeated", () => {
    const pages = goOn().effects.filter((effect) => effect.kind === "page");
    expect(pages.length).toBe(policy.steps.filter(({ kind }) => kind === "page").length);
    const repeats = (now - copied.at) / policy.repeatEveryMs;
    for (const { key, reason } of pages) {
      expect(reason).toBe("repeat");
      expect(parsePageKey(key)?.round).toBeGreaterThan(1 + repeats);
    }
  });

  it("has other keys each time that the same copy is put back", () => {
    const keysAt = (at: number) =>
      goOn(open(), at).effects.flatMap((effect) => (effect.kind === "page" ? [effect.key] : []));
    const minute = 60_000;
    expect(policy.repeatEveryMs).toBeGreaterThan(2 * minute);
    const keys = [now, now + minute, now + 2 * minute].flatMap(keysAt);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each(["claim", "arrive"] as const)(
    "counts nobody as coming or there, and rings who may not be there: %s",
    (kind) => {
      const answered = decide(open(), { kind, by: anna, onDuty: [anna] }, pressedAt + 500, policy).incident;
      const { incident, effects } = goOn(answered);
      expect(incident.responders).toMatchObject([{ person: anna, state: "none" }]);
      const rung = effects.flatMap((effect) => (effect.kind === "notify" ? effect.people : []));
      expect(rung).toEqual(kind === "claim" ? [anna] : []);
      expect(incident.nextAt).toBeGreaterThan(now);
    },
  );

  it("ends by a person's word alone, and whoever is on the way is told", () => {
    const claimed = decide(open(), { kind: "claim", by: anna, onDuty: [anna] }, pressedAt + 500, policy).incident;
    const ended = decide(claimed, { kind: "return", copiedAt: copied.at, ended: "real", onDuty: [anna] }, now, policy);
    expect(ended.incident).toMatchObject({ closedAt: now, closedBy: "operator", outcome: "real", nextAt: null });
    expect(ended.effects).toContainEqual({ kind: "all-clear", people: [anna] });
    expect(ended.history.map(({ kind }) => kind)).toEqual(["returned", "closed"]);
  });

  it("may be over until somebody promises, presses or asks for help", () => {
    const { incident } = goOn();
    const say = (command: Parameters<typeof decide>[1]) =>
      mayBeOver(decide(incident, command, now + 1_000, policy).incident);
    expect(mayBeOver(open())).toBeNull();
    expect(mayBeOver(incident)).toEqual({ at: now, copiedAt: copied.at });
    expect(say({ kind: "deadline", onDuty: [anna] })).not.toBeNull();
    expect(say({ kind: "decline", by: anna, onDuty: [anna] })).not.toBeNull();
    for (const kind of ["claim", "arrive", "help"] as const) expect(say({ kind, by: anna, onDuty: [anna] })).toBeNull();
    expect(say({ kind: "press", press: buildPress(), onDuty: [anna] })).toBeNull();
  });

  it("keeps when it was copied where a clock that was ahead is brought back", () => {
    const { incident } = goOn(buildIncident({ ...open(), number: 17 }));
    const back = decide(incident, { kind: "deadline", onDuty: [anna] }, now - 24 * hour, policy).incident;
    expect(back.returned).toMatchObject({ copiedAt: copied.at });
    expect(back.returned?.at).toBeLessThanOrEqual(now - 24 * hour);
  });
});
