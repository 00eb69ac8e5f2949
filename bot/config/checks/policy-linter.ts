import type { Policy, Step } from "../../domain/incident/policy.ts";
import type { SourceEntry } from "../configuration.ts";
import type { Path } from "../document/document.ts";
import { expectOneOf } from "../document/expect-one-of.ts";
import type { PolicyEntry } from "../document/file-format.ts";
import type { Findings } from "../document/findings.ts";

/** Names that a step may use. */
export interface Reach {
  readonly channels: readonly string[];
  readonly pagers: readonly string[];
  /** Pagers that can call colleagues. */
  readonly callers: readonly string[];
  /** Whether there is a roster with a phone in it. */
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
  if (!entry.steps.some((step) => step.kind === "tell" && step.afterMs === 0)) {
    findings.addProblem(
      steps,
      "no channel is told when a button is pressed",
      "a step such as { after: 0s, tell: <channel> }",
    );
  }
  if (!entry.steps.some((step) => step.kind === "page")) {
    findings.addProblem(steps, "external security is never paged", "a step such as { after: 60s, page: <pager> }");
  }
}

/**
 * Finds sources whose own channel is not notified at the press: the card would stand there, and nobody would be called
 * to it.
 */
export function checkCalls(
  sources: Readonly<Record<string, Pick<SourceEntry, "policy" | "channel">>>,
  policies: Readonly<Record<string, PolicyEntry>>,
  channels: readonly string[],
  findings: Findings,
): void {
  for (const [name, { policy, channel }] of Object.entries(sources)) {
    const steps = Object.hasOwn(policies, policy) ? policies[policy]?.steps : undefined;
    const notified = steps?.flatMap((step) => (step.kind === "tell" && step.afterMs === 0 ? [step.channel] : [])) ?? [];
    // A policy that notifies nobody and a channel that is not there are problems of their own.
    if (notified.length === 0 || notified.includes(channel) || !channels.includes(channel)) continue;
    findings.addProblem(
      ["sources", name, "channel"],
      "its policy does not tell this channel when a button is pressed",
      `${expectOneOf(notified)}, or another policy`,
    );
  }
}

/** Warns of pagers that no step pages, because people would rely on them. */
export function checkPaged(
  pagers: readonly string[],
  policies: Readonly<Record<string, PolicyEntry>>,
  findings: Findings,
): void {
  const paged = new Set(
    Object.values(policies).flatMap(({ steps }) => steps.map((step) => (step.kind === "tell" ? null : step.pager))),
  );
  for (const name of pagers) {
    if (!paged.has(name)) findings.addWarning(`pagers.${name}: no policy pages it`);
  }
}

/**
 * The policy in the form that an incident stores: steps in the order of their moments, those of one moment as in the
 * file.
 */
export function toPolicy(name: string, entry: PolicyEntry): Policy {
  return {
    name,
    claimsNeeded: entry.claimsNeeded,
    arriveWithinMs: entry.arriveWithin,
    teamsWithinMs: entry.teamsWithin,
    guardWithinMs: entry.guardWithin,
    checkAfterMs: entry.checkAfter,
    checkAnswerWithinMs: entry.checkAnswerWithin,
    repeatEveryMs: entry.repeatEvery,
    steps: entry.steps.toSorted((a, b) => a.afterMs - b.afterMs),
  };
}

function lintTarget(step: Step, path: Path, reach: Reach, findings: Findings): void {
  if (step.kind === "tell" && !reach.channels.includes(step.channel)) {
    findings.addProblem([...path, "tell"], "there is no channel of that name", expectOneOf(reach.channels));
  }
  if (step.kind === "page" && !reach.pagers.includes(step.pager)) {
    findings.addProblem([...path, "page"], "there is no pager of that name", expectOneOf(reach.pagers));
  }
}

/** Finds a call step whose pager can't call people, or that has nobody to call. */
function lintCall(step: Step, path: Path, reach: Reach, findings: Findings): void {
  if (step.kind !== "call") return;
  if (!reach.callers.includes(step.pager)) {
    findings.addProblem(
      [...path, "by"],
      "there is no pager of that name that can call people",
      expectOneOf(reach.callers),
    );
  }
  if (!reach.hasPhones) {
    findings.addProblem([...path, "call"], "nobody has a phone to be called on", "people with phone: +316…");
  }
}

/**
 * Finds a step that can never fire: a round ends `repeatEvery` after its last page, and the next begins at its first
 * step, so what would come later never does.
 */
function lintMoment(entry: PolicyEntry, index: number, path: Path, findings: Findings): void {
  const step = entry.steps[index];
  if (step === undefined) return;
  if (entry.steps.slice(0, index).some((earlier) => isSameStep(earlier, step))) {
    findings.addProblem(
      path,
      "this step can never fire: the same one is there already",
      "another moment or another target",
    );
  }
  const pages = entry.steps.filter(({ kind }) => kind === "page");
  if (pages.length === 0) return;
  const repeatAtMs = Math.max(...pages.map(({ afterMs }) => afterMs)) + entry.repeatEvery;
  if (step.afterMs >= repeatAtMs) {
    findings.addProblem(
      [...path, "after"],
      "this step can never fire: by then the steps have begun again",
      `less than ${repeatAtMs / 1000}s (the last page plus repeatEvery)`,
    );
  }
}

function isSameStep(a: Step, b: Step): boolean {
  if (a.afterMs !== b.afterMs) return false;
  if (a.kind === "tell") return b.kind === "tell" && a.channel === b.channel;
  return b.kind === a.kind && a.pager === b.pager;
}
