import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AlarmSource, InboundRequest } from "../../bot/contracts.ts";
import { Alarm } from "../../bot/domain/alarm.ts";
import { RequestRejected } from "../../bot/errors.ts";
import type { SecretValue } from "../../bot/kit/secrets/secret.ts";
import { openContract, type Quiet } from "./open-contract.ts";

const now = Date.UTC(2026, 10, 24, 9, 0, 0);

/** How many bodies are made up for each source: `npm run fuzz` makes more. */
const runs = Number(process.env.FUZZ_RUNS ?? 500);

/**
 * Checks who sent a request by its head and, where that is not enough, its body; returns which value of the secret was
 * right. Throws RequestRejected.
 */
export function prove<Options>(source: AlarmSource<Options>, request: InboundRequest, options: Options): SecretValue {
  const found = source.verify(request, options);
  return typeof found === "string" ? found : found(request.body);
}

/**
 * What every HTTP source must keep to, whatever its supplier sends. `button`: an id as this source has them; `quiet`:
 * what its supplier sends that opens nothing.
 */
export function sourceContract<Options>(
  name: string,
  source: AlarmSource<Options>,
  button = "0042",
  quiet: readonly Quiet[] = [],
): void {
  const options = source.exampleOptions;
  const example = toExample(now);
  const verify = (request: Partial<InboundRequest>, settings = options) =>
    prove(source, { ...example, ...request }, settings);

  describe(`source ${name}`, () => {
    it("has a title and settings that its own schema takes, also a second time", () => {
      expect(source.title).not.toBe("");
      expect(source.Options.parse(source.Options.parse(options))).toEqual(options);
    });

    it("has an example that authenticates and is one press of that button", () => {
      expect(() => verify({})).not.toThrow();
      expect(parse(example)).toMatchObject([{ kind: "press", button }]);
    });

    it("reads the same bytes twice as the same alarm, and another message as another", () => {
      expect(parse(example)).toEqual(parse({ ...example, receivedAt: now + 90_000 }));
      const { id } = parse(example)[0] ?? { id: null };
      // Without an identity no message is ever the same as another.
      if (id !== null) expect(parse(toExample(now + 1000))[0]?.id).not.toBe(id);
    });

    it("refuses a message without any proof", () => {
      expect(() => verify({ headers: {}, path: "", query: "", body: Buffer.from("{}") })).toThrow(RequestRejected);
    });

    it("refuses other settings: same length, longer and shorter", () => {
      const changes = [
        (text: string) => text.slice(0, -4) + (text.endsWith("BBBB") ? "CCCC" : "BBBB"),
        (text: string) => `${text.replace(/=+$/, "")}BBBB`,
        (text: string) => `${text.slice(0, text.length / 2)}`,
        (text: string) => text.toUpperCase(),
      ];
      for (const change of changes) {
        expect(() => verify({}, changeTexts(options, change) as Options)).toThrow(RequestRejected);
      }
    });

    it("takes two values of each secret while it is changed, and says by which it was proven", () => {
      const other = changeTexts(options, (text) => `${text.slice(0, -4)}CCCC`) as Settings;
      const withBoth = (newer: Settings, older: Settings) =>
        source.Options.parse({ ...options, ...toPairs(newer, older) });
      expect(verify({}, withBoth(options as Settings, other))).toBe("first");
      expect(verify({}, withBoth(other, options as Settings))).toBe("second");
      expect(() => verify({}, source.Options.parse({ ...options, ...toPairs(other, other, 1) }))).toThrow(
        RequestRejected,
      );
      expect(source.Options.safeParse({ ...options, ...toPairs(other, other) }).success).toBe(false);
      // What we make ourselves is by the newest.
      const made = source.example(withBoth(other, options as Settings), button, now);
      expect(verify(made, withBoth(other, options as Settings))).toBe("first");
    });

    it("answers a changed proof with yes or 401 and nothing else, and something in the request proves it", () => {
      const changes: ((value: string) => string)[] = [
        () => "",
        (value) => value.slice(0, -1),
        (value) => `${value}x`,
        (value) => value.slice(0, -6) + [...value.slice(-6)].reverse().join(""),
        () => "é".repeat(300),
      ];
      const parts = [
        ...Object.keys(example.headers).map((header) => (change: (value: string) => string) => {
          const value = change(example.headers[header] ?? "");
          return { headers: { ...example.headers, [header]: value } };
        }),
        (change: (value: string) => string) => ({ path: change(example.path) }),
        (change: (value: string) => string) => ({ query: change(example.query) }),
        (change: (value: string) => string) => ({
          body: Buffer.from(change(example.body.toString("latin1")), "latin1"),
        }),
      ];
      const deciding = parts.filter((part) => changes.filter((change) => isRefused(part(change))).length > 0);
      expect(deciding).not.toEqual([]);
    });

    it("never throws while parsing, and every alarm is well-formed", () => {
      const bodies = fc.oneof(
        fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
        fc.string({ unit: "binary", maxLength: 500 }).map((text) => Buffer.from(text)),
        fc.json().map((text) => Buffer.from(text)),
        fc.integer({ min: 0, max: example.body.length }).map((end) => example.body.subarray(0, end)),
        fc.tuple(fc.nat(), fc.nat(255)).map(([at, value]) => {
          const body = Buffer.from(example.body);
          if (body.length > 0) body[at % body.length] = value;
          return body;
        }),
      );
      const check = (body: Buffer) => {
        for (const alarm of parse({ ...example, body })) expect(Alarm.safeParse(alarm).success).toBe(true);
      };
      fc.assert(fc.property(bodies, check), { numRuns: runs });
      for (const deep of ["[", '{"button":', '{"position":{"lat":']) check(Buffer.from(deep.repeat(5000)));
    });

    // Where the secret is in the address, so is the press.
    const empty = source.methods?.includes("GET") ? "press" : "unreadable";
    it(`takes an empty or torn body for what may be a press: ${empty}`, () => {
      for (const body of [Buffer.alloc(0), Buffer.from('{"a":'), Buffer.from([0xff, 0xfe, 0x00])]) {
        expect(parse({ ...example, body })).toMatchObject([{ kind: empty }]);
      }
    });

    openContract(source, button, example, quiet);
  });

  function toExample(at: number): InboundRequest {
    return { ...source.example(options, button, at), remote: "127.0.0.1", receivedAt: at };
  }

  function parse(request: InboundRequest): Alarm[] {
    return source.parse(request, options);
  }

  function isRefused(request: Partial<InboundRequest>): boolean {
    try {
      verify(request);
      return false;
    } catch (error) {
      expect(error).toBeInstanceOf(RequestRejected);
      expect(error).toMatchObject({ status: 401 });
      return true;
    }
  }
}

type Settings = Readonly<Record<string, unknown>>;

/** The settings that hold a secret which the sender has too. */
const secretNames = ["secret", "key"];

/** The secrets of both settings side by side, or so many of them. */
function toPairs(newer: Settings, older: Settings, count = 2): Settings {
  const names = secretNames.filter((name) => name in newer);
  return Object.fromEntries(names.map((name) => [name, [newer[name], older[name]].slice(0, count)]));
}

/** The same settings with every text in them changed, the secret among them. */
function changeTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => changeTexts(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, changeTexts(item, change)]));
}
