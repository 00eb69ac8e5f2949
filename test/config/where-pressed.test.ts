import { describe, expect, it } from "vitest";
import type { SourceEntry } from "../../bot/config/configuration.ts";
import { toLocations } from "../../bot/config/roster.ts";
import { createWherePressed } from "../../bot/config/where-pressed.ts";
import { toAlarm } from "../../bot/domain/alarm.ts";

const place = { address: null, entrance: null, phone: null, codeWord: null, account: null, position: null };
const location = (name: string) => ({ ...place, name, aliases: [], channel: null, policy: null, tellPresser: false });
const locations = {
  hall: location("Gemeentehuis"),
  yard: location("Stadswerf"),
  east: location("Wijkteam Oost"),
  west: location("Wijkteam West"),
};
const about = { phone: null, onDuty: { kind: "always" }, lead: false, tellPresser: null } as const;
const source: SourceEntry = {
  type: "teams",
  label: null,
  policy: "building",
  channel: "frontdesk",
  location: null,
  silentAfter: null,
  options: {},
};
const hung = { id: "0042", place: "Balie", directions: null, holder: null, fixed: true, policy: null, channel: null };
const configuration = {
  locations,
  sources: { buttons: { ...source, type: "webhook" }, chat: source },
  buttons: [{ ...hung, source: "buttons", location: "hall" }],
  people: [
    { ...about, name: "One", id: "one", locations: ["hall"] },
    { ...about, name: "Two", id: "two", locations: ["hall", "yard"] },
    { ...about, name: "All", id: "all", locations: null },
  ],
};

const wherePressed = createWherePressed(configuration);
const from = { source: "chat", entry: configuration.sources.chat, button: undefined };

/** Where an alarm is that this person types. */
function typed(id: string, text: string | null, entry: typeof source | null = null) {
  const colleague = { id, name: id, via: "chat", isPlaceTyped: text !== null, isEdited: false } as const;
  const alarm = toAlarm("press", { button: id, place: text, colleague });
  return wherePressed(alarm, entry === null ? from : { ...from, entry });
}

describe("where an alarm is that somebody types", () => {
  it("what they name goes before where they usually are, and the words around it are the place", () => {
    const named = { location: "yard", isLocationNamed: true, place: "balie" };
    for (const id of ["one", "two", "all", "nobody"]) expect(typed(id, "balie stadswerf")).toEqual(named);
    expect(typed("one", "ik ben hier bang voor meneer Jansen in de stadswerf")).toEqual({ ...named, place: null });
  });

  it("else where they usually are; of several it is one of those", () => {
    expect(typed("one", "balie")).toEqual({ location: "hall", place: "balie" });
    expect(typed("ONE", null)).toEqual({ location: "hall", place: null });
    expect(typed("two", "balie")).toEqual({ location: null, mayBeAt: ["hall", "yard"], place: "balie" });
  });

  it("else where all that is typed is; else nobody knows", () => {
    const entry = { ...source, location: "yard" };
    expect(typed("all", "balie", entry)).toEqual({ location: "yard", place: "balie" });
    expect(typed("two", null, entry)).toEqual({ location: null, mayBeAt: ["hall", "yard"], place: null });
    expect(typed("all", "balie")).toEqual({ location: null, place: "balie" });
  });

  it("half a name only adds to who may be meant, because it may be a room's", () => {
    expect(typed("one", "wijkteam")).toEqual({
      ...{ location: null, mayBeAt: ["hall", "east", "west"], isLocationNamed: true, place: "wijkteam" },
    });
    // Of whom nobody knows where they are, those of the channel are rung as well; here that is the town hall.
    expect(
      [...toLocations(configuration)].flatMap(([key, { channels }]) => (channels.length > 0 ? [key] : [])),
    ).toEqual(["hall"]);
    expect(typed("all", "wijkteam").mayBeAt).toEqual(["hall", "east", "west"]);
  });

  it("what they keep as their place may name it too, and says nothing against what is named", () => {
    const colleague = { id: "two", name: "Two", via: "chat", isPlaceTyped: false, isEdited: false } as const;
    const alarm = toAlarm("press", { button: "two", place: "Balie Stadswerf", colleague });
    expect(wherePressed(alarm, from)).toEqual({ location: "yard", place: "Balie" });
  });
});

it("a device says no location, whatever place it names", () => {
  const [button] = configuration.buttons;
  const of = { source: "buttons", entry: configuration.sources.buttons, button };
  expect(wherePressed(toAlarm("press", { button: "0042", place: "Stadswerf" }), of)).toEqual({
    ...{ location: "hall", place: "Stadswerf" },
  });
});
