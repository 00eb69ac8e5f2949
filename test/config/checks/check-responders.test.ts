import { expect, it } from "vitest";
import { siaDc09 } from "../../../adapters/pagers/sia-dc09.ts";
import { parseConfiguration } from "../../../bot/config/load-configuration.ts";
import { environment, kinds, small } from "../small.ts";

const hall = { name: "Gemeentehuis", address: "Raadhuisplein 1", phone: "+31300000001" };
const yard = { name: "Stadswerf", address: "Havenkade 8", phone: "+31300000002" };

/** What the small configuration is warned of with these locations, where A. Jansen is of the hall and the rest too. */
function warningsOf(locations: Readonly<Record<string, object>>, ...changes: readonly (readonly [string, string])[]) {
  const text = `${small}\nlocations: ${JSON.stringify(locations)}\n`;
  const changed = [["source: buttons, id", "source: buttons, location: hall, id"] as const, ...changes].reduce(
    (before, [from, to]) => {
      if (!before.includes(from)) throw new Error(`There is no ${from} in it.`);
      return before.replaceAll(from, to);
    },
    text,
  );
  const { warnings } = parseConfiguration("rugdekking.yaml", changed, environment, {
    ...kinds,
    pagers: { ...kinds.pagers, caller: { ...kinds.pagers.webhook, canCall: true } } as typeof kinds.pagers,
  });
  return warnings.filter((warning) => warning.startsWith("locations."));
}

const onlyYard = ["lead: true", "lead: true, locations: [yard]"] as const;

it.each<[string, Readonly<Record<string, object>>, readonly (readonly [string, string])[], readonly string[]]>([
  ["nothing, where all is well", { hall, yard }, [], []],
  [
    "two with one address or one account",
    { hall: { ...hall, account: "1a2b" }, yard: { ...yard, address: "raadhuisplein 1", account: "1A2B" } },
    [],
    ["locations.yard.address: hall has the same one", "locations.yard.account: hall has the same one"],
  ],
  [
    "an address without a number",
    { hall: { ...hall, address: "Raadhuisplein, Voorbeeld" } },
    [],
    ["locations.hall.address: it has no number, without which nobody knows which house it is"],
  ],
  [
    "a position whose parts are swapped, or are none",
    {
      hall: { ...hall, position: { lat: 5.71, lon: 52.52, radius: 150 } },
      yard: { ...yard, position: { lat: 0, lon: 0, radius: 150 } },
    },
    [],
    ["locations.hall.position: lat and lon seem to be swapped", "locations.yard.position: 0, 0 lies in the sea"],
  ],
])("a location is warned of: %s", (_what, locations, changes, warnings) => {
  expect(warningsOf(locations, ...changes)).toEqual(warnings);
});

it("a location is warned of whose people are too few for the policy of its alarms", () => {
  const needed = ["repeatEvery: 3m", "repeatEvery: 3m\n    claimsNeeded: 2"] as const;
  expect(warningsOf({ hall, yard }, needed, onlyYard).filter((each) => each.includes("needs 2"))).toEqual([
    "locations.hall: building needs 2 people, and 1 may come there, so external security is called even when all are coming",
  ]);
});

it("a location is warned of whose policy calls people, and nobody of it has a phone", () => {
  const called = [
    "- { after: 60s, page",
    "- { after: 30s, call: on-duty, by: caller }\n      - { after: 60s, page",
  ] as const;
  const caller = [
    "guard-phone: {",
    'caller: { type: caller, url: "https://c.example.nl", secret: k7Qv2Rm9Xd4Tz8Lw }\n  guard-phone: {',
  ] as const;
  const warning = "locations.hall: building calls people on duty, and nobody of it has a phone";
  expect(warningsOf({ hall, yard }, called, caller, onlyYard)).toContain(warning);
  expect(warningsOf({ hall, yard }, called, caller)).not.toContain(warning);
});

it("a location is warned of where the only one who may come wears a button", () => {
  const apart = ["onDuty: never }", "locations: [yard] }"] as const;
  const onlyHall = ["lead: true", "lead: true, locations: [hall]"] as const;
  expect(warningsOf({ hall, yard }, apart, onlyHall)).toContain(
    "locations.hall: A. Jansen wears a button there and is the only one who may come, so their own alarm rings nobody",
  );
  expect(warningsOf({ hall, yard }).filter((each) => each.includes("the only one"))).toEqual([]);
});

it.each<[string, boolean, Readonly<Record<string, object>>, boolean]>([
  ["two without an account", false, { hall, yard }, true],
  ["one of two without", false, { hall: { ...hall, account: "1a2b" }, yard }, false],
  ["two without, where words say it", true, { hall, yard }, false],
])("a pager is warned of by which nobody can tell locations apart: %s", (_what, tellsWhere, locations, isWarned) => {
  const located = small
    .replace('id: "0042"', 'location: hall, id: "0042"')
    .replace('id: "0101"', 'location: yard, id: "0101"');
  const text = `${located}\nlocations: ${JSON.stringify(locations)}\n`;
  const { warnings } = parseConfiguration("rugdekking.yaml", text, environment, {
    ...kinds,
    pagers: {
      ...kinds.pagers,
      webhook: { ...kinds.pagers.webhook, tellsWhere: () => tellsWhere },
    } as typeof kinds.pagers,
  });
  const warning = (pager: string) =>
    `pagers.${pager}: it doesn't say where an alarm is, and hall, yard have no account, so nobody outside knows in which building it is`;
  const expected = isWarned ? [warning("security-desk"), warning("guard-phone")] : [];
  expect(warnings.filter((each) => each.includes("in which building"))).toEqual(expected);
});

it("an alarm centre is told where an alarm is by text alone, or by accounts", () => {
  const options = { account: "1234", primary: { host: "receiver.example.nl", port: 1 } };
  const tellsWhere = (more: object) => siaDc09.tellsWhere?.(siaDc09.Options.parse({ ...options, ...more }));
  expect([tellsWhere({}), tellsWhere({ text: true })]).toEqual([false, true]);
});
