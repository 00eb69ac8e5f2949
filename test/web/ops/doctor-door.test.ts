import { describe, expect, it } from "vitest";
import {
  acceptTest,
  confirmTest,
  endTest,
  type RouteTest,
  startTest,
} from "../../../bot/domain/route-test/route-test.ts";
import type { DoctorDoorOptions } from "../../../bot/web/ops/doctor-door.ts";
import { pressedAt } from "../../fixtures/incident.ts";
import { openDoors } from "../doors.ts";

const doctorToken = "een-geheim-voor-de-dokter";
const atIso = new Date(pressedAt).toISOString();
const endsAt = new Date(pressedAt + 30 * 60_000).toISOString();
const queued = { state: "queued", failure: null, toldBy: null, at: atIso, provenAt: null };

/** The engine's part, played: one test of two routes, of which one is out. */
function prepare() {
  const known = new Map<string, RouteTest>();
  const doctor: DoctorDoorOptions["doctor"] = {
    async start() {
      const test = startTest("a1", ["desk", "phone"], { by: null, channel: null }, pressedAt);
      known.set(test.id, acceptTest(test, "desk", pressedAt));
      return test;
    },
    load: async (id) => known.get(id) ?? null,
    async confirm(id, pager) {
      const test = known.get(id);
      if (test?.routes[pager] === undefined) return null;
      known.set(id, confirmTest(test, pager, pressedAt + 5));
      return known.get(id) ?? null;
    },
    proven: async () => ({ desk: pressedAt - 1_000, phone: null }),
  };
  return { doctor, known };
}

function call(url: string, method: string, path: string, token: string | null = doctorToken): Promise<Response> {
  return fetch(`${url}/doctor/pagers${path}`, {
    method,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  });
}

describe("the doctor's door", () => {
  it("starts a test, tells how it stands, and takes that a human has it", async () => {
    const { doctor, known } = prepare();
    await using doors = await openDoors({ doctorToken, doctor });
    const started = await call(doors.url, "POST", "");
    expect(started.status).toBe(202);
    expect(await started.json()).toEqual({
      id: "a1",
      startedAt: atIso,
      endsAt,
      isOver: false,
      routes: { desk: { ...queued, provenAt: new Date(pressedAt - 1_000).toISOString() }, phone: queued },
    });
    const looked = await call(doors.url, "GET", "/a1");
    expect(looked.status).toBe(200);
    expect(await looked.json()).toMatchObject({ isOver: false, routes: { desk: { state: "accepted" } } });
    const confirmed = await call(doors.url, "POST", "/a1/desk");
    expect(confirmed.status).toBe(200);
    expect(await confirmed.json()).toMatchObject({ routes: { desk: { state: "answered", toldBy: "colleague" } } });
    const test = known.get("a1");
    if (test !== undefined) known.set("a1", endTest(test));
    expect(await (await call(doors.url, "GET", "/a1")).json()).toMatchObject({ isOver: true });
  });

  it("answers 409 when nothing that was sent can have arrived there, and 404 for what is not", async () => {
    const { doctor } = prepare();
    await using doors = await openDoors({ doctorToken, doctor });
    await call(doors.url, "POST", "");
    const early = await call(doors.url, "POST", "/a1/phone");
    expect(early.status).toBe(409);
    expect(early.headers.get("content-type")).toContain("application/problem+json");
    for (const [method, path] of [
      ["GET", "/a2"],
      ["POST", "/a2/desk"],
      ["POST", "/a1/mail"],
    ] as const) {
      expect((await call(doors.url, method, path)).status).toBe(404);
    }
  });

  it("is for who knows the token, and guessing is slowed down", async () => {
    const { doctor } = prepare();
    await using doors = await openDoors({ doctorToken, doctor });
    for (const token of [null, "", `${doctorToken}x`, doctorToken.slice(1), "Bearer"]) {
      expect((await call(doors.url, "POST", "", token)).status).toBe(401);
    }
    expect(doors.lines).toContainEqual(expect.objectContaining({ event: "doctor-refused" }));
    for (let guess = 0; guess < 20; guess += 1) await call(doors.url, "POST", "", `guess-${guess}`);
    expect((await call(doors.url, "POST", "", "another")).status).toBe(429);
    expect((await call(doors.url, "POST", "")).status).toBe(202);
    expect(JSON.stringify(doors.lines)).not.toMatch(/guess-1|geheim/);
  });

  it("is not there without a token in the configuration", async () => {
    const { doctor } = prepare();
    await using doors = await openDoors({ doctorToken: null, doctor });
    for (const token of [null, "null", ""]) expect((await call(doors.url, "POST", "", token)).status).toBe(404);
    expect((await call(doors.url, "GET", "/a1")).status).toBe(404);
  });

  it("answers each path by its one method: a link that is opened starts nothing", async () => {
    const { doctor, known } = prepare();
    await using doors = await openDoors({ doctorToken, doctor });
    for (const [method, path] of [
      ["GET", ""],
      ["POST", "/a1"],
      ["GET", "/a1/desk"],
      ["DELETE", "/a1"],
    ] as const) {
      expect((await call(doors.url, method, path)).status).toBe(405);
    }
    expect(known.size).toBe(0);
  });

  it("says so when the storage is down, and no more than that", async () => {
    const broken = async () => {
      throw new Error("the disk is gone");
    };
    const doctor = { start: broken, load: broken, confirm: broken, proven: broken };
    await using doors = await openDoors({ doctorToken, doctor });
    for (const [method, path] of [
      ["POST", ""],
      ["GET", "/a1"],
      ["POST", "/a1/desk"],
    ] as const) {
      const response = await call(doors.url, method, path);
      expect(response.status).toBe(503);
      expect(await response.text()).not.toContain("disk is gone");
    }
    expect(doors.lines.filter(({ event }) => event === "doctor-not-answered")).toHaveLength(3);
  });
});
