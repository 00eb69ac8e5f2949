import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { loadPagerRecords } from "../../../bot/engine/route-test/pager-records.ts";
import { openLog } from "../../../bot/logging/open-log.ts";
import { openStore } from "../../../bot/store/store.ts";
import { newDatabase } from "../new-database.ts";
import { writeOldSettings } from "../old-database.ts";

const person = "00000000-0000-4000-8000-00000000000a";

/** Every kind of name that any version wrote, and names that are none or look like others. */
const old = {
  "pager centre book": '{"frames":[]}',
  "pager centre clock primary": "12",
  "pager proven-1 book": "a pager may be called so",
  "proven desk": "1764000000000",
  "proven known-2": "1764000000001",
  "known desk": "1763000000000",
  "known known-2": "1763000000001",
  "troubles:frontdesk": "2026-11-24",
  "greeted:19:alarms@thread.tacv2": "1764000000002",
  "greeted:a:1 place:x": "1764000000003",
  [`place:${person}`]: "Balie: links, 2e deur",
  "place:Else": "",
  "place:proven desk": "Kelder",
  "guard-key": Buffer.alloc(32, 7).toString("base64"),
  probe: "written",
  "PROVEN desk": "capitals",
  "Guard-Key": "capitals",
  proven: "no name",
  place: "no person",
  "from-a-version-nobody-knows": "",
  "": "nothing",
};

async function migrate(): Promise<{ path: string; rows: unknown[]; places: unknown[]; tables: unknown[] }> {
  const path = newDatabase();
  await writeOldSettings(path, old);
  await (await openStore({ url: `sqlite:${path}`, log: openLog("silent") }))[Symbol.asyncDispose]();
  using raw = new DisposableStack();
  const database = raw.adopt(new Database(path), (each) => each.close());
  return {
    path,
    rows: database.prepare("select subject, name, value from settings order by subject, name").raw().all(),
    places: database.prepare("select person, place from usual_places order by person").raw().all(),
    tables: database.prepare("select name from sqlite_master where name like '%settings%'").pluck().all(),
  };
}

it("every setting lies under its subject, what nobody knows is kept, and no place is among them", async () => {
  const { rows, places, tables } = await migrate();
  expect(rows).toEqual([
    ["", "", "nothing"],
    ["", "Guard-Key", "capitals"],
    ["", "PROVEN desk", "capitals"],
    ["", "from-a-version-nobody-knows", ""],
    ["", "place", "no person"],
    ["", "proven", "no name"],
    ["greeted", "19:alarms@thread.tacv2", "1764000000002"],
    ["greeted", "a:1 place:x", "1764000000003"],
    ["pager-memory", "centre book", '{"frames":[]}'],
    ["pager-memory", "centre clock primary", "12"],
    ["pager-memory", "proven-1 book", "a pager may be called so"],
    ["probe", "storage", "written"],
    ["route-known", "desk", "1763000000000"],
    ["route-known", "known-2", "1763000000001"],
    ["route-proven", "desk", "1764000000000"],
    ["route-proven", "known-2", "1764000000001"],
    ["secret", "guard-key", old["guard-key"]],
    ["troubles-reported", "frontdesk", "2026-11-24"],
  ]);
  expect(places).toEqual([
    [person, "Balie: links, 2e deur"],
    ["proven desk", "Kelder"],
  ]);
  expect(tables).toEqual(["settings"]);
});

it("what is asked for is found, and a place that was forgotten stays so", async () => {
  const { path } = await migrate();
  await using store = await openStore({ url: `sqlite:${path}`, log: openLog("silent") });
  await store.read(async (reader) => {
    expect(await loadPagerRecords(reader, ["desk", "known-2", "new"])).toEqual([
      { pager: "desk", provenAt: 1764000000000, knownAt: 1763000000000 },
      { pager: "known-2", provenAt: 1764000000001, knownAt: 1763000000001 },
      { pager: "new", provenAt: null, knownAt: 0 },
    ]);
    expect(await reader.loadSetting("secret", "guard-key")).toBe(old["guard-key"]);
    expect(await reader.loadUsualPlace(person)).toBe("Balie: links, 2e deur");
    expect(await reader.loadUsualPlace("Else")).toBeNull();
  });
});
