import { isDeepStrictEqual } from "node:util";
import { unnamed } from "../../../domain/incident/incident.ts";
import type { CommandResult } from "../../../ports/click.ts";
import type { Transaction } from "../../../ports/store/store.ts";
import type { Request } from "../decisions.ts";

/** What one human answered, and what is written in the same transaction. */
export interface HumanAnswer {
  readonly incident: string;
  /**
   * The colleague's id, or the key of the guard's page and which guard it is. The answers of one person are written in
   * the order in which they were given.
   */
  readonly who: string;
  readonly request: Request;
  readonly also?: (tx: Transaction, result: CommandResult) => Promise<void>;
  /** Left out: the answer counts. Else it is asked when it is written; false: as if there were no such incident. */
  readonly mayCount?: (tx: Transaction) => Promise<boolean>;
}

export function toPersonKey({ incident, who }: HumanAnswer): string {
  return JSON.stringify([incident, who]);
}

/** What holds answers together that may be of one person: a colleague, or whoever has a guard's link. */
export function toLinkKey({ who, request }: HumanAnswer): string {
  return request.kind === "guard" ? `guard ${request.pageKey}` : `colleague ${who}`;
}

/** The same call for help by a guard who did not say who they are, because names can be made up without end. */
export function withoutName(answer: HumanAnswer): HumanAnswer {
  if (answer.request.kind !== "guard") return answer;
  const { guard: _, ...request } = answer.request;
  return { ...answer, who: `${request.pageKey} ${unnamed.link}`, request };
}

export function isSame(one: HumanAnswer, other: HumanAnswer): boolean {
  return isDeepStrictEqual(one.request, other.request);
}

/**
 * The request with its moment, where that matters: whoever came to be in another alarm before it could be written does
 * not count in this one (rule 7), and a location that was named since is the newer one (rule 22).
 */
export function toSaid(request: Request, saidAt: number): Request {
  const { kind } = request;
  const isTimed = kind === "claim" || kind === "arrive" || kind === "help" || kind === "correct-place";
  return isTimed ? { ...request, saidAt } : request;
}

/**
 * Whether the newer answer says otherwise than the older one, because whether to go is one question, and where the
 * alarm is another; any other answer counts by itself. A key on the phone replaces nothing that was said in Teams,
 * because anybody may pick that up.
 */
export function isChangeOfMind(newer: HumanAnswer, older: HumanAnswer): boolean {
  if (toPersonKey(newer) !== toPersonKey(older) || (isByPhone(newer.request) && !isByPhone(older.request)))
    return false;
  if (isAboutGoing(newer.request)) return isAboutGoing(older.request);
  return newer.request.kind === "correct-place" && older.request.kind === "correct-place";
}

export function isByPhone(request: Request): boolean {
  return "byPhone" in request && request.byPhone === true;
}

/** A guard who did not say who they are may be another one each time, and changes nobody's mind. */
export function isAboutGoing(request: Request): boolean {
  if (request.kind === "guard") {
    return request.guard !== undefined && (request.answer === "accept" || request.answer === "decline");
  }
  return request.kind === "claim" || request.kind === "decline";
}

/** What it says of where its person is from now on; null: nothing, as a key on the phone does not (rule 7). */
export function toPresence(request: Request) {
  const isOne = request.kind === "arrive" || request.kind === "help" || request.kind === "claim";
  return isOne && !isByPhone(request) ? { by: request.by, kind: request.kind } : null;
}

export function closes(request: Request): boolean {
  return request.kind === "resolve" || (request.kind === "guard" && request.answer === "safe");
}

/** Whether a colleague or a guard says that. */
export function says(request: Request, what: "help"): boolean {
  return request.kind === what || (request.kind === "guard" && request.answer === what);
}
