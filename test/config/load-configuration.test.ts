import { describe, expect, it } from "vitest";
import { kinds as everyKind } from "../../bot/app.ts";
import { ConfigurationError, toConfigurationReport } from "../../bot/config/configuration-error.ts";
import { loadConfiguration, parseConfiguration } from "../../bot/config/load-configuration.ts";
import { toNames } from "../../bot/config/names.ts";
import { configuration } from "../../bot/words/operator/configuration.ts";
import { problems } from "../../bot/words/settings/problems.ts";
import { readings } from "../../bot/words/settings/readings.ts";
import { toFileFault } from "../../bot/words/shared/file-fault.ts";
import { environment, errorOf, fromEnvironment, kinds, load, part, problemOf, small } from "./small.ts";

describe("a configuration", () => {
  it("has defaults for all that nobody has to decide", () => {
    expect(load("language: en\n")).toMatchObject({
      language: "nl",
      timezone: "Europe/Amsterdam",
      listen: { host: "127.0.0.1", port: 3978 },
      publicUrl: "http://127.0.0.1:3978",
      database: "sqlite:data/rugdekking.db",
      guardKeys: [],
      teams: { appId: null, tenantId: null, clientSecret: null, local: true, serviceUrl: null },
      channels: { frontdesk: { conversation: null }, "back-office": { conversation: null } },
      locations: {},
    });
    expect(load().policies.building).toEqual({
      name: "building",
      claimsNeeded: 1,
      arriveWithinMs: 120_000,
      teamsWithinMs: 10_000,
      guardWithinMs: 900_000,
      checkAfterMs: 600_000,
      checkAnswerWithinMs: 120_000,
      repeatEveryMs: 180_000,
      steps: [
        { kind: "tell", afterMs: 0, channel: "frontdesk" },
        { kind: "page", afterMs: 60_000, pager: "security-desk" },
        { kind: "page", afterMs: 120_000, pager: "guard-phone" },
      ],
    });
  });

  it("keeps what the schema of the type made of a source's and a pager's own settings", () => {
    expect(load().sources.buttons).toEqual({
      type: "webhook",
      label: null,
      policy: "building",
      channel: "frontdesk",
      location: null,
      silentAfter: { fixedMs: 25 * 3_600_000, fieldMs: 30 * 60_000 },
      options: { secret: "b3Vw9Tq7Zp5Xn1Rk8Md4" },
    });
    expect(load().pagers["guard-phone"]?.options).toEqual({
      url: "https://phone.example.nl/alarms",
      secret: "k7Qv2Rm9Xd4Tz8Lw",
    });
  });

  it("calls a source and a pager by their labels, and by their keys without one", () => {
    const names = toNames(load("type: webhook, secret", "type: webhook, label: de buitenknoppen, secret"));
    expect(names.source("buttons")).toBe("de buitenknoppen");
    expect(names.pager("security-desk")).toBe("security-desk");
    const others = toNames(
      load("security-desk: { type: webhook", 'security-desk: { label: "de meldkamer", type: webhook'),
    );
    expect(others.pager("security-desk")).toBe("de meldkamer");
    expect(others.source("buttons")).toBe("buttons");
    expect(others.pager("one-of-last-year")).toBe("one-of-last-year");
  });

  it("takes one or two keys for the guards' links, from the environment, in their order", () => {
    const env = { ...environment, NEW_KEY: "n".repeat(32), OLD_KEY: "o".repeat(40) };
    const keys = (list: string) => load("teams:", `guardKeys: ${list}\nteams:`, env).guardKeys;
    expect(keys(`["\${NEW_KEY}"]`)).toEqual([env.NEW_KEY]);
    expect(keys(`["\${NEW_KEY}", "\${OLD_KEY}"]`)).toEqual([env.NEW_KEY, env.OLD_KEY]);
  });

  it("tells a roster of nobody from no roster", () => {
    const people = part("people:", "sources:");
    expect(load(people, "people: []\n").people).toEqual([]);
    expect(load(people, "").people).toBeNull();
    expect(problemOf(people, "people:\n")).toMatchObject({
      path: "people",
      wrong: "it is empty",
      expected: expect.stringContaining("a list of people, such as - { name:"),
    });
  });

  it("stores ids of Entra in lower case and leaves those of Teams alone", () => {
    expect(load().people?.map(({ id }) => id)).toEqual([
      "00000000-0000-0000-0000-00000000000a",
      "00000000-0000-0000-0000-00000000000b",
    ]);
  });

  it("takes a port from the environment and sorts steps by their moments, stably", () => {
    expect(load("teams:", `listen: { port: "\${PORT}" }\nteams:`, { ...environment, PORT: "8080" }).listen.port).toBe(
      8080,
    );
    const steps = load("after: 60s, page", "after: 120s, page").policies.building?.steps;
    expect(steps?.map((step) => step.kind === "page" && step.pager)).toEqual([false, "security-desk", "guard-phone"]);
    const reversed = load("after: 60s, page: security-desk", "after: 130s, page: security-desk").policies.building
      ?.steps;
    expect(reversed?.map((step) => step.kind === "page" && step.pager)).toEqual([
      false,
      "guard-phone",
      "security-desk",
    ]);
  });
});

