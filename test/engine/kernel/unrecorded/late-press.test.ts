import { expect, it } from "vitest";
import { toAlarm } from "../../../../bot/domain/alarm.ts";
import { AnswerBuffer } from "../../../../bot/engine/incident/answer-buffer.ts";
import { OpenIncidents } from "../../../../bot/engine/kernel/open/open-incidents.ts";
import { second } from "../../open-kernel.ts";
import { unstoredNothing } from "../../unstored-nothing.ts";
import { openUnrecorded } from "./open-unrecorded.ts";

const paul = { id: "paul", name: "Paul Drager" };

function toTyped(id: string, place: string | null) {
  const colleague = { ...paul, via: "chat", isPlaceTyped: place !== null, isEdited: false } as const;
  return toAlarm("press", { button: paul.id, id, place, colleague });
}

it("makes its alarm no older where it is written behind a newer one, so that no kept end closes that", async () => {
  await using bot = await openUnrecorded();
  const { kernel, handler, queue, held } = bot;
  const answers = new AnswerBuffer(kernel, handler, queue, new OpenIncidents(kernel.clock), unstoredNothing);
  const [receipt] = await bot.take(bot.press("0042", "first"));
  const incident = receipt?.incident ?? "";
  await bot.pass(second);
  held.isDown = true;
  await bot.refuse(bot.press("0042", "kept"));
  await bot.pass(second);
  // As where the disk has no room for what goes first, and has for what comes in.
  let faults = 1;
  const mayCount = async () => {
    faults -= 1;
    if (faults >= 0) throw new Error("no room");
    return true;
  };
  const request = { kind: "resolve", by: paul, isLead: true, outcome: "false" } as const;
  expect(await answers.submit({ incident, who: paul.id, request, mayCount })).toBe("buffered");
  held.broken = 1;
  held.isDown = false;
  await bot.pass(second / 4);
  await bot.take(bot.press("0042", "newest"));
  expect(await bot.listOpen()).toHaveLength(1);
  await bot.pass(5 * second);
  expect(bot.presses.all).toEqual([]);
  expect(await bot.listOpen()).toHaveLength(1);
});

it("takes its alarm back to no older place where it is written behind a newer one", async () => {
  await using bot = await openUnrecorded();
  await bot.take(toTyped("first", null));
  bot.held.isDown = true;
  await bot.pass(second);
  await bot.refuse(toTyped("kept", "Zolder"));
  await bot.pass(second / 4);
  bot.held.broken = 1;
  bot.held.isDown = false;
  await bot.take(toTyped("newest", "Kelder"));
  await bot.pass(5 * second);
  expect(bot.presses.all).toEqual([]);
  expect(await bot.listOpen()).toMatchObject([{ presses: 3, place: "Kelder" }]);
});
