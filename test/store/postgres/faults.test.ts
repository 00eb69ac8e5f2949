import { describe, expect, it, onTestFinished } from "vitest";
import type { StorageFault, Store } from "../../../bot/ports/store/store.ts";
import type { PostgresClient } from "../../../bot/store/postgres/postgres-client.ts";
import { openStore } from "../../../bot/store/store.ts";
import { connectTo, newPostgres } from "../../storage/postgres/new-postgres.ts";
import { PostgresProxy } from "../../storage/postgres/proxy.ts";
import { patient } from "../../storage/postgres/server.ts";
import { newIncident } from "../new-incident.ts";

/** A store behind a proxy, and a connection that goes past that. */
async function open() {
  const url = await newPostgres("18");
  const proxy = await PostgresProxy.start(url);
  const beside = connectTo(url);
  const lines: string[] = [];
  const note = (_: unknown, event: string) => void lines.push(event);
  const log = { info: note, warn: note, error: note };
  const ends: string[] = [];
  const onLost = () => void ends.push("lost");
  const onWhole = () => void ends.push("whole");
  const patience = { ...patient };
  const start = (lockWaitMs = 0) => openStore({ url: proxy.url, log, lockWaitMs, patience, onLost, onWhole });
  onTestFinished(async () => {
    await beside.close();
    await proxy[Symbol.asyncDispose]();
  });
  return { url, proxy, patience, beside, lines, ends, start, database: url.slice(url.lastIndexOf("/") + 1) };
}

function write(store: Store, name = "name"): Promise<void> {
  return store.write((tx) => tx.saveSetting("greeted", name, "value"));
}

/** As whoever stops the server for an upgrade does (57P01). */
async function endOthers(beside: PostgresClient): Promise<void> {
  await beside.script(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`);
}

function read(store: Store, name = "name"): Promise<string | null> {
  return store.read((reader) => reader.loadSetting("greeted", name));
}

const refuses: readonly StorageFault[] = ["storage-refuses"];

describe("a server that fails", () => {
  it("refuses what is written and read while it is away, says so, and takes it again", async () => {
    const { proxy, start, lines } = await open();
    await using store = await start();
    await write(store);
    {
      using _away = proxy.refuse();
      await expect(write(store, "later")).rejects.toThrow("the storage did not take it");
      await expect(read(store)).rejects.toThrow("PostgreSQL");
      await expect(store.probe()).rejects.toThrow();
      expect(await store.inspect()).toEqual(refuses);
    }
    expect(await store.inspect()).toEqual([]);
    await write(store, "later");
    expect([await read(store), await read(store, "later")]).toEqual(["value", "value"]);
    // The connection broke, and then nobody could connect.
    expect(lines.filter((line) => line.startsWith("storage"))).toEqual([
      ...["storage-fails", "storage-fails"],
      "storage-works-again",
    ]);
  });

  it("is known to be away by a look alone, when nothing is written", async () => {
    const { proxy, start } = await open();
    await using store = await start();
    expect(await store.inspect()).toEqual([]);
    using _away = proxy.refuse();
    expect(await store.inspect()).toEqual(refuses);
  });

  it("is given up when it does not answer, and asked anew", async () => {
    const { proxy, patience, start } = await open();
    await using store = await start();
    await write(store);
    {
      using _silent = proxy.hang();
      patience.answerMs = 50;
      await expect(write(store, "later")).rejects.toMatchObject({ cause: { code: "ETIMEDOUT" } });
      await expect(read(store)).rejects.toMatchObject({ code: "ETIMEDOUT" });
      patience.answerMs = patient.answerMs;
    }
    await write(store, "later");
    expect(await read(store, "later")).toBe("value");
  });

  it.each([
    [
      "it may only be read (25006)",
      "25006",
      (name: string) => `alter database ${name} set default_transaction_read_only = on`,
    ],
    ["it has no connection left (53300)", "53300", (name: string) => `alter database ${name} connection limit 0`],
  ])("refuses while %s, and takes it once that is over", async (_what, code, toChange) => {
    const { beside, start, database } = await open();
    await using store = await start();
    await write(store);
    await beside.script(toChange(database));
    await endOthers(beside);
    await expect(write(store, "later")).rejects.toMatchObject({ cause: { code: expect.any(String) } });
    await expect(write(store, "later")).rejects.toMatchObject({ cause: { code } });
    expect(await store.inspect()).toEqual(refuses);
    await beside.script(`alter database ${database} reset default_transaction_read_only`);
    await beside.script(`alter database ${database} connection limit -1`);
    expect(await store.inspect()).toEqual([]);
    await write(store, "later");
  });

  it("is left for another one once it may only be read, in the midst of a connection", async () => {
    const client = connectTo(await newPostgres("18"));
    await client.script("set default_transaction_read_only = on");
    await expect(client.script("update owner set needs = 0")).rejects.toMatchObject({ code: "25006" });
    expect(client.isBroken).toBe(true);
    await client.close();
  });

  it("says that it is not let in (42501), also where that is so later", async () => {
    const { beside, start, lines, database } = await open();
    await using store = await start();
    await write(store);
    await beside.script(`revoke connect on database ${database} from public, rugdekking`);
    await endOthers(beside);
    await expect(write(store)).rejects.toThrow("the storage did not take it");
    expect(await store.inspect()).toEqual([...refuses, "storage-shut"]);
    expect(lines.at(-1)).toBe("storage-fails");
    await beside.script(`grant connect on database ${database} to rugdekking`);
    expect(await store.inspect()).toEqual([]);
  });

  it("refuses what the server broke off (57014), and goes on over the same connection", async () => {
    const { beside, start } = await open();
    await using store = await start();
    await write(store);
    await beside.script("begin; lock table settings");
    const refused = expect(write(store, "later")).rejects.toMatchObject({ code: "57014" });
    const cancel = `select pg_cancel_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await beside.query(cancel, [])).rows.length, { timeout: 50_000 }).toBe(1);
    await refused;
    await beside.script("rollback");
    await write(store, "later");
    expect(await read(store, "later")).toBe("value");
  });

  it("refuses nothing for what was read meanwhile, however strict the server is by itself", async () => {
    const { beside, start, database } = await open();
    await beside.script(`alter database ${database} set default_transaction_isolation = serializable`);
    await using store = await start();
    await beside.script("begin isolation level serializable; select * from settings");
    await beside.script("insert into alarms values ('buttons', 'one', null, 'seen', 1)");
    await store.write(async (tx) => {
      await tx.findAlarm("buttons", "one");
      await tx.saveSetting("greeted", "name", "value");
      await beside.script("commit");
    });
    expect(await read(store)).toBe("value");
  });

  it("does nothing of a transaction in which a statement failed, also where the work went on", async () => {
    const { start } = await open();
    await using store = await start();
    const refused = store.write(async (tx) => {
      await tx.saveSetting("greeted", "name", "value");
      await tx.appendHistory("unknown", [{ kind: "cancelled", at: 1 }]).catch(() => {});
    });
    await expect(refused).rejects.toThrow("the storage did not take it");
    expect(await read(store)).toBeNull();
  });
});

