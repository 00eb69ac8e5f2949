import type { DecisionReason } from "../command.ts";
import { changeRound, changeStep, type Draft, note } from "../draft.ts";
import { type DeliveryFailure, isReportedLater } from "../incident.ts";
import { isDeferred } from "../is-deferred.ts";
import { bringNextPageForward, changePager, changePageStep, findPage } from "./found-page.ts";
import { withdrawPage } from "./pager-progress.ts";

/**
 * A page about to be sent. Only `unclaimed` is looked at again, because nobody is to be paged after a claim by a slow
 * queue (rule 12).
 */
export function startPage(draft: Draft, key: string): DecisionReason {
  const found = findPage(draft, key);
  if (found === null) return "unknown-page";
  const newest = draft.incident.pagers[found.pager];
  if (newest !== undefined && newest.key !== key) return "page-withheld";
  // A human has answered what we believed had not arrived.
  if (newest?.state === "answered" || newest?.failure === "guard-declined") return "page-withheld";
  // Somebody there said meanwhile that nobody need come.
  if (newest !== undefined && newest.callOff !== null) return "page-withheld";
  const { current } = found;
  if (current === null) return "page-started";
  // Withheld before, and the process ended before its row was gone.
  if (current.progress.state === "held" || current.progress.state === "waiting") return "page-withheld";
  if (current.progress.state !== "queued") {
    // Another try: from now on it may arrive.
    changePager(draft, found.pager, key, { at: draft.now });
    return "page-started";
  }
  const { progress, index } = current;
  if (progress.reason === "unclaimed" && isDeferred(draft, null)) {
    changeStep(draft, index, { state: "held", reason: null, sentAt: null });
    withdrawPage(draft, found.pager);
    note(draft, { kind: "page-held", pager: found.pager });
    return "page-withheld";
  }
  changeStep(draft, index, { state: "started" });
  changeRound(draft, { pagedAt: draft.incident.round.pagedAt ?? draft.now });
  changePager(draft, found.pager, key, { state: "started", at: draft.now });
  return "page-started";
}

/** The provider has it; no human has answered. */
export function acceptPage(draft: Draft, key: string): DecisionReason {
  const found = findPage(draft, key);
  if (found === null) return "unknown-page";
  const before = draft.incident.pagers[found.pager];
  // What the provider told of its end may have been faster than its own receipt.
  const isNews =
    isUnanswered(draft, found.pager, key) && before?.state !== "accepted" && !isReportedLater(before?.failure);
  if (!isNews) return "already-so";
  changePageStep(draft, found, "accepted");
  changePager(draft, found.pager, key, { state: "accepted", failure: null, at: draft.now });
  note(draft, { kind: "page-accepted", pager: found.pager, key });
  return "page-accepted";
}

/** A page that did not arrive: the next one is due now, while this one is tried again (rule 14). */
export function failPage(draft: Draft, key: string, reason: DeliveryFailure): DecisionReason {
  const found = findPage(draft, key);
  if (found === null) return "unknown-page";
  const before = draft.incident.pagers[found.pager];
  // After the provider had it, only the provider can say that it reached nobody.
  const mayFail = before?.state !== "accepted" || isReportedLater(reason);
  const isNews = isUnanswered(draft, found.pager, key) && mayFail && before?.failure !== reason;
  if (!isNews) return "already-so";
  const isFirst = before?.state !== "failed";
  changePageStep(draft, found, "failed");
  changePager(draft, found.pager, key, { state: "failed", failure: reason, at: draft.now });
  note(draft, { kind: "page-failed", pager: found.pager, key, reason });
  // Who was told that nobody need come makes no next one come.
  if (isFirst && before?.callOff === null) bringNextPageForward(draft, found);
  return "page-failed";
}

/** Only the newest page of a pager tells how it stands, and a human's answer is never overwritten by a provider's. */
function isUnanswered(draft: Draft, pager: string, key: string): boolean {
  const newest = draft.incident.pagers[pager];
  return newest?.key === key && newest.state !== "answered" && newest.failure !== "guard-declined";
}
