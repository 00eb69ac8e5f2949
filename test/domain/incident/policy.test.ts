import { describe, expect, it } from "vitest";
import { Policy } from "../../../bot/domain/incident/policy.ts";
import { buildPolicy } from "../../fixtures/policy.ts";

const policy = buildPolicy({
  steps: [
    { kind: "tell", afterMs: 0, channel: "frontdesk" },
    { kind: "page", afterMs: 60_000, pager: "desk" },
    { kind: "call", afterMs: 90_000, pager: "phone" },
  ],
});

describe("a policy as it is stored with an incident (rule 6)", () => {
  it("is read back whole, with each kind of step", () => {
    expect(Policy.parse(policy)).toEqual(policy);
  });

  it.each(Object.keys(policy))("is refused without its %s, because a step or a time would be made up", (field) => {
    expect(Policy.safeParse({ ...policy, [field]: undefined }).success).toBe(false);
  });

  it.each([
    "claimsNeeded",
    "arriveWithinMs",
    "teamsWithinMs",
    "guardWithinMs",
    "checkAfterMs",
    "checkAnswerWithinMs",
    "repeatEveryMs",
  ])("is refused with a %s that is no whole number, or below nothing", (field) => {
    for (const wrong of [1000.5, -1, "1000", null]) {
      expect(Policy.safeParse({ ...policy, [field]: wrong }).success, `${wrong}`).toBe(false);
    }
  });

  it.each(["arriveWithinMs", "teamsWithinMs", "guardWithinMs", "checkAfterMs", "checkAnswerWithinMs"])(
    "may have no time at all for %s",
    (field) => expect(Policy.parse({ ...policy, [field]: 0 })).toMatchObject({ [field]: 0 }),
  );

  it.each([
    ["claimsNeeded", 0, 1],
    ["repeatEveryMs", 999, 1000],
  ])("has a %s above %i, because nobody would be enough, or all would go out without end", (field, wrong, right) => {
    expect(Policy.safeParse({ ...policy, [field]: wrong }).success).toBe(false);
    expect(Policy.parse({ ...policy, [field]: right })).toMatchObject({ [field]: right });
  });

  it("has steps", () => {
    expect(Policy.safeParse({ ...policy, steps: [] }).success).toBe(false);
    expect(Policy.parse({ ...policy, steps: policy.steps.slice(0, 1) }).steps).toHaveLength(1);
  });

  it.each([
    { kind: "tell", afterMs: 0 },
    { kind: "page", afterMs: 0, channel: "frontdesk" },
    { kind: "call", afterMs: 0 },
    { kind: "page", pager: "desk" },
    { kind: "page", afterMs: -1, pager: "desk" },
    { kind: "", afterMs: 0, pager: "desk" },
    { kind: "", afterMs: 0, channel: "frontdesk" },
  ])("has no step that reaches nobody: $kind $afterMs $pager $channel", (step) => {
    expect(Policy.safeParse({ ...policy, steps: [step] }).success).toBe(false);
  });
});
