import type { Chained } from "../chains.ts";
import type { Findings } from "../document/findings.ts";
import type { PolicyEntry } from "../document/policy-format.ts";
import { isOwnChannel } from "../policies.ts";

/**
 * Finds chains of which the own channel is not notified at the press: the card would stand there, and nobody would be
 * called to it (rule 21). `channels` null: they can't be read.
 */
export function checkCalls(
  chains: readonly Chained[],
  policies: Readonly<Record<string, PolicyEntry>>,
  channels: readonly string[] | null,
  findings: Findings,
): void {
  const named = Object.fromEntries((channels ?? []).map((name) => [name, true]));
  const { problems, readings } = findings.words;
  const seen = new Set<string>();
  for (const { policy, channel, path } of chains) {
    const steps = Object.hasOwn(policies, policy) ? policies[policy]?.steps : undefined;
    const told = steps?.flatMap((step) => (step.kind === "tell" && step.afterMs === 0 ? [step.channel] : [])) ?? [];
    const notified = told.map((name) => (isOwnChannel(name, named) ? channel : name));
    // A policy that notifies nobody and a channel that is not there are problems of their own.
    const areKnown = [channel, ...notified].every((each) => channels?.includes(each));
    const key = JSON.stringify(path);
    if (notified.length === 0 || notified.includes(channel) || !areKnown || seen.has(key)) continue;
    seen.add(key);
    if (path.at(-1) === "channel") {
      const expected = problems.orOtherPolicy(readings.oneOf(notified));
      findings.addProblem(path, { wrong: problems.channelNotTold, expected });
    } else {
      findings.addProblem(path, problems.policyTellsOther(channel));
    }
  }
}
