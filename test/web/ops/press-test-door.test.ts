import { describe, expect, it } from "vitest";
import { toReadySource } from "../../../adapters/index.ts";
import { pressedAt } from "../../fixtures/incident.ts";
import { openDoors, secret, type TestDoors } from "../doors.ts";

const doctorToken = "een-geheim-voor-de-dokter";
const destination = { place: "Spreekkamer 3", channel: "frontdesk", isLinked: true };

function open() {
  return openDoors({
    doctorToken,
    findDestination: async (source) => (source === "buttons" || source === "panels" ? destination : null),
  });
}

/** The message that a button of the webhook source sends, with this body. */
function toMessage(body: string | null, secretOfSender = secret) {
  const example = toReadySource("webhook", { secret: secretOfSender }).example("0042", pressedAt);
  const { authorization } = { authorization: `Bearer ${secretOfSender}` };
  const headers = body === null ? example.headers : { authorization };
  return { ...example, headers, body: Buffer.from(body ?? example.body).toString("base64") };
}

function call({ url }: TestDoors, test: unknown, source = "buttons", token: string | null = doctorToken) {
  return fetch(`${url}/doctor/presses/${source}`, {
    method: "POST",
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    body: JSON.stringify(test),
  });
}

describe("the door for tests of a press", () => {
  it.each([
    ["press", toMessage(null)],
    ["press", toMessage('{"button":"0042"}')],
    ["unreadable", toMessage("geen json")],
    ["no-press", toMessage('{"button":"0042","kind":"heartbeat"}')],
    ["refused", toMessage(null, "whsec_Z2VoZWltLWRhdC1uaWVtYW5kLWtlbnQ=")],
    ["not-sent", null],
  ])("%s is what the source makes of it, and nothing is taken", async (outcome, message) => {
    await using doors = await open();
    const answer = await call(doors, { button: "0042", message });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ outcome, ...destination });
    expect(doors.taken).toEqual([]);
  });

  it("sends nothing to a source that holds a connection of its own", async () => {
    await using doors = await open();
    expect(await (await call(doors, { button: "1234", message: null }, "panels")).json()).toMatchObject({
      outcome: "not-sent",
      button: "1234",
    });
  });

  it("answers 409 where there is no such source, and 400 to what is no test", async () => {
    await using doors = await open();
    expect((await call(doors, { button: "0042", message: null }, "bells")).status).toBe(409);
    expect((await call(doors, { button: 42 })).status).toBe(400);
    expect((await call(doors, { button: "0042", message: { body: "%" } })).status).toBe(400);
  });

  it("is there for the doctor alone", async () => {
    await using doors = await open();
    expect((await call(doors, { button: "0042", message: null }, "buttons", null)).status).toBe(401);
    await using closed = await openDoors();
    expect((await call(closed, { button: "0042", message: null })).status).toBe(404);
  });
});
