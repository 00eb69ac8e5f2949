import { describe } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import { openStore } from "../../../bot/store/store.ts";
import { storeContract } from "../../contracts/store-contract.ts";
import { newDatabase } from "../new-database.ts";

describe("SQLite", () => {
  storeContract(() => openStore({ url: `sqlite:${newDatabase()}`, log: openLog("silent") }));
});
