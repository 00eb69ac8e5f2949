import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HistoryLine } from "../../../../bot/domain/incident/history.ts";
import { StaleIncident } from "../../../../bot/errors.ts";
import type { OutboxRow } from "../../../../bot/ports/store/outbox.ts";
import type { Foreseen, Transaction } from "../../../../bot/ports/store/store.ts";
import { close, newIncident } from "../../new-incident.ts";
import { type Noted, openNoted, openNotedServer } from "./open-noted.ts";

const told: HistoryLine = { kind: "told", at: 1_000, channel: "frontdesk" };
const ids = ["a", "b", "c"];
/** As a supplier may call something: each database takes it only when it was changed. */
const odd = `\0${"é".repeat(400)}\uD800`;
const places = ["Balie", odd];
const toName = (id: string) => (id === "c" ? odd : id);

/** What a work may do; it rejects at its end where it `fails`. */
interface Plan {
  readonly does: readonly Deed[];
  readonly fails: boolean;
  readonly isForeseen: boolean;
}

/** `sent`: rows that its work has enqueued, by their keys. */
type Deed = (tx: Transaction, sent: Map<string, OutboxRow>) => Promise<unknown>;

const deeds: fc.Arbitrary<Deed> = fc
  .record({
    kind: fc.constantFrom(
      "open",
      "place",
      "close",
      "stale",
      "tell",
      "alarm",
      "state",
      "enqueue",
      "settle",
      "setting",
      "lease",
      "list",
    ),
    // Mostly the same, so that they meet.
    id: fc.constantFrom("a", "a", "a", ...ids),
    place: fc.constantFrom(...places, null),
    at: fc.oneof(fc.constantFrom(1_200, 1_203), fc.integer({ min: 1_000, max: 3_000 })),
  })
  .map(({ kind, id, place, at }): Deed => {
    const button = { source: "buttons", button: toName(id) };
    const enqueue: Deed = async (tx, sent) => {
      const row = { lane: "alarm", incident: `${id} ${at % 3}`, outgoing: { kind: "card" }, dueAt: at } as const;
      const rows = ["card", "board"].map((kind) => ({ ...row, key: `${kind}:${toName(id)}` }));
      const added = await tx.enqueue(rows, at + 500);
      for (const each of added) sent.set(each.key, each);
      return added.map(({ key }) => key);
    };
    const deed: Deed = async (tx, sent) => {
      switch (kind) {
        case "open":
          await tx.insertIncident(newIncident(`${id} ${at % 3}`, { button: toName(id), fixedPlace: place }));
          return enqueue(tx, sent);
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
        case "stale": {
          const incident = await tx.loadIncident(`${id} ${at % 3}`);
          return incident && tx.updateIncident({ ...incident, presses: 99 });
        }
        case "tell": {
          const incident = await tx.loadIncident(`${id} ${at % 3}`);
          return incident && tx.appendHistory(incident.id, [told, { ...told, at }]);
        }
        case "alarm": {
          const before = await tx.findAlarm("buttons", toName(id));
          await tx.saveAlarm({ source: "buttons", key: toName(id), incident: place, outcome: "seen", receivedAt: at });
          return before;
        }
        case "state": {
          const before = await tx.loadButtonState("buttons", toName(id));
          await tx.saveButtonState({
            source: "buttons",
            name: toName(id),
            isOn: true,
            run: null,
            wasOff: false,
            message: null,
            at,
          });
          return before;
        }
        case "enqueue":
          return enqueue(tx, sent);
        case "settle": {
          const row = sent.get(`${at % 2 ? "card" : "board"}:${toName(id)}`);
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
    // So a failure says what was done.
    return Object.assign(deed, { [fc.toStringMethod]: () => JSON.stringify({ kind, id, place, at }) });
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

/** `numbers`: whether incidents have the same ones in both ways. PostgreSQL leaves gaps where a work is undone. */
interface How {
  readonly isTogether: boolean;
  readonly numbers: "alike" | "with gaps";
}

/** What was there before, which no work foresaw, and then a group. */
interface Played {
  readonly before: readonly Plan[];
  readonly group: readonly Plan[];
}

/** Runs the group together, or one after the other by their own statements; resolves with what came of each. */
async function play({ store, run: runBeside, list }: Noted, { before, group }: Played, { isTogether, numbers }: How) {
  const tables = ["history", "incidents", "alarms", "button_states", "outbox", "settings"];
  for (const table of [...tables, ...(numbers === "alike" ? ["sqlite_sequence"] : [])])
    await runBeside(`delete from ${table}`);
  // A server says nothing of what somebody else has written; after what runs by itself all is read anew.
  await store.write(async () => null);
  let there: ReadonlyMap<string, OutboxRow> = new Map();
  const run = async ({ does, fails }: Plan, known?: Foreseen) => {
    const work = async (tx: Transaction) => {
      const seen: unknown[] = [];
      // A work may run again in its group, so that it knows of no rows but its own, and those that were there.
      const sent = new Map(there);
      for (const deed of does) seen.push(await deed(tx, sent));
      if (fails) throw new RangeError("decided otherwise");
      return { seen, sent };
    };
    try {
      return await store.write(work, known);
    } catch (error) {
      return { seen: error instanceof Error ? error.constructor.name : error, sent: there };
    }
  };
  for (const plan of before) there = (await run(plan)).sent;
  const results: unknown[] = [];
  if (isTogether) {
    const runs = await Promise.all(group.map((plan) => run(plan, plan.isForeseen ? foreseen : undefined)));
    results.push(...runs.map(({ seen }) => seen));
  } else for (const plan of group) results.push((await run(plan)).seen);
  const rows = [];
  for (const table of tables) rows.push(await list(`select * from ${table} order by 2, 1`));
  return withoutNumbers({ results, rows }, numbers === "alike" ? ["id"] : ["id", "number"]);
}

/**
 * Without those numbers. Ids of the outbox have gaps where a row joins another; and what the body of an incident says
 * of its number is not read.
 */
function withoutNumbers(played: unknown, names: readonly string[]): unknown {
  const leaveOut = (name: string, value: unknown) => {
    if (name === "body") return { ...JSON.parse(String(value)), number: 0 };
    return typeof value === "number" && names.includes(name) ? 0 : value;
  };
  return JSON.parse(JSON.stringify(played), leaveOut);
}

describe("works of a group", () => {
  it.each([
    { name: "a file", open: openNoted, numRuns: 150, numbers: "alike" },
    { name: "PostgreSQL", open: openNotedServer, numRuns: 25, numbers: "with gaps" },
  ] as const)(
    "come to what they come to one after the other, whatever they do and foresee: $name",
    async ({ open, numRuns, numbers }) => {
      const [one, other] = [await open(), await open()];
      const played = fc.record({
        before: fc.array(plans, { maxLength: 3 }),
        group: fc.array(plans, { minLength: 2, maxLength: 8 }),
      });
      await fc.assert(
        fc.asyncProperty(played, async (each) => {
          const [together, apart] = [
            await play(one, each, { isTogether: true, numbers }),
            await play(other, each, { isTogether: false, numbers }),
          ];
          expect(together).toEqual(apart);
        }),
        { numRuns },
      );
    },
    120_000,
  );

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

  it("run one by one where more waits than they foresee", async () => {
    const { store, list, takeStatements } = await openNoted();
    await store.write((tx) => tx.insertIncident(newIncident("a")));
    const row = { key: "card:a", lane: "alarm", incident: "a", outgoing: { kind: "card" }, dueAt: 1_000 } as const;
    await store.write((tx) => tx.enqueue([row], 0));
    takeStatements();
    const enqueue = () => store.write((tx) => tx.enqueue([row], 0), { incidents: ["a"], keysOf: () => [] });
    await Promise.all([enqueue(), enqueue()]);
    expect(await list("select key, wanted from outbox")).toEqual([{ key: "card:a", wanted: 3 }]);
    expect(takeStatements()).toContain("rollback");
  });

  it("run one by one where one settles what the group has added", async () => {
    const { store, list } = await openNoted();
    const row = { key: "card:a", lane: "alarm", incident: "a", outgoing: { kind: "card" }, dueAt: 1_000 } as const;
    await store.write((tx) => tx.enqueue([row], 0));
    // It opens that incident, so that nothing waits of it as far as one can tell.
    const settled = await store.write(async (tx) => {
      await tx.insertIncident(newIncident("a"));
      const [added] = await tx.enqueue([row], 0);
      return added && tx.settle(added, 2_000);
    }, {});
    expect([settled, await list("select key, wanted from outbox")]).toEqual([
      undefined,
      [{ key: "card:a", wanted: 2 }],
    ]);
  });

  it.each([
    { name: "a file", open: openNoted },
    { name: "PostgreSQL", open: openNotedServer },
  ])("cost nobody else when one asks for what can't be read: $name", async ({ open }) => {
    const { store, run, list } = await open();
    await run("alter table visits rename to gone");
    const foreseen = { visitors: ["colleague"] };
    const save = (key: string) =>
      store.write(async (tx) => {
        await tx.saveAlarm({ source: "buttons", key, incident: null, outcome: "seen", receivedAt: 1 });
        await tx.saveSetting("greeted", key, "value");
      }, {});
    const load = (known: Foreseen) => store.write((tx) => tx.loadVisit("colleague"), known);
    for (const known of [foreseen, {}]) {
      const results = await Promise.allSettled([save("one"), load(known), save("last")]);
      expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(await list("select key from alarms order by key")).toEqual([{ key: "last" }, { key: "one" }]);
      const settings = await list("select name as key from settings where subject = 'greeted' order by name");
      expect(settings).toEqual([{ key: "last" }, { key: "one" }]);
      await run("delete from alarms; delete from settings");
    }
    const nothing = () => store.write(async () => null, {});
    const results = await Promise.allSettled([load({}), nothing()]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });

  it.each([
    {
      name: "a file",
      open: openNoted,
      refusing: "begin select raise(abort, 'not this one'); end",
      said: "not this one",
    },
    { name: "PostgreSQL", open: openNotedServer, refusing: "execute function refuse()", said: "refused" },
  ])("cost nobody else when one fails, is stale, or is refused by the database: $name", async (database) => {
    const { store, run, list } = await database.open();
    if (database.open === openNotedServer)
      await run("create function refuse() returns trigger language plpgsql as $$ begin raise 'not this one'; end $$");
    const first = await store.write((tx) => tx.insertIncident(newIncident("a")));
    await store.write((tx) => tx.updateIncident({ ...first, version: 2 }));
    await run(
      `create trigger refusal before insert on alarms for each row when (new.key = 'refused') ${database.refusing}`,
    );
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
      expect.objectContaining({ message: expect.stringContaining(database.said) }),
      expect.any(StaleIncident),
      "done",
    ]);
    const kept = [{ name: "last" }, { name: "one" }];
    expect(await list("select key as name from alarms order by key")).toEqual(kept);
    expect(await list("select name from settings where subject = 'greeted' order by name")).toEqual(kept);
  });

  it.each([
    { name: "a file", open: openNoted },
    { name: "PostgreSQL", open: openNotedServer },
  ])("cost nobody else when one goes on after a statement was refused: $name", async ({ open }) => {
    const { store, run, list } = await open();
    await run("alter table members rename to gone");
    const save = (name: string, known?: Foreseen, then: (tx: Transaction) => Promise<unknown> = async () => null) =>
      store.write(async (tx) => {
        await tx.saveSetting("greeted", name, "value");
        await then(tx);
      }, known);
    const refused = (tx: Transaction) => tx.loadMember("nobody").catch(() => null);
    for (const known of [{}, undefined]) {
      const results = await Promise.allSettled([save("one", known), save("on", known, refused), save("last", known)]);
      expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(await list("select name from settings where subject = 'greeted' order by name")).toEqual(
        ["last", "one"].map((name) => ({ name })),
      );
      await run("delete from settings");
    }
  });

  it("find a transaction over that they kept", async () => {
    const { store } = await openNoted();
    const keep = () => store.write(async (tx) => ({ tx }), {});
    const [{ tx }] = await Promise.all([keep(), keep()]);
    await expect(tx.loadIncident("a")).rejects.toThrow("over");
  });
});
