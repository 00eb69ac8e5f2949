import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Mapping, mappingOver, readMapping } from "../../../adapters/kit/mapping.ts";
import { alarmKinds, Position } from "../../../bot/domain/alarm.ts";
import { expects, toExpected } from "../../../bot/words/settings/expects.ts";

const runs = Number(process.env.FUZZ_RUNS ?? 500);
const nothing = { position: null, battery: null, isOn: null };
const kindOf = (press: string, variables: Record<string, unknown>) => readMapping({ press }, variables).kind;

describe("what a message is", () => {
  const mapping = {
    press: "m.kind == 'sos'",
    stillPressed: "m.on",
    test: "m.kind == 'test'",
    cancel: "m.kind == 'off'",
    heartbeat: "m.kind == 'alive'",
  };

  it.each([
    [{ kind: "sos", on: false }, "press", true],
    [{ kind: "sos", on: true }, "press", true],
    [{ kind: "test", on: true }, "still-pressed", true],
    [{ kind: "test", on: false }, "test", false],
    [{ kind: "off", on: false }, "cancel", false],
    [{ kind: "alive", on: false }, "heartbeat", false],
    [{ kind: "else", on: false }, "heartbeat", false],
  ])("%j: %s", (m, kind, isOn) => {
    expect(readMapping(mapping, { m })).toEqual({ ...nothing, kind, isOn });
  });

  it.each([
    ["a field that is not there", "m.sos == 1", {}],
    ["a field of what is not there", "has(m.button.sos)", {}],
    ["a variable that is not there", "n == 1", {}],
    ["no boolean", "m.sos", { sos: 1 }],
    ["text for a boolean", "m.sos", { sos: "true" }],
    ["null", "m.sos", { sos: null }],
    ["types that do not fit", "m.sos > 3", { sos: "x" }],
    ["a field of a number", "m.sos.x == 1", { sos: 5 }],
    ["an index behind the end", "m.sos[3] == 1", { sos: [1] }],
    ["a text that is no number", "int(m.sos) == 1", { sos: "x" }],
  ])("unreadable: %s", (_, press, m) => {
    expect(kindOf(press, { m })).toBe("unreadable");
  });

  it("says whether it goes on only where the mapping asks for that, and it can be read", () => {
    expect(readMapping({ press: "m.x" }, { m: { x: true } }).isOn).toBeNull();
    expect(readMapping({ press: "m.x", stillPressed: "m.y" }, { m: { x: false } }).isOn).toBeNull();
  });

  it("stays readable where the administrator asks first", () => {
    const press = "has(m.sos) && m.sos == 1";
    expect(kindOf(press, { m: {} })).toBe("heartbeat");
    expect(kindOf(press, { m: { sos: 1 } })).toBe("press");
  });

  it("is unreadable when a later expression fails, but not behind a true one", () => {
    expect(readMapping({ press: "m.x", test: "m.y" }, { m: { x: true } }).kind).toBe("press");
    expect(readMapping({ press: "m.x", test: "m.y" }, { m: { x: false } }).kind).toBe("unreadable");
  });

  it("sees no more than the message", () => {
    for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
      expect(kindOf(`has(m.${name})`, { m: {} })).toBe("heartbeat");
      expect(kindOf(`m.${name} == 1`, { m: {} })).toBe("unreadable");
    }
  });
});

describe("expressions over JSON", () => {
  it.each([
    ["m.n == 1", true],
    ["m.n >= 1 && m.n < 2", true],
    ["m.half * 2 == 1.0", true],
    ["3 - m.half > 2", true],
    ["m.n + 1 == 2.0", true],
    ["m.l[0].k == 'q'", true],
    ["m.l.exists(x, x.k == 'r')", true],
    ["m.l.all(x, x.k == 'r')", false],
    ["m.l.exists_one(x, x.k == 'r')", true],
    ["m['sp ace']", true],
    ["m.t.startsWith('ff') && m.t.substring(2, 4) == '2e'", true],
    ["m.t in ['ff2e01', 'ff2e02']", true],
    ["size(m.l) == 2", true],
    ["m.t == 'x' ? false : true", true],
    ["!(m.none == null)", false],
    ["int(m.half * 10) % 5 == 0", true],
  ])("%s: %s", (press, holds) => {
    const m = { n: 1, half: 0.5, l: [{ k: "q" }, { k: "r" }], "sp ace": true, t: "ff2e01", none: null };
    expect(kindOf(press, { m })).toBe(holds ? "press" : "heartbeat");
    expect(Mapping.safeParse({ press }).success).toBe(true);
  });
});