describe("variables", () => {
  it("names one that is missing, or empty, and nothing else that follows from it", () => {
    for (const value of [undefined, ""]) {
      expect(problemOf("", "", { BUTTONS_SECRET: value })).toEqual({
        path: "sources.buttons.secret",
        line: 11,
        column: 29,
        wrong: "the environment variable BUTTONS_SECRET is not set",
        expected: "a value in BUTTONS_SECRET",
      });
    }
  });

  it("that are missing leave no other problem at their place", () => {
    const id = `"\${TEAMS_APP_ID}"`;
    const teams = `{ appId: ${id}, tenantId: 00000000-0000-0000-0000-000000000001, clientSecret: x }`;
    expect(problemOf("{ local: true }", teams).path).toBe("teams.appId");
  });

  it("are replaced in values only, inside longer texts, and once", () => {
    const env = { ...environment, CITY: "Dronten", TRICK: `\${CITY}", lead: true, x: "` };
    expect(load("Gemeente Voorbeeld", `"Gemeente \${CITY}"`, env).organisation).toBe("Gemeente Dronten");
    expect(load("Gemeente Voorbeeld", `"\${TRICK}"`, env).organisation).toBe(env.TRICK);
    expect(problemOf("  back-office: {}", `  "\${CITY}": {}`, env)).toMatchObject({ path: "channels.…" });
  });

  it("refuses what is no name of a variable", () => {
    const problem = problemOf("Gemeente Voorbeeld", `"\${CITY:-Dronten}"`);
    expect(problem.wrong).toBe("there is no name of a variable between $ { and }");
  });
});

