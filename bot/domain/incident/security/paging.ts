import { parsePageKey } from "../../message-key.ts";
import { close } from "../colleagues/respond.ts";
import type { DecisionReason } from "../command.ts";
import { holdsBack } from "../escalate.ts";
import type { DeliveryFailure, Guard, Outcome, PagerProgress, StepProgress } from "../incident.ts";
import { isGuardComing, isGuardThere } from "../presence.ts";
import { change, changeRound, changeStep, note, stepsOf, type Turn } from "../turn.ts";
import { withdrawPage } from "./pager-progress.ts";

/** A page about to be sent: only `unclaimed` is looked at again, nobody is paged after a claim because of a slow queue (rule 12). */
export function startPage(turn: Turn, key: string): DecisionReason {
  const found = findPage(turn, key);
  if (found === null) return "unknown-page";
  const newest = turn.incident.pagers[found.pager];
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
    setPager(turn, found.pager, key, { at: turn.now });
    return "page-started";
  }
  const { progress, index } = current;
  if (progress.reason === "unclaimed" && holdsBack(turn, null)) {
    changeStep(turn, index, { state: "held", reason: null, sentAt: null });
    withdrawPage(turn, found.pager);
    note(turn, { kind: "page-held", pager: found.pager });
    return "page-withheld";
  }
  changeStep(turn, index, { state: "started" });
  changeRound(turn, { pagedAt: turn.incident.round.pagedAt ?? turn.now });
  setPager(turn, found.pager, key, { state: "started", at: turn.now });
  return "page-started";
}

/** The provider has it; no human has answered. */
export function acceptPage(turn: Turn, key: string): DecisionReason {
  const found = findPage(turn, key);
  if (found === null) return "unknown-page";
  const before = turn.incident.pagers[found.pager];
  // What the provider told of its end may have been faster than its own receipt.
  const isNews = isUnanswered(turn, found.pager, key) && before?.state !== "accepted" && !isAfterwards(before?.failure);
  if (!isNews) return "already-so";
  setStep(turn, found, "accepted");
  setPager(turn, found.pager, key, { state: "accepted", failure: null, at: turn.now });
  note(turn, { kind: "page-accepted", pager: found.pager, key });
  return "page-accepted";
}

/** A page that did not arrive: the next one is due now, while this one is tried again (rule 14). */
export function failPage(turn: Turn, key: string, reason: DeliveryFailure): DecisionReason {
  const found = findPage(turn, key);
  if (found === null) return "unknown-page";
  const before = turn.incident.pagers[found.pager];
  // After the provider had it, only the provider can say that it reached nobody.
  const mayFail = before?.state !== "accepted" || isAfterwards(reason);
  const isNews = isUnanswered(turn, found.pager, key) && mayFail && before?.failure !== reason;
  if (!isNews) return "already-so";
  const isFirst = before?.state !== "failed";
  setStep(turn, found, "failed");
  setPager(turn, found.pager, key, { state: "failed", failure: reason, at: turn.now });
  note(turn, { kind: "page-failed", pager: found.pager, key, reason });
  // Who was told that nobody need come makes no next one come.
  if (isFirst && before?.callOff === null) hastenNext(turn, found);
  return "page-failed";
}

