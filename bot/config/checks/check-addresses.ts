import { isIPv6 } from "node:net";
import type { Listen, PersonEntry, TeamsSettings } from "../configuration.ts";
import { isAnyAddress, isLoopback } from "../document/file-format.ts";
import type { Findings } from "../document/findings.ts";

/**
 * Refuses a bot that anybody could call as Teams: without an app registration nothing is authenticated, so all must
 * stay on this machine.
 */
export function checkTeams(teams: TeamsSettings, listen: Listen | null, findings: Findings): void {
  if (teams.appId === null && !teams.local) {
    findings.addProblem(
      ["teams", "appId"],
      "there is no app registration, so nobody who calls could be trusted",
      "appId, tenantId and clientSecret, or local: true for an emulator on this machine",
    );
  }
  for (const key of ["tenantId", "clientSecret"] as const) {
    if (teams.appId === null || teams[key] !== null) continue;
    findings.addProblem(["teams", key], "it is missing", "the one that belongs to teams.appId");
  }
  if (teams.local && listen !== null && !isLoopback(listen.host)) {
    findings.addProblem(
      ["listen", "host"],
      "with teams.local anybody on the network could press and claim",
      "127.0.0.1",
    );
  }
  if (teams.serviceUrl === null) return;
  if (!teams.local) {
    findings.addProblem(["teams", "serviceUrl"], "only teams.local may name one: Teams names its own", "no serviceUrl");
  } else if (!isLoopback(URL.parse(teams.serviceUrl)?.hostname ?? "")) {
    findings.addProblem(
      ["teams", "serviceUrl"],
      "with teams.local it has to be on this machine",
      "an address on 127.0.0.1",
    );
  }
}

/** Warns of doors that are open to every network this machine is in, past the proxy that speaks TLS. */
export function checkListen({ host }: Listen, findings: Findings): void {
  if (!isAnyAddress(host)) return;
  findings.addWarning(
    "listen.host: every network of this machine reaches the bot without TLS, past a proxy; 127.0.0.1 is for a proxy on " +
      "this machine",
  );
}

/** Warns of a code that nobody can use, because only a lead may link and test where there is one; and of no lead. */
export function checkLinkCode(
  { linkCode }: Pick<TeamsSettings, "linkCode">,
  people: readonly Pick<PersonEntry, "lead">[] | null,
  findings: Findings,
): void {
  const hasLead = people?.some(({ lead }) => lead) ?? false;
  if (linkCode !== null && hasLead)
    findings.addWarning("teams.linkCode is not used: there is a team lead in people, who may link and test");
  if (people !== null && !hasLead)
    findings.addWarning("people: nobody has lead: true, so who has the link code links channels and tests security");
}

/**
 * Returns the address for links and call-backs: the configured one, else the one the process listens on. It never ends
 * in a slash. `isLocal`: nobody who calls as Teams is authenticated, so that nobody may reach it from elsewhere.
 */
export function checkPublicUrl(publicUrl: string | null, listen: Listen, isLocal: boolean, findings: Findings): string {
  if (publicUrl === null) {
    if (isAnyAddress(listen.host)) {
      findings.addProblem(["publicUrl"], "it is missing", "an address by which guards reach this process");
    }
    return `http://${isIPv6(listen.host) ? `[${listen.host}]` : listen.host}:${listen.port}`;
  }
  const url = URL.parse(publicUrl);
  if (isLocal && !isLoopback(url?.hostname ?? "")) {
    findings.addProblem(
      ["publicUrl"],
      "with teams.local anybody who reaches it could press and claim",
      "an address on 127.0.0.1, or none",
    );
  } else if (url?.protocol === "http:" && !isLoopback(url.hostname)) {
    findings.addWarning("publicUrl is plain http: guards' links and answers cross the network in the clear");
  }
  return publicUrl;
}
