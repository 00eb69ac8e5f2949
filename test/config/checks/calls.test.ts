import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { kinds } from "../../../bot/app.ts";
import { ConfigurationError } from "../../../bot/config/configuration-error.ts";
import { parseConfiguration } from "../../../bot/config/load-configuration.ts";
import { buildSettings, toPolicy } from "../../fixtures/configuration.ts";

const calls = {
  type: "twilio-voice",
  accountSid: "AC00000000000000000000000000000001",
  authToken: "a1b2c3d4e5f60718293a4b5c6d7e8f90",
  from: "+31850000000",
  to: "+31612345678",
};
const alice = { name: "A. Jansen", id: "00000000-0000-0000-0000-000000000001", phone: "+31600000001" };

function load(changes: Record<string, unknown> = {}) {
  const policy = toPolicy([
    { after: "30s", call: "on-duty", by: "calls" },
    { after: "60s", page: "calls" },
  ]);
  const settings = buildSettings({
    language: "en",
    people: [alice],
    policies: { building: policy },
    pagers: { calls },
    ...changes,
  });
  return parseConfiguration("calls.yaml", stringify(settings), {}, kinds);
}

function problemsOf(changes: Record<string, unknown>) {
  try {
    load(changes);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

describe("calls to colleagues on duty", () => {
  it("are a step of the policy, by a pager that can call", () => {
    expect(load().policies.building?.steps[1]).toEqual({ kind: "call", afterMs: 30_000, pager: "calls" });
  });

  it.each([
    ["nobody has a phone", [{ ...alice, phone: null }]],
    ["nobody is there", []],
  ])("are refused where %s", (_title, people) => {
    expect(() => load({ people })).toThrow(ConfigurationError);
  });

  it("are refused without a roster: nobody would be called", () => {
    expect(() => load({ people: undefined })).toThrow(ConfigurationError);
  });
});

describe("what follows from a section that can't be read is not said", () => {
  it.each([
    ["of a person's number", { people: [{ ...alice, phone: "0600000001" }] }, "people[0].phone"],
    ["of a person's duty", { people: [{ ...alice, onDuty: "mon 8-17" }] }, "people[0].onDuty"],
    ["of the pager's label", { pagers: { calls: { ...calls, label: "" } } }, "pagers.calls.label"],
  ])("a mistake %s is the only one", (_title, changes, path) => {
    expect(problemsOf(changes).map((problem) => problem.path)).toEqual([path]);
  });
});

describe("where pages go", () => {
  it.each([
    [
      "http://127.0.0.1:8080/",
      [
        "pagers.calls: pages go to this machine itself, which is right for a tunnel only",
        "pagers.calls: pages cross the network in the clear",
      ],
    ],
    ["https://localhost:8080/", ["pagers.calls: pages go to this machine itself, which is right for a tunnel only"]],
    ["http://api.example.com", ["pagers.calls: pages cross the network in the clear"]],
    ["https://api.example.com", []],
  ])("%s warns of what it should", (baseUrl, warnings) => {
    const found = load({ pagers: { calls: { ...calls, baseUrl } } }).warnings;
    expect(found.filter((warning) => warning.startsWith("pagers."))).toEqual(warnings);
  });

  it.each(["http://169.254.169.254/", "https://[fe80::1]/", "https://[::ffff:169.254.169.254]/"])(
    "%s is refused at start",
    (baseUrl) => {
      expect(() => load({ pagers: { calls: { ...calls, baseUrl } } })).toThrow(ConfigurationError);
    },
  );
});
