import { describe, expect, it } from "vitest";
import { decide } from "../../../bot/domain/incident/decide.ts";
import { type IncidentRemains, toRestored } from "../../../bot/domain/incident/press.ts";
import { parsePageKey } from "../../../bot/domain/message-key.ts";
import { pressedAt } from "../../fixtures/incident.ts";
import { buildPolicy } from "../../fixtures/policy.ts";
import { buildPress } from "../../fixtures/press.ts";

const policy = buildPolicy();
const now = pressedAt + 20 * 60_000;
const remains: IncidentRemains = {
  ...{ id: "i-1", number: 17, version: 40, source: "buttons", button: "0042", channel: "back-office" },
  ...{ fixedPlace: "Kelder", openedAt: pressedAt, closedAt: null },
};

describe("an incident of which only the columns are left", () => {
  it("begins anew, louder, under keys that no page of before had", () => {
    const restored = toRestored(remains, buildPress({ place: null }), policy, pressedAt + 1);
    expect(restored).toMatchObject({ ...remains, place: "Kelder", openedAt: pressedAt, cardPostedAt: pressedAt + 1 });
    const { incident, effects, history } = decide(restored, { kind: "restore", onDuty: null }, now, policy);
    expect(incident).toMatchObject({ version: 41, restoredAt: now, number: 17 });
    expect(incident.nextAt).toBeGreaterThan(now);
    expect(history[0]).toEqual({ kind: "restored", at: now });
    const pages = effects.filter((effect) => effect.kind === "page");
    const pagers = policy.steps.flatMap((step) => (step.kind === "page" ? [step.pager] : []));
    expect(pages.map(({ pager }) => pager)).toEqual(pagers);
    for (const { key, reason } of pages) expect([parsePageKey(key)?.round, reason]).toEqual([41, "repeat"]);
  });

  it("stays closed when it was", () => {
    const restored = toRestored({ ...remains, closedAt: now - 1 }, buildPress(), policy, null);
    expect(decide(restored, { kind: "restore", onDuty: null }, now, policy)).toMatchObject({
      reason: "already-closed",
      effects: [],
    });
  });

  it("is an unreadable message when it has no button", () => {
    expect(toRestored({ ...remains, button: "" }, buildPress(), policy, null).unreadable).toBe(true);
  });
});
