import { describe, expect, it } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import { openStore } from "../../../bot/store/store.ts";
import { storeContract } from "../../contracts/store-contract.ts";
import { connectTo, newPostgres } from "../../storage/postgres/new-postgres.ts";
import { patient, versions } from "../../storage/postgres/server.ts";
import { backfillContract } from "../backfill-contract.ts";

describe.each(versions)("PostgreSQL %s", (version) => {
  storeContract(async () => openStore({ url: await newPostgres(version), log: openLog("silent"), timeouts: patient }));

  backfillContract(async () => {
    const url = await newPostgres(version);
    await using stack = new AsyncDisposableStack();
    const store = stack.use(await openStore({ url, log: openLog("silent"), timeouts: patient }));
    const beside = stack.adopt(connectTo(url), (each) => each.close());
    const opened = stack.move();
    return {
      store,
      async query(text, ...values) {
        let at = 0;
        const numbered = text.replaceAll("?", () => {
          at += 1;
          return `$${at}`;
        });
        return (await beside.query(numbered, values)).rows;
      },
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  });

  it("says what time it is by the clock of the server", async () => {
    const url = await newPostgres(version);
    await using store = await openStore({ url, log: openLog("silent"), timeouts: patient });
    const beside = connectTo(url);
    const text = "select cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint) as at";
    const [before] = (await beside.query<{ at: number }>(text, [])).rows;
    const at = await store.readClock();
    const [after] = (await beside.query<{ at: number }>(text, [])).rows;
    await beside.close();
    expect(at).toBeGreaterThanOrEqual(before?.at ?? Number.NaN);
    expect(at).toBeLessThanOrEqual(after?.at ?? Number.NaN);
  });
});
