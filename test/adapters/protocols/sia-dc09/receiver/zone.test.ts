import { describe, expect, it } from "vitest";
import { toPanel, toZoneButton } from "../../../../../adapters/protocols/sia-dc09/receiver/zone.ts";

describe("the button of a zone", () => {
  it("is called by its panel and the zone, and its panel is read from that", () => {
    expect(toZoneButton("1A2B", "7")).toBe("1A2B/7");
    expect(toPanel("1A2B/7")).toBe("1A2B");
    expect(toPanel("1a2b/7")).toBe("1a2b");
  });

  it.each(["1A2B", "", "/7"])("%j is none", (button) => {
    expect(toPanel(button)).toBeNull();
  });
});
