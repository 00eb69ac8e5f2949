import { expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { hour, lea, minute, people, sourceSecret, startBot } from "../harness.ts";

/** Two buttons whose network names them, and whose messages nothing can read. */
async function startRadio() {
  return startBot({
    settings: {
      people,
      sources: { radio: { type: "the-things-stack", secret: sourceSecret, policy: "building", channel: "frontdesk" } },
      buttons: [
        { source: "radio", id: "knop-1", place: "Spreekkamer 3" },
        { source: "radio", id: "knop-2", place: "Balie" },
      ],
    },
  });
}

let frames = 0;
function garbage(device: string): string {
  frames += 1;
  const uplink_message = { session_key_id: "s", f_cnt: frames, f_port: 99, frm_payload: "3q2+7w==" };
  return JSON.stringify({ end_device_ids: { device_id: device }, uplink_message });
}

it("rule 5: what a known button sends and nothing can read says whose it is; later ones join, wherever they are from", async () => {
  await using bot = await startRadio();
  expect(await bot.post("radio", garbage("knop-1"))).toMatchObject({ status: 202, outcome: "opened" });
  const card = await bot.expectCard("Spreekkamer 3");
  expect(card.text).toContain(nl.card.remark.unreadable);
  expect(await bot.post("radio", garbage("knop-2"))).toMatchObject({ outcome: "repeated", incident: card.incident });
  const history = await bot.history(card.incident);
  expect(history).toContainEqual(
    expect.stringContaining(
      `${nl.thread.pressedAgain(nl.thread.again.button("knop-2"), 2)} ${nl.thread.elsewhere("Balie")}`,
    ),
  );
  bot.expectNoCard();
});

it("rule 5: closed as false, that button's unreadable messages open nothing for 24 hours; another button's do", async () => {
  await using bot = await startRadio();
  await bot.post("radio", garbage("knop-1"));
  const card = await bot.expectCard("Spreekkamer 3");
  await bot.click(lea, card, "resolve", "false");
  expect(await bot.post("radio", garbage("knop-1"))).toMatchObject({ status: 202, outcome: "seen", incident: null });
  await bot.fastForward(hour);
  expect(await bot.post("radio", garbage("KNOP-1"))).toMatchObject({ outcome: "seen" });
  bot.expectNoCard();
  expect(await bot.post("radio", garbage("knop-2"))).toMatchObject({ outcome: "opened" });
  const other = await bot.expectCard("Balie");
  await bot.click(lea, other, "resolve", "false");
  // A day on which nothing happens, and which the bot sleeps through: what it knows of the button is on disk.
  await bot.stop();
  bot.clock.to(bot.clock.now() + 23 * hour - minute);
  await bot.start();
  expect(await bot.post("radio", garbage("knop-1"))).toMatchObject({ outcome: "seen" });
  await bot.fastForward(minute);
  expect(await bot.post("radio", garbage("knop-1"))).toMatchObject({ outcome: "opened" });
  await bot.expectCard("Spreekkamer 3");
});

it("rule 5: a button that only joined what was closed as false was not judged: its next message opens one of its own", async () => {
  await using bot = await startRadio();
  await bot.post("radio", garbage("knop-1"));
  await bot.post("radio", garbage("knop-2"));
  await bot.click(lea, await bot.expectCard("Spreekkamer 3"), "resolve", "false");
  expect(await bot.post("radio", garbage("knop-1"))).toMatchObject({ outcome: "seen" });
  expect(await bot.post("radio", garbage("knop-2"))).toMatchObject({ outcome: "opened" });
  await bot.expectCard("Balie");
});

it("rule 5: closed as real, the next one opens again", async () => {
  await using bot = await startRadio();
  await bot.post("radio", garbage("knop-1"));
  await bot.click(lea, await bot.expectCard("Spreekkamer 3"), "resolve", "real");
  expect(await bot.post("radio", garbage("knop-1"))).toMatchObject({ outcome: "opened" });
  await bot.expectCard("Spreekkamer 3");
});

it("rule 5: a message that names no button is never passed over", async () => {
  await using bot = await startRadio();
  await bot.post("radio", "rubbish");
  await bot.click(lea, await bot.expectCard(nl.terms.unreadable("radio")), "resolve", "false");
  expect(await bot.post("radio", "other rubbish")).toMatchObject({ outcome: "opened" });
  await bot.expectCard(nl.terms.unreadable("radio"));
});

it("rule 5: closed as false under a clock that was a year ahead, it mutes nothing once the clock is right", async () => {
  await using bot = await startRadio();
  const { clock } = bot;
  const right = clock.now();
  await bot.stop();
  clock.set(right + 365 * 24 * hour);
  await bot.start();
  await bot.post("radio", garbage("knop-1"));
  await bot.click(lea, await bot.expectCard("Spreekkamer 3"), "resolve", "false");
  await bot.stop();
  clock.set(right);
  await bot.start();
  expect(await bot.post("radio", garbage("knop-1"))).toMatchObject({ outcome: "opened" });
  await bot.expectCard("Spreekkamer 3");
});
