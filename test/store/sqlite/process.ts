/**
 * A process of its own with a store, started by the tests: `node process.ts <what> <path>`. It tells what happened by
 * lines on standard output, which is a pipe and so written at once: a line is out before the next thing happens.
 */
import { openLog } from "../../../bot/logging/open-log.ts";
import type { Store } from "../../../bot/ports/store/store.ts";
import { openStore } from "../../../bot/store/store.ts";
import { newIncident } from "../new-incident.ts";

const [, , what, path] = process.argv;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Opens incidents, eight at a time, and says which are on disk and which were refused, until too many were. */
async function fill(store: Store): Promise<void> {
  let next = 0;
  let refused = 0;
  async function press(): Promise<void> {
    while (refused < 24) {
      const id = `incident-${next++}`;
      try {
        await store.write(async (tx) => {
          await tx.insertIncident(newIncident(id));
          await tx.appendHistory(id, [{ kind: "card-posted", at: 1_000 }]);
        });
        say(`stored ${id}`);
      } catch {
        refused += 1;
        say(`refused ${id}`);
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, press));
  const first = await store.read((reader) => reader.loadIncident("incident-0"));
  say(first === null ? "can't read" : "reads");
}

try {
  const store = await openStore({ url: `sqlite:${path}`, log: openLog("silent") });
  say("open");
  if (what === "fill") await fill(store);
  else setInterval(() => {}, 60_000);
} catch (error) {
  say(`error ${error instanceof Error ? error.message : ""}`);
}
