import { describe, expect, it } from "vitest";
import { load, part, problemOf, warningsOf } from "../small.ts";

const tag = (more: string) => `frontdesk: { tag: { id: "MjQz==", name: BHV${more} } }`;
const roster = part("people:", "sources:");

describe("a channel's tag", () => {
  it("is refused as long as nobody says that it may ring the presser, with the reason", () => {
    const problem = {
      path: "channels.frontdesk.tag",
      wrong: "a tag rings everybody who has it, also who pressed: their phone may sound beside an aggressor",
      expected: "mayRingPresser: true in it, when that is accepted; else people, of whom the presser is left out",
    };
    expect(problemOf("frontdesk: {}", tag(""))).toMatchObject(problem);
    expect(problemOf("frontdesk: {}", tag(", mayRingPresser: false"))).toMatchObject(problem);
  });

  it("goes with the steps that tell that channel, and with no other", () => {
    const { policies, channels } = load("frontdesk: {}", tag(", mayRingPresser: true"));
    expect(channels.frontdesk?.tag).toEqual({ id: "MjQz==", name: "BHV", mayRingPresser: true });
    expect(policies.building?.steps.map((step) => ("tag" in step ? step.tag : null))).toEqual([
      { id: "MjQz==", name: "BHV" },
      null,
      null,
    ]);
    expect(load().policies.building?.steps.every((step) => !("tag" in step))).toBe(true);
  });

  it.each([
    ["no id", "tag: { name: BHV, mayRingPresser: true }", "channels.frontdesk.tag.id"],
    ["an id with a blank", 'tag: { id: "a b", name: BHV, mayRingPresser: true }', "channels.frontdesk.tag.id"],
    ["no name", 'tag: { id: "MjQz==", mayRingPresser: true }', "channels.frontdesk.tag.name"],
    [
      "a name of two lines",
      'tag: { id: "MjQz==", name: "B\\nHV", mayRingPresser: true }',
      "channels.frontdesk.tag.name",
    ],
    ["another setting", 'tag: { id: "MjQz==", name: BHV, mayRingPresser: true, x: 1 }', "channels.frontdesk.tag.x"],
  ])("with %s is refused", (_what, setting, path) => {
    expect(problemOf("frontdesk: {}", `frontdesk: { ${setting} }`).path).toBe(path);
  });
});

describe("a channel whose cards ring nobody", () => {
  const warning =
    "channels.frontdesk: there are no people and it has no tag, so a card stands in that channel and rings nobody";

  it("has a warning", () => {
    expect(warningsOf(roster, "")).toContain(warning);
  });

  it("has none where there is a roster, even of nobody, for then security is paged at once", () => {
    expect(warningsOf()).not.toContain(warning);
    expect(warningsOf(roster, "people: []\n")).not.toContain(warning);
  });

  it("has none with a tag, nor where no cards come", () => {
    const channels = `${tag(", mayRingPresser: true")}\n  back-office: {}\n`;
    expect(warningsOf(part("  frontdesk: {}", "sources:"), `  ${channels}`)).toEqual(
      warningsOf(roster, "").filter((each) => each !== warning),
    );
    expect(warningsOf(roster, "").filter((each) => each.includes("back-office"))).toEqual([]);
  });
});

describe("tellPresser", () => {
  it("of who wears no button, where no alarm can be typed, is worth a line", () => {
    const bob = "00000000-0000-0000-0000-00000000000B, onDuty: never";
    expect(load(bob, `${bob}, tellPresser: true`).warnings).toContainEqual(
      expect.stringMatching(/^people\[1\]: tellPresser/),
    );
    const alice = '"+31600000001", lead: true';
    expect(load(alice, `${alice}, tellPresser: true`).warnings).toEqual(load(alice, alice).warnings);
  });

  it("of a location where nobody wears a button is worth a line as well, unless an alarm can be typed", () => {
    const text = part("sources:", "policies:");
    const there = text.replace("sources:", "locations:\n  hall: { name: Gemeentehuis, tellPresser: true }\nsources:");
    const told = (changed: string) =>
      load(text, changed).warnings.filter((warning) => warning.startsWith("locations.hall: tellPresser"));
    expect(told(there)).toHaveLength(1);
    expect(told(there.replace('id: "0042"', 'id: "0042", location: hall'))).toEqual([]);
    expect(told(there.replace("type: webhook,", "type: webhook, location: hall,"))).toEqual([]);
    const chat = "sources:\n  chat: { type: teams, policy: building, channel: frontdesk }";
    expect(told(there.replace("sources:", chat))).toEqual([]);
  });
});
