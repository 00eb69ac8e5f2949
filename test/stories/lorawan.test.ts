import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { startLorawanNetwork } from "../fakes/lorawan-network.ts";
import { alice, building, lea, minute, people, second, sourceSecret, startBot } from "../harness.ts";

const apiKey = "een-sleutel-van-het-netwerk";
let frames = 0;

const tracker = { source: "field", id: "tracker-1", place: "Wijkteam Noord", fixed: false };

/** A tracker of a colleague outside, over The Things Stack. */
async function startField(downlink: object = {}, buttons: readonly object[] = [tracker]) {
  return startBot({
    settings: {
      people,
      sources: {
        field: {
          type: "the-things-stack",
          secret: sourceSecret,
          policy: "building",
          channel: "frontdesk",
          ...downlink,
        },
      },
      buttons,
      policies: { building },
    },
  });
}

/** One message of the tracker as its network decoded it; every call is a frame of its own. */
function frame(decoded: object, device = "tracker-1"): string {
  frames += 1;
  return JSON.stringify({
    end_device_ids: { device_id: device },
    uplink_message: {
      session_key_id: "AYfHx0Y6RGJx5dHUXEGWTA==",
      f_cnt: frames,
      f_port: 17,
      frm_payload: "AA==",
      decoded_payload: decoded,
    },
  });
}

const start = () => frame({ messageType: "EVENT", eventType: "SOS_MODE_START", sosFlag: 0 });
const end = () => frame({ messageType: "EVENT", eventType: "SOS_MODE_END" });
const heartbeat = () => frame({ messageType: "HEARTBEAT", batteryVoltage: 4.0 });
function at(lat: number, lon: number, sosFlag: number): string {
  return frame({
    messageType: "POSITION_MESSAGE",
    rawPositionType: "GPS",
    gpsLatitude: lat,
    gpsLongitude: lon,
    sosFlag,
  });
}

it("a tracker that stays in alarm shows where it is, and rings nobody again", async () => {
  await using bot = await startField();
  expect(await bot.post("field", start())).toMatchObject({ status: 202, outcome: "opened" });
  const card = await bot.expectCard("Wijkteam Noord");
  const rung = bot.teams.texts.length;
  expect(await bot.post("field", at(52.5, 5.7, 1))).toMatchObject({
    status: 202,
    outcome: "seen",
    incident: card.incident,
  });
  await bot.fastForward(2 * second);
  await bot.post("field", at(52.6, 5.8, 1));
  await bot.fastForward(2 * second);
  const { text, thread } = bot.look(card);
  expect(text).toContain("52.60000, 5.80000");
  expect(text).not.toContain(nl.card.remark.presses(2));
  expect(thread.filter((reply) => reply.includes(nl.thread.located))).toHaveLength(1);
  expect(bot.teams.texts).toHaveLength(rung);
  await bot.restartAndExpectNothingElse();
});

it("the first message of an alarm may be lost on the air: the next one opens it", async () => {
  await using bot = await startField();
  expect(await bot.post("field", at(52.5, 5.7, 1))).toMatchObject({ outcome: "opened" });
  const card = await bot.expectCard("Wijkteam Noord");
  expect(card.text).toContain("52.50000, 5.70000");
});

it("rule 18: a tracker still in alarm does not open again what a person closed, a new alarm does", async () => {
  await using bot = await startField();
  await bot.post("field", start());
  const card = await bot.expectCard("Wijkteam Noord");
  await bot.click(lea, card, "resolve", "false");
  await bot.fastForward(minute);
  expect(await bot.post("field", at(52.5, 5.7, 1))).toMatchObject({ outcome: "seen", incident: null });
  bot.expectNoCard();
  await bot.post("field", heartbeat());
  expect(await bot.post("field", at(52.5, 5.7, 1))).toMatchObject({ outcome: "opened" });
  await bot.expectCard("Wijkteam Noord");
});

it("rule 2: after a restart it opens one alarm, since its end may have been missed, and none for what goes on", async () => {
  await using bot = await startField();
  await bot.post("field", start());
  await bot.click(lea, await bot.expectCard("Wijkteam Noord"), "resolve", "false");
  await bot.fastForward(minute);
  await bot.restart();
  expect(await bot.post("field", at(52.5, 5.7, 1))).toMatchObject({ outcome: "opened" });
  const card = await bot.expectCard("Wijkteam Noord");
  expect(card.text).toContain(nl.terms.mayBeRepeat);
  expect(await bot.post("field", at(52.5, 5.7, 1))).toMatchObject({ outcome: "seen", incident: card.incident });
  await bot.click(lea, card, "resolve", "false");
  for (let asked = 0; asked < 40; asked += 1) {
    expect(await bot.post("field", at(52.5, 5.7, 1))).toMatchObject({ outcome: "seen", incident: null });
    await bot.fastForward(minute);
  }
  bot.expectNoCard();
});

it("an alarm that begins again is one, though its end and its first message were lost on the air", async () => {
  await using bot = await startField();
  await bot.post("field", start());
  const card = await bot.expectCard("Wijkteam Noord");
  await bot.post("field", heartbeat());
  expect(await bot.post("field", at(52.5, 5.7, 1))).toMatchObject({ outcome: "repeated" });
  await bot.fastForward(2 * second);
  expect(bot.look(card).text).toContain(nl.card.remark.presses(2));
});

