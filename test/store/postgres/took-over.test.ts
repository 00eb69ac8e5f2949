import { describe, expect, it } from "vitest";
import type { Store } from "../../../bot/ports/store/store.ts";
import { newIncident } from "../new-incident.ts";
import { open, write } from "./open-behind-proxy.ts";

const alarm = { source: "buttons", key: "one", incident: null, outcome: "seen", receivedAt: 1_000 } as const;
const foreseen = { alarms: [alarm] };

function save(store: Store): Promise<void> {
  return store.write((tx) => tx.saveAlarm(alarm), foreseen);
}

/** How often a work was run that asks for it: once where it is known, and else first as if it were not there. */
async function countRuns(store: Store): Promise<number> {
  let runs = 0;
  const found = await store.write((tx) => {
    runs += 1;
    return tx.findAlarm(alarm.source, alarm.key);
  }, foreseen);
  expect(found).toEqual(alarm);
  return runs;
}

describe("what is known of a database", () => {
  it("is forgotten where a server took over that has not the last groups", async () => {
    const { beside, start } = await open();
    await using store = await start();
    await write(store);
    const before = await beside.query<{ group: number }>(`select last_group as "group" from owner`, []);
    await save(store);
    expect(await countRuns(store)).toBe(1);
    await beside.script(`delete from alarms; update owner set last_group = ${before.rows[0]?.group}`);
    // Told of as known, the same press sent again would be taken for one that was seen.
    expect(await store.write((tx) => tx.findAlarm(alarm.source, alarm.key), foreseen)).toBeNull();
    await save(store);
    expect(await countRuns(store)).toBe(1);
  });

  it("has other numbers where a server took over that gave them to nobody", async () => {
    const { beside, start } = await open();
    await using store = await start();
    await store.write((tx) => tx.insertIncident(newIncident("a")), {});
    await beside.script("select setval('incidents_number_seq', 7); update owner set last_group = last_group - 1");
    expect(await store.write((tx) => tx.insertIncident(newIncident("b")), {})).toMatchObject({ number: 8 });
  });

  it("stays after groups that were not done, and after a commit whose answer was lost", async () => {
    const { proxy, start } = await open();
    await using store = await start();
    await save(store);
    const undone = store.write(async () => {
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect([await countRuns(store), await countRuns(store)]).toEqual([2, 1]);
    proxy.cutNextCommits(1);
    expect([await countRuns(store), await countRuns(store)]).toEqual([1, 1]);
    expect(proxy.cut).toBe(1);
    proxy.dropNextCommits(1);
    await expect(save(store)).rejects.toThrow("the storage did not take it");
    expect([await countRuns(store), await countRuns(store)]).toEqual([2, 1]);
  });
});
