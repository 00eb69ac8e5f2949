import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { NewOutboxRow } from "../../../../bot/ports/store/outbox.ts";
import { newIncident } from "../../new-incident.ts";
import { openNoted } from "./open-noted.ts";

describe("what is known from one work to the next", () => {
  it("is no number that somebody else has given since", async () => {
    const { store, run } = await openNoted();
    // It reads where the numbers are, and no row.
    await store.write(async () => null, {});
    await run("insert into sqlite_sequence (name, seq) values ('incidents', 7)");
    expect(await store.write((tx) => tx.insertIncident(newIncident("a")), {})).toMatchObject({ number: 8 });
  });

  it("settles no other row than the one that was sent", async () => {
    const { store, list } = await openNoted();
    const row = { key: "card:a", lane: "alarm", incident: "a", outgoing: { kind: "card" }, dueAt: 1_000 } as const;
    await store.write((tx) => tx.insertIncident(newIncident("a")));
    const [sent] = await store.write((tx) => tx.enqueue([row], 5_000));
    if (sent === undefined) throw new Error("it was added");
    // It is taken that nothing waits by that key.
    const foreseen = { incidents: ["a"], keysOf: () => [] };
    const work = () =>
      store.write(async (tx) => {
        await tx.enqueue([row], 5_000);
        return tx.settle(sent, 2_000);
      }, foreseen);
    expect(await work()).toBe(false);
    expect(await list("select id, wanted, due_at from outbox")).toEqual([{ id: sent.id, wanted: 2, due_at: 2_000 }]);
  });

  it("is forgotten where what wrote it was refused, also by groups that were run on it already", async () => {
    const { store, run, list } = await openNoted();
    await store.write((tx) => tx.insertIncident(newIncident("a")));
    await run(`create trigger refuses before insert on history when new.at % 23 = 0
      begin select raise(abort, 'refused'); end`);
    const pressed: Promise<number | null>[] = [];
    for (let at = 1; at <= 400; at += 1) {
      const work = store.write(
        async (tx) => {
          const incident = await tx.loadIncident("a");
          if (incident === null) throw new Error("it was opened");
          await tx.updateIncident({ ...incident, version: incident.version + 1 });
          await tx.appendHistory("a", [{ kind: "told", at, channel: "frontdesk" }]);
          return at;
        },
        { incidents: ["a"] },
      );
      pressed.push(work.catch(() => null));
      if (at % 19 === 0) await setImmediate();
    }
    const confirmed = (await Promise.all(pressed)).filter((at) => at !== null);
    expect(confirmed).toHaveLength(400 - 17);
    expect((await list("select at from history order by seq")).map(({ at }) => at)).toEqual(confirmed);
    expect(await list("select version from incidents")).toEqual([{ version: 1 + confirmed.length }]);
  });

  it("is written whole or not at all, where one part of it can't even be asked for", async () => {
    const { store, list } = await openNoted();
    const enqueue = (id: string, outgoing: object) =>
      store.write(
        async (tx) => {
          await tx.insertIncident(newIncident(id));
          await tx.enqueue(
            [{ key: `card:${id}`, lane: "alarm", incident: id, outgoing, dueAt: 1_000 } as NewOutboxRow],
            5_000,
          );
        },
        { incidents: [id] },
      );
    // JSON has no such number.
    const [whole, odd] = await Promise.allSettled([enqueue("a", { kind: "card" }), enqueue("b", { kind: 1n })]);
    expect([whole.status, odd.status]).toEqual(["fulfilled", "rejected"]);
    expect(await list("select id from incidents")).toEqual([{ id: "a" }]);
    expect(await list("select key from outbox")).toEqual([{ key: "card:a" }]);
  });

  it("keeps when a card was posted, also where the next one follows in the same group", async () => {
    const { store, list } = await openNoted();
    const post = (activity: string, postedAt: number) =>
      store.write(
        (tx) =>
          tx.saveCard({
            ...{ incident: "a", conversation: "frontdesk", serviceUrl: "https://teams.example", activity },
            ...{ shown: "", shownAt: postedAt + 500, repliedTo: 0, postedAt, ring: 0, rung: [], isTagRung: false },
          }),
        { cards: ["a"] },
      );
    await Promise.all([post("one", 1_000), post("two", 2_000), post("three", 3_000)]);
    expect(await list("select activity, at from messages order by at")).toEqual([
      { activity: "one", at: 1_000 },
      { activity: "two", at: 2_000 },
      { activity: "three", at: 3_000 },
    ]);
  });
});
