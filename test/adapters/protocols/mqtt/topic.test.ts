import { describe, expect, it } from "vitest";
import {
  isOnFilter,
  overlaps,
  TopicFilter,
  TopicName,
  toTopicName,
  toWildcards,
} from "../../../../adapters/protocols/mqtt/topic.ts";

// https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html#_Toc398718106
it.each([
  ["sport/tennis/player1/#", "sport/tennis/player1", true],
  ["sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true],
  ["sport/#", "sport", true],
  ["sport/tennis/+", "sport/tennis/player1", true],
  ["sport/tennis/+", "sport/tennis/player1/ranking", false],
  ["sport/+", "sport", false],
  ["sport/+", "sport/", true],
  ["+/+", "/finance", true],
  ["/+", "/finance", true],
  ["+", "/finance", false],
  ["#", "a/b", true],
  ["a/b", "a/b", true],
  ["a/b", "a/B", false],
  ["a/b", "a/b/c", false],
  ["a/+/c", "a/b/c", true],
])("a message for %s comes on %s: %s", (filter, topic, expected) => {
  expect(isOnFilter(filter, topic)).toBe(expected);
});

it.each([
  ["a/#", "a/b/c", true],
  ["a/+", "a/b", true],
  ["a/+/x", "a/b/+", true],
  ["a/+/x", "a/b/y", false],
  ["#", "a/+", true],
  ["a/b/#", "a/c/#", false],
  ["a/#", "a", true],
  ["a/+", "a/b/c", false],
])("%s and %s overlap: %s", (one, other, expected) => {
  expect(overlaps(one, other)).toBe(expected);
  expect(overlaps(other, one)).toBe(expected);
});

describe("names", () => {
  it.each(["a", "a/b", "+", "#", "a/#", "+/b/+", "/a", "a//b"])("%j can be subscribed to", (filter) => {
    expect(TopicFilter.safeParse(filter).success).toBe(true);
  });

  it.each(["", "a/#/b", "a#", "a/b+", "$SYS/#", "$share/group/a", "a\0", "x".repeat(600)])(
    "%j can't be subscribed to",
    (filter) => {
      expect(TopicFilter.safeParse(filter).success).toBe(false);
    },
  );

  it.each(["a/+", "#", "", "$SYS/a"])("%j is no name of a topic", (name) => {
    expect(TopicName.safeParse(name).success).toBe(false);
  });

  it("are made of a filter and a button, and taken apart again", () => {
    for (const filter of ["a/+", "a/#", "+/+/b", "+/b/#"]) {
      const topic = toTopicName(filter, "kamer/3".slice(0, filter.endsWith("#") ? 7 : 5));
      expect(isOnFilter(filter, topic)).toBe(true);
      expect(toWildcards(filter, topic).at(-1)).toBe(filter.endsWith("#") ? "kamer/3" : "kamer");
    }
    expect(toTopicName("a/b", "kamer")).toBe("a/b");
    expect(toWildcards("a/b", "a/b")).toEqual([]);
  });
});
