import fc from "fast-check";
import { expect, it } from "vitest";
import { AnswerBuffer } from "../../../../bot/engine/incident/answer-buffer.ts";
import { OpenIncidents } from "../../../../bot/engine/kernel/open/open-incidents.ts";
import { second } from "../../open-kernel.ts";
import { unstoredNothing } from "../../unstored-nothing.ts";
import { openUnrecorded } from "./open-unrecorded.ts";

const people = [
  { id: "alice", name: "Alice" },
  { id: "bob", name: "Bob" },
] as const;
const verbs = ["arrive", "claim", "decline", "help", "112-called", "call-off"] as const;
const aButton = fc.constantFrom("0042", "0042", "0051");
const aPerson = fc.constantFrom(...people);

const aMove = fc.oneof(
  { weight: 3, arbitrary: fc.record({ press: aButton }) },
  { weight: 5, arbitrary: fc.record({ by: aPerson, says: fc.constantFrom(...verbs), about: aButton }) },
  { weight: 1, arbitrary: fc.record({ by: aPerson, closes: aButton }) },
  { weight: 1, arbitrary: fc.record({ isDown: fc.boolean() }) },
);
type Move = typeof aMove extends fc.Arbitrary<infer M> ? M : never;

/** Of one button, and of one person to one alarm, no more is kept than this. */
const maxKept = 5;

function withinLimits(moves: readonly Move[]): readonly Move[] {
  const counts = new Map<string, number>();
  return moves.filter((move) => {
    if ("isDown" in move) return true;
    const key = "press" in move ? move.press : `${move.by.id} ${"closes" in move ? move.closes : move.about}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count <= maxKept;
  });
}

/** What became of two alarms by these moves, on a disk that is down now and then or never is. */
async function play(moves: readonly Move[], mayBeDown: boolean) {
  await using bot = await openUnrecorded();
  const { kernel, handler, queue, held } = bot;
  const answers = new AnswerBuffer(kernel, handler, queue, new OpenIncidents(kernel.clock), unstoredNothing);
  const opened = new Map<string, string>();
  /** What each said last of each alarm, since anybody pressed: said again it joins that. */
  const lastSaid = new Map<string, string>();
  for (const button of ["0042", "0051"]) {
    const [receipt] = await bot.take(bot.press(button, `first ${button}`));
    opened.set(button, receipt?.incident ?? "");
  }
  for (const [count, move] of moves.entries()) {
    await bot.pass(count % 2 === 0 ? second : second / 4);
    if ("isDown" in move) held.isDown = move.isDown && mayBeDown;
    else if ("press" in move) {
      const alarm = bot.press(move.press, `press-${count}`);
      await (held.isDown ? bot.refuse(alarm) : bot.take(alarm));
      lastSaid.clear();
    } else {
      const { by } = move;
      const incident = opened.get("closes" in move ? move.closes : move.about) ?? "";
      const resolve = { kind: "resolve", by, isLead: false, outcome: "real" } as const;
      const request = "closes" in move ? resolve : ({ kind: move.says, by } as const);
      const said = `${incident} ${by.id}`;
      if (lastSaid.get(said) !== request.kind) await answers.submit({ incident, who: by.id, request });
      lastSaid.set(said, request.kind);
    }
  }
  held.isDown = false;
  await bot.pass(2 * second);
  const first = await Promise.all(
    [...opened.values()].map((id) => kernel.store.read((reader) => reader.loadIncident(id))),
  );
  const open = await bot.listOpen();
  return {
    first: first.map((incident) => ({
      closedAt: incident?.closedAt !== null,
      presses: incident?.presses,
      round: incident?.round.number,
      verification: incident?.verification,
      is112Called: incident?.called112At !== undefined,
      isHelpAsked: incident?.round.helpAskedAt !== null,
      responders: incident?.responders.map(({ person, state }) => `${person.name} ${state}`).toSorted(),
    })),
    open: open.map(({ button, presses }) => `${button} ${presses}`).toSorted(),
  };
}

it("becomes what it would have been on a disk that takes each at its moment, whatever is said while it takes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aMove, { minLength: 3, maxLength: 14 }), async (some) => {
      const moves = withinLimits(some);
      const all = [{ isDown: true }, ...moves];
      expect(await play(all, true)).toEqual(await play(all, false));
    }),
    { numRuns: 80 },
  );
}, 120_000);
