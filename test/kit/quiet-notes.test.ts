import { expect, it } from "vitest";
import { QuietNotes } from "../../bot/kit/quiet-notes.ts";
import { FakeClock } from "../fakes/clock.ts";

function open() {
  const clock = new FakeClock(0);
  const lines: [string, unknown][] = [];
  const notes = new QuietNotes<"a" | "b">(clock, (event, facts) => lines.push([event, facts]));
  const write = (event: "a" | "b", who: string) => notes.write(event, [who], { who }, { who: "several" });
  return { clock, lines, write };
}

it("one cause writes one line a minute, which says how many it stands for", () => {
  const { clock, lines, write } = open();
  for (let time = 0; time < 4; time += 1) write("a", "1");
  clock.to(59_999);
  write("a", "1");
  expect(lines).toEqual([["a", { who: "1" }]]);
  clock.to(60_000);
  write("a", "1");
  expect(lines.slice(1)).toEqual([["a", { who: "1", more: 4 }]]);
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
  write("a", "new");
  expect(lines.at(-1)).toEqual(["a", { who: "new" }]);
});
