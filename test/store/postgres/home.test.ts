import { describe, expect, it } from "vitest";
import { Copied } from "../../../bot/domain/incident/time/return.ts";
import type { Store } from "../../../bot/ports/store/store.ts";
import type { PostgresClient } from "../../../bot/store/postgres/postgres-client.ts";
import { connectTo } from "../../storage/postgres/new-postgres.ts";
import { versions } from "../../storage/postgres/server.ts";
import { newIncident } from "../new-incident.ts";
import { open } from "./open-behind-proxy.ts";

const at = Date.UTC(2026, 10, 24, 10, 0, 0);

async function load(beside: PostgresClient, subject: string): Promise<string | null> {
  const { rows } = await beside.query<{ value: string }>("select value from settings where subject = $1", [subject]);
  return rows[0]?.value ?? null;
}

async function loadCopied(beside: PostgresClient): Promise<Copied | null> {
  const text = await load(beside, "copied");
  return text === null ? null : Copied.parse(JSON.parse(text));
}

/** Starts on it, does that, and stops. */
async function startOnce(start: () => Promise<Store>, then: (store: Store) => Promise<unknown> = async () => {}) {
  await using store = await start();
  await then(store);
}

function openIncident(id: string, openedAt = at) {
  return (store: Store) =>
    store.write(async (tx) => {
      const incident = await tx.insertIncident(newIncident(id, { openedAt }));
      await tx.saveSetting("pager-memory", "desk book", "the journal of an alarm centre");
      return incident.number;
    });
}

/** What a dump that is put back over its own database makes anew. */
const ownerAnew = `create table other (like owner including all); insert into other select * from owner;
  drop table owner; alter table other rename to owner`;

describe.each(versions)("where a database of PostgreSQL %s stands", (version) => {
  it("is noted at the first start by a role that may do nothing else, and stays at the next ones", async () => {
    const { beside, start } = await open({ version });
    await startOnce(start, openIncident("open"));
    const home = await load(beside, "home");
    expect(home).toMatch(/^\d+ \d+ \d{15,}$/);
    await startOnce(start);
    // One that took over from a process that was killed.
    await beside.script("update owner set instance = 'killed', until = clock_timestamp() - interval '1 second'");
    await startOnce(start);
    expect(await load(beside, "home")).toBe(home);
    expect(await loadCopied(beside)).toBeNull();
    expect(await load(beside, "pager-memory")).not.toBeNull();
  });

  it.each([
    ["on another server", "update settings set value = concat(value, '1') where subject = 'home'"],
    ["in another database", "update settings set value = concat('1', value) where subject = 'home'"],
    ["where it was, by a dump", ownerAnew],
    ["wherever somebody says that it was put back", "update settings set value = '' where subject = 'home'"],
  ])("is %s: it was put back, and that is seen at one start", async (_where, change) => {
    const { beside, start } = await open({ version });
    await startOnce(start, openIncident("open"));
    await beside.script(change);
    await startOnce(start);
    expect(await loadCopied(beside)).toEqual({ at, upTo: 1, ended: {} });
    expect(await load(beside, "pager-memory")).toBeNull();
    await startOnce(start, async (store) => {
      expect(await openIncident("next")(store)).toBe(1_002);
    });
    expect(await loadCopied(beside)).toEqual({ at, upTo: 1, ended: {} });
  });
});

describe("a dump that was put back", () => {
  it("is known also where the server does not say which it is, and not because it says so from then on", async () => {
    const { url, beside, start } = await open();
    const superuser = connectTo(url.replace("//rugdekking@", "//postgres@"));
    await superuser.script("revoke execute on function pg_control_system() from public");
    await startOnce(start, openIncident("open"));
    const home = await load(beside, "home");
    expect(home).toMatch(/^\d+ \d+$/);
    await superuser.script("grant execute on function pg_control_system() to public");
    await startOnce(start);
    expect(await load(beside, "home")).toMatch(new RegExp(`^${home} \\d+$`));
    await superuser.script("revoke execute on function pg_control_system() from public");
    await startOnce(start);
    expect(await load(beside, "home")).toMatch(new RegExp(`^${home} \\d+$`));
    expect(await loadCopied(beside)).toBeNull();
    await beside.script(ownerAnew);
    await startOnce(start);
    expect(await loadCopied(beside)).not.toBeNull();
    await superuser.close();
  });

  it("is known once more where the start that saw it came to nothing", async () => {
    const { proxy, beside, start } = await open();
    await startOnce(start, openIncident("open"));
    await beside.script(ownerAnew);
    const home = await load(beside, "home");
    proxy.dropNextCommits(1);
    await using store = await start();
    expect(proxy.cut).toBe(1);
    expect(await load(beside, "home")).toBe(home);
    expect(await loadCopied(beside)).toBeNull();
    // As once its time has run out.
    await beside.script("update owner set instance = null");
    expect(await store.inspect()).toEqual([]);
    expect(await load(beside, "home")).not.toBe(home);
    expect(await loadCopied(beside)).toMatchObject({ upTo: 1 });
  });

  it("is another copy each time, with what a person said of one from which nobody has gone on", async () => {
    const { beside, start } = await open();
    await startOnce(start, openIncident("open"));
    const before = { at: at + 1_000, upTo: 1, ended: { open: "false" } };
    await beside.script(`insert into settings values ('copied', 'database', '${JSON.stringify(before)}')`);
    await beside.script(ownerAnew);
    await startOnce(start);
    expect(await loadCopied(beside)).toEqual({ ...before, at: at + 1_001 });
    await startOnce(start, (store) =>
      store.write((tx) => tx.saveSetting("copied-told", "database", String(at + 1_001))),
    );
    await beside.script(ownerAnew);
    await startOnce(start);
    expect(await loadCopied(beside)).toEqual({ at: at + 1_002, upTo: 1, ended: {} });
  });

  it("is as old as the last that happened in it, and gives on its numbers where it has no alarm or more were given", async () => {
    const { beside, start } = await open();
    await startOnce(start);
    await beside.script(ownerAnew);
    await startOnce(start, async (store) => {
      expect(await openIncident("open")(store)).toBe(1_001);
    });
    await beside.script(`select setval('incidents_number_seq', 5000); ${ownerAnew}`);
    await startOnce(start, async (store) => {
      expect(await loadCopied(beside)).toMatchObject({ at, upTo: 1_001 });
      await store.write((tx) => tx.appendHistory("open", [{ kind: "cancelled", at: at + 7 }]));
      expect(await openIncident("next", at + 5)(store)).toBe(5_001);
    });
    await beside.script(ownerAnew);
    await startOnce(start);
    expect(await loadCopied(beside)).toMatchObject({ at: at + 7, upTo: 5_001 });
  });
});
