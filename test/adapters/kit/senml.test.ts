import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveSenml } from "../../../adapters/kit/senml.ts";

const runs = Number(process.env.FUZZ_RUNS ?? 500);
const start = 1795510795;

describe("SenML by RFC 8428", () => {
  it("adds base values to every record until others come, wherever they stand", () => {
    const pack = [
      { bn: "urn:dev:ow:10e2073a01080063:", bt: start, bu: "A", n: "current", v: 1.2 },
      { n: "current", t: -5, v: 1.3 },
      { u: "V", n: "voltage", v: 120 },
      { bn: "urn:dev:mac:0024befffe804ff1:", n: "label", vs: "a door" },
      { bt: start + 60, n: "open", vb: true },
      { bn: "", bu: "W", n: "image", vd: "YWJj", t: 0.5 },
    ];
    const at = start * 1000;
    expect(resolveSenml(pack)).toEqual([
      { name: "urn:dev:ow:10e2073a01080063:current", at, unit: "A", value: 1.2 },
      { name: "urn:dev:ow:10e2073a01080063:current", at: at - 5000, unit: "A", value: 1.3 },
      { name: "urn:dev:ow:10e2073a01080063:voltage", at, unit: "V", value: 120 },
      { name: "urn:dev:mac:0024befffe804ff1:label", at, unit: "A", value: "a door" },
      { name: "urn:dev:mac:0024befffe804ff1:open", at: at + 60_000, unit: "A", value: true },
      { name: "image", at: at + 60_500, unit: "W", value: "YWJj" },
    ]);
  });

  it("counts the missing one of value and base value as 0, and only for numbers", () => {
    const pack = [
      { bn: "x:", bv: 20, n: "a", v: 1 },
      { n: "b" },
      { n: "c", vs: "20" },
      { n: "d", s: 3 },
      { bv: 0, n: "e", v: 1 },
    ];
    expect(resolveSenml(pack)?.map(({ value }) => value)).toEqual([21, 20, "20", null, 1]);
  });

  it.each([
    [{ bt: 1.795510795219e9 }, 1795510795219],
    [{ bt: 1795510795.219 }, 1795510795219],
    [{ t: 1795510795.219 }, 1795510795219],
    [{ bt: 1795510795, t: 0.219 }, 1795510795219],
    [{ bt: 2 ** 28 }, 2 ** 28 * 1000],
    [{ bt: 2 ** 28 - 1 }, null],
    [{ bt: 0, t: -30 }, null],
    [{ t: 0 }, null],
    [{}, null],
    [{ bt: "1795510795" }, null],
    [{ bt: 1e300 }, null],
  ])("the moment of %j is %j", (times, at) => {
    expect(resolveSenml([{ n: "a", v: 1, ...times }])).toMatchObject([{ at }]);
  });

  it("takes a record of base values alone for no measurement", () => {
    expect(
      resolveSenml([
        { bn: "x:", bt: start },
        { n: "a", v: 0 },
      ]),
    ).toMatchObject([{ name: "x:a", value: 0 }]);
    expect(resolveSenml([{ bn: "x:", bt: start, bv: 3, bver: 10 }])).toEqual([]);
    expect(resolveSenml([])).toEqual([]);
  });

  it.each([[null], [{}], ["[]"], [[7]], [[null]], [[[]]], [[{ bn: 7, n: "a", v: 1 }]], [[{ n: 7, v: 1 }]]])(
    "resolves nothing of %j",
    (pack) => {
      expect(resolveSenml(pack)).toBeNull();
    },
  );

  it("takes a name of 256 characters, and does not interpret a longer one, wherever its parts stand", () => {
    const bn = "x".repeat(250);
    const take = (...pack: readonly object[]) => resolveSenml(pack)?.map(({ name }) => name.length) ?? null;
    expect(take({ bn, n: "123456", v: 1 })).toEqual([256]);
    expect(take({ bn, n: "1234567", v: 1 })).toBeNull();
    expect(take({ bn }, { n: "1234567", v: 1 })).toBeNull();
    expect(take({ bn: "x".repeat(50_000) }, ...Array.from({ length: 1_000 }, () => ({ n: "a", v: 1 })))).toBeNull();
  });

  it("does not interpret a newer version, or a field that has to be understood", () => {
    expect(resolveSenml([{ bver: 10, n: "a", v: 1 }])).toHaveLength(1);
    expect(resolveSenml([{ bver: 11, n: "a", v: 1 }])).toBeNull();
    expect(resolveSenml([{ n: "a", v: 1, scale_: 10 }])).toBeNull();
    expect(resolveSenml([{ n: "a", v: 1, scale: 10 }])).toHaveLength(1);
  });

  it("keeps a record of which only the value can't be read", () => {
    const pack = [
      { bn: "x:", n: "a", v: "1" },
      { n: "b", vs: 7 },
      { n: "c", vb: 1, u: 5 },
    ];
    expect(resolveSenml(pack)?.map(({ name, value, unit }) => [name, value, unit])).toEqual([
      ["x:a", null, null],
      ["x:b", null, null],
      ["x:c", null, null],
    ]);
  });

  const Resolved = fc.record({
    name: fc.string({ minLength: 1, maxLength: 12 }),
    at: fc.integer({ min: 2 ** 29 * 1000, max: 2 ** 33 * 1000 }),
    unit: fc.constantFrom("V", "lat", "m"),
    value: fc.oneof(fc.integer({ min: -1e6, max: 1e6 }), fc.string(), fc.boolean()),
  });

  it("resolves every way to write the same records to the same records", () => {
    const written = fc.record({ at: fc.nat(12), shift: fc.integer({ min: -1e6, max: 1e6 }), inBase: fc.boolean() });
    const cases = fc.array(fc.tuple(Resolved, written), { maxLength: 12 });
    const property = fc.property(cases, (entries) => {
      const pack = entries.map(([{ name, at, unit, value }, { at: cut, shift, inBase }]) => ({
        bn: name.slice(0, cut),
        n: name.slice(cut),
        bt: (at - shift) / 1000,
        t: shift / 1000,
        ...(inBase ? { bu: unit } : { u: unit }),
        ...(typeof value === "number" ? { bv: shift, v: value - shift } : {}),
        ...(typeof value === "string" ? { vs: value } : {}),
        ...(typeof value === "boolean" ? { vb: value } : {}),
      }));
      expect(resolveSenml(pack)).toEqual(entries.map(([record]) => record));
    });
    fc.assert(property, { numRuns: runs });
  });

  it("never throws, and every record is well-formed", () => {
    const field = fc.constantFrom(
      "bn",
      "bt",
      "bu",
      "bv",
      "bver",
      "n",
      "u",
      "v",
      "vs",
      "vb",
      "vd",
      "s",
      "t",
      "__proto__",
    );
    const likely = fc.array(fc.dictionary(field, fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null))));
    const property = fc.property(fc.oneof(likely, fc.jsonValue(), fc.anything()), (pack) => {
      for (const { name, at, unit } of resolveSenml(pack) ?? []) {
        expect(typeof name).toBe("string");
        expect(at === null || Number.isSafeInteger(at)).toBe(true);
        expect(unit === null || typeof unit === "string").toBe(true);
      }
    });
    fc.assert(property, { numRuns: runs });
  });
});
