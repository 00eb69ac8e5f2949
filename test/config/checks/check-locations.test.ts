import { describe, expect, it } from "vitest";
import { pagers } from "../../../adapters/index.ts";
import { parseConfiguration } from "../../../bot/config/load-configuration.ts";
import { environment, errorOf, kinds, load, part, problemOf, small } from "../small.ts";

const hall = '{ name: Gemeentehuis, address: Raadhuisplein 1, phone: "+31300000001" }';

/** The small configuration with these locations, and more changed in it. */
function withLocations(locations: string, ...changes: readonly (readonly [string, string])[]): string {
  const text = small.replace("sources:", `locations:\n${locations}\nsources:`);
  return changes.reduce((changed, [from, to]) => {
    if (!changed.includes(from)) throw new Error(`There is no ${from} in it.`);
    return changed.replaceAll(from, to);
  }, text);
}

function parse(text: string) {
  return parseConfiguration("rugdekking.yaml", text, environment, kinds);
}

function warningsOf(text: string): readonly string[] {
  return parse(text).warnings.filter((warning) => /location|channels/.test(warning));
}

const allAtHall = ["source: buttons, id", "source: buttons, location: hall, id"] as const;

describe("a location", () => {
  it("is told by its key, and what it does not say is not there", () => {
    const { locations, buttons, people, sources } = parse(withLocations(`  hall: ${hall}`, allAtHall));
    expect(locations).toEqual({
      hall: {
        ...{ name: "Gemeentehuis", aliases: [], address: "Raadhuisplein 1", phone: "+31300000001", entrance: null },
        ...{ codeWord: null, account: null, position: null, channel: null, policy: null, tellPresser: false },
      },
    });
    expect(buttons[0]).toMatchObject({ location: "hall", policy: null, channel: null });
    expect(people?.[0]).toMatchObject({ locations: null });
    expect(sources.buttons).toMatchObject({ location: null });
  });

  it.each([
    ["address", 100],
    ["entrance", 120],
  ])("has %s of %i characters at most, because it is never cut where it is sent", (setting, limit) => {
    const text = (length: number) => {
      return withLocations(`  hall: { name: Gemeentehuis, ${setting}: ${"x".repeat(length)} }`, allAtHall);
    };
    expect(parse(text(limit)).locations.hall).toMatchObject({ [setting]: "x".repeat(limit) });
    expect(() => parse(text(limit + 1))).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({
            path: `locations.hall.${setting}`,
            line: expect.any(Number),
            expected: expect.stringContaining(`up to ${limit} characters`),
          }),
        ],
      }),
    );
  });

  it("has no policy by kind of alarm yet, nor has a button a kind: both are refused by name", () => {
    const byKind = `  hall: { name: Gemeentehuis, policy: { panic: building } }`;
    expect(() => parse(withLocations(byKind))).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({ path: "locations.hall.policy", expected: expect.stringContaining("by kind") }),
        ],
      }),
    );
    expect(problemOf('id: "0042", place', 'id: "0042", kind: panic, place')).toMatchObject({
      path: "buttons[0].kind",
      wrong: "there is no such setting here",
    });
  });

  it.each<[string, string, readonly (readonly [string, string])[], string]>([
    ["of a button", `  hall: ${hall}`, [['id: "0042"', 'id: "0042", location: yard']], "buttons[0].location"],
    [
      "of a source",
      `  hall: ${hall}`,
      [["type: webhook, secret", "type: webhook, location: yard, secret"]],
      "sources.buttons.location",
    ],
    [
      "of a person, which is gone",
      `  hall: ${hall}`,
      [["lead: true", "lead: true, locations: [hall, yard]"]],
      "people[0].locations[1]",
    ],
    ["without a name", "  hall: {}", [], "locations.hall.name"],
    ["with the name of another", `  hall: ${hall}\n  yard: { name: gemeentehuis }`, [], "locations.yard.name"],
    [
      "with a name that is typed alike",
      `  hall: ${hall}\n  yard: { name: "*Gemeentehüis" }`,
      [],
      "locations.yard.name",
    ],
    [
      "with another name that is that of another",
      `  hall: ${hall}\n  yard: { name: Stadswerf, aliases: [werf, Gemeente-huis] }\n  pool: { name: Zwembad, aliases: [Gemeente huis] }`,
      [],
      "locations.pool.aliases[0]",
    ],
    [
      "with its own name as another",
      `  hall: { name: Stadhuis, aliases: [stadhuis] }`,
      [],
      "locations.hall.aliases[0]",
    ],
    [
      "with another name that nobody can type",
      `  hall: { name: Stadhuis, aliases: ["!"] }`,
      [],
      "locations.hall.aliases[0]",
    ],
    ...["3", "2e", "B", "kantoor", "Kantoor 5", "de balie", "alarm", "Hulp", "ga", "bezoek", "ik ben er", "niet"].map(
      (name): [string, string, [], string] => [
        `with another name that is typed for something else: ${name}`,
        `  hall: { name: Stadhuis, aliases: ["${name}"] }`,
        [],
        "locations.hall.aliases[0]",
      ],
    ),
    [
      "with another name that is a word of that of another",
      `  hall: { name: Wijkteam Oost }\n  pool: { name: Zwembad, aliases: [bad, oost] }`,
      [],
      "locations.pool.aliases[1]",
    ],
    [
      "with another name that is a word of another name of another",
      `  hall: { name: Stadhuis, aliases: [Loket Noord] }\n  pool: { name: Zwembad, aliases: [noord] }`,
      [],
      "locations.pool.aliases[0]",
    ],
    ["with a channel that is not there", `  hall: { name: Stadhal, channel: hal }`, [], "locations.hall.channel"],
    ["with a policy that is not there", `  hall: { name: Stadhal, policy: hal }`, [], "locations.hall.policy"],
    ["with a number that nobody can call", `  hall: { name: Stadhal, phone: reception }`, [], "locations.hall.phone"],
    [
      "none at all, of a person",
      `  hall: ${hall}`,
      [["lead: true", "lead: true, locations: []"]],
      "people[0].locations",
    ],
  ])("%s is refused", (_what, locations, changes, path) => {
    expect(() => parse(withLocations(locations, ...changes))).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ path })] }),
    );
  });

  it("that is refused hides no other mistake", () => {
    expect(errorOf("lead: true", "lead: true, locations: [yard, yard]").problems).toHaveLength(2);
  });
});

