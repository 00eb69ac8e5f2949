import { describe, expect, it } from "vitest";
import { toPolicyHash } from "../../bot/config/chains.ts";
import { createDirectory } from "../../bot/config/directory.ts";
import type { Alarm } from "../../bot/domain/alarm.ts";
import { buildPress } from "../fixtures/press.ts";
import { load, part } from "./small.ts";

const receivedAt = Date.parse("2026-11-23T09:00:00Z");
/** Every button speaks for itself. */
const noParent = () => null;
const alarm: Alarm = {
  kind: "press",
  id: null,
  button: "0042",
  at: null,
  place: "Elders",
  position: { lat: 52.5, lon: 5.7, accuracyM: 12 },
  battery: null,
  state: null,
  colleague: null,
};

const origin = { source: "buttons", button: "0042", unreadable: false, channel: "frontdesk" };

/** The press that such an alarm becomes. */
function press(changes: Partial<Alarm> = {}, configuration = load()) {
  return createDirectory(configuration, new Set(), noParent).toPress(
    "buttons",
    { ...alarm, ...changes },
    "incident-1",
    receivedAt,
  );
}

describe("a press", () => {
  it("of a known button has its configured place, directions and holder", () => {
    const directory = createDirectory(load(), new Set(), noParent);
    const known = buildPress({
      incident: "incident-1",
      holder: { id: "00000000-0000-0000-0000-00000000000a", name: "A. Jansen" },
      directions: "Begane grond",
      position: alarm.position,
      policy: directory.policyOf(origin).hash,
    });
    expect(press()).toEqual(known);
  });

  it("of a field button has no fixed place that another could join", () => {
    expect(press({ button: "0101" })).toMatchObject({ place: "Buiten", fixedPlace: null });
  });

  it("of a known button without a place has the alarm's", () => {
    const configuration = load("place: Buiten, ", "");
    expect(press({ button: "0101" }, configuration)).toMatchObject({ place: "Elders", fixedPlace: null });
  });

  it("rule 5: of an unknown button has the place the alarm names, capped and on one line, or none", () => {
    expect(press({ button: "x", place: "Hal\n2" })).toMatchObject({
      button: "x",
      place: "Hal 2",
      fixedPlace: null,
      holder: null,
    });
    expect(press({ button: "x", place: "y".repeat(200) }).place).toHaveLength(80);
    expect(press({ button: "x", place: null }).place).toBeNull();
    expect(press({ button: "x", place: " \u200b\n" }).place).toBeNull();
    expect(press({ button: "constructor" }).holder).toBeNull();
  });

  it("rule 5: that is unreadable has nothing of what it says, and what we know of who sent it", () => {
    const unreadable = { unreadable: true, fixedPlace: null, position: null } as const;
    const nothing = { button: "", place: null, directions: null, holder: null };
    expect(press({ kind: "unreadable", button: "" })).toMatchObject({ ...unreadable, ...nothing });
    expect(press({ kind: "unreadable", button: "9999" })).toMatchObject({ ...unreadable, place: null });
    expect(press({ kind: "unreadable" })).toMatchObject({
      ...unreadable,
      button: "0042",
      place: "Spreekkamer 3",
      directions: "Begane grond",
      holder: { name: "A. Jansen" },
    });
  });

  it("finds its button whatever the capitals, and calls it as the configuration does", () => {
    const configuration = load('id: "0042"', "id: aBcD");
    expect(press({ button: "ABCD" }, configuration)).toMatchObject({ button: "aBcD", place: "Spreekkamer 3" });
  });

  it("rule 7: of a colleague in Teams is theirs, at the place they name", () => {
    const colleague = {
      id: "00000000-0000-0000-0000-00000000000b",
      name: "B. de Vries",
      via: "chat",
      isPlaceTyped: true,
      isEdited: false,
    } as const;
    expect(press({ button: colleague.id, colleague })).toMatchObject({
      via: "chat",
      hasDownlink: false,
      holder: { id: colleague.id, name: "B. de Vries" },
      place: "Elders",
      fixedPlace: null,
    });
  });

  it("hears what became of it where its source has a down-link", () => {
    const directory = createDirectory(load(), new Set(["buttons"]), noParent);
    expect(directory.toPress("buttons", alarm, "incident-1", receivedAt)).toMatchObject({ hasDownlink: true });
    const unknown = { ...alarm, kind: "unreadable", button: "" } as const;
    expect(directory.toPress("buttons", unknown, "incident-1", receivedAt)).toMatchObject({ hasDownlink: false });
  });

  it("rule 5: is late when it was under way for more than a minute by the device's clock", () => {
    expect(press({ at: receivedAt - 60_000 }).lateMs).toBeNull();
    expect(press({ at: receivedAt - 60_001 }).lateMs).toBe(60_001);
    expect(press({ at: receivedAt + 3_600_000 }).lateMs).toBeNull();
  });

  it("of a holder who is not among the people keeps the name", () => {
    const configuration = load("holder: A. Jansen", "holder: D. Bakker");
    expect(press({}, configuration).holder).toEqual({ id: null, name: "D. Bakker" });
  });

  it("of a source that is not configured is an error", () => {
    expect(() => createDirectory(load(), new Set(), noParent).toPress("doors", alarm, "i", receivedAt)).toThrow(
      "not configured",
    );
    expect(() => createDirectory(load(), new Set(), noParent).policyOf({ ...origin, source: "constructor" })).toThrow(
      "not configured",
    );
  });
});

