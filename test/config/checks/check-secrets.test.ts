import { describe, expect, it } from "vitest";
import { kinds as allKinds } from "../../../bot/app.ts";
import { parseConfiguration } from "../../../bot/config/load-configuration.ts";
import { environment, load, small } from "../small.ts";

const guessed = (path: string) => `${path}: it can be guessed; make one with: openssl rand -base64 24`;

describe("a secret that can be guessed", () => {
  const strong = "secret: k7Qv2Rm9Xd4Tz8Lw";

  it("is a warning and a weakness that name where it stands, and never what it is", () => {
    const { warnings, weaknesses } = load(strong, "secret: wachtwoord123456");
    expect(weaknesses).toEqual([guessed("pagers.security-desk.secret")]);
    expect(warnings).toEqual(expect.arrayContaining([...weaknesses]));
    expect(JSON.stringify(warnings)).not.toContain("wachtwoord");
  });

  it.each([
    ["metricsToken: Gemeentehuis-2026", "metricsToken"],
    ['doctorToken: "1234567890123456"', "doctorToken"],
    ['guardKeys: ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]', "guardKeys"],
  ])("%s is found", (line, path) => {
    expect(load("organisation:", `${line}\norganisation:`).weaknesses).toEqual([guessed(path)]);
  });

  it("is found when it comes from the environment", () => {
    const weak = { ...environment, BUTTONS_SECRET: "buttons-secret-0123456789" };
    const { weaknesses } = parseConfiguration("x.yaml", small, weak, { ...allKinds });
    expect(weaknesses).toEqual([guessed("sources.buttons.secret")]);
  });

  it("is a code only where it is what anybody tries first", () => {
    const weaknessesOf = (code: string) =>
      load("teams: { local: true }", `teams: { local: true, linkCode: "${code}" }`).weaknesses;
    expect(weaknessesOf("1234-5678")).toEqual([guessed("teams.linkCode")]);
    expect(weaknessesOf("4821-7730")).toEqual([]);
  });

  it("is none that a provider gave out, such as Teams' own", () => {
    const teams = "{ appId: 00000000-0000-0000-0000-0000000000aa, tenantId: 00000000-0000-0000-0000-0000000000aa";
    expect(load("teams: { local: true }", `teams: ${teams}, clientSecret: geheim }`).weaknesses).toEqual([]);
  });
});

describe("a topic of ntfy that can be guessed", () => {
  const weaknessesOf = (settings: string) => {
    const text = small.replace(/guard-phone: \{.*\}/, `guard-phone: { type: ntfy, ${settings} }`);
    return parseConfiguration("x.yaml", text, environment, { ...allKinds }).weaknesses;
  };

  it.each([
    "topic: alarm",
    "topic: rugdekking-meldkamer-voorbeeld",
    'server: "https://ntfy.example.nl", topic: k7Qv2Rm9Xd',
  ])("%s without a token is a weakness", (settings) => {
    expect(weaknessesOf(settings)).toEqual([expect.stringMatching(/^pagers\.guard-phone: without a token/)]);
  });

  it.each([
    "topic: k7Qv2Rm9Xd4Tz8LwPb3V",
    "topic: alarm, token: tk_k7Qv2Rm9Xd4Tz8Lw",
    "topic: alarm, user: bot, password: k7Qv2Rm9Xd4",
  ])("%s is none", (settings) => {
    expect(weaknessesOf(settings)).toEqual([]);
  });
});
