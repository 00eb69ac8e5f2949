import type { RequestHandler } from "express";
import { ipKeyGenerator, type RateLimitRequestHandler, rateLimit } from "express-rate-limit";

const attemptsPerMinute = 20;

/**
 * A limit on failed attempts per address; `onLimit` answers when it is used up. Call it only after an attempt failed:
 * whoever can prove who he is comes in, also from an address that guesses. An IPv6 caller counts by his /56.
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
