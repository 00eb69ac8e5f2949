import type { Kysely } from "kysely";
import type { OptionalReader, Reader, Transaction } from "../../ports/store/store.ts";
import { alarmReader, alarmTx } from "./alarms.ts";
import { backfillTx } from "./backfill.ts";
import type { Connection } from "./connection.ts";
import { buttonStateTx } from "./devices/button-states.ts";
import { lastSeenReader, lastSeenTx } from "./devices/last-seen.ts";
import type { Savepoints } from "./group/work.ts";
import { incidentReader, incidentTx } from "./incidents.ts";
import { momentReader, momentTx } from "./moments/moments.ts";
import { outboxReader, outboxTx } from "./outbox.ts";
import { chatCardReader, chatCardTx } from "./people/chat-cards.ts";
import { followUpReader, followUpTx } from "./people/follow-ups.ts";
import { presserCardReader, presserCardTx } from "./people/presser-cards.ts";
import { provenRouteReader, provenRouteTx } from "./people/proven-routes.ts";
import { usualPlaceReader, usualPlaceTx } from "./people/usual-places.ts";
import { routeTestReader, routeTestTx } from "./route-tests.ts";
import { settingReader, settingTx } from "./settings.ts";
import type { Tables } from "./tables.ts";
import { teamsReader, teamsTx } from "./teams/teams-memory.ts";
import { visitReader, visitTx } from "./visits.ts";

/** Everything that can be read over one connection. `db` only builds the queries, in its dialect. */
export function readerOn(db: Kysely<Tables>, on: Connection): Reader {
  return {
    ...incidentReader(db, on),
    ...alarmReader(db, on),
    ...outboxReader(db, on),
    ...visitReader(db, on),
    ...momentReader(db, on),
    ...besideReader(db, on),
    // There each statement fails alone.
    tryToRead: (read) => read().catch(() => null),
  };
}

/** Everything that can be read and written within a transaction of one connection. */
export function transactionOn(db: Kysely<Tables>, on: Connection & Savepoints): Transaction {
  return {
    ...incidentTx(db, on),
    ...alarmTx(db, on),
    ...buttonStateTx(db, on),
    ...outboxTx(db, on),
    ...visitTx(db, on),
    ...momentTx(db, on),
    ...besideTx(db, on),
    ...underSavepoint(on),
  };
}

function underSavepoint(on: Savepoints): OptionalReader {
  return {
    async tryToRead(read) {
      await on.savepoint();
      try {
        const found = await read();
        await on.release();
        return found;
      } catch (error) {
        // Where that ended the transaction nothing more is done in it, and why is told.
        await on.undoSavepoint().catch(() => {
          throw error;
        });
        return null;
      }
    },
  };
}

/** What can be read of the subjects of which a group of works holds nothing in memory. */
export function besideReader(db: Kysely<Tables>, on: Connection) {
  return {
    ...lastSeenReader(db, on),
    ...routeTestReader(db, on),
    ...teamsReader(db, on),
    ...chatCardReader(db, on),
    ...presserCardReader(db, on),
    ...followUpReader(db, on),
    ...settingReader(db, on),
    ...usualPlaceReader(db, on),
    ...provenRouteReader(db, on),
  };
}

/** The same, and what can be written of them. */
export function besideTx(db: Kysely<Tables>, on: Connection) {
  return {
    ...lastSeenTx(db, on),
    ...routeTestTx(db, on),
    ...teamsTx(db, on),
    ...chatCardTx(db, on),
    ...presserCardTx(db, on),
    ...followUpTx(db, on),
    ...settingTx(db, on),
    ...usualPlaceTx(db, on),
    ...provenRouteTx(db, on),
    ...backfillTx(db, on),
  };
}
