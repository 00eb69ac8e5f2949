import Database from "better-sqlite3";
import { createDirectory } from "../../bot/config/directory.ts";
import { toAlarm } from "../../bot/domain/alarm.ts";
import { toRows } from "../../bot/engine/incident/effect-rows.ts";
import { Handler } from "../../bot/engine/kernel/handle.ts";
import { InFlight } from "../../bot/kit/in-flight.ts";
import type { Store } from "../../bot/ports/store/store.ts";
import { openStore } from "../../bot/store/store.ts";
import { load } from "../config/small.ts";
import { FakeClock } from "../fakes/clock.ts";
import { buildPress } from "../fixtures/press.ts";
import { newDatabase } from "../store/new-database.ts";

export const second = 1_000;
/** 24 November 2026, 10:00:00 in Amsterdam. */
export const begunAt = Date.UTC(2026, 10, 24, 9);

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What every part of the engine works with, on a real file or that store, under a clock that the test pushes. */
export async function openKernel(given?: Store) {
  await using stack = new AsyncDisposableStack();
  const clock = new FakeClock(begunAt);
  const lines: string[] = [];
  const write = (facts: object, event: string) => lines.push(`${event} ${JSON.stringify(facts)}`);
  const log = { info: () => undefined, warn: write, error: write };
  const path = newDatabase();
  const asked = new InFlight();
  const store = stack.use(given ?? (await openStore({ url: `sqlite:${path}`, log, lockWaitMs: 0, inFlight: asked })));
  // That the database is new goes without saying.
  lines.length = 0;
  const directory = createDirectory(load(), new Set(), () => null);
  const inFlight = new InFlight();
  const kernel = { store, clock, log, inFlight };
  const handler = new Handler(kernel, directory, toRows);
  const { hash, policy } = directory.policyOf(buildPress());
  const toPress = () => directory.toPress("buttons", toAlarm("press", { button: "0042" }), "i-1", clock.now());
  const held = stack.move();

  async function quieten(isQuiet: () => boolean): Promise<void> {
    for (let quiet = 0; quiet < 5; quiet = isQuiet() ? quiet + 1 : 0) await turn();
  }
  /** All is done that can be done at this moment, but for as many things as the test keeps under way. */
  const settle = (underWay = 0) => quieten(() => asked.count === 0 && inFlight.count === underWay);
  return {
    kernel,
    path,
    handler,
    directory,
    hash,
    policy,
    /** Warnings and errors. */
    lines,
    settle,
    /** The storage has nothing to do, whatever else hangs. */
    rest: () => quieten(() => asked.count === 0),
    /** Moment after moment for which somebody waits, and what follows from each. */
    async pass(ms: number, underWay = 0) {
      const until = clock.now() + ms;
      await settle(underWay);
      for (; clock.now() < until; await settle(underWay)) clock.to(Math.min(until, clock.nextAt));
    },
    /** Nothing can be written until that is disposed of; what is on disk can be read. */
    holdDisk() {
      const other = new Database(path);
      other.exec("begin immediate");
      return { [Symbol.dispose]: () => other.close() };
    },
    /** Opens the incident "i-1". */
    async press() {
      await handler.write(async (tx) => {
        await tx.savePolicy(hash, policy);
        const { commit } = await handler.open(tx, toPress(), policy, clock.now());
        return { value: null, commits: [commit] };
      });
    },
    pressAgain: () => handler.handle("i-1", { kind: "press", press: toPress() }),
    load: () => store.read((reader) => reader.loadIncident("i-1")),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
