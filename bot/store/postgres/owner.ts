import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Result } from "../sql/connection.ts";
import type { Asked } from "./exchange.ts";
import { PostgresFault } from "./fault.ts";
import type { PostgresClient } from "./postgres-client.ts";

/** Another process of ours has this database. */
export class DatabaseOwned extends Error {
  override readonly name = "DatabaseOwned";
}

/**
 * For how long a process has the database after it last wrote. It writes every 5 s at least; whoever was killed keeps
 * the next one waiting for so long at most.
 */
const ownedForMs = 7_000;
const askEveryMs = 500;
/** Another one with each group. */
const lastWritten = "concat(instance, ' ', last_group)";

/**
 * Which process has the database: one row, by the database's own clock, so that those of machines need not agree; and
 * where that clock was put back, by who writes nothing while another one looks on. Each group writes it again in its
 * own transaction; one that finds another owner there is undone, and nothing that two processes have decided on is ever
 * mixed. It needs no session, because a pooler may give every transaction another.
 */
export class Owner {
  readonly #instance = randomUUID();
  /** Counts the groups of this process. */
  #group = 0;
  /** The last of them that is known to be committed; null: none is. */
  #committed: number | null = null;

  /** With which the next group writes that it has the database still. */
  renew(): Asked {
    this.#group += 1;
    // What it finds in its own table is what stood there before.
    const text = `update owner set last_group = $2, until = clock_timestamp() + interval '${ownedForMs} milliseconds'
      where instance = $1 returning (select last_group from owner) as before`;
    return { text, values: [this.#instance, this.#group] };
  }

  /**
   * Whether the group before is there, and nothing that was not committed by this process, by what `renew` answered. It
   * is not where a server took over that had not everything, and what was read before no longer counts. Throws where
   * another process has taken the database.
   */
  isUnbroken({ rows: [row] }: Result<{ readonly before: number }>): boolean {
    if (row === undefined)
      throw new PostgresFault("owner", "another process of Rugdekking has taken the database", true);
    return row.before === this.#committed;
  }

  /** The group that was renewed last is committed. */
  noteCommitted(): void {
    this.#committed = this.#group;
  }

  /** Whether the group that was renewed last is there; waits until the server has come to an end with it. */
  async isLastThere(client: PostgresClient): Promise<boolean> {
    const { rows } = await client.query<{ group: number }>(
      `select last_group as "group" from owner where instance = $1 for update`,
      [this.#instance],
    );
    return rows[0]?.group === this.#group;
  }

  /**
   * Takes the database; waits up to `maxWaitMs` for one that nobody writes to any more. Rejects with DatabaseOwned
   * where another process has it.
   */
  async take(client: PostgresClient, maxWaitMs = ownedForMs): Promise<void> {
    await client.script(`create table if not exists owner (
      the_only boolean primary key default true check (the_only), instance text, until timestamptz,
      last_group bigint not null default 0, needs bigint not null)`);
    // Where the row is there nobody tries to add it, because that would wait for whoever is changing it.
    await client.script(
      "insert into owner (needs) select 0 where not exists (select from owner) on conflict do nothing",
    );
    let seen: string | null = null;
    for (let waitedMs = 0; ; waitedMs += askEveryMs) {
      const isOver = waitedMs >= maxWaitMs;
      if (await this.#tryToTake(client, isOver ? seen : null)) return;
      const now = await this.#askLast(client);
      // Who writes it again while one looks is alive.
      if ((seen !== null && now !== null && seen !== now) || isOver) {
        throw new DatabaseOwned(
          "the database is in use by another process of Rugdekking; stop that one first, or give this one a database of its own",
        );
      }
      seen = now;
      await wait(askEveryMs);
    }
  }

  /** Lets another process have it at once. */
  async release(client: PostgresClient): Promise<void> {
    await client.script(`update owner set instance = null where instance = '${this.#instance}'`);
  }

  /**
   * `silent`: what its owner last wrote, who has written nothing for long enough since. One that is in a transaction is
   * not waited for: a wait that was given up would take the database all the same, for nobody.
   */
  async #tryToTake(client: PostgresClient, silent: string | null): Promise<boolean> {
    const { changed } = await client.query(
      `update owner set instance = $1, until = clock_timestamp() + interval '${ownedForMs} milliseconds'
        where the_only in (select the_only from owner
          where instance is null or until < clock_timestamp() or ${lastWritten} = $2 for update skip locked)`,
      [this.#instance, silent],
    );
    return changed === 1;
  }

  /** null: nobody has it. */
  async #askLast(client: PostgresClient): Promise<string | null> {
    const asked = `select ${lastWritten} as last from owner where instance is not null`;
    const { rows } = await client.query<{ last: string }>(asked, []);
    return rows[0]?.last ?? null;
  }
}
