import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HistoryLine } from "../../../../bot/domain/incident/history.ts";
import { StaleIncident } from "../../../../bot/errors.ts";
import type { OutboxRow } from "../../../../bot/ports/store/outbox.ts";
import type { Foreseen, Transaction } from "../../../../bot/ports/store/store.ts";
import { close, newIncident } from "../../new-incident.ts";
import { openNoted } from "./open-noted.ts";

const told: HistoryLine = { kind: "told", at: 1_000, channel: "frontdesk" };
const ids = ["a", "b", "c"];
const places = ["Balie", "Spreekkamer 3"];

/** What a work may do; it rejects at its end where it `fails`. */
interface Plan {
  readonly does: readonly Deed[];
  readonly fails: boolean;
  readonly isForeseen: boolean;
}

type Noted = Awaited<ReturnType<typeof openNoted>>;
/** `sent`: rows that were enqueued, by their keys. */
type Deed = (tx: Transaction, sent: Map<string, OutboxRow>) => Promise<unknown>;

const deeds: fc.Arbitrary<Deed> = fc
  .record({
    kind: fc.constantFrom(
      "open",
      "place",
      "close",
      "tell",
      "alarm",
      "state",
      "enqueue",
      "settle",
      "setting",
      "lease",
      "list",
    ),
    id: fc.constantFrom(...ids),
    place: fc.constantFrom(...places, null),
    at: fc.integer({ min: 1_000, max: 3_000 }),
  })
  .map(({ kind, id, place, at }): Deed => {
    const button = { source: "buttons", button: id };
    return async (tx, sent) => {
      switch (kind) {
        case "open":
          return tx.insertIncident(newIncident(`${id} ${at % 3}`, { button: id, fixedPlace: place }));
        case "place": {
          const open = await tx.loadOpenByButton(button.source, button.button);
          const incident = open && (await tx.loadIncident(open.id));
          const holder = place && open && (await tx.loadOpenByPlace(open.channel, place));
          if (!incident || (holder && holder.id !== incident.id)) return holder;
          return tx.updateIncident({ ...incident, fixedPlace: place, version: incident.version + 1 });
        }
        case "close": {
          const incident = await tx.loadIncident(`${id} ${at % 3}`);
          if (incident !== null && incident.closedAt === null) await tx.updateIncident(close(incident));
          return incident?.version;
        }
        case "tell": {
          const incident = await tx.loadIncident(`${id} ${at % 3}`);
          return incident && tx.appendHistory(incident.id, [told, { ...told, at }]);
        }
        case "alarm": {
          const before = await tx.findAlarm("buttons", id);
          await tx.saveAlarm({ source: "buttons", key: id, incident: place, outcome: "seen", receivedAt: at });
          return before;
        }
        case "state": {
          const before = await tx.loadButtonState("buttons", id);
          await tx.saveButtonState({
            source: "buttons",
            name: id,
            isOn: true,
            run: null,
            wasOff: false,
            message: null,
            at,
          });
          return before;
        }
        case "enqueue": {
          const row = { lane: "alarm", incident: id, outgoing: { kind: "card" }, dueAt: at } as const;
          const added = await tx.enqueue(
            [
              { ...row, key: `card:${id}` },
              { ...row, key: `board:${id}` },
            ],
            at + 500,
          );
          for (const each of added) sent.set(each.key, each);
          return added.map(({ key }) => key);
        }
        case "settle": {
          const row = sent.get(`${at % 2 ? "card" : "board"}:${id}`);
          return row && tx.settle(row, at);
        }
        case "setting":
          await tx.saveSetting("greeted", id, String(at));
          return tx.loadSetting("greeted", "a");
        case "lease":
          return (await tx.lease("alarm", at, at + 1_000, 2)).map(({ key }) => key);
        case "list":
          return (await tx.listOpen(10)).map((each) => each.id);
      }
    };
  });

const plans: fc.Arbitrary<Plan> = fc.record({
  does: fc.array(deeds, { minLength: 1, maxLength: 4 }),
  fails: fc.integer({ min: 0, max: 4 }).map((chance) => chance === 0),
  isForeseen: fc.integer({ min: 0, max: 9 }).map((chance) => chance > 0),
});

const foreseen: Foreseen = {
  incidents: ids.map((id) => `${id} 0`),
  buttons: [{ source: "buttons", button: "a" }],
  places: [{ channel: "frontdesk", fixedPlace: "Balie" }],
  alarms: [{ source: "buttons", key: "a" }],
  states: [{ source: "buttons", name: "a" }],
  keys: ["board:a"],
  sent: [{ id: 1 }, { id: 2 }],
  keysOf: ({ id }) => [`board:${id.slice(0, 1)}`],
};