describe("what is expected", () => {
  it("of a button with a parent says which one, by the type of its source", () => {
    const configuration = load('id: "0042"', "id: hal/0042");
    const { expected } = createDirectory(configuration, new Set(), (type, button) => `${type} of ${button}`);
    expect(expected.buttons.map(({ id, parent }) => [id, parent])).toContainEqual(["hal/0042", "webhook of hal/0042"]);
    expect(createDirectory(configuration, new Set(), noParent).expected.buttons[0]).toMatchObject({ parent: null });
  });
});

describe("rule 6: a policy's hash", () => {
  const { policy, hash } = createDirectory(load(), new Set(), noParent).policyOf(origin);

  it("is the same for the same content, in whatever order it is written", () => {
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(createDirectory(load(), new Set(), noParent).policyOf(origin).hash).toBe(hash);
    const reversed = Object.fromEntries(Object.entries(policy).toReversed());
    expect(toPolicyHash({ ...reversed, ...policy })).toBe(hash);
  });

  it("changes with any of it", () => {
    for (const [from, to] of [
      ["repeatEvery: 3m", "repeatEvery: 4m"],
      ["after: 60s", "after: 61s"],
      ["after: 60s, page: security-desk", "after: 60s, page: guard-phone"],
    ] as const) {
      expect(createDirectory(load(from, to), new Set(), noParent).policyOf(origin).hash).not.toBe(hash);
    }
  });
});

describe("people", () => {
  const at = (moment: string) => Date.parse(moment);

  it("on duty, by the clock on the wall of the configured time zone", () => {
    const directory = createDirectory(load("onDuty: never", 'onDuty: "mon-fri 08:00-17:30"'), new Set(), noParent);
    const names = (moment: string) => directory.onDuty(at(moment), null)?.map(({ name }) => name);
    expect(names("2026-03-27T07:30:00Z")).toEqual(["A. Jansen", "B. de Vries"]);
    expect(names("2026-03-27T06:30:00Z")).toEqual(["A. Jansen"]);
    expect(names("2026-03-30T06:30:00Z")).toEqual(["A. Jansen", "B. de Vries"]);
    expect(names("2026-03-30T06:30:59.999Z")).toEqual(["A. Jansen", "B. de Vries"]);
    expect(names("2026-03-30T15:30:00Z")).toEqual(["A. Jansen"]);
    expect(directory.onDuty(at("2026-03-30T06:30:00Z"), null)?.[0]).toEqual({
      id: "00000000-0000-0000-0000-00000000000a",
      name: "A. Jansen",
    });
  });

  it("none configured is null, nobody on duty is an empty list", () => {
    const text = part("people:", "sources:");
    expect(createDirectory(load(text, ""), new Set(), noParent).onDuty(receivedAt, null)).toBeNull();
    expect(createDirectory(load(text, "people: []\n"), new Set(), noParent).onDuty(receivedAt, null)).toEqual([]);
  });

  it("lead or not, whatever the capitals of the id", () => {
    const directory = createDirectory(load(), new Set(), noParent);
    expect(directory.rolesOf({ id: "00000000-0000-0000-0000-00000000000A", name: "" })).toEqual(["listed", "lead"]);
    expect(directory.rolesOf({ id: "00000000-0000-0000-0000-00000000000a", name: "" })).toEqual(["listed", "lead"]);
    expect(directory.rolesOf({ id: "00000000-0000-0000-0000-00000000000b", name: "" })).toEqual(["listed"]);
    expect(directory.rolesOf({ id: "unknown", name: "A. Jansen" })).toEqual([]);
    expect(directory.hasLeads).toBe(true);
  });
});
