import { join } from "node:path";
import type { Colleague } from "./fakes/teams.ts";

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;

/** Of the source `buttons`, and of every other one a story adds. */
export const sourceSecret = "een-lang-geheim-voor-knoppen";
export const deskSecret = "een-lang-geheim-voor-de-desk";
export const phoneSecret = "een-lang-geheim-voor-phone";
export const frontdesk = "19:alarms@thread.tacv2";
export const backOffice = "19:other@thread.tacv2";

function colleague(name: string, number: number): Colleague {
  const id = `00000000-0000-4000-8000-00000000000${number}`;
  return { teamsId: `29:${number}`, aadObjectId: id, name };
}
export const alice = colleague("Alice Jansen", 1);
export const bob = colleague("Bob de Vries", 2);
export const carol = colleague("Carol Smit", 3);
/** Wears button 0042: the presser of most stories. */
export const paul = colleague("Paul Drager", 4);
/** Team lead, not on duty. */
export const lea = colleague("Lea Leider", 5);
/** In the channel, not among the people of the configuration. */
export const sam = colleague("Sam Anders", 6);

/** The configuration of a story, as in the file; what a story says replaces the section as a whole. */
export type Settings = Record<string, unknown>;

function person({ name, aadObjectId }: Colleague, onDuty: string, lead = false): Settings {
  return { name, id: aadObjectId, onDuty, lead };
}

export const people = [
  person(alice, "always"),
  person(bob, "always"),
  person(carol, "never"),
  person(paul, "always"),
  person(lea, "never", true),
];

export const building = {
  arriveWithin: "2m",
  repeatEvery: "3m",
  steps: [
    { after: "0s", tell: "frontdesk" },
    { after: "60s", page: "desk" },
    { after: "120s", page: "phone" },
  ],
};

/** What every story begins with: five buttons, one source, one policy and two pagers. */
export function toSettings(
  folder: string,
  serviceUrl: string,
  deskUrl: string,
  phoneUrl: string,
  policy: Settings = {},
): Settings {
  return {
    organisation: "Gemeente Voorbeeld",
    listen: { host: "127.0.0.1", port: 0 },
    publicUrl: "http://127.0.0.1:1",
    database: `sqlite:${join(folder, "rugdekking.db")}`,
    teams: { local: true, serviceUrl: serviceUrl },
    channels: { frontdesk: { conversation: frontdesk }, "back-office": { conversation: backOffice } },
    people,
    sources: { buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" } },
    buttons: [
      { source: "buttons", id: "0042", place: "Spreekkamer 3", directions: "Links van de balie", holder: paul.name },
      { source: "buttons", id: "0043", place: "Spreekkamer 3", holder: carol.name },
      { source: "buttons", id: "0044", place: "Spreekkamer 3" },
      { source: "buttons", id: "0051", place: "Balie" },
      { source: "buttons", id: "0060", place: "Buitendienst", fixed: false },
    ],
    policies: { building: { ...building, ...policy } },
    pagers: {
      desk: { type: "webhook", url: deskUrl, secret: deskSecret },
      phone: { type: "webhook", url: phoneUrl, secret: phoneSecret },
    },
  };
}
