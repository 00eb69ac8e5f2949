import { describe, expect, it } from "vitest";
import { findPagerTroubles } from "../../../bot/domain/route-test/trouble.ts";

const day = 24 * 3_600_000;
const now = Date.UTC(2026, 10, 24, 9, 0, 0);

describe("a route to external security", () => {
  const route = { pager: "desk", lost: [], provenAt: null, knownAt: now };

  it("is unproven 35 days after the last answer of a human, or after it was first seen", () => {
    expect(findPagerTroubles([{ ...route, knownAt: now - 35 * day }], now)).toEqual([]);
    expect(findPagerTroubles([{ ...route, knownAt: now - 35 * day - 1 }], now)).toEqual([
      { kind: "route-unproven", pager: "desk", lastAt: null },
    ]);
    const provenAt = now - 35 * day;
    expect(findPagerTroubles([{ ...route, knownAt: 0, provenAt }], now)).toEqual([]);
    expect(findPagerTroubles([{ ...route, knownAt: 0, provenAt: provenAt - 1 }], now)).toEqual([
      { kind: "route-unproven", pager: "desk", lastAt: provenAt - 1 },
    ]);
  });

  it("is lost part by part, and that comes first", () => {
    const lost = [
      { part: "primary", since: now - 5 },
      { part: "backup", since: now - 3 },
    ];
    expect(
      findPagerTroubles(
        [
          { ...route, pager: "old", knownAt: 0 },
          { ...route, lost },
        ],
        now,
      ),
    ).toEqual([
      { kind: "pager-lost", pager: "desk", part: "primary", since: now - 5 },
      { kind: "pager-lost", pager: "desk", part: "backup", since: now - 3 },
      { kind: "route-unproven", pager: "old", lastAt: null },
    ]);
  });
});
