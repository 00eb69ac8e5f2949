import fc from "fast-check";
import { expect, it } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import type { Store } from "../../../bot/ports/store/store.ts";
import { openStore } from "../../../bot/store/store.ts";
import { newPostgres } from "../../storage/postgres/new-postgres.ts";
import { patient, type Version, versions } from "../../storage/postgres/server.ts";
import { newDatabase } from "../new-database.ts";
import { newIncident } from "../new-incident.ts";
import { foresee, notFromOutside, readAll, type Values, writeAll, writeVisit } from "./every-column.ts";
import { columnsOfFile, rowsOfFile, rowsOfServer } from "./stored-rows.ts";

const log = openLog("silent");
/** A mebibyte, for all columns, with such a sign in it again and again. */
const zeros = "\0".padEnd(2 ** 10, "a").repeat(2 ** 10);
const halves = "\uD800".padEnd(2 ** 10, "b").repeat(2 ** 10);
const mebibyte: Values = { a: zeros, b: halves, n: 0, r: null };
/** In no column two of these are stored alike, nor one of these and the mebibyte. */
const worst: readonly Values[] = [
  { a: "a".repeat(640), b: "b".repeat(641), n: 2 ** 53, r: 2 ** 53 },
  { a: "\0", b: "\uD800", n: -(2 ** 53), r: Number.NaN },
  { a: "x\uDFFF", b: "é".repeat(700), n: 2 ** 53 - 2, r: -1e300 },
  { a: "", b: "\u{1F600}", n: 1, r: 0.1 },
];
/** What came from devices, people and suppliers, at its worst. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  fc.constantFrom("\0", "a\0b", "\uD800", "x\uDFFF", "\u{1F600}", "", "\uFFFD", "é".repeat(700), "e\u0301"),
  fc.uint8Array({ minLength: 2_000, maxLength: 4_000 }).map((bytes) => Buffer.from(bytes).toString("base64")),
);
const whole = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(2 ** 53, 2 ** 53 - 1, 2 ** 53 + 2, -(2 ** 53), 2 ** 63, 2 ** 64, 1e300, -0, Number.NaN, Infinity),
);
const real = fc.option(fc.oneof(whole, fc.double()));

/** Ends the work, so that the next one finds an empty database. */
class Found extends Error {
  readonly found: unknown;

  constructor(found: unknown) {
    super("found");
    this.found = found;
  }
}

function tryOut(on: Store, values: Values): Promise<unknown> {
  const trying = on.write(async (tx) => {
    await writeVisit(tx, values);
    throw new Found([await writeAll(tx, values), await readAll(tx, values)]);
  });
  return trying.catch((error: unknown) => error);
}

async function openFile() {
  const path = newDatabase();
  return { store: await openStore({ url: `sqlite:${path}`, log }), rows: async () => rowsOfFile(path), path };
}

async function openServer(version: Version) {
  const url = await newPostgres(version);
  return { store: await openStore({ url, log, timeouts: patient }), rows: () => rowsOfServer(url) };
}

it.each(versions)(
  "takes every value into every column on PostgreSQL %s as in a file, and gives the same back",
  async (version) => {
    await using file = (await openFile()).store;
    await using server = (await openServer(version)).store;
    const property = fc.asyncProperty(fc.record({ a: text, b: text, n: whole, r: real }), async (values) => {
      const [expected, actual] = await Promise.all([file, server].map((each) => tryOut(each, values)));
      expect(expected).toBeInstanceOf(Found);
      expect(actual).toBeInstanceOf(Found);
      if (expected instanceof Found && actual instanceof Found) expect(actual.found).toEqual(expected.found);
    });
    // What is made up is played on one of them.
    const [examples, random] = version === "18" ? [[...worst, mebibyte], 15] : [worst, 0];
    const numRuns = examples.length + random;
    await fc.assert(property, { numRuns, endOnFailure: true, examples: examples.map((values) => [values]) });
  },
);

it("holds the same in a file and on servers, whether it was written by works of their own or in a group", async () => {
  const all = [...worst, mebibyte];
  const alone = await openFile();
  const opened = [alone, await openFile(), await openServer("15"), await openServer("18")];
  const found: unknown[] = [];
  for (const { store } of opened) {
    await using each = store;
    for (const values of all) await each.write((tx) => writeVisit(tx, values));
    const isAlone = store === alone.store;
    const writing = all.map((values) =>
      each.write((tx) => writeAll(tx, values), isAlone ? undefined : foresee(values)),
    );
    found.push(await Promise.all(writing));
  }
  for (const each of found) expect(each).toEqual(found[0]);
  const rows = await alone.rows();
  for (const each of opened) expect(await each.rows()).toEqual(rows);
  const constant = columnsOfFile(alone.path).filter((column) => {
    const [table = "", name = ""] = column.split(".");
    return new Set(rows[table]?.map((row) => row[name])).size < all.length;
  });
  expect(constant.toSorted()).toEqual(Object.keys(notFromOutside).toSorted());
});

it("takes what was left out for nothing, on both databases", async () => {
  await using file = (await openFile()).store;
  await using server = (await openServer("18")).store;
  for (const each of [file, server]) {
    const incident = await each.write((tx) => tx.insertIncident(newIncident("a", { fixedPlace: "Balie" })));
    // As the body of an incident comes back that a version wrote which had no such field.
    const { fixedPlace: _left, nextAt: _too, ...rest } = { ...incident, version: 2 };
    await each.write((tx) => tx.updateIncident(JSON.parse(JSON.stringify(rest))));
    expect(await each.read((reader) => reader.loadIncident("a"))).toMatchObject({ version: 2 });
    expect(await each.write((tx) => tx.loadOpenByPlace(incident.channel, "Balie"))).toBeNull();
  }
});
