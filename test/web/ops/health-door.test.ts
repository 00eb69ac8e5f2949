import { describe, expect, it } from "vitest";
import { openDoors } from "../doors.ts";

const metricsToken = "een-geheim-voor-de-metingen";

describe("health", () => {
  it("is live while it turns, and ready when an alarm would be recorded", async () => {
    let isReady = true;
    await using doors = await openDoors({
      probe: async () => {
        if (!isReady) throw new Error("the disk is full");
      },
    });
    const ask = async (path: string) => (await fetch(`${doors.url}${path}`)).status;
    expect([await ask("/health/live"), await ask("/health/ready")]).toEqual([200, 200]);
    isReady = false;
    doors.clock.to(doors.clock.now() + 1_000);
    expect([await ask("/health/live"), await ask("/health/ready")]).toEqual([200, 503]);
    expect(doors.lines).toMatchObject([{ level: "error", event: "not-ready" }]);
  });

  it("asks the storage once a second, whoever calls", async () => {
    let probes = 0;
    await using doors = await openDoors({
      probe: async () => {
        probes += 1;
      },
    });
    const ask = async () => (await fetch(`${doors.url}/health/ready`)).status;
    await Promise.all([ask(), ask(), ask()]);
    doors.clock.to(doors.clock.now() + 999);
    await ask();
    expect(probes).toBe(1);
    doors.clock.to(doors.clock.now() + 1);
    await ask();
    expect(probes).toBe(2);
  });

  it("says within 5 s that the disk hangs, asks it no second time meanwhile, and is ready once it goes on", async () => {
    const writes: (() => void)[] = [];
    await using doors = await openDoors({ probe: () => new Promise((resolve) => writes.push(resolve)) });
    async function askLate() {
      const asked = fetch(`${doors.url}/health/ready`);
      await expect.poll(() => doors.clock.nextAt).toBe(doors.clock.now() + 4_000);
      doors.clock.to(doors.clock.now() + 5_000);
      const answer = await asked;
      return { status: answer.status, body: await answer.json() };
    }
    for (let asked = 0; asked < 2; asked += 1)
      expect(await askLate()).toEqual({ status: 503, body: { status: "not-ready", reason: "storage-hangs" } });
    expect(writes).toHaveLength(1);
    writes[0]?.();
    const again = fetch(`${doors.url}/health/ready`);
    await expect.poll(() => writes.length).toBe(2);
    writes[1]?.();
    expect((await again).status).toBe(200);
  });

  it("says to who sends the token where alarms can't be posted, and is ready all the same", async () => {
    let isReady = true;
    const probe = async () => {
      if (!isReady) throw new Error("the disk is full");
    };
    await using doors = await openDoors({ metricsToken, probe, lostChannels: () => ["frontdesk"] });
    const ask = async (authorization?: string) => {
      const answer = await fetch(`${doors.url}/health/ready`, { headers: authorization ? { authorization } : {} });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await ask(`Bearer ${metricsToken}`)).toEqual({
      status: 200,
      body: { status: "ready", teams: { lost: ["frontdesk"] } },
    });
    expect(await ask()).toEqual({ status: 200, body: { status: "ready" } });
    isReady = false;
    doors.clock.to(doors.clock.now() + 1_000);
    expect(await ask(`Bearer ${metricsToken}`)).toMatchObject({
      status: 503,
      body: { teams: { lost: ["frontdesk"] } },
    });
  });

  it("answers who guesses as anybody else, and counts it", async () => {
    await using doors = await openDoors({ metricsToken, lostChannels: () => ["frontdesk"] });
    for (let guess = 0; guess < 30; guess += 1) {
      const headers = { authorization: `Bearer guess-${guess}` };
      const answer = await fetch(`${doors.url}/health/ready`, { headers });
      expect([answer.status, await answer.json()]).toEqual([200, { status: "ready" }]);
    }
    expect(doors.lines.filter(({ event }) => event === "metrics-refused")).toHaveLength(2);
    expect(JSON.stringify(doors.lines)).not.toContain("guess-1");
  });

  it("has no such field where the configuration has no token", async () => {
    await using doors = await openDoors({ lostChannels: () => ["frontdesk"] });
    const answer = await fetch(`${doors.url}/health/ready`, { headers: { authorization: "Bearer null" } });
    expect(await answer.json()).toEqual({ status: "ready" });
  });
});
