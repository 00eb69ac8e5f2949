import { expect, it } from "vitest";
import { QuietNotes } from "../../bot/kit/quiet-notes.ts";
import { FakeClock } from "../fakes/clock.ts";

function open() {
  const clock = new FakeClock(0);
  const lines: [string, unknown][] = [];
  const notes = new QuietNotes<"a" | "b">(clock, (event, facts) => lines.push([event, facts]));
  const write = (event: "a" | "b", who: string) => notes.write(event, [who], { who }, { who: "several" });
  return { clock, lines, notes, write };
}

it("one cause writes one line a minute, which says how many it stands for", () => {
  const { clock, lines, write } = open();
  for (let time = 0; time < 4; time += 1) write("a", "1");
  clock.to(59_999);
  write("a", "1");
  expect(lines).toEqual([["a", { who: "1" }]]);
  clock.to(60_000);
  expect(lines.slice(1)).toEqual([["a", { who: "1", more: 3 }]]);
  write("a", "1");
  clock.to(120_000);
  expect(lines.slice(2)).toEqual([["a", { who: "1" }]]);
  clock.to(600_000);
  expect(lines).toHaveLength(3);
});

it("what was counted is written at the end, once", () => {
  const { clock, lines, notes, write } = open();
  for (let time = 0; time < 3; time += 1) write("a", "1");
  write("b", "1");
  notes[Symbol.dispose]();
  expect(lines.slice(2)).toEqual([["a", { who: "1", more: 1 }]]);
  clock.to(60_000);
  expect(lines).toHaveLength(3);
});

it("another event and another cause have lines of their own", () => {
  const { lines, write } = open();
  write("a", "1");
  write("a", "2");
  write("b", "1");
  expect(lines).toHaveLength(3);
});

it("beyond fifty causes all others share a line, so that no stranger fills the log", () => {
  const { clock, lines, write } = open();
  for (let who = 0; who < 1000; who += 1) write("a", String(who));
  expect(lines).toHaveLength(51);
  expect(lines.at(-1)).toEqual(["a", { who: "several" }]);
  clock.to(60_000);
  expect(lines.slice(51)).toEqual([["a", { who: "several", more: 948 }]]);
  write("a", "new");
  expect(lines.at(-1)).toEqual(["a", { who: "new" }]);
});

it("beyond fifty causes one event hides no other, nor one kind of an event", () => {
  const { lines, notes, write } = open();
  for (let who = 0; who < 1000; who += 1) write("a", String(who));
  write("b", "own");
  notes.write("a", ["own"], { source: "buttons", who: "own" }, { source: "buttons", who: "several" });
  expect(lines.slice(51)).toEqual([
    ["b", { who: "several" }],
    ["a", { source: "buttons", who: "several" }],
  ]);
});
