import { expect, it } from "vitest";
import type { AlarmSource, InboundRequest } from "../../bot/contracts.ts";
import { Alarm, mayBePress } from "../../bot/domain/alarm.ts";

/** What a supplier sends that is no press: a test of the link, filler, or news about what watches the button. */
export interface Quiet {
  readonly is: string;
  /** The supplier's page that describes it; null for our own form. */
  readonly from: string | null;
  /** Its content, as JSON; left out: that of the example. */
  readonly json?: unknown;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Path = readonly (string | number)[];

/**
 * Open, not closed: what may be a press is never only a sign of life, whatever one fault makes of it, and it names the
 * button of the example or none. What certainly is no press opens nothing. Runs inside the suite of a source.
 */
export function openContract<Options>(
  source: AlarmSource<Options>,
  button: string,
  example: InboundRequest,
  quiet: readonly Quiet[],
): void {
  const text = example.body.toString("utf8");
  const content: unknown = /^[[{]/.test(text) ? JSON.parse(text) : undefined;

  const parse = (parts: Partial<InboundRequest>) => {
    const alarms = source.parse({ ...example, ...parts }, source.exampleOptions);
    for (const alarm of alarms) expect(Alarm.safeParse(alarm).error).toBeUndefined();
    return alarms;
  };
  const parseText = (changed: string) => parse({ body: Buffer.from(changed) });
  const parseJson = (changed: unknown) => parseText(JSON.stringify(changed));

  function expectOpen(alarms: readonly Alarm[], what: string): void {
    const kinds = alarms.map(({ kind }) => kind);
    expect(kinds.some(mayBePress), `${what}: ${kinds.join()}`).toBe(true);
  }

  function expectOpenAndNoOther(alarms: readonly Alarm[], what: string): void {
    expectOpen(alarms, what);
    const others = alarms.map((alarm) => alarm.button).filter((named) => named !== "" && named !== button);
    expect(others, what).toEqual([]);
  }

  it("cut off at any length may be a press, and names this button or none", () => {
    for (let end = 0; end < example.body.length; end += 1) {
      const body = example.body.subarray(0, end);
      expectOpenAndNoOther(parse({ body, isCut: true }), `the first ${end} bytes`);
      if (content !== undefined) expectOpenAndNoOther(parse({ body }), `${end} bytes, sent as a whole`);
    }
  });

  it("names no button that it holds about something else, cut off at any length or beside a value that is no JSON", () => {
    if (typeof content !== "object" || content === null || Array.isArray(content)) return;
    const other = JSON.parse(text.replaceAll(new RegExp(button, "gi"), [...button].reverse().join("")));
    for (const nested of [
      { "x-last": other, ...content },
      { "x-last": Object.values(other)[0], ...content },
    ]) {
      const whole = JSON.stringify(nested);
      for (let end = 0; end < whole.length; end += 1) {
        expectOpenAndNoOther(parseText(whole.slice(0, end)), whole.slice(0, end));
      }
      expectOpenAndNoOther(parseText(whole.replace("{", '{"x-side":NaN,')), whole);
    }
  });

  it("is opened all the same by what calls the address without sending anything more", () => {
    expectOpen(parse({ body: Buffer.alloc(0), isCut: true }), "nothing");
  });

  it.each(quiet)("opens nothing by $is", ({ from, json: sent, query, headers }) => {
    if (from !== null) expect(new URL(from).protocol).toBe("https:");
    const alarms = parse({
      ...(sent === undefined ? {} : { body: Buffer.from(JSON.stringify(sent)) }),
      ...(query === undefined ? {} : { query }),
      headers: { ...example.headers, ...headers },
    });
    expect(alarms.filter(({ kind }) => mayBePress(kind))).toEqual([]);
  });

  // What is no JSON has no fields that could be changed here: its own test does.
  if (content === undefined) return;
  // A mapping says itself what is a press, and calls all else a sign of life.
  const isMapped = "mapping" in (source.exampleOptions as object);

  if (!isMapped) {
    it("may be a press with any one field null, left out, of another type or unit, or at its bounds", () => {
      for (const path of listPaths(content)) {
        const before = read(content, path);
        const namesButton = JSON.stringify(before).toLowerCase().includes(button.toLowerCase());
        for (const value of toWrongs(before)) {
          const what = `${path.join(".")} = ${JSON.stringify(value)?.slice(0, 80)}`;
          const alarms = parseJson(write(content, path, value));
          if (namesButton) expectOpen(alarms, what);
          else expectOpenAndNoOther(alarms, what);
        }
      }
    });
  }

  it("is the same press as JSON in JSON, with zero bytes behind it and with a byte order mark in front", () => {
    for (const changed of [JSON.stringify(text), `${text}\0`, `${text}\n\0\0`, `${text}\0\r\n`, `\uFEFF${text}`]) {
      expect(parseText(changed), changed.slice(-20)).toMatchObject([{ kind: "press", button }]);
    }
  });

  it("is the same press in UTF-16 with a byte order mark in front", () => {
    const little = Buffer.from(`\uFEFF${text}\0\r\n`, "utf16le");
    for (const body of [little, Buffer.from(little).swap16()]) {
      expect(parse({ body })).toMatchObject([{ kind: "press", button }]);
    }
  });

  it("is the same press beside what nobody knows, and however long that makes it", () => {
    const more = { "x-unknown": { deep: [1, "button", null] }, "x-long": "0123456789abcdef".repeat(200_000) };
    const long = parseJson(Array.isArray(content) ? [...content, more] : { ...(content as object), ...more });
    expect(long.filter(({ kind }) => kind === "press")).toMatchObject([{ button }]);
  });

  it("may be a press beside one value that is no JSON, and names this button or none", () => {
    for (const value of ["unknown", "NaN", "None", "'text'", "", "01", '"open']) {
      expectOpenAndNoOther(parseText(text.replace("{", `{"x-side":${value},`)), value);
    }
  });
}

/** Every field and element within a value, the outer ones first. */
function listPaths(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]): Path[] => {
    const path = [...at, Array.isArray(value) ? Number(key) : key];
    return [path, ...listPaths(part, path)];
  });
}

function read(value: unknown, path: Path): unknown {
  return path.reduce((part, key) => (part as Record<string | number, unknown>)[key], value);
}

/** A copy with another value at that place; undefined leaves it out. */
function write(value: unknown, path: Path, changed: unknown): unknown {
  const copy = structuredClone(value);
  const last = path.at(-1) ?? "";
  (read(copy, path.slice(0, -1)) as Record<string | number, unknown>)[last] = changed;
  return copy;
}

/** What stands in the place of a value: nothing, other types, bounds, and the same in another unit. */
function toWrongs(before: unknown): unknown[] {
  const others = [undefined, null, true, -1, 1e308, "", "x", [], {}, [[]], "x".repeat(5000)];
  if (typeof before === "number") return [...others, before * 1000, before / 1000, String(before)];
  const moment = typeof before === "string" && /^\d{4}-\d\d-\d\dT/.test(before) ? Date.parse(before) : null;
  return moment === null ? others : [...others, moment, moment / 1000, "24-11-2026 09:00"];
}
