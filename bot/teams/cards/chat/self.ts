import { occupiedOf } from "../../../domain/incident/colleagues/deliveries.ts";
import { isAskable } from "../../../domain/incident/colleagues/inside.ts";
import { isPresser } from "../../../domain/incident/draft.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { Person } from "../../../domain/person.ts";
import type { Self } from "../../../words/chat/alarm-in-chat.ts";
import { isLate, type Standing } from "../incident/standing.ts";

/** What this person is in the incident now; null: they said nothing that counts. */
export function toSelf(incident: Incident, standing: Standing, person: Person): Self | null {
  if (isPresser(incident, person)) return "presser";
  const responder = incident.responders.find((each) => each.person.id === person.id);
  switch (responder?.state) {
    case "there":
      if (responder.helpAt !== undefined && standing.help === "asked") return "help";
      return responder.silentAt !== null || standing.checkDueBy !== null ? "silent" : "there";
    case "coming":
      return standing.isLapsed && isLate(incident.round, responder.since) ? "late" : "coming";
    case "declined":
      return "declined";
    default:
      if (responder?.helpAt !== undefined) return "help-away";
      if (occupiedOf(incident).some(({ id }) => id === person.id)) return "elsewhere";
      return isAskable(incident, person) ? null : "was-there";
  }
}
