import { isIPv6 } from "node:net";
import type { Listen, PersonEntry, TeamsSettings } from "../configuration.ts";
import { isAnyAddress, isLoopback } from "../document/file-format.ts";
import type { Findings } from "../document/findings.ts";

/**
 * Refuses a bot that anybody could call as Teams: without an app registration nothing is authenticated, so all must
 * stay on this machine.
 */
export function checkTeams(teams: TeamsSettings, listen: Listen | null, findings: Findings): void {
  const words = findings.words.problems;
  if (teams.appId === null && !teams.local) {
    findings.addProblem(["teams", "appId"], words.noApp);
  }
  for (const key of ["tenantId", "clientSecret"] as const) {
    if (teams.appId === null || teams[key] !== null) continue;
    findings.addProblem(["teams", key], words.noAppPart);
  }
  if (teams.local && listen !== null && !isLoopback(listen.host)) {
    findings.addProblem(["listen", "host"], words.localListens);
  }
  if (teams.serviceUrl === null) return;
  if (!teams.local) {
    findings.addProblem(["teams", "serviceUrl"], words.serviceUrlWithoutLocal);
  } else if (!isLoopback(URL.parse(teams.serviceUrl)?.hostname ?? "")) {
    findings.addProblem(["teams", "serviceUrl"], words.serviceUrlElsewhere);
  }
}

/** Warns of doors that are open to every network this machine is in, past the proxy that speaks TLS. */
export function checkListen({ host }: Listen, findings: Findings): void {
  if (!isAnyAddress(host)) return;
  findings.addWarning("listen.host", findings.words.warnings.everyNetwork);
}

/** Warns of a code that nobody can use, because only a lead may link and test where there is one; and of no lead. */
export function checkLinkCode(
  { linkCode }: Pick<TeamsSettings, "linkCode">,
  people: readonly Pick<PersonEntry, "lead">[] | null,
  findings: Findings,
): void {
  const hasLead = people?.some(({ lead }) => lead) ?? false;
  if (linkCode !== null && hasLead) findings.addWarning("teams.linkCode", findings.words.warnings.linkCodeUnused);
  if (people !== null && !hasLead) findings.addWarning("people", findings.words.warnings.noLead);
}

/**
 * Returns the address for links and call-backs: the configured one, else the one the process listens on. It never ends
 * in a slash. `isLocal`: nobody who calls as Teams is authenticated, so that nobody may reach it from elsewhere.
 */
export function checkPublicUrl(publicUrl: string | null, listen: Listen, isLocal: boolean, findings: Findings): string {
  const { words } = findings;
  if (publicUrl === null) {
    if (isAnyAddress(listen.host)) {
      findings.addProblem(["publicUrl"], words.problems.noPublicUrl);
    }
    return `http://${isIPv6(listen.host) ? `[${listen.host}]` : listen.host}:${listen.port}`;
  }
  const url = URL.parse(publicUrl);
  if (isLocal && !isLoopback(url?.hostname ?? "")) {
    findings.addProblem(["publicUrl"], words.problems.publicLocal);
  } else if (url?.protocol === "http:" && !isLoopback(url.hostname)) {
    findings.addWarning("publicUrl", words.warnings.plainHttp);
  }
  return publicUrl;
}
