import { describe, expect, it } from "vitest";
import type { LaneName, NewOutboxRow, OutboxRow } from "../../bot/ports/store/outbox.ts";
import type { Store } from "../../bot/ports/store/store.ts";

/** The part of the store's contract that is about the outbox. */
export function outboxContract(open: () => Promise<Store>): void {
  describe("outbox", () => {
    it("leases new rows to who enqueued them, in order", async () => {
      await using store = await open();
      const rows = await enqueue(store, [row("b"), row("a"), row("c")], 5_000);
      expect(rows.map(({ key }) => key)).toEqual(["b", "a", "c"]);
      expect(rows[0]).toEqual({ ...row("b"), id: rows[0]?.id, attempts: 0, revision: 1, leasedUntil: 5_000 });
      expect(rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).sort((a, b) => a - b));
      expect(await lease(store, "alarm", 4_999, 10)).toEqual([]);
      expect(await lease(store, "alarm", 5_000, 10)).toEqual(rows.map((each) => ({ ...each, leasedUntil: 65_000 })));
    });

    it("leases what is due, in its lane, up to the limit, and sorts it by id", async () => {
      await using store = await open();
      const [later, first, second] = await enqueue(store, [row("later", 9_000), row("x", 2_000), row("y", 1_000)], 0);
      await enqueue(store, [{ ...row("page"), lane: "pager:desk" }], 0);
      expect((await lease(store, "alarm", 2_000, 10)).map(({ id }) => id)).toEqual([first?.id, second?.id]);
      expect(await lease(store, "alarm", 8_999, 10)).toEqual([]);
      expect((await lease(store, "alarm", 9_000, 1)).map(({ id }) => id)).toEqual([later?.id]);
      expect((await lease(store, "pager:desk", 9_000, 10)).map(({ key }) => key)).toEqual(["page"]);
    });

    it("makes one row of what is wanted again while it waits, due at the earlier moment", async () => {
      await using store = await open();
      await enqueue(store, [row("a", 3_000)], 0);
      expect(await enqueue(store, [row("a", 9_000), row("b", 9_000)], 10_000)).toMatchObject([{ key: "b" }]);
      expect(await store.read((reader) => reader.nextOutboxAt())).toBe(3_000);
      expect(await enqueue(store, [row("a", 1_000)], 10_000)).toEqual([]);
      expect(await store.read((reader) => reader.nextOutboxAt())).toBe(1_000);
      expect(await lease(store, "alarm", 1_000, 10)).toMatchObject([{ key: "a", dueAt: 1_000, revision: 3 }]);
    });

    it("leaves a row that is being sent to its sender when it is wanted again", async () => {
      await using store = await open();
      await enqueue(store, [row("a", 1_000)], 60_000);
      await enqueue(store, [row("a", 500)], 60_000);
      expect(await lease(store, "alarm", 2_000, 10)).toEqual([]);
      expect(await store.read((reader) => reader.nextOutboxAt())).toBe(60_000);
    });

    it("drops a settled row, unless it was wanted again meanwhile", async () => {
      await using store = await open();
      const [sent] = await enqueue(store, [row("a")], 60_000);
      if (sent === undefined) throw new Error("nothing was enqueued");
      await enqueue(store, [row("a")], 60_000);
      expect(await store.write((tx) => tx.settle(sent, 2_000))).toBe(false);
      expect(await lease(store, "alarm", 1_999, 10)).toEqual([]);
      const [again] = await lease(store, "alarm", 2_000, 10);
      expect(again).toMatchObject({ id: sent.id, revision: 2 });
      if (again !== undefined) expect(await store.write((tx) => tx.settle(again, 3_000))).toBe(true);
      expect(await store.read((reader) => reader.nextOutboxAt())).toBeNull();
      expect(await store.write((tx) => tx.settle(sent, 4_000))).toBe(true);
      expect(await store.read((reader) => reader.nextOutboxAt())).toBeNull();
    });

    it("never gives an id twice, so that a late sender settles no other row", async () => {
      await using store = await open();
      const [first] = await enqueue(store, [row("a")], 60_000);
      if (first === undefined) throw new Error("nothing was enqueued");
      await store.write((tx) => tx.settle(first, 0));
      const [second] = await enqueue(store, [row("b")], 60_000);
      expect(second?.id).not.toBe(first.id);
    });

    it("postpones: with a reason an attempt counts, without there is only more to do", async () => {
      await using store = await open();
      const [first] = await enqueue(store, [row("a")], 60_000);
      if (first === undefined) throw new Error("nothing was enqueued");
      await store.write((tx) => tx.postpone(first, 2_000, "unreachable"));
      expect(await store.read((reader) => reader.nextOutboxAt())).toBe(2_000);
      const [second] = await lease(store, "alarm", 2_000, 10);
      expect(second).toMatchObject({ attempts: 1, dueAt: 2_000 });
      if (second !== undefined) await store.write((tx) => tx.postpone(second, 3_000, null));
      expect(await lease(store, "alarm", 3_000, 10)).toMatchObject([{ attempts: 1, dueAt: 3_000 }]);
    });

    it("hastens what waits in a lane, and leaves what is being sent", async () => {
      await using store = await open();
      await enqueue(store, [row("a", 9_000), row("b", 9_000)], 0);
      await enqueue(store, [{ ...row("page", 9_000), lane: "pager:desk" }], 0);
      await enqueue(store, [row("sent", 9_000)], 60_000);
      await store.write((tx) => tx.bringForward("alarm", 2_000));
      expect((await lease(store, "alarm", 2_000, 10)).map(({ key }) => key)).toEqual(["a", "b"]);
      expect(await lease(store, "pager:desk", 2_000, 10)).toEqual([]);
    });

    it("names the lanes that have rows, and the earliest moment of all", async () => {
      await using store = await open();
      expect(await store.write((tx) => tx.lanes())).toEqual([]);
      expect(await store.read((reader) => reader.nextOutboxAt())).toBeNull();
      await enqueue(store, [row("a", 3_000), { ...row("b", 2_000), lane: "pager:desk" }], 0);
      await enqueue(store, [{ ...row("c", 4_000), lane: "board" }, row("d", 3_000)], 0);
      expect((await store.write((tx) => tx.lanes())).toSorted()).toEqual(["alarm", "board", "pager:desk"]);
      expect(await store.read((reader) => reader.nextOutboxAt())).toBe(2_000);
      expect(await store.write((tx) => tx.nextOutboxAt())).toBe(2_000);
    });
  });
}

function row(key: string, dueAt = 1_000): NewOutboxRow {
  return { key, lane: "alarm", incident: "a", outgoing: { kind: "card" }, dueAt };
}

function enqueue(store: Store, rows: readonly NewOutboxRow[], leasedUntil: number): Promise<readonly OutboxRow[]> {
  return store.write((tx) => tx.enqueue(rows, leasedUntil));
}

function lease(store: Store, lane: LaneName, now: number, limit: number): Promise<readonly OutboxRow[]> {
  return store.write((tx) => tx.lease(lane, now, now + 60_000, limit));
}
