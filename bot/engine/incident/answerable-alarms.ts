import { formatIdentity } from "../../domain/alarm-identity.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { rolesIn } from "../../domain/incident/roles.ts";
import type { Person } from "../../domain/person.ts";
import { mayAskFrom, type Role } from "../../domain/who-may.ts";
import { late, withTimeout } from "../../kit/with-timeout.ts";
import type { Directory } from "../../ports/directory.ts";
import type { AnswerableAlarm, AnswerableAlarms } from "../../ports/teams-requests.ts";
import { duplicateMs } from "../kernel/alarms.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { OpenIncidents } from "../kernel/open/open-incidents.ts";
import { loadRung } from "./rung.ts";

/** An alarm that was closed longer ago is not what somebody answers now. */
const closedWithinMs = 3_600_000;
const maxClosed = 50;
/** Stands in for the source where the identity of an answer is kept beside those of alarms: answers come from none. */
export const answersSource = "";
/** Of this many open alarms it is read whether somebody of no list was rung for them; nobody is for more at once. */
const maxSought = 20;
/** Longest that somebody waits for what has to be read. */
const readWithinMs = 1_000;

/**
 * Knows what a colleague may answer from their chat with the bot (rule 28). What is open is known from memory, because
 * an answer must not need a disk; what can't be read of somebody's rights is none, because they would be told a place.
 */
export function createAnswerableAlarms(
  { store, clock, log }: Pick<Kernel, "store" | "clock" | "log">,
  openIncidents: Pick<OpenIncidents, "listNearest">,
  directory: Pick<Directory, "rolesOf" | "expected">,
): AnswerableAlarms {
  /** The ids of those for which this person was ever rung. */
  async function loadRungFor(by: Person, alarms: readonly AnswerableAlarm[]): Promise<ReadonlySet<string>> {
    const rung = new Set<string>();
    const reading = store.read(async (reader) => {
      for (const { incident } of alarms)
        if ((await loadRung(incident.id, by.id, reader)) !== null) rung.add(incident.id);
    });
    const read = await withTimeout(clock, readWithinMs, reading).catch((error: unknown) => {
      log.warn({ err: error }, "answerable-not-read");
    });
    if (read === late) log.warn({}, "answerable-not-read");
    return rung;
  }

  return {
    async listOpen(by) {
      const known = directory.rolesOf(by);
      const alarms = openIncidents
        .listNearest()
        .map(({ incident }) => ({ incident, roles: toRoles(incident, by, known) }))
        .toSorted((one, other) => other.incident.openedAt - one.incident.openedAt);
      const unproven = alarms.filter((alarm) => !isAnswerable(alarm)).slice(0, maxSought);
      if (unproven.length === 0) return alarms;
      const rung = await loadRungFor(by, unproven);
      return alarms
        .map(({ incident, roles }) => ({ incident, roles: rung.has(incident.id) ? withRung(roles) : roles }))
        .filter(isAnswerable);
    },
    async loadLastClosed(by) {
      const since = clock.now() - closedWithinMs;
      const closed = await store.read(async (reader) => {
        const lists: (readonly Incident[])[] = [];
        for (const { name } of directory.expected.sources) lists.push(await reader.listClosed(name, since, maxClosed));
        return lists.flat();
      });
      const [last = null] = closed
        .filter((incident) => isAbout(incident, by))
        .toSorted((one, other) => (other.closedAt ?? 0) - (one.closedAt ?? 0));
      return last;
    },
    loadAnswered(message) {
      return store.read(async (reader) => {
        for (const kind of ["helped", "answered"] as const) {
          const found = await reader.findAlarm(answersSource, formatIdentity({ kind, message }));
          if (found === null || found.incident === null || clock.now() - found.receivedAt >= duplicateMs) continue;
          const incident = await reader.loadIncident(found.incident);
          if (incident !== null) return { incident, isHelp: kind === "helped" };
        }
        return null;
      });
    },
  };
}

function toRoles(incident: Incident, by: Person, known: readonly Role[]): readonly Role[] {
  const roles = [...known, ...rolesIn(incident, { by, isLead: known.includes("lead") })];
  return incident.deliveries.some(({ person }) => person.id === by.id) ? withRung(roles) : roles;
}

function withRung(roles: readonly Role[]): readonly Role[] {
  return [...roles, "rung"];
}

/** Help is what most may ask for: whoever may answer, and who pressed. */
function isAnswerable({ roles }: AnswerableAlarm): boolean {
  return mayAskFrom("help", "chat", roles);
}

/** Whether this person was rung for it or answered it. */
function isAbout({ responders, deliveries }: Incident, { id }: Person): boolean {
  return [...responders, ...deliveries].some(({ person }) => person.id === id);
}
