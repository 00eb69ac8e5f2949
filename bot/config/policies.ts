import type { Policy, Step } from "../domain/incident/policy.ts";
import type { ChannelEntry } from "./configuration.ts";
import type { PolicyEntry } from "./document/policy-format.ts";

type Tagged = Readonly<Record<string, Pick<ChannelEntry, "tag">>>;

/**
 * What a step tells that tells the channel for which the alarm is (rule 23), unless a channel of the configuration has
 * that very name.
 */
export const ownChannel = "own";

/**
 * The policy in the form that an incident stores, but for its own channel: steps in the order of their moments, those
 * of one moment as in the file. What tells a channel has the tag of that channel with it, so that an incident keeps
 * that too (rule 6).
 */
export function toPolicy(name: string, entry: PolicyEntry, channels: Tagged): Policy {
  return {
    name,
    claimsNeeded: entry.claimsNeeded,
    arriveWithinMs: entry.arriveWithin,
    teamsWithinMs: entry.teamsWithin,
    guardWithinMs: entry.guardWithin,
    checkAfterMs: entry.checkAfter,
    checkAnswerWithinMs: entry.checkAnswerWithin,
    repeatEveryMs: entry.repeatEvery,
    steps: entry.steps.toSorted((a, b) => a.afterMs - b.afterMs).map((step) => withTag(step, channels)),
  };
}

/** The policy as an alarm of that channel has it. */
export function toPolicyIn(policy: Policy, channel: string, channels: Tagged): Policy {
  const isOwn = (step: Step) => step.kind === "tell" && isOwnChannel(step.channel, channels);
  if (!policy.steps.some(isOwn)) return policy;
  const own = (step: Step) => withTag({ kind: "tell", afterMs: step.afterMs, channel }, channels);
  return { ...policy, steps: policy.steps.map((step) => (isOwn(step) ? own(step) : step)) };
}

/** Whether that name stands for whichever channel an alarm is for. */
export function isOwnChannel(name: string, channels: Readonly<Record<string, unknown>>): boolean {
  return name === ownChannel && !Object.hasOwn(channels, ownChannel);
}

function withTag(step: Step, channels: Tagged): Step {
  if (step.kind !== "tell") return step;
  const tag = channels[step.channel]?.tag ?? null;
  return tag === null ? step : { ...step, tag: { id: tag.id, name: tag.name } };
}