describe("battery and position", () => {
  const read = (parts: object, m: unknown) => readMapping({ press: "false", ...parts }, { m });

  it.each([
    ["m.battery", { battery: 50 }, 0.5],
    ["m.battery", { battery: 1 }, 0.01],
    ["(m.volts - 3) / 0.6 * 100", { volts: 3.3 }, 0.5],
    ["17", {}, 0.17],
    ["m.battery", { battery: 140 }, null],
    ["m.battery", { battery: -1 }, null],
    ["m.battery", { battery: "50" }, 0.5],
    ["m.battery", { battery: "full" }, null],
    ["m.battery", {}, null],
    ["m.volts / 0", { volts: 3 }, null],
  ])("battery %s of %j: %s", (battery, m, share) => {
    const reading = read({ battery }, m);
    if (share === null) expect(reading.battery).toBeNull();
    else expect(reading.battery).toBeCloseTo(share, 6);
  });

  const where = { lat: "m.lat", lon: "m.lon", accuracyM: "m.acc" };

  it("makes a message without a press a position", () => {
    const position = { lat: 52, lon: 5, accuracyM: 9 };
    expect(read(where, { lat: 52, lon: 5, acc: 9 })).toEqual({ ...nothing, kind: "position", position });
    expect(read({ ...where, heartbeat: "true" }, { lat: 52, lon: 5, acc: 9 }).kind).toBe("heartbeat");
    expect(read({ ...where, press: "true" }, { lat: 52, lon: 5, acc: 9 })).toMatchObject({ kind: "press", position });
  });

  it("leaves out what is wrong and keeps the press", () => {
    const vague = { lat: 52, lon: 5, accuracyM: null };
    expect(read({ ...where, press: "true" }, { lat: 52, lon: 5 })).toMatchObject({ kind: "press", position: vague });
    expect(read({ ...where, press: "true" }, { lat: 52, lon: 5, acc: -1 })).toMatchObject({ position: vague });
    for (const m of [{}, { lat: 52 }, { lat: 91, lon: 5 }, { lat: "52", lon: "5" }, { lat: 52, lon: 181 }]) {
      expect(read({ ...where, press: "true" }, m)).toMatchObject({ kind: "press", position: null });
    }
  });
});

