import type { Step } from "../../domain/incident/policy.ts";
import type { PersonEntry } from "../configuration.ts";
import type { Path } from "../document/document.ts";
import type { Findings } from "../document/findings.ts";
import type { PolicyEntry } from "../document/policy-format.ts";
import { checkReference } from "./check-names.ts";

/** Names that a step may use; null where their section can't be read. */
export interface Reach {
  readonly channels: readonly string[] | null;
  readonly pagers: readonly string[] | null;
  /** Pagers that can call colleagues, as far as they can be read. */
  readonly callers: readonly string[] | null;
  /** Whether there may be a roster with a phone in it. */
  readonly hasPhones: boolean;
}

/** Finds what would make a policy silent (rule 21): steps that lead nowhere or never fire, and what is missing. */
export function lintPolicy(entry: PolicyEntry, path: Path, reach: Reach, findings: Findings): void {
  const steps = [...path, "steps"];
  entry.steps.forEach((step, index) => {
    lintTarget(step, [...steps, index], reach, findings);
    lintCall(step, [...steps, index], reach, findings);
    lintMoment(entry, index, [...steps, index], findings);
  });
  if (!entry.steps.some((step) => step.kind === "tell" && step.afterMs === 0))
    findings.addProblem(steps, findings.words.problems.nobodyTold);
  if (!entry.steps.some((step) => step.kind === "page")) findings.addProblem(steps, findings.words.problems.neverPaged);
}

/** The pagers that a policy pages, or calls by. */
export function listPaged(policies: Readonly<Record<string, PolicyEntry>>): ReadonlySet<string> {
  const steps = Object.values(policies).flatMap((policy) => policy.steps);
  return new Set(steps.flatMap((step) => (step.kind === "tell" ? [] : [step.pager])));
}

/** Warns of pagers that no step pages, because people would rely on them. */
export function checkPaged(
  pagers: readonly string[],
  policies: Readonly<Record<string, PolicyEntry>>,
  findings: Findings,
): void {
  const paged = listPaged(policies);
  for (const name of pagers) {
    if (!paged.has(name)) findings.addWarning(`pagers.${name}`, findings.words.warnings.notPaged);
  }
}

/**
 * Warns of policies that no colleague can meet, because somebody may have meant otherwise: they wait for more of them
 * than there are.
 */
export function checkClaims(
  policies: Readonly<Record<string, PolicyEntry>>,
  people: readonly Pick<PersonEntry, "onDuty">[] | null,
  findings: Findings,
): void {
  if (people === null) return;
  if (people.every(({ onDuty }) => onDuty.kind === "never"))
    findings.addWarning("people", findings.words.warnings.neverOnDuty);
  for (const [name, { claimsNeeded }] of Object.entries(policies)) {
    if (claimsNeeded > people.length)
      findings.addWarning(`policies.${name}`, findings.words.warnings.tooMany(claimsNeeded, people.length));
  }
}

function lintTarget(step: Step, path: Path, reach: Reach, findings: Findings): void {
  if (step.kind === "tell") checkReference("channel", step.channel, [...path, "tell"], reach.channels, findings);
  if (step.kind === "page") checkReference("pager", step.pager, [...path, "page"], reach.pagers, findings);
}

/** Finds a call step whose pager can't call people, or that has nobody to call. */
function lintCall(step: Step, path: Path, reach: Reach, findings: Findings): void {
  if (step.kind !== "call") return;
  const { problems, readings } = findings.words;
  if (reach.callers?.includes(step.pager) === false)
    findings.addProblem([...path, "by"], { wrong: problems.noCaller, expected: readings.oneOf(reach.callers) });
  if (!reach.hasPhones) findings.addProblem([...path, "call"], problems.noPhones);
}

/**
 * Finds a step that can never fire: a round ends `repeatEvery` after its last page, and the next begins at its first
 * step, so what would come later never does.
 */
function lintMoment(entry: PolicyEntry, index: number, path: Path, findings: Findings): void {
  const step = entry.steps[index];
  if (step === undefined) return;
  if (entry.steps.slice(0, index).some((earlier) => isSameStep(earlier, step))) {
    findings.addProblem(path, findings.words.problems.sameStep);
  }
  const pages = entry.steps.filter(({ kind }) => kind === "page");
  if (pages.length === 0) return;
  const repeatAtMs = Math.max(...pages.map(({ afterMs }) => afterMs)) + entry.repeatEvery;
  if (step.afterMs >= repeatAtMs) {
    findings.addProblem([...path, "after"], findings.words.problems.tooLate(repeatAtMs / 1000));
  }
}

function isSameStep(a: Step, b: Step): boolean {
  if (a.afterMs !== b.afterMs) return false;
  if (a.kind === "tell") return b.kind === "tell" && a.channel === b.channel;
  return b.kind === a.kind && a.pager === b.pager;
}
