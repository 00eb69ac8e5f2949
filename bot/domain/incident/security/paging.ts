import { formatKey } from "../../message-key.ts";
import type { Command, DecisionReason } from "../command.ts";
import { changeIncident, changeRound, changeStep, type Draft, noteEvent, stepsOf } from "../draft.ts";
import { type DeliveryFailure, isReportedLater, type PagerProgress } from "../incident.ts";
import { isDeferred } from "../is-deferred.ts";
import { bringNextPageForward, changePager, changePageStep, findPage } from "./found-page.ts";
import { keysOf, toSentAs, withdrawPage, withPageBefore } from "./pager-progress.ts";

/**
 * Decides whether a page that is about to be sent still goes. Only a page for `unclaimed` may be held here, because
 * nobody is to be paged after a claim only because the queue was slow (rule 12).
 */
export function startPage(draft: Draft, key: string): DecisionReason {
  const found = findPage(draft, key);
  if (found === null) return "unknown-page";
  const newest = draft.incident.pagers[found.pager];
  // Nobody can send it any more, and the policy that took over pages instead.
  if (found.isGone) return "page-withheld";
  // A newer one went out, or this one was taken back.
  if (newest?.key !== key) return "page-withheld";
  // A human has answered a page that seemed not to have arrived.
  if (newest.state === "answered" || newest.failure === "guard-declined") return "page-withheld";
  // Security was called off meanwhile.
  if (newest.callOff !== null) return "page-withheld";
  const { current } = found;
  // It was withheld before, and the process ended before the row was deleted.
  if (current?.progress.state === "held" || current?.progress.state === "waiting") return "page-withheld";
  if (current?.progress.state !== "queued") {
    // This is another try, or the first one of a page whose round is over. It may arrive from now on.
    changePager(draft, found.pager, key, { at: draft.now, ...(newest.state === "queued" && { state: "started" }) });
    return "page-started";
  }
  const { progress, index } = current;
  if (progress.reason === "unclaimed" && isDeferred(draft, null)) {
    changeStep(draft, index, { state: "held", reason: null, sentAt: null });
    withdrawPage(draft, found.pager);
    noteEvent(draft, { kind: "page-held", pager: found.pager });
    return "page-withheld";
  }
  changeStep(draft, index, { state: "started" });
  changeRound(draft, { pagedAt: draft.incident.round.pagedAt ?? draft.now });
  changePager(draft, found.pager, key, { state: "started", at: draft.now });
  return "page-started";
}

/** Records that the provider has the page; no human has answered yet. `sentAs` as of the command. */
export function acceptPage(draft: Draft, key: string, sentAs?: string): DecisionReason {
  const found = findPage(draft, key);
  if (found === null) return "unknown-page";
  const before = findUnanswered(draft, found.pager, key);
  // The provider's report of how it ended may have come before its receipt.
  if (before === null || before.state === "accepted" || isReportedLater(before.failure)) return "already-so";
  changePageStep(draft, found, "accepted");
  const keys = toSentAs(before, sentAs ?? (before.sentAs && key));
  changePager(draft, found.pager, key, { state: "accepted", failure: null, at: draft.now, ...keys });
  noteEvent(draft, { kind: "page-accepted", pager: found.pager, key });
  return "page-accepted";
}

/** Records that a page did not arrive: the next one is due now, while this one is tried again (rule 14). */
export function failPage(draft: Draft, key: string, reason: DeliveryFailure, sentAs?: string): DecisionReason {
  const found = findPage(draft, key);
  if (found === null) return "unknown-page";
  const before = findUnanswered(draft, found.pager, key);
  if (before === null || before.failure === reason) return "already-so";
  // Once the provider has accepted it, only the provider can report that it reached nobody.
  if (before.state === "accepted" && !isReportedLater(reason)) return "already-so";
  changePageStep(draft, found, "failed");
  changePager(draft, found.pager, key, {
    ...{ state: "failed", failure: reason, at: draft.now },
    ...toSentAs(before, sentAs),
  });
  noteEvent(draft, { kind: "page-failed", pager: found.pager, key, reason });
  // After a call-off nobody need come, so the next page stays where it is.
  if (before.state !== "failed" && before.callOff === null) bringNextPageForward(draft, found);
  return "page-failed";
}

/**
 * Records a page that went out from memory for a press, so that whoever has it is told what changes, and called off. It
 * stands for the step of this round that pages there, which goes out all the same, because it has a link (rule 1).
 */
export function notePageBefore(
  draft: Draft,
  { pager, sentAs }: Extract<Command, { kind: "page-before" }>,
): DecisionReason {
  const { id, round, pagers } = draft.incident;
  const known = pagers[pager];
  if (known !== undefined && [known, ...known.earlier].some((page) => keysOf(page).includes(sentAs)))
    return "already-so";
  const own = stepsOf(draft).find(({ step }) => step.kind === "page" && step.pager === pager);
  if (own === undefined) return "unknown-page";
  const key = formatKey({ kind: "page", incident: id, round: round.number, step: own.index });
  const sent = { key, reason: "unclaimed", state: "accepted", at: draft.now, failure: null, sentAs: [sentAs] } as const;
  changeIncident(draft, { pagers: { ...pagers, [pager]: withPageBefore(known, sent) } });
  noteEvent(draft, { kind: "page-accepted", pager, key });
  return "page-accepted";
}

/**
 * That page, when it is its pager's newest and no human has answered it; else null, because a provider's report never
 * replaces a human's answer.
 */
function findUnanswered(draft: Draft, pager: string, key: string): PagerProgress | null {
  const newest = draft.incident.pagers[pager];
  if (newest?.key !== key || newest.state === "answered" || newest.failure === "guard-declined") return null;
  return newest;
}
