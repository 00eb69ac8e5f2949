import { stringify } from "yaml";
import type { Given } from "./answers.ts";

/** What is written: the configuration, and what it takes from the environment. */
export interface InitFiles {
  readonly configuration: string;
  readonly environment: string;
  readonly variables: Readonly<Record<string, string>>;
}

const header = `# yaml-language-server: $schema=manifests/rugdekking.schema.json
# Made by "npm run init". manifests/rugdekking.example.yaml shows all there is: more people, buttons, locations, routes
# to security. "npm run check-config" says whether a change is right.
`;
const secretsHeader = "# What rugdekking.yaml takes from the environment. Show it to nobody.\n";

/**
 * Composes the files of a first configuration, with its database at that path. `makeSecret` makes one by chance, of
 * letters, digits, - and _.
 */
export function composeFiles(given: Given, database: string, makeSecret: () => string): InitFiles {
  const variables: Record<string, string> = {};
  const take: Take = (name, value) => {
    variables[name] = value ?? makeSecret();
    return `\${${name}}`;
  };
  const configuration = {
    organisation: given.organisation,
    language: given.language,
    listen: { host: "127.0.0.1", port: 3978, trustedProxies: ["127.0.0.1"] },
    ...(given.publicUrl === undefined ? {} : { publicUrl: given.publicUrl }),
    database: `sqlite:${database}`,
    metricsToken: take("METRICS_TOKEN", undefined),
    doctorToken: take("DOCTOR_TOKEN", undefined),
    teams: toTeams(given, take),
    channels: { [String(given.channel)]: {} },
    people: [
      {
        name: given.leadName,
        id: given.leadId,
        ...(given.leadPhone === undefined ? {} : { phone: given.leadPhone }),
        onDuty: "always",
        lead: true,
      },
    ],
    sources: {
      buttons: {
        type: given.source,
        secret: take("BUTTONS_SECRET", undefined),
        policy: "building",
        channel: given.channel,
      },
      chat: { type: "teams", policy: "building", channel: given.channel },
    },
    buttons: [{ source: "buttons", id: given.button, place: given.place }],
    policies: {
      building: {
        claimsNeeded: Number(given.claimsNeeded),
        repeatEvery: "3m",
        steps: [
          { after: "0s", tell: "own" },
          { after: "60s", page: "security" },
        ],
      },
    },
    pagers: { security: toPager(given, take) },
  };
  const text = `${header}\n${stringify(configuration, { lineWidth: 0 })}`;
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${toQuoted(value)}\n`);
  return { configuration: text, environment: secretsHeader + lines.join(""), variables };
}

/** Puts a value into a variable, made where there is none, and returns how the configuration takes it. */
type Take = (name: string, value: string | undefined) => string;

function toTeams({ appId, tenantId, clientSecret, clientSecretEndsOn }: Given, take: Take): object {
  if (appId === undefined) return { local: true, serviceUrl: "http://127.0.0.1:56150/_connector" };
  const ends = clientSecretEndsOn === undefined ? {} : { clientSecretEndsOn };
  return { appId, tenantId, clientSecret: take("TEAMS_CLIENT_SECRET", clientSecret), ...ends };
}

function toPager(given: Given, take: Take): object {
  if (given.pager === "webhook")
    return { type: "webhook", url: given.pagerUrl, secret: take("SECURITY_SECRET", undefined) };
  const { mailHost, mailFrom, mailTo, mailUser, mailPassword } = given;
  const login = mailUser === undefined ? {} : { user: mailUser, password: take("MAIL_PASSWORD", mailPassword) };
  return { type: "smtp", host: mailHost, security: "starttls", ...login, from: mailFrom, to: [mailTo] };
}

/** A value as Node, a shell, systemd and compose read it alike. Throws where no quotes fit. */
function toQuoted(value: string): string {
  const quote = ["'", '"'].find((each) => !value.includes(each) && !(each === '"' && /[\\$`]/.test(value)));
  if (quote === undefined || /[\r\n]/.test(value))
    throw new Error("A secret with both kinds of quotes can't be written.");
  return `${quote}${value}${quote}`;
}
