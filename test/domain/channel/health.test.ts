import { describe, expect, it } from "vitest";
import {
  type ChannelSign,
  formatHealth,
  healthy,
  type LookFinding,
  lostOf,
  noteSign,
  parseHealth,
} from "../../../bot/domain/channel/health.ts";

const at = Date.UTC(2026, 10, 24, 9, 0, 0);
const conversation = "19:alarms@thread.tacv2";

const looked = (found: LookFinding): ChannelSign => ({ kind: "looked", found });
const gone = (what: "removed" | "team-deleted" | "channel-deleted" | "team-archived"): ChannelSign => {
  return { kind: "told-gone", what };
};
const back = (what: "added" | "team-restored" | "channel-restored" | "team-unarchived"): ChannelSign => {
  return { kind: "told-back", what };
};
const [there, notThere, noToken, noAnswer] = [
  looked("there"),
  looked("not-there"),
  looked("no-token"),
  looked("no-answer"),
];
const [posted, refused, seen]: ChannelSign[] = [{ kind: "posted" }, { kind: "post-refused" }, { kind: "seen" }];

/** What is known after these, half a minute apart. */
function knownAfter(...signs: readonly (ChannelSign | undefined)[]) {
  return signs.reduce(
    (health, sign, index) => (sign === undefined ? health : noteSign(health, sign, at + index * 30_000)),
    healthy,
  );
}

const table: readonly (readonly [string, readonly (ChannelSign | undefined)[], string | null])[] = [
  ["nothing", [], null],
  ["one look that fails", [notThere], null],
  ["looks that fail by turns", [notThere, there, noAnswer, there, noToken], null],
  ["two looks in a row", [notThere, notThere], "removed"],
  ["two looks in a row, for different reasons", [notThere, noAnswer], "no-answer"],
  ["two looks in a row without a token", [noToken, noToken], "no-token"],
  ["looks that say nothing", [notThere, looked("unclear"), looked("unclear")], null],
  ["a look that says nothing between two that fail", [noAnswer, looked("unclear"), noAnswer], "no-answer"],
  ["a look that works again", [notThere, notThere, there], null],
  ["the event of a removal", [gone("removed")], "removed"],
  ["a look that still works right after that", [gone("removed"), there], "removed"],
  ["one that works a minute later", [gone("removed"), there, there], null],
  ["somebody who still writes right after that", [gone("removed"), seen], "removed"],
  ["somebody who writes a minute later", [gone("removed"), undefined, seen], null],
  ["the event that the bot was added", [gone("removed"), back("added")], null],
  ["the team's deletion, as a look finds it", [gone("team-deleted"), notThere, notThere], "team-deleted"],
  ["the team's return", [gone("team-deleted"), back("team-restored")], null],
  ["a channel that was deleted, and looks", [gone("channel-deleted"), there, there, there], "channel-deleted"],
  ["its return", [gone("channel-deleted"), back("channel-restored")], null],
  ["the return of something else", [gone("channel-deleted"), back("team-unarchived")], "channel-deleted"],
  ["a team in the archive, and looks", [gone("team-archived"), there, there, there], "team-archived"],
  ["one out of it", [gone("team-archived"), back("team-unarchived")], null],
  ["two posts that are refused", [refused, refused], null],
  ["two posts, one, and two", [refused, refused, posted, refused, refused], null],
  ["three posts that are refused", [refused, refused, refused], "posts-refused"],
  ["looks that work between them and after", [refused, there, refused, there, refused, there], "posts-refused"],
  ["somebody who writes there", [refused, refused, refused, seen], "posts-refused"],
  ["a post that is taken", [refused, refused, refused, posted], null],
  ["one that is taken where it was gone", [gone("channel-deleted"), posted], null],
  ["both at once", [refused, refused, refused, noAnswer, noAnswer], "no-answer"],
  ["of both the one that ends", [refused, refused, refused, noAnswer, noAnswer, there], "posts-refused"],
  ["an outage in which somebody writes", [noAnswer, noAnswer, undefined, seen], "no-answer"],
];

describe("a channel is lost", () => {
  it.each(table)("%s", (_name, signs, reason) => {
    expect(lostOf(knownAfter(...signs))?.reason ?? null).toBe(reason);
  });

  it("since the first look that failed, or the first post that was refused, whatever comes after", () => {
    expect(lostOf(knownAfter(there, notThere, notThere, noAnswer))?.since).toBe(at + 30_000);
    expect(lostOf(knownAfter(posted, refused, refused, refused, refused))?.since).toBe(at + 30_000);
    expect(lostOf(knownAfter(gone("removed"), gone("removed")))?.since).toBe(at);
  });
});

describe("what is known of a lost channel", () => {
  it.each([
    [notThere, notThere],
    [refused, refused, refused],
    [gone("team-archived"), noAnswer, noAnswer],
  ])("survives a restart", (...signs) => {
    const health = knownAfter(...signs);
    const known = parseHealth(formatHealth(health, conversation), conversation);
    const { reason, since } = lostOf(health) ?? expect.fail("it is not lost");
    expect(lostOf(known)).toMatchObject({ reason, since });
    expect(known.mute).toEqual(health.mute);
  });

  it("is of the conversation that it was linked to, and nothing that can't be read", () => {
    const text = formatHealth(knownAfter(notThere, notThere), conversation);
    expect(parseHealth(text, "19:other@thread.tacv2")).toEqual(healthy);
    for (const torn of [null, "", "{", "[]", text.slice(1), text.replace("removed", "gone")])
      expect(parseHealth(torn, conversation)).toEqual(healthy);
  });

  it("of one that is well is nothing to store", () => {
    expect(formatHealth(knownAfter(refused, notThere), conversation)).toBe("");
  });
});
