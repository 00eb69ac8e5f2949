import type { PagerEntry } from "../configuration.ts";
import type { Findings } from "../document/findings.ts";
import type { PolicyEntry } from "../document/policy-format.ts";
import { checkReference } from "./check-names.ts";
import { listPaged } from "./policy-linter.ts";

/**
 * Refuses a pager by which troubles would be taken for an alarm: one that rings, or one that guards come for. `pagers`:
 * those that can be read; `names` null: that section can't be.
 */
export function checkTroubleRoute(
  tell: string | null,
  pagers: Readonly<Record<string, Pick<PagerEntry, "canTell">>>,
  names: readonly string[] | null,
  policies: Readonly<Record<string, PolicyEntry>>,
  findings: Findings,
): void {
  if (tell === null) return;
  const path = ["troubles", "tell"];
  checkReference("pager", tell, path, names, findings);
  const pager = Object.hasOwn(pagers, tell) ? pagers[tell] : undefined;
  if (pager === undefined) return;
  const paged = listPaged(policies);
  const fit = Object.keys(pagers).filter((name) => pagers[name]?.canTell === true && !paged.has(name));
  const { problems, readings } = findings.words;
  const expected = fit.length > 0 ? readings.oneOf(fit) : problems.ownTroubleRoute;
  if (!pager.canTell) findings.addProblem(path, { wrong: problems.troubleRings, expected });
  else if (paged.has(tell)) findings.addProblem(path, { wrong: problems.troublePages, expected });
}