describe("a commit whose answer was lost", () => {
  it("is asked after, and told as done where it was", async () => {
    const { proxy, start, lines } = await open();
    await using store = await start();
    proxy.cutNextCommits(1);
    await store.write((tx) => tx.insertIncident(newIncident("a")));
    expect(proxy.cut).toBe(1);
    expect(await store.read((reader) => reader.loadIncident("a"))).toMatchObject({ id: "a" });
    await write(store, "later");
    expect(lines).toEqual([]);
  });

  it("is told as refused where the server never had it", async () => {
    const { proxy, start } = await open();
    await using store = await start();
    await write(store);
    proxy.dropNextCommits(1);
    await expect(write(store, "lost")).rejects.toThrow("the storage did not take it");
    expect(proxy.cut).toBe(1);
    expect(await read(store, "lost")).toBeNull();
    await write(store, "later");
  });

  it("is told as refused where nobody says in time what became of it, and is found there", async () => {
    const { proxy, start } = await open();
    await using store = await start();
    {
      using _away = proxy.refuseAfterCommit();
      await expect(write(store)).rejects.toThrow("the storage did not take it");
      expect(proxy.cut).toBe(1);
    }
    expect(await read(store)).toBe("value");
    await write(store, "later");
  });
});

describe("the owner of a database", () => {
  it("keeps another process out, and lets it in once it has stopped", async () => {
    const { start } = await open();
    const first = await start();
    await expect(start()).rejects.toThrow("in use by another process");
    await first[Symbol.asyncDispose]();
    await using second = await start();
    await write(second);
  });

  it("is another one at once, where nobody has written for long enough", async () => {
    const { beside, start, ends } = await open();
    await using first = await start();
    await write(first);
    await beside.script("update owner set until = clock_timestamp() - interval '1 second'");
    await using second = await start();
    await write(second);
    await expect(write(first, "later")).rejects.toThrow();
    expect(await read(second, "later")).toBeNull();
    expect(ends).toEqual(["lost"]);
    expect(await first.inspect()).toEqual(["storage-lost"]);
    await write(second, "later");
  });

  it("is another one where nobody writes while it looks, also when the clock of the server was put back", async () => {
    const { beside, start } = await open();
    await beside.script("update owner set instance = 'killed', until = clock_timestamp() + interval '1 hour'");
    await expect(start()).rejects.toThrow("in use");
    await using second = await start(500);
    await write(second);
  });

  it("stays who it is where it writes while another one looks", async () => {
    const { beside, start } = await open();
    await beside.script("update owner set instance = 'alive', until = clock_timestamp() + interval '1 hour'");
    const looking = new AbortController();
    const starting = start(600_000).finally(() => looking.abort());
    const refused = expect(starting).rejects.toThrow("in use");
    while (!looking.signal.aborted) await beside.script("update owner set last_group = last_group + 1");
    await refused;
  });

  it("is waited for by nobody while it is in a transaction, and taken by nobody who gave up", async () => {
    const { beside, patience, start } = await open();
    await beside.script("update owner set instance = 'hanging', until = clock_timestamp() - interval '1 hour'");
    await beside.script("begin; update owner set last_group = 7");
    patience.answerMs = 2_000;
    await expect(start()).rejects.toThrow("in use");
    await beside.script("commit");
    const { rows } = await beside.query("select instance, last_group from owner", []);
    expect(rows).toEqual([{ instance: "hanging", last_group: 7 }]);
  });

  it("is another one where it hangs in a transaction, of which nothing is done when it goes on", async () => {
    const { patience, start, ends } = await open();
    patience.answerMs = 2_000;
    await using first = await start();
    const [hanging, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const writing = first.write(async (tx) => {
      await tx.saveSetting("greeted", "name", "value");
      hanging.resolve();
      await goesOn.promise;
    });
    const refused = expect(writing).rejects.toThrow("the storage did not take it");
    await hanging.promise;
    // The server ends what idles in a transaction.
    await using second = await start(3_000);
    await write(second, "later");
    goesOn.resolve();
    await refused;
    expect(await read(second)).toBeNull();
    await expect(write(first)).rejects.toThrow();
    expect(ends).toEqual(["lost"]);
  });

  it("goes on where its time ran out and nobody else came", async () => {
    const { beside, start } = await open();
    await using store = await start();
    await beside.script("update owner set until = clock_timestamp() - interval '1 hour'");
    await write(store);
    await expect(start()).rejects.toThrow("in use");
  });
});

describe("a start", () => {
  it("goes on without a database that is away, and is whole once that is back", async () => {
    const { proxy, start, ends, lines } = await open();
    const away = proxy.refuse();
    await using store = await start();
    expect(await store.inspect()).toEqual(["storage-aside"]);
    await expect(write(store)).rejects.toThrow("can't be used");
    await expect(read(store)).rejects.toThrow("can't be used");
    expect([ends, lines]).toEqual([[], ["storage-aside"]]);
    away[Symbol.dispose]();
    expect(await store.inspect()).toEqual([]);
    expect([ends, lines]).toEqual([["whole"], ["storage-aside", "storage-whole"]]);
    await write(store);
    expect(await read(store)).toBe("value");
  });

  it("says why it goes on without its database, each time when that is another reason", async () => {
    const { proxy, beside, start, lines, database } = await open();
    const away = proxy.refuse();
    await using store = await start();
    away[Symbol.dispose]();
    for (const [statement, fault] of [
      [`revoke connect on database ${database} from public, rugdekking`, "storage-shut"],
      [
        `grant connect on database ${database} to rugdekking;
          update owner set instance = 'other', until = clock_timestamp() + interval '1 hour'`,
        "storage-unlocked",
      ],
      [
        `insert into kysely_migration values ('9999-later', '');
          update owner set instance = null, needs = 9999`,
        "storage-newer",
      ],
    ] as const) {
      await beside.script(statement);
      lines.splice(0);
      for (const _look of [1, 2]) expect(await store.inspect()).toEqual(["storage-aside", fault]);
      expect(lines).toEqual(["storage-aside"]);
    }
  });

  it("takes the one of several servers that takes writes", async () => {
    const [first, second] = [await newPostgres("15"), await newPostgres("18")];
    const name = `both_of_${process.pid}`;
    const hosts = [first, second].map((url) => new URL(url).host);
    const beside = hosts.map((host) => connectTo(`postgres://postgres@${host}/postgres`));
    for (const client of beside) await client.script(`create database ${name} template template0 owner rugdekking`);
    await beside[0]?.script(`alter database ${name} set default_transaction_read_only = on`);
    const log = { info() {}, warn() {}, error() {} };
    const store = await openStore({
      url: `postgres://rugdekking@127.0.0.1:1,${hosts}/${name}`,
      log,
      patience: patient,
    });
    await write(store);
    expect(await store.inspect()).toEqual([]);
    await store[Symbol.asyncDispose]();
    const found = connectTo(`postgres://rugdekking@${hosts[1]}/${name}`);
    expect((await found.query("select name from settings where subject = 'greeted'", [])).rows).toEqual([
      { name: "name" },
    ]);
    await found.close();
    for (const client of beside) {
      await client.script(`drop database ${name}`);
      await client.close();
    }
  });

  it("is refused on tables of a newer version, which says what to put back", async () => {
    const { beside, start } = await open();
    await beside.script("insert into kysely_migration values ('9999-later', ''); update owner set needs = 9999");
    await expect(start()).rejects.toThrow(/newer version .*pg_dump/);
  });
});
