import { z } from "zod";
import type { Configuration } from "../../bot/config/configuration.ts";
import { ConfigurationError, type ConfigurationProblem } from "../../bot/config/configuration-error.ts";
import { parseConfiguration } from "../../bot/config/load-configuration.ts";

/** How a setting is taken from the environment. */
export const fromEnvironment = `"\${BUTTONS_SECRET}"`;

/** The smallest configuration that holds every section; tests change a line of it. */
export const small = `
organisation: Gemeente Voorbeeld
teams: { local: true }
channels:
  frontdesk: {}
  back-office: {}
people:
  - { name: A. Jansen, id: 00000000-0000-0000-0000-00000000000A, phone: "+31600000001", lead: true }
  - { name: B. de Vries, id: 00000000-0000-0000-0000-00000000000B, onDuty: never }
sources:
  buttons: { type: webhook, secret: ${fromEnvironment}, policy: building, channel: frontdesk }
buttons:
  - { source: buttons, id: "0042", place: Spreekkamer 3, directions: Begane grond, holder: A. Jansen }
  - { source: buttons, id: "0101", place: Buiten, fixed: false }
policies:
  building:
    repeatEvery: 3m
    steps:
      - { after: 0s, tell: frontdesk }
      - { after: 60s, page: security-desk }
      - { after: 120s, page: guard-phone }
pagers:
  security-desk: { type: webhook, url: "https://desk.example.nl/alarms", secret: k7Qv2Rm9Xd4Tz8Lw }
  guard-phone: { type: webhook, url: "https://phone.example.nl/alarms", secret: k7Qv2Rm9Xd4Tz8Lw }
language: en
`;

export const environment = { BUTTONS_SECRET: "b3Vw9Tq7Zp5Xn1Rk8Md4" };

export const kinds = {
  isForbidden: () => false,
  sources: {
    webhook: { Options: z.object({ secret: z.string().min(16) }), hasHeartbeat: true },
    teams: { Options: z.object({}), hasHeartbeat: false },
  },
  pagers: {
    webhook: {
      Options: z.object({ url: z.url(), secret: z.string().min(16) }),
      canCall: false,
      canTell: true,
      mayGetPhones: true,
      addresses: () => [],
    },
  },
};

/** The text of `small` from one word up to another, to replace it as a whole. */
export function part(from: string, to: string): string {
  return small.slice(small.indexOf(from), small.indexOf(to));
}

/** Parses `small` after replacing `from` by `to`; fails when there is nothing to replace. */
export function load(from = "", to = "", env: Record<string, string | undefined> = environment): Configuration {
  if (!small.includes(from)) throw new Error(`There is no ${from} in the small configuration.`);
  return parseConfiguration(
    "rugdekking.yaml",
    small.replace(from, () => to),
    env,
    kinds,
  );
}

/** Of what the same change brings a warning, but that it has no locations. */
export function warningsOf(from = "", to = "", env?: Record<string, string | undefined>): readonly string[] {
  return load(from, to, env).warnings.filter((warning) => !warning.startsWith("locations: "));
}

/** The error that the same change brings. */
export function errorOf(from: string, to: string, env?: Record<string, string | undefined>): ConfigurationError {
  try {
    load(from, to, env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error("That configuration was accepted.");
}

/** Its only problem; fails when there are more. */
export function problemOf(from: string, to: string, env?: Record<string, string | undefined>): ConfigurationProblem {
  const { problems } = errorOf(from, to, env);
  const [problem, ...more] = problems;
  if (problem === undefined || more.length > 0) throw new Error(`Problems: ${JSON.stringify(problems, null, 1)}`);
  return problem;
}