describe("problems", () => {
  it("come all at once, with path, line and column, in the order of the file", () => {
    const text = small
      .replace("organisation", "organistion")
      .replace("type: webhook", "type: webhok")
      .replace('"0042"', "0042")
      .replace("page: guard-phone", "page: guard-phne")
      .replace("after: 60s", "after: 60");
    let error: unknown;
    try {
      parseConfiguration("rugdekking.yaml", text, environment, kinds);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(ConfigurationError);
    if (!(error instanceof ConfigurationError)) return;
    expect(error.problems.map(({ path, line, column }) => `${path} ${line}:${column}`)).toEqual([
      "organisation 1:1",
      "organistion 2:1",
      "sources.buttons.type 11:14",
      "buttons[0].id 13:24",
      "policies.building.steps[1].after 20:11",
    ]);
  });

  it.each([
    [
      "an unknown setting at the top",
      "organisation:",
      "organisation: X\norganization:",
      "organization",
      "organisation",
    ],
    [
      "an unknown setting of a policy",
      "repeatEvery: 3m",
      "repeatEvery: 3m\n    arivewithin: 2m",
      "policies.building.arivewithin",
      "arriveWithin",
    ],
    ["an unknown setting of a person", "lead: true", "led: true", "people[0].led", "lead"],
    [
      "an unknown setting of a step",
      "after: 60s, page",
      "after: 60s, then: x, page",
      "policies.building.steps[1].then",
      "one of after",
    ],
    [
      "an unknown setting of a source",
      "channel: frontdesk }",
      "channel: frontdesk, chanel: x }",
      "sources.buttons.chanel",
      "channel",
    ],
    [
      "an unknown setting of a pager",
      "{ type: webhook, url",
      "{ type: webhook, ulr: x, url",
      "pagers.security-desk.ulr",
      "url",
    ],
    ["an unknown type", "{ type: webhook, url", "{ type: weebhook, url", "pagers.security-desk.type", "webhook"],
    [
      "a type that is a word of JavaScript",
      "{ type: webhook, url",
      "{ type: constructor, url",
      "pagers.security-desk.type",
      "webhook",
    ],
    [
      "a name that every object has",
      "organisation:",
      "locations: { constructor: { name: Gemeentehuis } }\norganisation:",
      "locations.constructor",
      "another name",
    ],
    [
      "a name that would be left out unseen",
      "organisation:",
      "locations: { __proto__: { name: Gemeentehuis } }\norganisation:",
      "",
      "another name",
    ],
    [
      "a variable that every object has",
      "organisation: Gemeente Voorbeeld",
      `organisation: "\${constructor}"`,
      "organisation",
      "a value in constructor",
    ],
    ["another language", "language: en", "language: nel", "language", "een van nl, en"],
    ["another time zone", "organisation:", "timezone: Europe/Amsterdm\norganisation:", "timezone", "Europe/Amsterdam"],
    ["another database", "organisation:", "database: mysql://x\norganisation:", "database", "sqlite:<file>"],
    [
      "a password twice",
      "organisation:",
      "database: { url: postgres://u:p@h/d, password: x }\norganisation:",
      "database",
      "no password in the url",
    ],
    ["a short key", "organisation:", 'guardKeys: ["0123456789"]\norganisation:', "guardKeys[0]", "32 characters"],
    ["no key in the list", "organisation:", "guardKeys: []\norganisation:", "guardKeys", "one secret at least"],
    [
      "three keys",
      "organisation:",
      `guardKeys: [${["a", "b", "c"].map((letter) => letter.repeat(32))}]\norganisation:`,
      "guardKeys",
      "two secrets at most",
    ],
    [
      "the same key twice",
      "organisation:",
      `guardKeys: [${"a".repeat(32)}, ${"a".repeat(32)}]\norganisation:`,
      "guardKeys",
      "two secrets that differ",
    ],
    ["a key that is no list", "organisation:", `guardKeys: ${"a".repeat(32)}\norganisation:`, "guardKeys", "a list"],
    ["a duration without a unit", "repeatEvery: 3m", 'repeatEvery: "3"', "policies.building.repeatEvery", "2m"],
    [
      "a promise of no time at all",
      "repeatEvery: 3m",
      "repeatEvery: 3m\n    arriveWithin: 0s",
      "policies.building.arriveWithin",
      "1s at least",
    ],
    ["duty on no day", "onDuty: never", 'onDuty: "man 08:00-17:30"', "people[1].onDuty", "mon-fri 08:00-17:30"],
    ["a phone without its country", "+31600000001", "0600000001", "people[0].phone", "+31600000001"],
    [
      "a step that tells and pages",
      "after: 60s, page",
      "after: 60s, tell: frontdesk, page",
      "policies.building.steps[1]",
      "one of tell",
    ],
    [
      "a label of two lines",
      "type: webhook, url",
      'type: webhook, label: "de\\nmeldkamer", url',
      "pagers.security-desk.label",
      "one line of text",
    ],
    [
      "a label too long for a card",
      "type: webhook, secret",
      `type: webhook, label: ${"x".repeat(41)}, secret`,
      "sources.buttons.label",
      "up to 40 characters",
    ],
    [
      "a label that says nothing",
      "type: webhook, secret",
      'type: webhook, label: "", secret',
      "sources.buttons.label",
      "one line of text",
    ],
    ["a name with capitals", "  back-office:", "  Back-office:", "channels.Back-office", "lower-case"],
    [
      "a place too long for a card",
      "Spreekkamer 3",
      `Spreekkamer ${"3".repeat(80)}`,
      "buttons[0].place",
      "80 characters",
    ],
    ["an id without quotes", '"0042"', "0042", "buttons[0].id", "text (in quotes)"],
    ["no pagers", part("pagers:", "language:"), "pagers: {}\n", "pagers", "one at least"],
  ])("%s", (_title, from, to, path, expected) => {
    const { problems } = errorOf(from, to);
    expect(problems.map((problem) => problem.path)).toContain(path);
    expect(problems.find((problem) => problem.path === path)?.expected).toContain(expected);
  });

  it("names a setting that nobody reads, however deep it stands", () => {
    const { problems } = problemsOf(
      "{ type: sia-dc09, policy: building, channel: frontdesk, listen: { host: 127.0.0.1, port: 1, transprt: udp }, " +
        'accounts: { "0042": { kee: 0123456789abcdef }, XYZ: {} } }',
    );
    expect(problems.map(({ path, wrong }) => [path, wrong])).toEqual(
      expect.arrayContaining([
        ["sources.buttons.listen.transprt", "there is no such setting here"],
        ["sources.buttons.accounts.….kee", "there is no such setting here"],
        ["sources.buttons.accounts.XYZ", "this name can't be used"],
      ]),
    );
    expect(problems.find(({ path }) => path.endsWith("kee"))?.expected).toContain("key");
    expect(problems.find(({ path }) => path.endsWith("XYZ"))?.expected).toContain("hexadecimal digits, in quotes");
    expect(JSON.stringify(problems)).not.toContain("0123456789abcdef");
  });

  describe("an account without quotes", () => {
    const of = (key: string) =>
      `{ type: sia-dc09, policy: building, channel: frontdesk, listen: { port: 1 }, accounts: { ${key}: {} } }`;

    it.each(["001234", "123E4", "12e4", "0xABC", "0o17", "1234567890123456789", "12.50", "+123", "~", "Null", "TRUE"])(
      "%s would be another one",
      (account) => {
        const { problems } = problemsOf(of(account));
        const wrong = "YAML reads this key as something else than what is written";
        const line = small.split("\n").findIndex((each) => each.includes("buttons: { type")) + 1;
        expect(problems).toMatchObject([{ wrong, expected: "the key in quotes", line }]);
        expect(problems[0]?.column).toBe(of("").indexOf(": {} }") + "  buttons: ".length + 1);
        expect(problemsOf(of(`"${account}"`)).problems.map((problem) => problem.wrong)).not.toContain(wrong);
      },
    );

    it.each(["1234", "1A2B", "ABC", "12E4F"])("%s is itself", (account) => {
      expect(problemsOf(of(account)).problems).toEqual([]);
    });
  });

  it("a file that is not there, no YAML, or no mapping", () => {
    expect(reportOf("test/config/absent.yaml")).toContain(
      problems.nl.noFile(toFileFault(Object.assign(new Error(), { code: "ENOENT" }), "nl")).expected,
    );
    expect(reportOf("test/config")).toContain(problems.nl.unreadableFile("het is een map (EISDIR)").wrong);
    expect(problemOf(small, "organisation: [")).toMatchObject({ path: "", line: 1 });
    expect(problemOf(small, "")).toMatchObject({ path: "", wrong: readings.nl.is.empty });
    expect(problemOf("  back-office: {}", "  frontdesk: {}")).toMatchObject({
      line: 6,
      wrong: "this key is here twice",
    });
  });
});

describe("what must not be told", () => {
  const secret = "whsec_Z2VoZWltIGdlaGVpbQ";
  it.each([
    ["a secret of the wrong type", fromEnvironment, `[${secret}]`],
    ["a secret as a key", fromEnvironment, `{ ${secret}: x }`],
    ["a secret without its colon", `secret: ${fromEnvironment}`, `secret ${secret}`],
    ["a secret as a setting", `secret: ${fromEnvironment}`, secret],
    ["a secret as a type", "{ type: webhook, url", `{ type: ${secret}, url`],
    ["a secret as a channel", "channel: frontdesk }", `channel: ${secret} }`],
    ["a secret as hours", "onDuty: never", `onDuty: ${secret}`],
    ["a secret as a policy", "policy: building", `policy: ${secret}`],
    ["a secret as a pager's name", "page: guard-phone", `page: ${secret}`],
    ["a secret as a channel's name", "  back-office", `  ${secret}`],
    ["a secret that is too short", fromEnvironment, secret.slice(0, 12)],
    ["a secret in an address", "https://desk.example.nl/alarms", `//desk:${secret}@`],
    ["a key that is too short", "teams:", `guardKeys: [${secret}]\nteams:`],
    ["a key without its list", "teams:", `guardKeys: ${secret}\nteams:`],
    ["a key as a setting", "teams:", `guardKeys: { ${secret}: x }\nteams:`],
    ["a secret in the database's address", "teams:", `database: "mysql://x:${secret}@db/x"\nteams:`],
    ["a secret in the public address", "teams:", `publicUrl: "https://x:${secret}@example.nl"\nteams:`],
    ["a secret in broken YAML", fromEnvironment, `"${secret}\\q" ${secret} *${secret}`],
    ["a secret as a tag", fromEnvironment, `!x!${secret} y`],
    ["a secret as an alias", fromEnvironment, `*${secret}`],
  ])("%s", (_title, from, to) => {
    const error = errorOf(from, to);
    expect(error.problems.length).toBeGreaterThan(0);
    for (const text of [toConfigurationReport(error), JSON.stringify(error.problems), String(error.stack)]) {
      expect(text).not.toContain(secret.slice(0, 12));
    }
  });
});

it("the report says file, place, what is wrong and what is expected", () => {
  expect(toConfigurationReport(errorOf("page: guard-phone", "page: guard-phne"))).toBe(
    `${configuration.en.refused("rugdekking.yaml", 1)}\n\n` +
      "  rugdekking.yaml:21:24  policies.building.steps[2].page\n" +
      '    there is no pager of that name: "guard-phne"; expected one of security-desk, guard-phone\n',
  );
});

function reportOf(path: string): string {
  try {
    loadConfiguration(path, {}, kinds);
    return "";
  } catch (error) {
    if (error instanceof ConfigurationError) return toConfigurationReport(error);
    throw error;
  }
}

/** The problems of the small configuration when its source is another one. */
function problemsOf(source: string): Pick<ConfigurationError, "problems"> {
  const text = small.replace(/buttons: \{ type: webhook.*\}/, `buttons: ${source}`);
  try {
    parseConfiguration("rugdekking.yaml", text, environment, everyKind);
    return { problems: [] };
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}