/** Runs the plans, in one group or one after the other; resolves with what came of each, and what is on disk. */
async function play({ store, file }: Noted, all: readonly Plan[], isTogether: boolean) {
  const tables = ["history", "incidents", "alarms", "button_states", "outbox", "settings"];
  for (const table of [...tables, "sqlite_sequence"]) file.writer.exec(`delete from ${table}`);
  const results: unknown[] = [];
  const sent = new Map<string, OutboxRow>();
  const run = async ({ does, fails, isForeseen }: Plan, index: number) => {
    const work = async (tx: Transaction) => {
      const seen: unknown[] = [];
      for (const deed of does) seen.push(await deed(tx, sent));
      if (fails) throw new RangeError("decided otherwise");
      return seen;
    };
    results[index] = await store
      .write(work, isForeseen ? foreseen : undefined)
      .catch((error: unknown) => (error instanceof Error ? error.constructor.name : error));
  };
  if (isTogether) await Promise.all(all.map(run));
  else for (const [index, plan] of all.entries()) await run(plan, index);
  // What the body says of its number is not read, and SQLite leaves out an id where a row joins another.
  const numbers = { incidents: "json_remove(body, '$.number') as body", outbox: "0 as id" };
  const rows = tables.map((table) => {
    const more = Object.entries(numbers).flatMap(([name, column]) => (name === table ? [`, ${column}`] : []));
    return file.writer.prepare(`select *${more} from ${table} order by 2, 1`).all();
  });
  return { results, rows };
}

describe("works of a group", () => {
  it("come to what they come to one after the other, whatever they do and foresee", async () => {
    const [one, other] = [await openNoted(), await openNoted()];
    const few = fc.array(plans, { minLength: 2, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(few, async (all) => {
        const [together, apart] = [await play(one, all, true), await play(other, all, false)];
        expect(together.results).toEqual(apart.results);
        expect(together.rows).toEqual(apart.rows);
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it("change one incident in order, in one statement", async () => {
    const { store, takeStatements } = await openNoted();
    await store.write((tx) => tx.insertIncident(newIncident("a")));
    takeStatements();
    const presses = Array.from({ length: 20 }, (_, press) =>
      store.write(
        async (tx) => {
          const incident = await tx.loadIncident("a");
          if (incident === null) throw new Error("it is there");
          await tx.updateIncident({ ...incident, version: incident.version + 1, presses: incident.presses + 1 });
          await tx.appendHistory("a", [{ ...told, at: press }]);
          return incident.presses;
        },
        { incidents: ["a"] },
      ),
    );
    expect(await Promise.all(presses)).toEqual(presses.map((_, index) => index + 1));
    expect(takeStatements().filter((text) => text.startsWith("update"))).toHaveLength(1);
    expect(await store.read((reader) => reader.loadIncident("a"))).toMatchObject({ version: 21, presses: 21 });
    const lines = await store.read((reader) => reader.loadHistory("a", 0));
    expect(lines.map(({ seq, at }) => [seq, at])).toEqual(presses.map((_, index) => [index + 1, index]));
  });

  it("cost nobody else when one fails, is stale, or is refused by the database", async () => {
    const { store, file } = await openNoted();
    const first = await store.write((tx) => tx.insertIncident(newIncident("a")));
    await store.write((tx) => tx.updateIncident({ ...first, version: 2 }));
    file.writer.exec(`create trigger refusal before insert on alarms when new.key = 'refused'
      begin select raise(abort, 'not this one'); end`);
    const save = (key: string, then: (tx: Transaction) => Promise<unknown> = async () => null) =>
      store.write(
        async (tx) => {
          await tx.saveAlarm({ source: "buttons", key, incident: null, outcome: "seen", receivedAt: 1_000 });
          await tx.saveSetting("greeted", key, "value");
          await then(tx);
        },
        { alarms: [{ source: "buttons", key }] },
      );
    const failure = new RangeError("decided otherwise");
    const results = await Promise.allSettled([
      save("one"),
      save("failed", () => Promise.reject(failure)),
      save("refused"),
      save("stale", (tx) => tx.updateIncident({ ...first, version: 2 })),
      save("last"),
    ]);
    expect(results.map((each) => (each.status === "rejected" ? each.reason : "done"))).toEqual([
      "done",
      failure,
      expect.objectContaining({ message: "not this one" }),
      expect.any(StaleIncident),
      "done",
    ]);
    const kept = file.writer.prepare("select key from alarms order by key").pluck().all();
    expect(kept).toEqual(["last", "one"]);
    const greeted = file.writer.prepare("select name from settings where subject = 'greeted' order by name");
    expect(greeted.pluck().all()).toEqual(["last", "one"]);
  });

  it("find a transaction over that they kept", async () => {
    const { store } = await openNoted();
    const keep = () => store.write(async (tx) => ({ tx }), {});
    const [{ tx }] = await Promise.all([keep(), keep()]);
    await expect(tx.loadIncident("a")).rejects.toThrow("over");
  });
});
