import { expect, it } from "vitest";
import { PackedIncidents } from "../../../../bot/engine/kernel/open/packed-incidents.ts";
import { buildIncident } from "../../../fixtures/incident.ts";
import { buildPolicy } from "../../../fixtures/policy.ts";

const policy = buildPolicy();

it("gives back what it was given, whatever stands in it", () => {
  const packed = new PackedIncidents(100);
  const places = ["Balie", "", "a\0b", "x\uD800y", "\u{1F6A8} Hé", "é".repeat(40_000), "Balie"];
  const incidents = places.map((place, index) =>
    buildIncident({ id: `i-${index}`, place, position: { lat: 52.1, lon: 2 ** -40, accuracyM: null } }),
  );
  for (const incident of incidents) packed.add({ incident, policy });
  expect(incidents.map(({ id }) => packed.get(id))).toEqual(incidents.map((incident) => ({ incident, policy })));
  expect(packed.get("i-9")).toBeNull();
});

it("has each by the policy of its own", () => {
  const packed = new PackedIncidents(100);
  const other = buildPolicy({ claimsNeeded: 2 });
  packed.add({ incident: buildIncident({ id: "i-1", policy: "one" }), policy });
  packed.add({ incident: buildIncident({ id: "i-2", policy: "other" }), policy: other });
  expect([packed.get("i-1")?.policy, packed.get("i-2")?.policy]).toEqual([policy, other]);
  expect([packed.policyOf("other"), packed.policyOf("none")]).toEqual([other, null]);
});

it("forgets those with the farthest deadlines where there are too many, and what has no deadline first", () => {
  const packed = new PackedIncidents(100);
  packed.add({ incident: buildIncident({ id: "never", nextAt: null }), policy });
  for (let number = 0; number < 1_100; number += 1)
    packed.add({ incident: buildIncident({ id: `i-${number}`, nextAt: 5_000 - number }), policy });
  expect([packed.size, packed.get("never"), packed.get("i-999")]).toEqual([100, null, null]);
  expect(packed.get("i-1000")?.incident.nextAt).toBe(4_000);
  expect(packed.takeNearest(2).map(({ incident }) => incident.id)).toEqual(["i-1099", "i-1098"]);
  expect([packed.size, packed.get("i-1099")]).toEqual([98, null]);
});
