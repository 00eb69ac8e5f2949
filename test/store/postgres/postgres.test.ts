import { describe } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import { openStore } from "../../../bot/store/store.ts";
import { storeContract } from "../../contracts/store-contract.ts";
import { newPostgres } from "../../storage/postgres/new-postgres.ts";
import { patient, versions } from "../../storage/postgres/server.ts";

describe.each(versions)("PostgreSQL %s", (version) => {
  storeContract(async () => openStore({ url: await newPostgres(version), log: openLog("silent"), patience: patient }));
});
