import { describe, expect, it } from "vitest";
import type { Store } from "../../bot/ports/store/store.ts";
import { incidentShape } from "../../bot/store/sql/shapes/incident-shapes.ts";
import { oldIdOf, toExpected, toOldBody } from "./old-incident.ts";

/** A store, and a way to ask its database beside it; values stand for `?`. */
export interface OpenedBeside extends AsyncDisposable {
  readonly store: Store;
  query(text: string, ...values: readonly unknown[]): Promise<readonly unknown[]>;
}

const shapes = [1, 1, 3, 2, 1, 3, 2] as const;
const damaged = 5;
const all = shapes.map((_, at) => at + 1);

/** What every database does with incidents that older versions stored. */
export function backfillContract(open: () => Promise<OpenedBeside>): void {
  /** Incidents of every shape, one of which a disk has damaged. */
  async function openOld(): Promise<OpenedBeside> {
    const opened = await open();
    for (const [at, shape] of shapes.entries()) {
      const number = at + 1;
      const { id, openedAt, closedAt } = toExpected(number);
      const body = number === damaged ? "{" : toOldBody(number, shape);
      await opened.query(
        `insert into incidents (number, id, shape, version, source, button, channel, opened_at, closed_at, next_at, body)
         values (?, ?, ?, 1, 'buttons', ?, 'frontdesk', ?, ?, 1, ?)`,
        ...[number, id, shape, String(number), openedAt, closedAt, body],
      );
    }
    await opened.query("insert into settings (subject, name, value) values ('backfill', 'incidents', '0')");
    return opened;
  }

  const readAll = ({ store }: OpenedBeside) =>
    store.read((reader) =>
      Promise.all(all.map((number) => reader.loadIncident(oldIdOf(number)).catch((error: Error) => error.name))),
    );
  const expected = all.map((number) => (number === damaged ? "DamagedIncident" : toExpected(number)));
  const listShapes = async ({ query }: OpenedBeside) =>
    (await query("select shape from incidents order by number")).map((row) => Object.values(row as object)[0]);
  const backfill = ({ store }: OpenedBeside, limit: number) => store.write((tx) => tx.backfillIncidents(limit));

  describe("incidents of older versions", () => {
    it("are read as they were meant before they are written anew, half-way and after", async () => {
      await using opened = await openOld();
      expect(await readAll(opened)).toEqual(expected);
      expect(await backfill(opened, 2)).toBe(false);
      expect(await listShapes(opened)).toEqual([4, 4, ...shapes.slice(2)]);
      expect(await readAll(opened)).toEqual(expected);
      expect(await backfill(opened, 4)).toBe(false);
      expect(await backfill(opened, 4)).toBe(false);
      expect(await backfill(opened, 4)).toBe(true);
      // What can't be read is left for whoever can.
      expect(await listShapes(opened)).toEqual(all.map((number) => (number === damaged ? 1 : incidentShape)));
      expect(await readAll(opened)).toEqual(expected);
      expect(await opened.store.read((reader) => reader.loadSetting("backfill", "incidents"))).toBe("");
      expect(await backfill(opened, 4)).toBe(true);
    });

    it("are changed on as ever, in the group in which they are written anew too", async () => {
      await using opened = await openOld();
      const changed = { ...toExpected(1), version: 2, presses: 7 };
      const other = { ...toExpected(3), version: 2, presses: 8 };
      await Promise.all([
        opened.store.write((tx) => tx.updateIncident(changed), { incidents: [changed.id] }),
        backfill(opened, 100),
        opened.store.write((tx) => tx.updateIncident(other), { incidents: [other.id] }),
      ]);
      const [first, , third] = await readAll(opened);
      expect([first, third]).toEqual([changed, other]);
    });

    it("keep their columns: nothing but the body is written anew", async () => {
      await using opened = await openOld();
      const list = () =>
        opened.query(
          "select number, id, version, source, button, channel, fixed_place, opened_at, closed_at, next_at from incidents order by number",
        );
      const before = await list();
      await backfill(opened, 100);
      expect(await list()).toEqual(before);
    });
  });
}
