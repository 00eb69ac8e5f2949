import fc from "fast-check";
import { expect, it } from "vitest";
import { AnswerBuffer } from "../../../../bot/engine/incident/answer-buffer.ts";
import { OpenIncidents } from "../../../../bot/engine/kernel/incidents/open-incidents.ts";
import { second } from "../../open-kernel.ts";
import { openUnrecorded } from "./open-unrecorded.ts";

const people = [
  { id: "alice", name: "Alice" },
  { id: "bob", name: "Bob" },
] as const;
const verbs = ["claim", "decline", "arrive", "witness", "help", "112-called", "check-in", "call-off"] as const;

const aMove = fc.oneof(
  fc.record({ press: fc.constantFrom("0042", "0051") }),
  fc.record({
    by: fc.constantFrom(...people),
    says: fc.constantFrom(...verbs),
    about: fc.constantFrom("0042", "0051"),
  }),
  fc.record({ by: fc.constantFrom(...people), closes: fc.constantFrom("0042", "0051") }),
  fc.record({ isDown: fc.boolean() }),
);
type Move = typeof aMove extends fc.Arbitrary<infer M> ? M : never;

/** What became of two alarms by these moves, on a disk that is down now and then or never is. */
async function play(moves: readonly Move[], mayBeDown: boolean) {
  await using bot = await openUnrecorded();
  const { kernel, handler, queue, held } = bot;
  const unstored = { callForHelp() {}, escalate() {} };
  await using answers = new AnswerBuffer(kernel, handler, queue, new OpenIncidents(kernel.clock), unstored);
  const opened = new Map<string, string>();
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
    } else {
      const { by } = move;
      const incident = opened.get("closes" in move ? move.closes : move.about) ?? "";
      const resolve = { kind: "resolve", by, isLead: false, outcome: "real" } as const;
      const request = "closes" in move ? resolve : ({ kind: move.says, by } as const);
      await answers.submit({ incident, who: by.id, request });
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
    fc.asyncProperty(fc.array(aMove, { minLength: 4, maxLength: 12 }), async (moves) => {
      expect(await play(moves, true)).toEqual(await play(moves, false));
    }),
    { numRuns: 80 },
  );
}, 120_000);
