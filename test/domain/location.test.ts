import { describe, expect, it } from "vitest";
import { listMeant, placeOf, respondersOf, type Site, toFixedPlace, toSiteOf } from "../../bot/domain/location.ts";

const locations = new Map([
  ["hall", { name: "Gemeentehuis", aliases: [], channels: ["frontdesk"], sources: [] }],
  ["yard", { name: "Stadswerf", aliases: [], channels: ["frontdesk", "yard"], sources: [] }],
  ["pool", { name: "Zwembad", aliases: [], channels: ["pool"], sources: ["radio"] }],
]);
const people = [
  { name: "hall", locations: ["hall"] },
  { name: "yard", locations: ["yard"] },
  { name: "both", locations: ["hall", "yard"] },
  { name: "pool", locations: ["pool"] },
  { name: "everywhere", locations: null },
];

function namesAt(location: string | null, channel: string, known = locations): readonly string[] {
  return respondersOf(people, known, { location, channel, source: "buttons" }).map(({ name }) => name);
}

describe("the responders of an alarm (rule 22)", () => {
  it.each([
    ["hall", "frontdesk", ["hall", "both", "everywhere"]],
    // Whatever the channel: a button may have one of its own.
    ["hall", "pool", ["hall", "both", "everywhere"]],
    ["pool", "frontdesk", ["pool", "everywhere"]],
  ])("at %s, in %s", (location, channel, names) => {
    expect(namesAt(location, channel)).toEqual(names);
  });

  it.each([
    ["frontdesk", ["hall", "yard", "both", "everywhere"]],
    ["yard", ["yard", "both", "everywhere"]],
    ["another", ["hall", "yard", "both", "pool", "everywhere"]],
  ])("at an unknown one, in %s", (channel, names) => {
    expect(namesAt(null, channel)).toEqual(names);
    expect(namesAt("gone", channel)).toEqual(names);
  });

  it("at an unknown one are those of where its source has buttons too, in whatever channel", () => {
    const where = { location: null, channel: "frontdesk", source: "radio" };
    const named = (source: string | null) =>
      respondersOf(people, locations, { ...where, source }).map(({ name }) => name);
    expect(named("radio")).toEqual(["hall", "yard", "both", "pool", "everywhere"]);
    expect(named(null)).toEqual(["hall", "yard", "both", "everywhere"]);
  });

  it("are everybody where there are no locations", () => {
    expect(namesAt(null, "frontdesk", new Map())).toHaveLength(people.length);
    expect(namesAt("hall", "frontdesk", new Map())).toHaveLength(people.length);
  });

  it("of several are all who belong to one of them", () => {
    const of = (keys: string[] | null) => respondersOf(people, locations, { locations: keys }).map(({ name }) => name);
    expect(of(["yard", "pool"])).toEqual(["yard", "both", "pool", "everywhere"]);
    expect(of(null)).toHaveLength(people.length);
  });
});

it("a place is one of its location, and called as it was", () => {
  expect(toFixedPlace("hall", "Balie")).not.toBe(toFixedPlace("yard", "Balie"));
  expect(toFixedPlace(null, "Balie")).toBe("Balie");
  expect(placeOf(toFixedPlace("hall", "Balie"))).toBe("Balie");
  expect(placeOf("Balie")).toBe("Balie");
});

it("of an alarm that is at one of several those are meant, and one that has left the configuration is not", () => {
  const where = { location: null, channel: "frontdesk", source: "buttons" };
  expect(listMeant({ ...where, mayBeAt: ["yard", "pool"] }, locations)).toEqual(["yard", "pool"]);
  expect(listMeant({ ...where, mayBeAt: ["gone", "pool"] }, locations)).toEqual(["pool"]);
  expect(listMeant({ ...where, mayBeAt: ["gone"] }, locations)).toEqual(["hall", "yard"]);
  expect(listMeant({ ...where, location: "hall", mayBeAt: ["pool"] }, locations)).toEqual(["hall"]);
  expect(listMeant({ ...where, channel: "none" }, locations)).toBeNull();
});

it("who is on a visit is told to be at none of those where they may usually be", () => {
  const nowhere = { address: null, entrance: null, reception: null, account: null, position: null };
  const site: Site = { ...nowhere, organisation: "", location: null, usual: null, mayBeAt: ["Stadswerf", "Zwembad"] };
  expect(toSiteOf(site, {}).mayBeAt).toEqual(["Stadswerf", "Zwembad"]);
  expect(toSiteOf(site, { mayBeElsewhere: true }).mayBeAt).toEqual([]);
});