describe("a warning (rule 21)", () => {
  it("where there are no locations, once, and no other one", () => {
    expect(load().warnings.filter((warning) => warning.includes("location"))).toEqual([
      "locations: there are none, so everybody on duty is rung for every alarm, wherever it is",
    ]);
    expect(load(part("people:", "sources:"), "").warnings.join()).not.toContain("locations");
  });

  it("of none where all is well", () => {
    expect(warningsOf(withLocations(`  hall: ${hall}`, allAtHall))).toEqual([]);
  });

  it("of a location without an address or a phone, each once", () => {
    expect(warningsOf(withLocations("  hall: { name: Gemeentehuis }", allAtHall))).toEqual([
      "locations.hall: it has no address, without which nobody from outside finds it",
      "locations.hall: it has no phone, so external security can't call back",
    ]);
  });

  it.each([
    ["never", "mon 00:00"],
    ['"sun 20:00-08:00; mon-fri 08:00-17:30; mon-fri 17:00-08:00"', "sat 08:00"],
    ['"mon-sun 00:00-23:00"', "mon 23:00"],
    ['"mon-sun 00:00-24:00"', null],
    ['"mon-sun 06:00-18:00; mon-sun 18:00-06:00"', null],
  ])("of hours at which nobody of it is on duty: %s", (duty, from) => {
    const changes = [allAtHall, ["lead: true", `onDuty: ${duty}, locations: [hall], lead: true`]] as const;
    const text = withLocations(`  hall: ${hall}`, ...changes);
    const found =
      from === null
        ? []
        : [`locations.hall: from ${from} on nobody is on duty there, so an alarm calls external security at once`];
    expect(warningsOf(text)).toEqual(found);
  });

  it("of a location of which nobody is in people, beside one that has some", () => {
    const yard = '{ name: Stadswerf, address: Havenkade 8, phone: "+31300000002", channel: back-office }';
    const changes = [allAtHall, ["lead: true", "locations: [hall]"], ["onDuty: never", "locations: [hall]"]] as const;
    expect(warningsOf(withLocations(`  hall: ${hall}\n  yard: ${yard}`, ...changes))).toContain(
      "locations.yard: nobody in people may come there, so an alarm rings the tag of its channel at most, and calls " +
        "external security at once",
    );
  });

  it("of a name that is the place of a button elsewhere, for whoever types that place", () => {
    const yard = '{ name: Stadswerf, aliases: [werkplaats], address: Havenkade 8, phone: "+31300000002" }';
    const clash = "a button elsewhere has that for its place, so whoever types the place names this location";
    const at = (place: string) =>
      [allAtHall, ['id: "0042", place: Spreekkamer 3', `id: "0042", place: ${place}`]] as const;
    const locations = `  hall: ${hall}\n  yard: ${yard}`;
    expect(warningsOf(withLocations(locations, ...at("Werkplaats")))).toContain(`locations.yard.aliases: ${clash}`);
    expect(warningsOf(withLocations(locations, ...at("Werkplaats 2"))).join()).not.toContain(clash);
    expect(warningsOf(withLocations(locations, ...at("Gemeentehuis"))).join()).not.toContain(clash);
  });

  it("of a channel that several locations share without a roster", () => {
    const yard = '{ name: Stadswerf, address: Havenkade 8, phone: "+31300000002", channel: frontdesk }';
    const text = withLocations(`  hall: ${hall}\n  yard: ${yard}`, allAtHall).replace(part("people:", "sources:"), "");
    expect(warningsOf(text)).toContain(
      "channels.frontdesk: it is the channel of hall, yard, and there are no people, so nobody in it knows for whom an alarm is",
    );
  });

  it("of buttons without a location, once for each source", () => {
    expect(warningsOf(withLocations(`  hall: ${hall}`))).toEqual([
      "buttons[0]: it has no location, nor have 1 more of buttons, so everybody is rung whose location has the same channel or buttons of the same source",
    ]);
  });
});

