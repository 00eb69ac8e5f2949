import { describe, expect, it } from "vitest";
import type { StorageFault } from "../../../bot/ports/store/store.ts";
import type { PostgresClient } from "../../../bot/store/postgres/postgres-client.ts";
import { connectTo, newPostgres } from "../../storage/postgres/new-postgres.ts";
import { patient } from "../../storage/postgres/server.ts";
import { newIncident } from "../new-incident.ts";
import { open, read, write } from "./open-behind-proxy.ts";

/** As whoever stops the server for an upgrade does (57P01). */
async function endOthers(beside: PostgresClient): Promise<void> {
  await beside.script(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`);
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
    const { proxy, timeouts, start } = await open();
    await using store = await start();
    await write(store);
    {
      using _silent = proxy.hang();
      timeouts.answerMs = 50;
      await expect(write(store, "later")).rejects.toMatchObject({ cause: { code: "ETIMEDOUT" } });
      await expect(read(store)).rejects.toMatchObject({ code: "ETIMEDOUT" });
      timeouts.answerMs = patient.answerMs;
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

  it("refuses what there is no room for (53100), although it lets everything begin, and says so", async () => {
    const { beside, start, lines } = await open();
    await using store = await start();
    await beside.script(`create function refuse() returns trigger language plpgsql as $$
        begin raise 'could not extend file' using errcode = '53100'; end $$;
      create trigger refuse before insert or update on settings for each row execute function refuse()`);
    for (const foreseen of [undefined, {}]) {
      const writing = store.write((tx) => tx.saveSetting("greeted", "name", "value"), foreseen);
      await expect(writing).rejects.toMatchObject({ cause: { code: "53100" } });
    }
    expect(await store.inspect()).toEqual(refuses);
    await beside.script("drop trigger refuse on settings");
    expect(await store.inspect()).toEqual([]);
    await write(store);
    expect(lines).toEqual(["storage-fails", "storage-works-again"]);
  });

  it("refuses what the server broke off (57014), and goes on over the same connection", async () => {
    const { beside, start } = await open();
    await using store = await start();
    await write(store);
    await beside.script("begin; lock table settings");
    const refused = expect(write(store, "later")).rejects.toMatchObject({ cause: { code: "57014" } });
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
    await expect(refused).rejects.toThrow("something in the transaction failed");
    expect(await read(store)).toBeNull();
  });
});

/** As postgresql.org/docs/current/protocol-message-formats.html has them, and not. */
const breaches: readonly (readonly [what: string, bytes: readonly number[]])[] = [
  ["a row that is shorter than it says", [0x44, 0, 0, 0, 6, 0, 1]],
  ["a row with fewer columns than none", [0x44, 0, 0, 0, 6, 0xff, 0xff]],
  ["a row of which nobody knows the columns", [0x44, 0, 0, 0, 11, 0, 1, 0, 0, 0, 1, 0x61]],
  ["a part of a copy that nobody asked for", [0x64, 0, 0, 0, 4]],
  ["that it takes a copy, which nobody asked for", [0x47, 0, 0, 0, 7, 0, 0, 0]],
  ["how to let us in, which it has", [0x52, 0, 0, 0, 8, 0, 0, 0, 99]],
  ["a message without a length", [0x31, 0, 0, 0, 0]],
  ["a message of which nobody knows what it is", [0x21, 0, 0, 0, 4]],
  ["an error without an end", [0x45, 0, 0, 0, 9, 0x53, 0x61, 0x62, 0x63, 0]],
  ["an error with nothing in it", [0x45, 0, 0, 0, 4]],
  ["a notice without an end", [0x4e, 0, 0, 0, 6, 0x53, 0x61]],
];

describe.each([
  { way: "in plain", isEncrypted: false },
  { way: "by TLS", isEncrypted: true },
])("a server that answers what none does, $way", ({ isEncrypted }) => {
  it.each([...breaches, ["that it is ready, and no answer", [0x5a, 0, 0, 0, 5, 0x49]]] as const)(
    "loses its connection and nothing else: %s",
    async (_what, bytes) => {
      const { proxy, start } = await open({ isEncrypted });
      await using store = await start();
      await write(store);
      const cause = { code: "08P01", message: "PostgreSQL: it does not answer as PostgreSQL does (08P01)" };
      proxy.garble(bytes);
      await expect(write(store, "later")).rejects.toMatchObject({ message: "the storage did not take it", cause });
      await write(store, "later");
      expect(await read(store)).toBe("value");
      proxy.garble(bytes);
      await expect(read(store)).rejects.toMatchObject(cause);
      expect(await read(store, "later")).toBe("value");
      expect(await store.inspect()).toEqual([]);
    },
  );

  it.each(breaches)("does so also while it is asked nothing: %s", async (_what, bytes) => {
    const { proxy } = await open({ isEncrypted });
    const client = connectTo(proxy.url);
    await client.script("select 1");
    proxy.tell(bytes);
    await expect.poll(() => client.isBroken).toBe(true);
    await expect(client.script("select 1")).rejects.toMatchObject({ isBroken: true });
    await client.close();
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
