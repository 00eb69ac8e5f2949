import { expect, it } from "vitest";
import { followDisk } from "../../../bot/engine/readiness/clock-watch.ts";
import { DatabaseClock } from "../../../bot/engine/readiness/database-clock.ts";
import { openStore } from "../../../bot/store/store.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { newPostgres } from "../../storage/postgres/new-postgres.ts";
import { patient, versions } from "../../storage/postgres/server.ts";
import { openKernel } from "../open-kernel.ts";

const minute = 60_000;

/** A start on a real server, whose clock is behind the newest moment that is stored there. */
async function startBehind(version: (typeof versions)[number], behindMs: number) {
  const stack = new AsyncDisposableStack();
  const lines: string[] = [];
  const note = (_: unknown, event: string) => void lines.push(event);
  const log = { info: note, warn: note, error: note };
  const store = await openStore({ url: await newPostgres(version), log, timeouts: patient });
  const { kernel } = stack.use(await openKernel(store));
  // The machine's is right, and stands still, so that the server's is somewhat later.
  const clock = new FakeClock(Date.now());
  const newest = clock.now() + behindMs;
  await store.write((tx) =>
    tx.saveAlarm({ source: "buttons", key: "a", incident: null, outcome: "seen", receivedAt: newest }),
  );
  const databaseClock = stack.use(await DatabaseClock.follow({ ...kernel, clock, log }, clock));
  const byServer = clock.now();
  const left = await followDisk({ store, log }, clock);
  const troubles = () => databaseClock.troubles.map(({ kind }) => kind);
  return { newest, byServer, left, clock, lines, troubles, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

it.each(versions)("goes on from the newest moment on PostgreSQL %s, up to 10 minutes", async (version) => {
  await using start = await startBehind(version, 9 * minute);
  expect(start.byServer).toBeLessThan(start.newest);
  expect([start.clock.now(), start.left]).toEqual([start.newest, null]);
  expect(start.lines).toContain("clock-somewhat-behind");
  expect(start.troubles()).toEqual([]);
});

it.each(versions)(
  "goes by the clock of PostgreSQL %s beyond that, and says by how much it is behind",
  async (version) => {
    await using start = await startBehind(version, 60 * minute);
    expect([start.clock.now(), start.left]).toEqual([start.byServer, start.newest - start.byServer]);
    expect(start.lines).toContain("clock-behind");
    expect(start.troubles()).toEqual([]);
  },
);