describe("a source whose alarms go to several channels", () => {
  const warning =
    "sources.buttons: its alarms go to frontdesk, back-office; one that can't be read stands in one of these channels alone";
  const own = ["tell: frontdesk", "tell: own"] as const;
  const elsewhere = ['id: "0042"', 'id: "0042", channel: back-office'] as const;

  it("is warned of, once", () => {
    const found = parse(withLocations(`  hall: ${hall}`, allAtHall, own, elsewhere)).warnings;
    expect(found.filter((each) => each.startsWith("sources."))).toEqual([warning]);
  });

  it("is not, where its alarms go to one channel, or are typed", () => {
    const typed = ["sources:", "sources:\n  chat: { type: teams, policy: building, channel: frontdesk }"] as const;
    const yard = '{ name: Stadswerf, address: Havenkade 8, phone: "+31300000002", channel: back-office }';
    const text = withLocations(`  hall: ${hall}\n  yard: ${yard}`, allAtHall, own, typed);
    expect(parse(text).warnings.filter((each) => each.startsWith("sources."))).toEqual([]);
  });
});

describe("every button and location has a chain that tells its own channel (rule 21)", () => {
  it.each<[string, string, readonly (readonly [string, string])[], string]>([
    ["a location's channel", `  hall: { name: Stadhal, channel: back-office }`, [allAtHall], "locations.hall.channel"],
    [
      "a button's channel",
      `  hall: ${hall}`,
      [['id: "0042"', 'id: "0042", channel: back-office']],
      "buttons[0].channel",
    ],
    [
      "a source's channel",
      `  hall: ${hall}`,
      [["channel: frontdesk", "channel: back-office"]],
      "sources.buttons.channel",
    ],
  ])("%s that its policy does not tell is refused, once", (_what, locations, changes, path) => {
    expect(() => parse(withLocations(locations, ...changes))).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ path })] }),
    );
  });

  it.each<[string, string, readonly (readonly [string, string])[]]>([
    ["a location", `  hall: { name: Stadhal, channel: back-office }`, [allAtHall]],
    ["a button", `  hall: ${hall}`, [['id: "0042"', 'id: "0042", channel: back-office']]],
  ])("with tell: own %s may have any channel", (_what, locations, changes) => {
    const text = withLocations(locations, ...changes, ["tell: frontdesk", "tell: own"]);
    expect(parse(text).policies.building?.steps[0]).toMatchObject({ kind: "tell", channel: "own" });
  });
});

