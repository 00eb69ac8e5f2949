import { describe, expect, it } from "vitest";
import { toAlarm } from "../../../bot/domain/alarm.ts";
import { OpenIncidents } from "../../../bot/engine/kernel/open/open-incidents.ts";
import { UnrecordedIncidents } from "../../../bot/engine/kernel/unrecorded/unrecorded-incidents.ts";
import { openNoted, openNotedServer } from "../../store/sql/group/open-noted.ts";
import { openUnrecorded } from "./unrecorded/open-unrecorded.ts";

const colleagues = Array.from({ length: 32 }, (_, number) => ({ id: `colleague-${number}`, name: `C. ${number}` }));
/** Without what begins and ends the transaction and its one savepoint. */
const texts = (statements: readonly string[]) => statements.filter((text) => text.includes(" "));
/** What is looked at as a whole: rows that a statement brings along, and the one row or two of what numbers tables. */
const whole = /^SCAN (\d+.ROW VALUES CLAUSE|\d+ CONSTANT ROWS|changed$|line$|sqlite_sequence)|Seq Scan on \w+_seq /;

async function openOn(openDatabase: typeof openNoted) {
  const noted = await openDatabase();
  const { kernel, handler, queue, directory, take } = await openUnrecorded(noted.store);
  const openIncidents = new OpenIncidents(kernel.clock);
  handler.subscribe(({ changed }) => changed && openIncidents.note(changed));
  const unrecorded = new UnrecordedIncidents(kernel, { handler, queue, openIncidents, directory });
  const press = (number: number, id: string) => take(toAlarm("press", { button: `button ${number}`, id }));
  const pressAll = (id: string) => Promise.all(colleagues.map((_, number) => press(number, `${id} ${number}`)));
  noted.takeStatements();
  return { ...noted, handler, unrecorded, press, pressAll };
}

describe.each([
  { name: "a file", openDatabase: openNoted },
  { name: "PostgreSQL", openDatabase: openNotedServer },
])("a group on $name", ({ openDatabase }) => {
  const open = () => openOn(openDatabase);

  it("32 presses that open alarms cost at most ten statements", async () => {
    const { pressAll, takeStatements } = await open();
    const receipts = (await pressAll("first")).flat();
    expect(new Set(receipts.map(({ incident }) => incident)).size).toBe(32);
    const statements = takeStatements();
    expect(statements.filter((text) => text === "commit")).toHaveLength(1);
    expect(texts(statements).length).toBeLessThanOrEqual(10);
  });

  it("32 presses of open alarms cost at most ten statements", async () => {
    const { pressAll, takeStatements } = await open();
    await pressAll("first");
    takeStatements();
    const receipts = (await pressAll("second")).flat();
    expect(receipts.map(({ outcome }) => outcome)).toEqual(receipts.map(() => "repeated"));
    expect(texts(takeStatements()).length).toBeLessThanOrEqual(10);
  });

  it("32 colleagues who go to as many alarms cost at most ten statements", async () => {
    const { pressAll, handler, takeStatements } = await open();
    const incidents = (await pressAll("first")).flat().flatMap(({ incident }) => incident ?? []);
    takeStatements();
    const claims = incidents.map((incident, number) =>
      handler.handle(incident, { kind: "claim", by: colleagues[number] ?? { id: "", name: "" } }),
    );
    expect((await Promise.all(claims)).map((result) => result?.reason)).toEqual(claims.map(() => "claimed"));
    expect(texts(takeStatements()).length).toBeLessThanOrEqual(10);
  });

  it("new presses, repeated ones and colleagues who go cost together at most ten statements", async () => {
    const { press, pressAll, handler, takeStatements } = await open();
    const incidents = (await pressAll("first")).flat().flatMap(({ incident }) => incident ?? []);
    takeStatements();
    const [by = { id: "", name: "" }] = colleagues;
    await Promise.all(
      incidents
        .slice(0, 16)
        .flatMap((incident, number) => [
          press(number, `again ${number}`),
          press(100 + number, `new ${number}`),
          handler.handle(incident, { kind: "claim", by }),
        ]),
    );
    const statements = takeStatements();
    expect(statements.filter((text) => text === "commit")).toHaveLength(1);
    expect(texts(statements).length).toBeLessThanOrEqual(10);
  });

  it("what was decided in memory on 16 alarms costs at most ten statements, however much that is", async () => {
    const { pressAll, handler, unrecorded, takeStatements } = await open();
    const incidents = (await pressAll("first")).flat().flatMap(({ incident }) => incident ?? []);
    takeStatements();
    const [by = { id: "", name: "" }] = colleagues;
    for (const incident of incidents.slice(0, 16))
      for (const kind of ["claim", "arrive", "decline", "claim"] as const) unrecorded.decide(incident, { kind, by });
    await handler.write(async (tx) => ({ value: await tx.saveSetting("probe", "storage", "written"), commits: [] }));
    const statements = takeStatements();
    const first = statements.slice(0, statements.indexOf("commit"));
    expect(texts(first).length).toBeLessThanOrEqual(10);
    expect(incidents.slice(0, 16).some((incident) => unrecorded.isAhead(incident))).toBe(false);
  });

  it("finds every row by an index, of whatever it reads and writes", async () => {
    const { pressAll, handler, store, explain, takeStatements } = await open();
    const incidents = (await pressAll("first")).flat().flatMap(({ incident }) => incident ?? []);
    await pressAll("second");
    await Promise.all(incidents.map((incident) => handler.handle(incident, { kind: "cancel" })));
    const state = { source: "buttons", isOn: true, run: null, wasOff: false, message: null, at: 1 };
    const sent = await store.write((tx) => tx.lease("alarm", Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 32));
    await Promise.all(
      sent.map((row, number) =>
        store.write(
          async (tx) => {
            await tx.saveButtonState({ ...state, name: String(number) });
            await tx.loadOpenByPlace("frontdesk", `Spreekkamer ${number}`);
            return tx.settle(row, 1);
          },
          {
            sent: [row],
            states: [{ source: "buttons", name: String(number) }],
            places: [{ channel: "frontdesk", fixedPlace: `Spreekkamer ${number}` }],
          },
        ),
      ),
    );
    const statements = new Set(texts(takeStatements()));
    expect(statements.size).toBeGreaterThan(15);
    for (const text of statements)
      for (const step of await explain(text)) if (!whole.test(step)) expect(step, text).not.toMatch(/^SCAN|Seq Scan/);
  });

  it("32 colleagues who go to one alarm do so in order", async () => {
    const { pressAll, handler, store } = await open();
    const [incident = ""] = (await pressAll("first")).flat().flatMap((receipt) => receipt.incident ?? []);
    await Promise.all(colleagues.map((by) => handler.handle(incident, { kind: "claim", by })));
    const after = await store.read((reader) => reader.loadIncident(incident));
    expect(after?.responders.map(({ person }) => person.id)).toEqual(colleagues.map(({ id }) => id));
  });
});
