import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLog } from "../../bot/logging/open-log.ts";
import { openStore } from "../../bot/store/store.ts";
import { storeContract } from "../contracts/store-contract.ts";
import { nl } from "../dutch.ts";
import { alice, minute, second, startBot } from "../harness.ts";
import { patient } from "../storage/postgres/server.ts";
import {
  DebianStorage,
  dumpDatabase,
  makeDatabase,
  putBack,
  startPgBouncer,
  startPostgres,
  toUrl,
} from "./postgres.ts";

let server: Awaited<ReturnType<typeof startPostgres>>;
let pooler: Awaited<ReturnType<typeof startPgBouncer>>;
beforeAll(async () => {
  server = await startPostgres();
  pooler = await startPgBouncer(server);
});
afterAll(async () => {
  await pooler[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

describe("behind PgBouncer in transaction mode, by TLS", () => {
  storeContract(async () =>
    openStore({ url: toUrl(pooler, await makeDatabase(server)), log: openLog("silent"), timeouts: patient }),
  );

  it("an alarm goes its way, while the database is away too, and outlives a restart", async () => {
    await using bot = await startBot({
      storage: await DebianStorage.start(server, await makeDatabase(server), pooler),
    });
    await bot.press("0042");
    const card = await bot.expectCard("Spreekkamer 3");
    await bot.click(alice, card, "claim");
    {
      using _away = bot.holdDisk();
      expect((await bot.press("0051", { id: "the-same" })).status).toBe(503);
      await bot.expectCard(nl.card.headline.unstored);
      await bot.desk.expectPage("unclaimed");
    }
    await bot.fastForward(2 * second);
    expect(await bot.press("0051", { id: "the-same" })).toMatchObject({ outcome: "duplicate" });
    await bot.restartAndExpectNothingElse();
    expect((await bot.read((reader) => reader.listOpen(10))).map(({ presses }) => presses)).toEqual([1, 1]);
    expect(bot.look(card).text).toContain("Onderweg: Alice Jansen");
  });
});

it.each([
  ["another database", async () => makeDatabase(server)],
  ["the same one, over what stands there", async (before: string) => before],
])(
  "what pg_dump copied and was put back into %s goes on as a copy: paged anew, once, and its numbers go on",
  async (_into, toTarget) => {
    const before = await makeDatabase(server);
    await using bot = await startBot({ storage: await DebianStorage.start(server, before, pooler) });
    await bot.press("0042");
    await bot.expectCard("Spreekkamer 3");
    await bot.fastForward(minute);
    await bot.stop();
    const dump = dumpDatabase(server, before);
    await bot.start();
    await bot.fastForward(4 * minute);
    await bot.stop();
    const told = () => bot.lines.filter(({ event }) => event === "database-put-back").length;
    expect(told()).toBe(0);
    const keys = new Set([...bot.desk.pages, ...bot.phone.pages].map(({ key }) => key));
    bot.desk.ignoreRest();
    bot.phone.ignoreRest();
    const after = await toTarget(before);
    putBack(server, dump, after);
    await bot.start({ database: toUrl(pooler, after) });
    await bot.fastForward(second);
    for (const desk of [bot.desk, bot.phone]) {
      expect(keys.has((await desk.expectPage("repeat")).key)).toBe(false);
      desk.expectNothing();
    }
    expect(told()).toBe(1);
    await bot.press("0051");
    // Teams takes so many messages a second.
    await bot.fastForward(second);
    await bot.expectCard("Balie");
    await bot.restart();
    for (const desk of [bot.desk, bot.phone]) desk.expectNothing();
    expect(told()).toBe(1);
    await bot.stop();
    await using store = await openStore({ url: toUrl(server, after), log: openLog("silent"), timeouts: patient });
    const open = await store.read((reader) => reader.listOpen(10));
    expect(open.map(({ number, place }) => [number, place])).toEqual([
      [1_002, "Balie"],
      [1, "Spreekkamer 3"],
    ]);
  },
);

describe("a server's certificate", () => {
  async function tryToOpen(change: (url: string) => string) {
    const faults: string[] = [];
    const note = (facts: Record<string, unknown>) => void faults.push(String(facts.err));
    const url = change(toUrl(server, await makeDatabase(server)));
    await using store = await openStore({ url, log: { info: note, warn: note, error: note }, timeouts: patient });
    const isUsed = await store.probe().then(
      () => true,
      () => false,
    );
    return { isUsed, fault: faults.join() };
  }

  it.each([
    ["is of an authority that nobody knows", (url: string) => url.replace(/&sslrootcert.*/, ""), "SELF_SIGNED_CERT"],
    ["is of another name", (url: string) => url.replace("127.0.0.1", "localhost"), "ERR_TLS_CERT_ALTNAME_INVALID"],
  ])("that %s keeps it from being used", async (_case, change, why) => {
    const { isUsed, fault } = await tryToOpen(change);
    expect(isUsed).toBe(false);
    expect(fault).toContain(why);
  });

  it("may be of another name where the url says so", async () => {
    const change = (url: string) => url.replace("127.0.0.1", "localhost").replace("verify-full", "verify-ca");
    expect(await tryToOpen(change)).toEqual({ isUsed: true, fault: "" });
  });
});