describe("who is called back", () => {
  const onDuty = "  hall: { name: Gemeentehuis, address: Raadhuisplein 1, phone: on-duty }";
  const shown = ["security-desk: { type: webhook,", "security-desk: { type: webhook, mayShowPhones: true,"] as const;
  const noPhone = [', phone: "+31600000001", lead', ", lead"] as const;

  it("is a number with its country, or on-duty", () => {
    expect(parse(withLocations(onDuty, allAtHall)).locations.hall).toMatchObject({ phone: "on-duty" });
    expect(() => parse(withLocations("  hall: { name: Gemeentehuis, phone: nobody }", allAtHall))).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ path: "locations.hall.phone" })] }),
    );
  });

  it("is nobody, which is said at the start, where no pager may tell a number, or nobody has one", () => {
    const told = (text: string) => warningsOf(text).filter((warning) => warning.includes(".phone:"));
    expect(told(withLocations(onDuty, allAtHall, noPhone))).toEqual([
      expect.stringContaining("no pager of its policies has mayShowPhones: true"),
      expect.stringContaining("nobody who may come there has a phone"),
    ]);
    expect(told(withLocations(onDuty, allAtHall, shown, noPhone))).toHaveLength(1);
    expect(told(withLocations(onDuty, allAtHall, shown))).toEqual([]);
    // A pager that is not called for an alarm there tells nobody.
    const spare = [
      "pagers:\n",
      "pagers:\n  spare: { type: webhook, mayShowPhones: true, url: x, secret: x }\n",
    ] as const;
    const url = ["url: x, secret: x", 'url: "https://spare.example.nl/alarms", secret: k7Qv2Rm9Xd4Tz8Lw'] as const;
    expect(told(withLocations(onDuty, allAtHall, spare, url))).toEqual([expect.stringContaining("of its policies")]);
  });

  it("may be told by no pager that others read, or that a foreign service keeps: refused with its line", () => {
    const kept = { ...kinds, pagers: { webhook: { ...kinds.pagers.webhook, mayGetPhones: false } } };
    expect(() =>
      parseConfiguration("rugdekking.yaml", withLocations(onDuty, allAtHall, shown), environment, kept),
    ).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({
            path: "pagers.security-desk.mayShowPhones",
            line: expect.any(Number),
            expected: "false, or a pager of another type",
          }),
        ],
      }),
    );
    expect(Object.entries(pagers).flatMap(([type, { mayGetPhones }]) => (mayGetPhones ? [] : [type]))).toEqual([
      "ntfy",
      "pagerduty",
    ]);
  });

  it("asks for the code word, which may not stand in the file itself", () => {
    const at = (codeWord: string) => `  hall: { name: Gemeentehuis, codeWord: ${codeWord} }`;
    const told = (text: string) => warningsOf(text).filter((warning) => warning.includes(".codeWord:"));
    expect(told(withLocations(at("Tulp"), allAtHall))).toEqual([expect.stringContaining("the word itself")]);
    expect(told(withLocations(at("map achter de balie"), allAtHall))).toEqual([]);
  });
});
