import { expect, it } from "vitest";
import { kinds } from "../../bot/app.ts";
import { loadConfiguration } from "../../bot/config/load-configuration.ts";
import { problems } from "../../bot/words/settings/problems.ts";

const id = "00000000-0000-0000-0000-0000000000aa";
const environment = {
  TEAMS_APP_ID: id,
  TEAMS_TENANT_ID: id,
  TEAMS_CLIENT_SECRET: "teams-client-secret",
  BUTTONS_SECRET: "whsec_Ux8dQmN3vR7kT2pLw9ZcYb5HfJ6sEa4G",
  PAC_KEY: "8f3a61c9d2e74b05a1f86c3d9e02b74d",
  TWILIO_SID: "AC00000000000000000000000000000001",
  TWILIO_TOKEN: "a1b2c3d4e5f60718293a4b5c6d7e8f90",
  SMTP_PASSWORD: "r4Tz8Lw2Qv9Xk",
};

it("the example is accepted without a warning, with the kinds there are", () => {
  const example = loadConfiguration("manifests/rugdekking.example.yaml", environment, kinds);
  expect(example.warnings).toEqual([]);
  expect(example).toMatchObject({
    organisation: "Gemeente Voorbeeld",
    language: "nl",
    timezone: "Europe/Amsterdam",
    listen: { host: "127.0.0.1", port: 3978, trustedProxies: ["127.0.0.1"] },
    publicUrl: "https://alarm.example.nl",
    teams: { appId: id, local: false },
    channels: { frontdesk: { conversation: null } },
    sources: { buttons: { type: "webhook", policy: "building", channel: "frontdesk" } },
  });
  expect(example.buttons[0]).toMatchObject({ id: "0042", place: "Spreekkamer 3", holder: "A. Jansen", fixed: true });
  expect(Object.keys(example.pagers)).toEqual(["meldkamer", "telefoon-beveiliger", "mail-beveiliger", "mail-beheer"]);
  // To aggression nobody goes alone.
  expect(example.policies.building?.claimsNeeded).toBe(2);
  expect(example.policies.building?.steps.map(({ afterMs }) => afterMs)).toEqual([0, 30_000, 60_000, 120_000, 120_000]);
});

it("the example says which variables are missing, and nothing else", () => {
  let found: unknown;
  try {
    loadConfiguration("manifests/rugdekking.example.yaml", {}, kinds);
  } catch (error) {
    found = (error as { problems: { wrong: string }[] }).problems.map(({ wrong }) => wrong);
  }
  expect(found).toEqual(Object.keys(environment).map((name) => problems.nl.notInEnvironment(name).wrong));
});
