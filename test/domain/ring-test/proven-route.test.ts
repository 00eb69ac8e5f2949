import { describe, expect, it } from "vitest";
import {
  findPeopleTroubles,
  findUnproven,
  isNew,
  type ProvenRoute,
} from "../../../bot/domain/ring-test/proven-route.ts";

const chat: ProvenRoute = { person: "alice", route: "chat", knownOn: "2026-01-01", askedOn: null, provenOn: null };

describe("a route to a person", () => {
  it.each<[string, Partial<ProvenRoute>, string, boolean]>([
    ["proven 35 days ago", { provenOn: "2026-10-20" }, "2026-11-24", false],
    ["proven 36 days ago", { provenOn: "2026-10-19" }, "2026-11-24", true],
    ["never proven, known for 35 days", { knownOn: "2026-10-20" }, "2026-11-24", false],
    ["never proven, known for 36 days", { knownOn: "2026-10-19", askedOn: "2026-11-23" }, "2026-11-24", true],
    ["proven over the change of clocks", { provenOn: "2026-02-25" }, "2026-04-01", false],
    ["proven tomorrow, by a clock that was ahead", { provenOn: "2026-11-25" }, "2026-11-24", false],
  ])("%s", (_name, part, today, isUnproven) => {
    expect(findUnproven([{ ...chat, ...part }], today)).toHaveLength(isUnproven ? 1 : 0);
  });

  it("is a trouble that counts people and names nobody", () => {
    const routes = [chat, { ...chat, route: "phone" } as const, { ...chat, person: "bob" }];
    expect(findPeopleTroubles(findUnproven(routes, "2026-11-24"))).toEqual([{ kind: "people-unproven", count: 2 }]);
    expect(findPeopleTroubles([])).toEqual([]);
  });

  it("is new until it was asked or proven", () => {
    expect([chat, { ...chat, askedOn: "2026-01-02" }, { ...chat, provenOn: "2026-01-02" }].map(isNew)).toEqual([
      true,
      false,
      false,
    ]);
  });
});
