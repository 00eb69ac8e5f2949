import { describe, expect, it } from "vitest";
import { errorOf, load, part, problemOf, warningsOf } from "../small.ts";

const lastStep = "- { after: 120s, page: guard-phone }";

describe("rule 21: refused at start, by name", () => {
  it("a step with an unknown channel", () => {
    expect(
      problemOf("after: 0s, tell: frontdesk }", "after: 0s, tell: frontdesk }\n      - { after: 5s, tell: frontdsk }"),
    ).toEqual({
      path: "policies.building.steps[1].tell",
      line: 20,
      column: 22,
      wrong: "there is no channel of that name",
      shown: '"frontdsk"',
      expected: "one of frontdesk, back-office, own",
    });
  });

  it("a step with an unknown pager", () => {
    expect(problemOf("page: guard-phone", "page: mobile")).toMatchObject({
      path: "policies.building.steps[2].page",
      wrong: "there is no pager of that name",
      expected: "one of security-desk, guard-phone",
    });
  });

  it("a call by a pager that can't call people, or that is not there", () => {
    const withCall = (by: string) => `${lastStep}\n      - { after: 30s, call: on-duty, by: ${by} }`;
    expect(problemOf(lastStep, withCall("guard-phone"))).toMatchObject({
      path: "policies.building.steps[3].by",
      wrong: "there is no pager of that name that can call people",
      expected: "nothing here",
    });
    expect(problemOf(lastStep, withCall("mobile")).path).toBe("policies.building.steps[3].by");
  });

  it.each([
    "call: everybody, by: guard-phone",
    "call: on-duty",
    "by: guard-phone",
    "page: guard-phone, by: guard-phone",
  ])("a step that says { %s }", (step) => {
    expect(errorOf(lastStep, `${lastStep}\n      - { after: 30s, ${step} }`).problems[0]?.path).toContain(
      "policies.building.steps[3]",
    );
  });

  it("a step whose name is a word of JavaScript", () => {
    expect(problemOf("page: guard-phone", "page: constructor").path).toBe("policies.building.steps[2].page");
  });

  it("a policy without a tell at 0 s", () => {
    expect(problemOf("after: 0s, tell", "after: 1s, tell")).toMatchObject({
      path: "policies.building.steps",
      wrong: "no channel is told when a button is pressed",
    });
  });

  it("a policy without a page step", () => {
    expect(problemOf(part("      - { after: 60s", "pagers:"), "")).toMatchObject({
      path: "policies.building.steps",
      wrong: "external security is never paged",
    });
  });

  it("a policy without repeatEvery", () => {
    expect(problemOf("    repeatEvery: 3m\n", "")).toMatchObject({
      path: "policies.building.repeatEvery",
      wrong: "it is missing",
    });
  });

  it("a step that is there twice", () => {
    expect(problemOf(lastStep, "- { after: 60s, page: security-desk }").wrong).toContain("can never fire");
    expect(problemOf(lastStep, `${lastStep}\n      - { after: 0s, tell: frontdesk }`).path).toBe(
      "policies.building.steps[3]",
    );
  });

  it("a step that would come when the steps have begun again", () => {
    const late = (after: string) => `${lastStep}\n      - { after: ${after}, tell: back-office }`;
    expect(load(lastStep, late("299s")).policies.building?.steps).toHaveLength(4);
    expect(problemOf(lastStep, late("5m"))).toMatchObject({
      path: "policies.building.steps[3].after",
      wrong: "this step can never fire: by then the steps have begun again",
      expected: "less than 300s (the last page plus repeatEvery)",
    });
  });

  it("a source whose own channel is told nothing", () => {
    expect(problemOf("channel: frontdesk }", "channel: back-office }")).toMatchObject({
      path: "sources.buttons.channel",
      wrong: "its policy does not tell this channel when a button is pressed",
    });
  });
});

describe("allowed", () => {
  it("the same pager again at another moment, the same channel again later", () => {
    const again = `${lastStep}\n      - { after: 130s, page: guard-phone }\n      - { after: 60s, tell: frontdesk }`;
    expect(load(lastStep, again).policies.building?.steps).toHaveLength(5);
  });

  it("a pager that nobody pages, with a warning", () => {
    expect(warningsOf(lastStep, "")).toEqual(["pagers.guard-phone: no policy pages it"]);
  });

  it("more promises to come than there are people, with a warning", () => {
    const needs = (claims: number) => warningsOf("repeatEvery: 3m", `repeatEvery: 3m\n    claimsNeeded: ${claims}`);
    expect(needs(2)).toEqual([]);
    expect(needs(20)).toEqual([
      "policies.building: claimsNeeded is 20 and there are 2 people, so external security is called even when all of " +
        "them are coming",
    ]);
  });

  it("nothing but Teams to ring for more than a minute, with a warning", () => {
    const warning =
      "policies.building: it calls no phone and pages nobody within 60 s, so that long nothing rings but Teams, which " +
      "people mute";
    expect(warningsOf("after: 60s", "after: 61s")).toEqual([warning]);
    expect(warningsOf()).toEqual([]);
  });

  it("a roster in which nobody is ever on duty, with a warning", () => {
    const warning = "people: nobody is ever on duty, so every alarm calls external security at once";
    expect(warningsOf("lead: true }", "lead: true, onDuty: never }")).toEqual([warning]);
    expect(warningsOf(part("people:", "sources:"), "people: []\n")).toContain(warning);
    expect(warningsOf(part("people:", "sources:"), "")).not.toContain(warning);
  });
});
