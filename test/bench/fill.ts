import { stringify } from "yaml";
import { kinds } from "../../bot/app.ts";
import { createDirectory } from "../../bot/config/directory.ts";
import { parseConfiguration } from "../../bot/config/load-configuration.ts";
import { toAlarm } from "../../bot/domain/alarm.ts";
import { toRows } from "../../bot/engine/incident/effect-rows.ts";
import { Handler } from "../../bot/engine/kernel/handle.ts";
import { InFlight } from "../../bot/kit/in-flight.ts";
import type { Directory } from "../../bot/ports/directory.ts";
import type { Store } from "../../bot/ports/store/store.ts";
import { openStore } from "../../bot/store/store.ts";

/** An incident that stands open, its card posted; `openedAt` in epoch milliseconds. */
export interface Opening {
  readonly source: string;
  readonly openedAt: number;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Opens them by the engine's own hand in the database of these settings, which no process has open. */
export async function fillStore(settings: Record<string, unknown>, openings: readonly Opening[]): Promise<void> {
  const configuration = parseConfiguration("bench.yaml", stringify(settings), {}, kinds);
  await using store = await openStore({ url: configuration.database, log: silent });
  const directory = createDirectory(configuration, new Set(), () => null);
  let at = 0;
  const clock = { now: () => at, wall: () => at, wakeAt: () => () => undefined, timeout: never };
  const handler = new Handler({ store, clock, log: silent, inFlight: new InFlight() }, directory, toRows);
  at = Date.now();
  for (let done = 0; done < openings.length; done += 1_000) {
    const some = openings.slice(done, done + 1_000);
    await Promise.all(some.map((opening, index) => openOne(store, handler, directory, opening, done + index)));
  }
}

function never(): never {
  throw new Error("nothing is sent while the database is filled");
}

async function openOne(
  store: Store,
  handler: Handler,
  directory: Directory,
  { source, openedAt }: Opening,
  n: number,
): Promise<void> {
  const alarm = toAlarm("press", { button: `oud-${n}`, place: `Zaal ${n}` });
  const press = directory.toPress(source, alarm, crypto.randomUUID(), openedAt);
  const { hash, policy } = directory.policyOf(press);
  await store.write(async (tx) => {
    await tx.savePolicy(hash, policy);
    const opened = await handler.open(tx, press, policy, openedAt);
    const posted = await handler.handleIn(
      tx,
      press.incident,
      { kind: "card-posted", ring: 1, rung: ["alice", "bob"] },
      openedAt,
    );
    for (const row of [...opened.commit.rows, ...posted.commit.rows]) await tx.settle(row, openedAt);
    await tx.saveCard({
      incident: press.incident,
      conversation: "19:bench@thread.tacv2",
      serviceUrl: "http://127.0.0.1",
      activity: String(n),
      shown: "",
      shownAt: openedAt,
      repliedTo: 9,
      postedAt: openedAt,
      ring: 1,
      rung: [],
      isTagRung: false,
    });
  });
}
