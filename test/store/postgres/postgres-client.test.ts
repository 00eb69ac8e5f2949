import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { connectTo, newPostgres } from "../../storage/postgres/new-postgres.ts";

/** As a server asks for a password in clear (postgresql.org/docs/current/protocol-message-formats.html). */
const asksForPassword = [0x52, 0, 0, 0, 8, 0, 0, 0, 3];

/** A server that answers what it is told first, second and so on with these bytes. */
async function startAnswering(...answers: readonly (readonly number[])[]): Promise<string> {
  const server = createServer((socket) => {
    const left = answers.map((bytes) => Buffer.from(bytes));
    socket.on("error", () => {});
    socket.on("data", () => socket.write(left.shift() ?? ""));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.close();
    await once(server, "close");
  });
  return `postgres://rugdekking@127.0.0.1:${(server.address() as AddressInfo).port}/alarm`;
}

it("is not let in where a password is asked for and none is configured, and looks for none elsewhere", async () => {
  const client = connectTo(await startAnswering(asksForPassword));
  await expect(client.script("select 1")).rejects.toMatchObject({ code: "28P01", isShut: true, isBroken: true });
  await client.close();
});

it.each([
  ["has no TLS", [0x4e], "PostgreSQL: the server has no TLS (NO_TLS)"],
  ["is none of PostgreSQL", [0x48], "PostgreSQL: the server did not answer whether it has TLS (NO_TLS)"],
])("says that the server %s", async (_how, bytes, said) => {
  const client = connectTo(`${await startAnswering(bytes)}?sslmode=require`);
  await expect(client.script("select 1")).rejects.toThrow(said);
  await client.close();
});

it("breaks where the server says that it has TLS, and then speaks something else", async () => {
  const client = connectTo(`${await startAnswering([0x53], asksForPassword)}?sslmode=require`);
  await expect(client.script("select 1")).rejects.toMatchObject({ isBroken: true });
  await client.close();
});

it.each([
  ["in a way that nobody knows", [0x52, 0, 0, 0, 8, 0, 0, 0, 99]],
  ["and gives no reason why not", [0x45, 0, 0, 0, 6, 0x53, 0x61]],
])("is told so where a server lets it in %s", async (_how, bytes) => {
  const client = connectTo(await startAnswering(bytes));
  await expect(client.script("select 1")).rejects.toMatchObject({ code: "08P01", isBroken: true });
  await client.close();
});

it("breaks where what it was to send can't be sent, and ends nobody else", async () => {
  const client = connectTo(await newPostgres("18", "empty"));
  const unsendable = {
    toString: () => {
      throw new Error("it is no text");
    },
  };
  await expect(client.query("select $1", [unsendable])).rejects.toMatchObject({ isBroken: true });
  await client.close();
});

it("goes on after what the server refused, and says what each statement did", async () => {
  const client = connectTo(await newPostgres("18", "empty"));
  onTestFinished(() => client.close());
  const script = "create table seats (number int); insert into seats values (1), (2); update seats set number = 3";
  expect(await client.script(`${script}; select number from seats`)).toMatchObject([
    { command: "CREATE TABLE", changed: 0 },
    { command: "INSERT", changed: 2 },
    { command: "UPDATE", changed: 2 },
    { command: "SELECT", changed: 2, rows: [{ number: 3 }, { number: 3 }] },
  ]);
  const { done, fault } = await client.ask([
    { text: "insert into seats values ($1)", values: [4] },
    { text: "select 1 / $1::int", values: [0] },
    { text: "insert into seats values ($1)", values: [5] },
  ]);
  expect([done.length, fault?.code, client.isBroken]).toEqual([1, "22012", false]);
  await expect(client.copy("copy seats from stdin", ["6\n", "seven\n"])).rejects.toMatchObject({ code: "22P02" });
  await client.copy("copy seats from stdin", ["6\n", "7\n"]);
  // A number that JavaScript can't hold exactly would come back as another one.
  await expect(client.query("select 9007199254740993::bigint", [])).rejects.toMatchObject({ code: "22003" });
  const { rows } = await client.query("select array_agg(number order by number)::text as numbers from seats", []);
  expect(rows).toEqual([{ numbers: "{3,3,6,7}" }]);
});

it("lets go of what it copies where the server ends the connection half-way", async () => {
  const url = await newPostgres("18", "empty");
  const [client, beside] = [connectTo(url), connectTo(url)];
  onTestFinished(async () => void (await Promise.all([client.close(), beside.close()])));
  await client.script("create table seats (name text)");
  const left = Promise.withResolvers<string>();
  function* toRows(): Iterable<string> {
    let how = "half-way";
    try {
      void beside.script(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`);
      for (let row = 0; row < 2_000; row += 1) yield `${"a".repeat(200_000)}\n`;
      how = "at its end";
    } finally {
      left.resolve(how);
    }
  }
  await expect(client.copy("copy seats from stdin", toRows())).rejects.toMatchObject({ isBroken: true });
  expect(await left.promise).toBe("half-way");
});
