import type { Kysely } from "kysely";
import type { Reader, Transaction } from "../../ports/store.ts";
import { alarmWriter } from "./alarms.ts";
import { incidentReader, incidentWriter } from "./incidents.ts";
import { outboxReader, outboxWriter } from "./outbox.ts";
import type { Connection } from "./query.ts";
import { routeTestReader, routeTestWriter } from "./route-tests.ts";
import { settingReader, settingWriter } from "./settings.ts";
import { signReader, signWriter } from "./signs.ts";
import type { Tables } from "./tables.ts";
import { teamsReader, teamsWriter } from "./teams-memory.ts";
import { visitReader, visitWriter } from "./visits.ts";

/** Everything that can be read over one connection. `db` only builds the queries, in its dialect. */
export function readerOn(db: Kysely<Tables>, on: Connection): Reader {
  return {
    ...incidentReader(db, on),
    ...outboxReader(db, on),
    ...signReader(db, on),
    ...visitReader(db, on),
    ...routeTestReader(db, on),
    ...teamsReader(db, on),
    ...settingReader(db, on),
  };
}

/** Everything that can be read and written within a transaction of one connection. */
export function transactionOn(db: Kysely<Tables>, on: Connection): Transaction {
  return {
    ...readerOn(db, on),
    ...incidentWriter(db, on),
    ...alarmWriter(db, on),
    ...signWriter(db, on),
    ...visitWriter(db, on),
    ...routeTestWriter(db, on),
    ...outboxWriter(db, on),
    ...teamsWriter(db, on),
    ...settingWriter(db, on),
  };
}
