import { describe, expect, it } from "vitest";
import type { Person } from "../../../bot/domain/person.ts";
import { pressedAt } from "../../fixtures/incident.ts";
import { openDoors } from "../doors.ts";

const doctorToken = "een-geheim-voor-de-dokter";
const ok = { state: "ok", reason: null, answer: null } as const;
const test = {
  id: "t-1",
  endsAt: pressedAt + 1_000,
  isOver: false,
  isAlarmOpen: false,
  steps: {
    token: ok,
    post: ok,
    edit: ok,
    reply: ok,
    "member-by-channel": ok,
    "member-by-team": ok,
    mention: ok,
    chat: ok,
    button: ok,
    inbound: ok,
  },
  clicks: [{ client: "iOS", at: pressedAt }],
  inbound: {
    since: pressedAt,
    takenAt: null,
    refused: [{ flaw: "audience", iss: "https://issuer.test", aud: "x", at: pressedAt }],
  },
  messages: { left: 5, unmarked: 0 },
} as const;
const at = new Date(pressedAt).toISOString();

/** The part of Teams, played; `asked`: who was to be rung where. */
function prepare(token: string | null = doctorToken) {
  const asked: [string, Person | null][] = [];
  const open = () =>
    openDoors({
      doctorToken: token,
      people: () => [{ id: "00000000-0000-4000-8000-000000000001", name: "Alice Jansen" }],
      teamsTests: {
        async start(channel, person) {
          if (channel === "broken") throw new Error("the disk is full");
          asked.push([channel, person]);
          return test;
        },
        load: (id) => (id === test.id ? test : null),
        end: (id) => (id === test.id ? { ...test, isOver: true } : null),
      },
    });
  return { asked, open };
}

function call(url: string, method: string, path = "", body: unknown = null, token: string | null = doctorToken) {
  return fetch(`${url}/doctor/teams${path}`, {
    method,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(body === null ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

const ask = { channel: "frontdesk", person: null };

describe("the door for tests of Teams", () => {
  it("starts one, tells how far it is, and ends it", async () => {
    const { asked, open } = prepare();
    await using doors = await open();
    const started = await call(doors.url, "POST", "", { ...ask, person: " ALICE jansen " });
    expect(started.status).toBe(202);
    expect(await started.json()).toEqual({
      ...test,
      endsAt: new Date(pressedAt + 1_000).toISOString(),
      clicks: [{ client: "iOS", at }],
      inbound: { since: at, takenAt: null, refused: [{ ...test.inbound.refused[0], at }] },
    });
    expect(asked).toEqual([["frontdesk", { id: "00000000-0000-4000-8000-000000000001", name: "Alice Jansen" }]]);
    expect((await call(doors.url, "GET", "/t-1")).status).toBe(200);
    const ended = await call(doors.url, "POST", "/t-1/end");
    expect([ended.status, await ended.json()]).toEqual([202, expect.objectContaining({ isOver: true })]);
  });

  it("rings who is named by an id as well, and nobody by a name that it does not know", async () => {
    const { asked, open } = prepare();
    await using doors = await open();
    const id = "00000000-0000-4000-8000-0000000000AB";
    expect((await call(doors.url, "POST", "", { ...ask, person: id })).status).toBe(202);
    expect(asked).toEqual([["frontdesk", { id: id.toLowerCase(), name: "" }]]);
    const refused = await call(doors.url, "POST", "", { ...ask, person: "Alice" });
    expect(refused.status).toBe(409);
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(await refused.json()).toMatchObject({ reason: "unknown-person" });
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["no channel", { person: null }],
    ["no word of who is rung", { channel: "frontdesk" }],
    ["two people", { channel: "frontdesk", person: ["a", "b"] }],
    ["more than is asked", { ...ask, channels: ["a", "b"] }],
    ["more than it reads", { channel: "x".repeat(5_000), person: null }],
  ])("takes %s for no test", async (_what, body) => {
    const { asked, open } = prepare();
    await using doors = await open();
    expect((await call(doors.url, "POST", "", body)).status).toBe(400);
    expect(asked).toEqual([]);
  });

  it("is for who knows the token, and guessing is slowed down", async () => {
    const { asked, open } = prepare();
    await using doors = await open();
    for (const token of [null, "", `${doctorToken}x`, doctorToken.slice(1)]) {
      for (const [method, path] of [
        ["POST", ""],
        ["GET", "/t-1"],
        ["POST", "/t-1/end"],
      ] as const) {
        expect((await call(doors.url, method, path, method === "POST" ? ask : null, token)).status).toBe(401);
      }
    }
    for (let guess = 0; guess < 20; guess += 1) await call(doors.url, "POST", "", ask, `guess-${guess}`);
    expect((await call(doors.url, "POST", "", ask, "another")).status).toBe(429);
    expect(asked).toEqual([]);
    expect((await call(doors.url, "POST", "", ask)).status).toBe(202);
    expect(JSON.stringify(doors.lines)).not.toMatch(/guess-1|geheim/);
  });

  it("is not there without a token in the configuration", async () => {
    const { open } = prepare(null);
    await using doors = await open();
    for (const token of [null, "null", ""]) expect((await call(doors.url, "POST", "", ask, token)).status).toBe(404);
  });

  it("answers each path by its one method: a link that is opened starts and ends nothing", async () => {
    const { asked, open } = prepare();
    await using doors = await open();
    for (const [method, path] of [
      ["GET", ""],
      ["POST", "/t-1"],
      ["GET", "/t-1/end"],
    ] as const) {
      expect((await call(doors.url, method, path)).status).toBe(405);
    }
    expect(asked).toEqual([]);
  });

  it("knows no other test, and says when the storage is down and no more than that", async () => {
    const { open } = prepare();
    await using doors = await open();
    expect((await call(doors.url, "GET", "/t-2")).status).toBe(404);
    expect((await call(doors.url, "POST", "/t-2/end")).status).toBe(404);
    const down = await call(doors.url, "POST", "", { ...ask, channel: "broken" });
    expect([down.status, await down.text()]).toEqual([503, expect.not.stringContaining("disk")]);
    expect(doors.lines).toContainEqual(expect.objectContaining({ event: "doctor-not-answered" }));
  });
});
