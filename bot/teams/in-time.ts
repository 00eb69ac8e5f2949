import type { Clock } from "../ports/time.ts";

/**
 * What `work` comes to; "late" when it takes longer than `ms`, whatever becomes of it then. Rejects as `work` does.
 */
export async function inTime<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | "late"> {
  using deadline = clock.timeout(ms);
  const late = Promise.withResolvers<"late">();
  deadline.signal.addEventListener("abort", () => late.resolve("late"), { once: true });
  // Awaited here: returned as it is, it would have no deadline any more.
  return await Promise.race([work, late.promise]);
}
