import { describe, expect, it } from "vitest";
import { load, part, problemOf, small, warningsOf } from "../small.ts";

const firstButton =
  '- { source: buttons, id: "0042", place: Spreekkamer 3, directions: Begane grond, holder: A. Jansen }';

describe("names that lead nowhere", () => {
  it("a source with an unknown policy", () => {
    expect(problemOf("policy: building", "policy: bulding")).toMatchObject({
      path: "sources.buttons.policy",
      wrong: "there is no policy of that name",
      expected: "building",
    });
  });

  it("a source with an unknown channel", () => {
    expect(problemOf("channel: frontdesk", "channel: front").path).toBe("sources.buttons.channel");
  });

  it("a button of an unknown source", () => {
    expect(problemOf('source: buttons, id: "0101"', 'source: button, id: "0101"')).toMatchObject({
      path: "buttons[1].source",
      wrong: "there is no source of that name",
      expected: "buttons",
    });
  });
});

describe("what follows from a section that can't be read is not said", () => {
  it.each([
    ["channels", part("channels:", "people:"), "channels: [frontdesk]\n"],
    ["no channels", part("channels:", "people:"), "channels: {}\n"],
    ["sources", part("sources:", "buttons:\n"), "sources: webhook\n"],
    ["policies", small.slice(small.indexOf("policies:"), small.indexOf("pagers:")), "policies: building\n"],
    ["pagers", small.slice(small.indexOf("pagers:")), "pagers:\n"],
  ])("%s", (name, from, to) => {
    expect(problemOf(from, to).path).toBe(name.split(" ").at(-1));
  });

  it("a channel that is spelt wrongly in a policy", () => {
    expect(problemOf("tell: frontdesk", "tell: frontdsk").path).toBe("policies.building.steps[0].tell");
    expect(problemOf("tell: frontdesk", `tell: "\${FRONT}"`).wrong).toContain("FRONT is not set");
  });
});

describe("things that can't be told apart", () => {
  it("two buttons with one id", () => {
    expect(problemOf('id: "0101"', 'id: "0042"')).toMatchObject({
      path: "buttons[1].id",
      wrong: "this button is there already",
    });
  });

  it("two people with one id, in capitals or not", () => {
    expect(problemOf("00000000-0000-0000-0000-00000000000B", "00000000-0000-0000-0000-00000000000a")).toMatchObject({
      path: "people[1].id",
      wrong: "somebody else has this id",
    });
  });

  it("a holder whose name two people have", () => {
    expect(problemOf("name: B. de Vries", "name: A. Jansen")).toMatchObject({
      path: "buttons[0].holder",
      wrong: "two people have that name",
    });
  });

  it("two pagers that people would call the same, by label or by key", () => {
    const [first, second] = ["security-desk: { type: webhook,", "guard-phone: { type: webhook,"] as const;
    const desk = part(first, second);
    for (const labels of [
      ["de meldkamer", "de meldkamer"],
      ["guard-phone", "de telefoon"],
    ] as const) {
      const [one, other] = labels.map((label) => `label: ${label},`);
      const both = `${desk.replace(first, `${first} ${one}`)}${second} ${other}`;
      expect(problemOf(`${desk}${second}`, both)).toMatchObject({
        path: labels[0] === labels[1] ? "pagers.guard-phone.label" : "pagers.security-desk.label",
        wrong: "another one is called that",
      });
    }
  });

  it("two channels that are one conversation", () => {
    const channels =
      '  frontdesk: { conversation: "19:a@thread.tacv2" }\n  back-office: { conversation: "19:a@thread.tacv2" }\n';
    expect(problemOf("  frontdesk: {}\n  back-office: {}\n", channels).path).toBe("channels.back-office.conversation");
  });
});

describe("allowed, with a warning", () => {
  it("a holder who is not among the people", () => {
    expect(warningsOf("holder: A. Jansen", "holder: D. Bakker")).toEqual([
      "buttons[0]: its holder is not among the people, so could claim their own alarm",
    ]);
  });

  it("two places that differ in capitals", () => {
    const second = `${firstButton}\n  - { source: buttons, id: "0043", place: spreekkamer 3 }`;
    expect(warningsOf(firstButton, second)).toEqual([
      "buttons[1]: its place differs from another's in capitals only, so they count as two",
    ]);
  });

  it("a channel that is not linked: no warning here, since linking is done in Teams", () => {
    expect(load("  back-office: {}", "  back-office:").channels["back-office"]).toEqual({
      conversation: null,
      tag: null,
    });
  });
});
