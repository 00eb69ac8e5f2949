import { describe, expect, it } from "vitest";
import {
  findOver,
  formatTold,
  isReportDue,
  type NamedTrouble,
  noteTold,
  parseTold,
} from "../../../bot/domain/trouble/told.ts";

const minute = 60_000;
const startedAt = Date.UTC(2026, 10, 24, 9, 0, 0);
const day = "2026-11-24";
const [lost, battery, pager]: NamedTrouble[] = [
  { id: "teams-lost frontdesk", label: "kanaal", isUrgent: true },
  { id: "battery-low 1", label: "batterij", isUrgent: false },
  { id: "pager-lost centre", label: "meldkamer", isUrgent: false },
];
const toldAt = (at: number, ...troubles: NamedTrouble[]) => noteTold(null, troubles, { day, now: at, startedAt });
const some = (...troubles: (NamedTrouble | undefined)[]) => troubles.filter((each) => each !== undefined);

describe("a report is due before the day's", () => {
  const at = startedAt + 60 * minute;
  it.each<[string, ReturnType<typeof toldAt> | null, NamedTrouble[], boolean]>([
    ["nothing was told and nothing is wrong", null, [], false],
    ["what is not urgent is new", null, some(battery), false],
    ["what is urgent is new", null, some(lost), true],
    ["what is urgent was told", toldAt(startedAt, ...some(lost)), some(lost), false],
    ["something urgent is new beside what was told", toldAt(startedAt, ...some(battery)), some(battery, lost), true],
    ["something that was told is over", toldAt(startedAt, ...some(battery, lost)), some(lost), true],
    ["something was told nine minutes ago", toldAt(at - 9 * minute, ...some(battery)), some(lost), false],
    ["something was told ten minutes ago", toldAt(at - 10 * minute, ...some(battery)), some(lost), true],
  ])("%s: %#", (_name, told, troubles, isDue) => {
    expect(isReportDue(told, troubles, at, startedAt)).toBe(isDue);
  });
});

describe("what is over", () => {
  it("is not said in the first minutes, while part of it may only not be found again yet", () => {
    const told = toldAt(startedAt - minute, ...some(pager));
    expect(findOver(told, [], startedAt + 5 * minute - 1, startedAt)).toEqual([]);
    expect(findOver(told, [], startedAt + 5 * minute, startedAt)).toMatchObject([{ label: "meldkamer" }]);
  });

  it("is remembered until it is said", () => {
    const told = toldAt(startedAt - minute, ...some(pager));
    const next = noteTold(told, some(battery), { day, now: startedAt + minute, startedAt });
    expect(next.troubles.map(({ label }) => label)).toEqual(["batterij", "meldkamer"]);
    const last = noteTold(next, some(battery), { day, now: startedAt + 6 * minute, startedAt });
    expect(last.troubles.map(({ label }) => label)).toEqual(["batterij"]);
  });
});

it("is read as it was written, and what can't be read was not told", () => {
  const told = toldAt(startedAt, ...some(lost, battery));
  expect(parseTold(formatTold(told))).toEqual(told);
  for (const torn of [null, "", "{", "[]", '{"day":1}']) expect(parseTold(torn)).toBeNull();
});
