import { describe, expect, it } from "vitest";
import { maxTextLength, toPlainText } from "../../../../../adapters/protocols/sia-dc09/sender/event-frame.ts";
import { toEventText } from "../../../../../adapters/protocols/sia-dc09/sender/event-text.ts";
import { ats, townHall } from "../../../../fixtures/sites.ts";

const where = { place: "Spreekkamer 3", directions: "Links van de balie" };

describe("the text of an event", () => {
  it("is place and directions where there are no locations", () => {
    expect(toEventText(where, undefined, false, "No.")).toBe("Spreekkamer 3, Links van de balie");
    expect(toEventText(where, undefined, true, "No.")).toBe("TEST Spreekkamer 3, Links van de balie");
  });

  it("is the place, its address and whom to call back, then how to get there", () => {
    expect(toEventText(where, townHall, false, "No.")).toBe(
      "Spreekkamer 3, Gemeentehuis, Raadhuisplein 12-A, 1234 AB Voorbeeld, +31300000001, Links van de balie, " +
        "Hoofdingang, meld je bij de balie, Gemeente Voorbeeld",
    );
  });

  it("says that nobody can be called back, and nothing where nobody said whom", () => {
    const [impossible, unsaid] = [{ kind: "impossible" } as const, null].map((callBack) =>
      toEventText(where, { ...townHall, entrance: null, callBack }, false, "Terugbellen kan niet."),
    );
    expect(impossible).toContain("1234 AB Voorbeeld, Terugbellen kan niet, Links van de balie");
    expect(unsaid).toContain("1234 AB Voorbeeld, Links van de balie");
  });

  it.each(ats)("leaves out whole what has no room behind place, address and number, %s", (_name, at) => {
    const text = toEventText(at, at.site, false, "No.");
    expect(text.length).toBeLessThanOrEqual(maxTextLength);
    for (const part of [at.place, at.site.address]) expect(text).toContain(toPlainText(part ?? ""));
    const { callBack, entrance, organisation } = at.site;
    const number = callBack?.kind === "number" ? callBack.number : "nobody";
    expect(text).toContain(`, ${number}`);
    const rest = text.slice(text.indexOf(number) + number.length);
    const whole = [at.directions, entrance, organisation].map((part) => `, ${toPlainText(part ?? "")}`);
    expect(whole.reduce((left, part) => (left.startsWith(part) ? left.slice(part.length) : left), rest)).toBe("");
  });
});
