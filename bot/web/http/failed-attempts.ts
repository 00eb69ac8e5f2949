import type { RequestHandler } from "express";
import { ipKeyGenerator, type RateLimitRequestHandler, rateLimit } from "express-rate-limit";

const attemptsPerMinute = 20;

/**
 * Limits failed attempts per address; `onLimit` answers when the limit is used up. Call it only after an attempt
 * failed, so that whoever can prove who they are comes in, also from an address that guesses. An IPv6 caller counts by
 * its /56.
 * The address is the socket's: behind a proxy all callers share one count, and a forged X-Forwarded-For buys nothing.
 */
export function limitFailedAttempts(onLimit: RequestHandler): RateLimitRequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: attemptsPerMinute,
    keyGenerator: (request) => ipKeyGenerator(request.socket.remoteAddress ?? "", 56),
    standardHeaders: false,
    legacyHeaders: false,
    validate: false,
    handler: onLimit,
  });
}
