import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { PostgresFault } from "./fault.ts";
import type { PostgresClient } from "./postgres-client.ts";

/** Another process of ours has this database. */
export class DatabaseOwned extends Error {
  override readonly name = "DatabaseOwned";
}

/**
 * For how long a process has the database after it last wrote. It writes every 5 s at least; whoever was killed keeps
 * the next one waiting for so long.
 */
const ownedForMs = 10_000;
const askEveryMs = 500;

/**
 * Which process has the database: one row, by the database's own clock, so that those of machines need not agree. Each
 * group writes it again in its own transaction; one that finds another owner there is undone, and nothing that two
 * processes have decided on is ever mixed. It needs no session, because a pooler may give every transaction another.
 */
export class Owner {
  readonly #instance = randomUUID();
  /** Counts the groups of this process. */
  #group = 0;

  /** Writes with the next group that it has the database still. One row changes; none: another process took it. */
  renew(): string {
    this.#group += 1;
    return `update owner set last_group = ${this.#group},
      until = clock_timestamp() + interval '${ownedForMs} milliseconds'
      where instance = '${this.#instance}'`;
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
  async take(client: PostgresClient, maxWaitMs = ownedForMs + askEveryMs): Promise<void> {
    await client.script(`create table if not exists owner (
      the_only boolean primary key default true check (the_only), instance text, until timestamptz,
      last_group bigint not null default 0, needs bigint not null)`);
    await client.script("insert into owner (needs) values (0) on conflict do nothing");
    let renewed = "";
    for (let waitedMs = 0; !(await this.#tryToTake(client)); waitedMs += askEveryMs) {
      const now = await this.#askUntil(client);
      // Who writes it again while one looks is alive.
      if ((renewed !== "" && renewed !== now) || waitedMs >= maxWaitMs) {
        throw new DatabaseOwned(
          "the database is in use by another process of Rugdekking; stop that one first, or give this one a database of its own",
        );
      }
      renewed = now;
      await wait(askEveryMs);
    }
  }

  /** Lets another process have it at once. */
  async release(client: PostgresClient): Promise<void> {
    await client.script(`update owner set instance = null where instance = '${this.#instance}'`);
  }

  /** Throws where `renew` has changed that many rows and not one. */
  requireOne(changed: number): void {
    if (changed !== 1) throw new PostgresFault("owner", "another process of Rugdekking has taken the database", true);
  }

  async #tryToTake(client: PostgresClient): Promise<boolean> {
    const [taken] = await client.script(
      `update owner set instance = '${this.#instance}', until = clock_timestamp() + interval '${ownedForMs} milliseconds'
        where instance is null or until < clock_timestamp()`,
    );
    return taken?.count === 1;
  }

  async #askUntil(client: PostgresClient): Promise<string> {
    const { rows } = await client.query<{ until: string }>(
      "select concat(instance, ' ', until) as until from owner",
      [],
    );
    return rows[0]?.until ?? "";
  }
}