describe("an expression is checked with the configuration", () => {
  const check = (press: string, schema = mappingOver(["m", "port"])) => {
    const { error } = schema.safeParse({ press });
    return error?.issues.map(({ path, message }) => `${path.join(".")}: ${toExpected(message, "en")}`).join() ?? null;
  };

  it.each([
    ["m.x == 1", null],
    ["m.x", null],
    ["port == 85 || has(m.y)", null],
    ["m.x ==", "Unexpected token: EOF"],
    ["m.x = 1", "at character 5"],
    ["m.x == 'y", "character"],
    ["", "Unexpected token"],
    ["1", "this one gives int"],
    ["'yes'", "this one gives string"],
    ["n.x == 1", "Unknown variable: n"],
    ["x == 1 || m.exists(x, x == 1)", "Unknown variable: x"],
    ["1 + 'a' == 2", "no such overload"],
    ["m.x.matches('^(a+)+$')", "matches() is not available here"],
    ["m.map(x, x) == []", "map() is not available here"],
    ["m.filter(x, x > 1) == []", "filter() is not available here"],
    ["cel.bind(a, m, a == 1)", "bind() is not available here"],
    ["m.exists(x, x.all(y, y == 1))", "all() inside another one is not available here"],
    ["m.x(1)", "x"],
  ])("%s", (press, fault) => {
    if (fault === null) expect(check(press)).toBeNull();
    else expect(check(press)).toMatch(/^press: an expression that gives true or false \(/);
    if (fault !== null) expect(check(press)).toContain(fault);
  });

  it.each([
    ["length", "true || ".repeat(200), "longer than 1000 characters"],
    ["depth", `${"(".repeat(100)}true${")".repeat(100)}`, "Exceeded maxDepth"],
    ["size", `${"!".repeat(900)}true`, "Exceeded maxAstNodes"],
  ])("its %s is bounded", (_, press, fault) => {
    expect(check(press)).toContain(fault);
  });

  it("a quantity too, and with any variable where no names are given", () => {
    const issues = (mapping: object) => Mapping.safeParse({ press: "a.b", ...mapping }).error?.issues;
    expect(issues({ battery: "c.d * 2", lat: "e", lon: "1.5" })).toBeUndefined();
    expect(issues({ battery: "c == 1" })).toMatchObject([
      { path: ["battery"], message: expects("numberExpression", expects("givesOther", "bool")) },
    ]);
  });

  it("a press is not left out, and nothing is compiled into the settings", () => {
    expect(Mapping.safeParse({ heartbeat: "true" }).success).toBe(false);
    const mapping = { press: "m.x", battery: "m.y", lat: "m.lat", lon: "m.lon" };
    expect(Mapping.parse(Mapping.parse(mapping))).toEqual(mapping);
  });
});

describe("whatever comes", () => {
  const texts = [
    "m.a.b == 1",
    "m.l.exists(x, x.y in m.l)",
    "m == n",
    "size(m) > 2",
    "m.t.contains(n)",
    "m.a > n.b",
    "m",
  ];
  const text = fc.constantFrom(...texts);

  it("gives a well-formed reading", () => {
    const mapping = fc.record({ press: text, test: text, battery: text, lat: text, lon: text, accuracyM: text });
    const value = fc.oneof(fc.jsonValue(), fc.anything());
    const property = fc.property(mapping, value, value, (expressions, m, n) => {
      const { kind, battery, position } = readMapping(expressions, { m, n });
      expect(alarmKinds).toContain(kind);
      expect(battery === null || (battery >= 0 && battery <= 1)).toBe(true);
      expect(position === null || Position.safeParse(position).success).toBe(true);
    });
    fc.assert(property, { numRuns: runs });
  });

  it("takes any text for an expression or refuses it, and never throws", () => {
    const pieces = fc.array(
      fc.constantFrom("m", ".a", "==", "1", "(", ")", "'x'", "&&", "!", "[", "]", "has(", "-", "?", ":"),
    );
    const any = fc.oneof(
      fc.string(),
      pieces.map((parts) => parts.join("")),
    );
    const property = fc.property(any, fc.jsonValue(), (press, m) => {
      Mapping.safeParse({ press });
      expect(alarmKinds).toContain(kindOf(press, { m }));
    });
    fc.assert(property, { numRuns: runs });
  });

  it("does not go under in what is nested too deep or too large", () => {
    const deep: unknown = JSON.parse("[".repeat(5000) + "]".repeat(5000));
    const copy: unknown = JSON.parse("[".repeat(5000) + "]".repeat(5000));
    expect(kindOf("m == n", { m: deep, n: copy })).toBe("unreadable");
    const large = Array.from({ length: 100_000 }, (_, index) => index);
    expect(kindOf("m.exists(x, !(x in m))", { m: large })).toBe("unreadable");
    expect(kindOf("m.exists(x, !(x in m))", { m: large.slice(0, 1000) })).toBe("heartbeat");
  });

  it.each([
    ["m.l.exists(x, m.t.contains(x))"],
    [`m.l.exists(x, ${"size(m.t) == 1 || ".repeat(40)}m.t == x)`],
    [`m.l.exists(x, ${"m.t.lowerAscii() == x || ".repeat(20)}m.t == x)`],
    [`m.l.exists(x, ${"!(x in m.l) || ".repeat(40)}x == m.t)`],
    [`${"m.t.contains(m.t) && ".repeat(40)}m.t.indexOf(m.t) == 1`],
  ])("ends soon, over a message that was made for it: %s", (press) => {
    const m = { l: Array.from({ length: 1_900 }, () => "ab"), t: "a".repeat(58_000) };
    const begunAt = performance.now();
    expect(kindOf(press, { m })).toBe("unreadable");
    expect(performance.now() - begunAt).toBeLessThan(1_000);
  });

  it("is read in a long message, as far as one comes from a device", () => {
    const events = Array.from({ length: 50 }, (_, index) => ({ type: `event ${index}`, text: "x".repeat(40) }));
    const m = { events, picture: "x".repeat(200_000), name: "balie" };
    expect(kindOf("m.events.exists(e, e.type == 'event 49')", { m: { events } })).toBe("press");
    expect(kindOf("m.name == 'balie' || m.picture.contains('sos')", { m })).toBe("press");
    expect(kindOf("m.picture.contains('sos')", { m })).toBe("heartbeat");
  });
});
