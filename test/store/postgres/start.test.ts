import { describe, expect, it } from "vitest";
import { openStore } from "../../../bot/store/store.ts";
import { connectTo, newPostgres } from "../../storage/postgres/new-postgres.ts";
import { patient } from "../../storage/postgres/server.ts";
import { open, read, write } from "./open-behind-proxy.ts";

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
    const { beside, timeouts, start } = await open();
    await beside.script("update owner set instance = 'hanging', until = clock_timestamp() - interval '1 hour'");
    await beside.script("begin; update owner set last_group = 7");
    timeouts.answerMs = 2_000;
    await expect(start()).rejects.toThrow("in use");
    await beside.script("commit");
    const { rows } = await beside.query("select instance, last_group from owner", []);
    expect(rows).toEqual([{ instance: "hanging", last_group: 7 }]);
  });

  it("is another one where it hangs in a transaction, of which nothing is done when it goes on", async () => {
    const { timeouts, start, ends } = await open();
    timeouts.answerMs = 2_000;
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

  it("leaves a database to nobody that it could not set up, and so is not in its own way", async () => {
    const { beside, start } = await open();
    await beside.script(`create function refuse() returns trigger language plpgsql as $$
        begin raise 'could not extend file' using errcode = '53100'; end $$;
      create trigger refuse before update on outbox execute function refuse()`);
    await using store = await start();
    expect(await store.inspect()).toEqual(["storage-aside"]);
    expect((await beside.query("select instance from owner", [])).rows).toEqual([{ instance: null }]);
    await beside.script("drop trigger refuse on outbox");
    expect(await store.inspect()).toEqual([]);
    await write(store);
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
      timeouts: patient,
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