/** What a guard answered through the link of that page (rules 14, 15 and 18). */
export function answerPage(turn: Turn, key: string, answer: "accept" | "decline" | "arrived"): DecisionReason {
  const found = findPage(turn, key);
  if (found === null) return "unknown-page";
  const { pager } = found;
  const { guard } = turn.incident.round;
  if (answer === "decline") {
    if (turn.incident.pagers[pager]?.failure === "guard-declined") return "already-so";
    const isCalledOff = (turn.incident.pagers[pager]?.callOff ?? null) !== null;
    if (guard?.pageKey === key) changeRound(turn, { guard: null });
    setStep(turn, found, "failed");
    setPager(turn, pager, key, { state: "failed", failure: "guard-declined", at: turn.now });
    note(turn, { kind: "guard-declined", pager });
    if (!isCalledOff) hastenNext(turn, found);
    return "guard-declined";
  }
  const isMine = guard?.pageKey === key && guard.lapsedAt === null;
  if (answer === "accept" && (isMine || isSecond(turn, pager, key))) return "already-so";
  const nothingAsked = turn.incident.round.checkAskedAt === null && guard?.silentAt === null;
  if (answer === "arrived" && isMine && guard.arrivedAt !== null && nothingAsked) return "already-so";
  setStep(turn, found, "answered");
  setPager(turn, pager, key, { state: "answered", failure: null, at: turn.now, callOff: null });
  const promised = isMine ? guard.acceptedAt : turn.now;
  const accepted: Guard = {
    pageKey: key,
    pager,
    acceptedAt: promised,
    arrivedAt: null,
    signAt: null,
    silentAt: null,
    lapsedAt: null,
  };
  if (answer === "accept") {
    // A second guard's promise does not replace one who is already there or still expected.
    const isFirst = !isGuardComing(turn.incident) && !isGuardThere(turn.incident);
    if (isFirst) changeRound(turn, { guard: accepted });
    note(turn, { kind: "guard-accepted", pager });
    return "guard-accepted";
  }
  const arrivedAt = isMine ? (guard.arrivedAt ?? turn.now) : turn.now;
  changeRound(turn, { guard: { ...accepted, arrivedAt, signAt: turn.now }, checkAskedAt: null });
  note(turn, { kind: "guard-arrived", pager });
  return "guard-arrived";
}

/** Whether this guard promised before, while another one's promise is the one that stands. */
function isSecond({ incident }: Turn, pager: string, key: string): boolean {
  const progress = incident.pagers[pager];
  const hasPromised = progress?.key === key && progress.state === "answered" && progress.callOff === null;
  return hasPromised && incident.round.guard?.pageKey !== key && (isGuardComing(incident) || isGuardThere(incident));
}

/** "Veilig", by a guard who is there (rule 18). */
export function resolveByGuard(turn: Turn, key: string, outcome: Outcome): DecisionReason {
  if (findPage(turn, key) === null) return "unknown-page";
  const { guard } = turn.incident.round;
  if (guard?.pageKey !== key || guard.arrivedAt === null) return "not-there";
  close(turn, "guard", outcome);
  return "resolved";
}

/** What a provider tells of a page that it had accepted. */
function isAfterwards(failure: PagerProgress["failure"] | undefined): boolean {
  return failure === "no-answer" || failure === "undelivered";
}

interface FoundPage {
  readonly pager: string;
  /** null when the page is of an earlier round. */
  readonly current: { readonly progress: StepProgress; readonly index: number } | null;
}

function findPage(turn: Turn, key: string): FoundPage | null {
  const parsed = parsePageKey(key);
  if (parsed === null || parsed.incident !== turn.incident.id || parsed.round > turn.incident.round.number) return null;
  const at = stepsOf(turn).find(({ index }) => index === parsed.step);
  if (at?.step.kind !== "page" || parsed.round < 1) return null;
  return { pager: at.step.pager, current: parsed.round === turn.incident.round.number ? at : null };
}

/** Only the newest page of a pager tells how it stands, and a human's answer is never overwritten by a provider's. */
function isUnanswered(turn: Turn, pager: string, key: string): boolean {
  const newest = turn.incident.pagers[pager];
  return newest?.key === key && newest.state !== "answered" && newest.failure !== "guard-declined";
}

function setStep(turn: Turn, { current }: FoundPage, state: StepProgress["state"]): void {
  if (current !== null && current.progress.sentAt !== null) changeStep(turn, current.index, { state });
}

function setPager(turn: Turn, pager: string, key: string, part: Partial<PagerProgress>): void {
  const before = turn.incident.pagers[pager];
  if (before === undefined) return;
  const progress: PagerProgress = { ...before, ...part, key: before.key };
  // A guard may answer the link of an earlier page: what counts is that a human of this pager answered.
  const isHuman = part.state === "answered" || part.failure === "guard-declined";
  if (before.key !== key && !isHuman) return;
  change(turn, { pagers: { ...turn.incident.pagers, [pager]: progress } });
}

function hastenNext(turn: Turn, { pager, current }: FoundPage): void {
  const next = stepsOf(turn).find(({ step, progress }) => step.kind === "page" && progress.state === "waiting");
  if (next === undefined) return;
  const reason = current?.progress.reason ?? turn.incident.pagers[pager]?.reason ?? null;
  changeStep(turn, next.index, { dueAt: turn.now, reason: next.progress.reason ?? reason });
}
