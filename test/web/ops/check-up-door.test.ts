import { describe, expect, it } from "vitest";
import type { CheckUp } from "../../../bot/ports/status.ts";
import { pressedAt } from "../../fixtures/incident.ts";
import { openDoors } from "../doors.ts";

const doctorToken = "een-geheim-voor-de-dokter";
const iso = new Date(pressedAt).toISOString();
const known: CheckUp = {
  syncMs: 3,
  tokenFault: null,
  channels: [{ name: "frontdesk", isLinked: true, isUp: false }],
  people: [
    { person: { id: "a", name: "A. Jansen" }, reach: "ready" },
    { person: { id: "b", name: "B. de Vries" }, reach: "not-ready", since: pressedAt },
  ],
  lastSeen: [
    { source: "lora", at: pressedAt },
    { source: "panels", at: pressedAt },
  ],
  secretUses: [{ secret: "sources.lora", value: "second", at: pressedAt }],
  troubles: [{ kind: "source-silent", source: "panels", lastAt: pressedAt }],
};

const refused = { flaw: "audience", iss: "https://api.botframework.com", aud: "another-app", at: pressedAt } as const;
const inbound = () => ({ since: pressedAt, takenAt: null, refused: [refused] });

function ask(url: string, token: string | null = doctorToken, method = "GET"): Promise<Response> {
  return fetch(`${url}/doctor`, { method, headers: token === null ? {} : { authorization: `Bearer ${token}` } });
}

describe("GET /doctor", () => {
  it("shows what the bot knows of itself, without the ids of people", async () => {
    await using doors = await openDoors({ doctorToken, checkUp: async () => known, inbound });
    const answered = await ask(doors.url);
    expect(answered.status).toBe(200);
    expect(await answered.json()).toEqual({
      syncMs: 3,
      tokenFault: null,
      inbound: { since: iso, takenAt: null, refused: [{ ...refused, at: iso }] },
      channels: known.channels,
      people: [
        { name: "A. Jansen", reach: "ready", since: null },
        { name: "B. de Vries", reach: "not-ready", since: iso },
      ],
      sources: [
        { source: "lora", at: iso, isSilent: false },
        { source: "panels", at: iso, isSilent: true },
      ],
      secrets: [{ secret: "sources.lora", value: "second", at: iso }],
      troubles: ["source-silent"],
    });
  });

  it("is for who has the token, and by that method", async () => {
    await using doors = await openDoors({ doctorToken, checkUp: async () => known, inbound });
    for (const token of [null, "", `${doctorToken}x`]) expect((await ask(doors.url, token)).status).toBe(401);
    expect((await ask(doors.url, doctorToken, "POST")).status).toBe(405);
    await using shut = await openDoors({ doctorToken: null, checkUp: async () => known });
    expect((await ask(shut.url)).status).toBe(404);
  });

  it("answers 503 when it can't be read", async () => {
    const checkUp = async () => {
      throw new Error("the disk is full");
    };
    await using doors = await openDoors({ doctorToken, checkUp });
    expect((await ask(doors.url)).status).toBe(503);
  });
});