it("what was closed and goes on does not make an alarm nearby sure", async () => {
  const wall = { ...tracker, fixed: true };
  await using bot = await startField({}, [wall, { ...wall, id: "tracker-2" }]);
  await bot.post("field", start());
  await bot.click(lea, await bot.expectCard("Wijkteam Noord"), "resolve", "false");
  await bot.post("field", frame({ messageType: "EVENT", eventType: "SOS_MODE_START", sosFlag: 0 }, "tracker-2"));
  const card = await bot.expectCard("Wijkteam Noord");
  expect(await bot.post("field", at(52.5, 5.7, 1))).toMatchObject({ outcome: "seen", incident: null });
  await bot.fastForward(2 * second);
  expect(bot.look(card).text).not.toContain(nl.terms.verification["second-button"]);
});

it("rule 19: the end of the alarm on the device ends nothing", async () => {
  await using bot = await startField();
  await bot.post("field", start());
  const card = await bot.expectCard("Wijkteam Noord");
  await bot.post("field", end());
  await bot.fastForward(2 * second);
  expect(bot.look(card).text).toContain(nl.card.remark.cancelled);
  expect(bot.look(card).buttons).toContain(nl.card.button.claim);
});

it("rule 20: a position without an alarm is kept nowhere, and one with an alarm until it closes", async () => {
  await using bot = await startField();
  expect(await bot.post("field", at(52.5, 5.7, 0))).toMatchObject({ outcome: "seen", incident: null });
  await bot.fastForward(2 * second);
  expect(JSON.stringify(await bot.read((reader) => reader.listLastSeen()))).not.toContain("52.5");
  await bot.post("field", start());
  const card = await bot.expectCard("Wijkteam Noord");
  await bot.post("field", at(52.5, 5.7, 0));
  expect((await bot.read((reader) => reader.loadIncident(card.incident)))?.position).toMatchObject({ lat: 52.5 });
  await bot.click(lea, card, "resolve", "real");
  expect((await bot.read((reader) => reader.loadIncident(card.incident)))?.position).toBeNull();
  expect(JSON.stringify(await bot.read((reader) => reader.loadHistory(card.incident, 0)))).not.toContain("52.5");
});

it("rule 2: the same frame by a second gateway, or once more, is one alarm", async () => {
  await using bot = await startField();
  const once = JSON.parse(start());
  const twice = structuredClone(once);
  twice.correlation_ids = ["as:up:01"];
  twice.received_at = "2026-11-24T09:00:03Z";
  twice.uplink_message.rx_metadata = [{ gateway_ids: { gateway_id: "other" }, rssi: -100 }];
  expect(await bot.post("field", JSON.stringify(once))).toMatchObject({ outcome: "opened" });
  expect(await bot.post("field", JSON.stringify(twice))).toMatchObject({ outcome: "duplicate" });
  await bot.expectCard("Wijkteam Noord");
});

it("tells the holder that the alarm is in, and that somebody comes", async () => {
  await using network = await startLorawanNetwork(apiKey);
  const downlink = { url: network.url, application: "wijkteam", apiKey, model: "abeeway" };
  await using bot = await startField({ downlink });
  await bot.post("field", start());
  const card = await bot.expectCard("Wijkteam Noord");
  await bot.fastForward(second);
  expect(network.queue).toMatchObject([{ application: "wijkteam", device: "tracker-1", payload: "ff01030301" }]);
  await bot.click(alice, card, "claim");
  await bot.fastForward(2 * second);
  expect(network.queue.map(({ payload }) => payload)).toEqual(["ff01030301", "ff02030305"]);
  expect(await bot.history(card.incident)).toContainEqual(expect.stringContaining(nl.thread.feedback.coming));
});

it("a sign to the holder that fails is in the history, and nothing waits for it", async () => {
  await using network = await startLorawanNetwork(apiKey);
  network.answerWith({ kind: "refuse", status: 503 });
  const downlink = { url: network.url, application: "wijkteam", apiKey, model: "abeeway" };
  await using bot = await startField({ downlink });
  await bot.post("field", start());
  const card = await bot.expectCard("Wijkteam Noord");
  await bot.fastForward(minute);
  await bot.desk.expectPage("unclaimed");
  const history = await bot.history(card.incident);
  expect(history.filter((line) => line.includes(nl.thread.feedbackFailed.received))).toHaveLength(1);
});

it("the holder is not told that somebody comes when that is no longer so", async () => {
  await using network = await startLorawanNetwork(apiKey);
  const downlink = { url: network.url, application: "wijkteam", apiKey, model: "abeeway" };
  await using bot = await startField({ downlink });
  await bot.post("field", start());
  const card = await bot.expectCard("Wijkteam Noord");
  await bot.fastForward(second);
  network.answerWith({ kind: "refuse", status: 502 });
  await bot.click(alice, card, "claim");
  await bot.click(alice, card, "decline");
  network.answerWith({ kind: "ok" });
  await bot.fastForward(minute - 5 * second);
  expect(network.queue.map(({ payload }) => payload)).toEqual(["ff01030301"]);
});

it("rule 20: positions without an alarm leave nothing behind, however many", async () => {
  await using bot = await startField();
  for (let index = 0; index < 20; index += 1) await bot.post("field", at(52.5, 5.7 + index / 1000, 0));
  const database = new Database(join(bot.folder, "rugdekking.db"), { readonly: true });
  expect(database.prepare("select count(*) from alarms").pluck().get()).toBe(0);
  database.close();
});
