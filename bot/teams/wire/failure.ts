import { z } from "zod";
import type { TokenFault } from "../../domain/teams-test/teams-test.ts";
import { DeliveryError } from "../../errors.ts";
import { isWithoutConnection } from "../../kit/network.ts";
import { answerTooLong } from "../../kit/read-text.ts";

/**
 * Longest wait that we take from a Retry-After, because an alarm is not put aside for an hour when a server says so.
 */
const maxWaitMs = 60_000;

const Headers = z.looseObject({
  get: z.custom<(name: string) => unknown>((get) => typeof get === "function"),
});

/** The fields of the SDK's RestError we decide by; its message may hold an address and is never shown. */
const Failure = z.looseObject({
  statusCode: z.number().optional().catch(undefined),
  code: z
    .string()
    .regex(/^\w{1,64}$/)
    .optional()
    .catch(undefined),
  request: z
    .looseObject({ url: z.string(), headers: Headers.optional().catch(undefined) })
    .optional()
    .catch(undefined),
  response: z.looseObject({ headers: Headers }).optional().catch(undefined),
});

/** A gateway sent it on, and got no answer (RFC 9110, 15.6.5). */
const gatewayTimeout = 504;

/** With these Teams says that it does not take what the message holds, wherever it goes. */
const contentStatuses: ReadonlySet<number> = new Set([400, 413, 415, 422]);

/** Teams does not take what a message holds. It is the `cause` of the DeliveryError, because other content may pass. */
export class ContentRefused extends Error {
  override readonly name = "ContentRefused";
}

/** What should be changed, or the conversation, is not there any more. It is the `cause` of the DeliveryError. */
export class Gone extends Error {
  override readonly name = "Gone";
}

/** There is no token, or Teams does not take ours. It is the `cause` of the DeliveryError. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
  readonly fault: TokenFault;
  constructor(message?: string, fault: TokenFault = { flaw: "login-refused", answer: null }) {
    super(message);
    this.fault = fault;
  }
}

/** What else is known of a call that failed. */
interface FailedCall {
  /** Had it arrived, another try would be one message more. */
  readonly isPost?: boolean;
  /** Another try would carry another token. */
  readonly isOutdated?: boolean;
}

/**
 * Returns what a failed call to Teams means for the message: 403, 404 and other refusals are permanent, 412 and 429 ask
 * for patience, and after everything else the message may or may not have arrived.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit#status-code-responses
 */
export function toDeliveryError(
  error: unknown,
  now: number,
  { isPost = false, isOutdated = false }: FailedCall = {},
): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const failure = Failure.safeParse(error).data;
  const status = failure?.statusCode;
  if (status === undefined) {
    const host = URL.parse(failure?.request?.url ?? "")?.hostname;
    const whose = host === undefined ? "Teams" : `Teams at ${host}`;
    return new DeliveryError("unreachable", `${whose} did not answer (${failure?.code ?? "aborted"})`, {
      answer: failure?.code ?? null,
      mayHaveArrived: isPost && mayHaveBeenSent(error, failure),
      ...(error instanceof TokenRefused ? { cause: new TokenRefused(failure?.code) } : {}),
    });
  }
  const answer = `${status} ${failure?.code ?? ""}`.trimEnd();
  const message = `Teams answered ${answer}`;
  if (status === 412 || status === 429) {
    const retryAfterMs = toWaitMs(failure?.response?.headers.get("retry-after"), now);
    return new DeliveryError("throttled", message, { answer, retryAfterMs });
  }
  // 401 is about our own token: with another one the message goes at once, and without one its secret can be put right.
  if (status === 401) {
    const cause = new TokenRefused(failure?.code);
    return new DeliveryError("unreachable", message, { answer, cause, retryAfterMs: isOutdated ? 0 : null });
  }
  if (status === 408 || status >= 500) {
    return new DeliveryError("unreachable", message, { answer, mayHaveArrived: isPost && status === gatewayTimeout });
  }
  return new DeliveryError("refused", message, { answer, ...toCause(status, failure?.code) });
}

function toCause(status: number, code: string | undefined): { readonly cause?: Error } {
  if (contentStatuses.has(status)) return { cause: new ContentRefused(code) };
  return status === 404 || status === 410 ? { cause: new Gone(code) } : {};
}

/** Whether Teams said no, for whatever reason. */
export function isRefused(error: unknown): error is DeliveryError {
  return error instanceof DeliveryError && error.reason === "refused";
}

/** Whether Teams said that it is not there any more, so that no other try can change it. */
export function isGone(error: unknown): boolean {
  return isRefused(error) && error.cause instanceof Gone;
}

/** Whether it may have arrived, and only the answer was lost. */
export function isAnswerLost(error: unknown): error is DeliveryError {
  return error instanceof DeliveryError && error.mayHaveArrived;
}

/** Whether Teams asked for patience. */
export function isThrottled(error: unknown): error is DeliveryError {
  return error instanceof DeliveryError && error.reason === "throttled";
}

/** Whether nothing came back that is an answer of Teams. */
export function isUnanswered(error: unknown): boolean {
  return !(error instanceof DeliveryError) || error.reason === "unreachable";
}

/** Whether Teams said no to what the message holds. */
export function isContentRefused(error: unknown): error is DeliveryError {
  return isRefused(error) && error.cause instanceof ContentRefused;
}

/** The token that a call was signed with and that Teams answered with 401; null for every other failure. */
export function toRefusedToken(error: unknown): string | null {
  const failure = Failure.safeParse(error).data;
  if (failure?.statusCode !== 401) return null;
  const header = z.string().safeParse(failure.request?.headers?.get("authorization")).data;
  return /^Bearer (\S+)$/.exec(header ?? "")?.[1] ?? null;
}

/** Whether a call that got no answer may have come as far as Teams; without a token it never left. */
function mayHaveBeenSent(error: unknown, failure: z.infer<typeof Failure> | undefined): boolean {
  if (error instanceof TokenRefused) return false;
  if (failure?.request !== undefined) return !isWithoutConnection(failure.code ?? "");
  return failure?.code === answerTooLong || (error instanceof Error && /^(Abort|Timeout)Error$/.test(error.name));
}

/** Retry-After in seconds or as a date (RFC 9110, 10.2.3), at most a minute; null when it is absent or nonsense. */
function toWaitMs(header: unknown, now: number): number | null {
  const text = z.string().safeParse(header).data?.trim();
  if (text === undefined || text === "") return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), maxWaitMs);
}
