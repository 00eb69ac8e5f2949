import { describe, expect, it } from "vitest";
import { leaseMs, maxSendMs, sendGraceMs, sendOverMs } from "../../bot/ports/timing.ts";

describe("timing", () => {
  it("ends a sending that does not listen before it counts as over", () => {
    expect(maxSendMs + sendGraceMs).toBeLessThan(sendOverMs);
  });

  it("counts a sending as over well before its row may be leased again", () => {
    expect(sendOverMs).toBeLessThan(leaseMs);
    // A row may wait in its lane for as long as sendings take, and still be sent under the same lease.
    expect(leaseMs - sendOverMs).toBeGreaterThanOrEqual(2 * maxSendMs);
  });
});
