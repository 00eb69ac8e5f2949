import { createHash } from "node:crypto";
import { Agent, type IncomingMessage, request as open } from "node:http";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sources, toReadySource } from "../../adapters/index.ts";
import type { OutboundRequest } from "../../bot/contracts.ts";
import { pressedAt } from "../fixtures/incident.ts";
import { openDoors, type TestDoors } from "../web/doors.ts";

/** `npm run fuzz` asks for 10,000 of each. */
const numRuns = Number(process.env.FUZZ_RUNS ?? 100);
const secret = "a-secret-of-more-than-sixteen-characters";
const key = "0123456789abcdef0123456789abcdef";

/** Settings of each source under which any body can be proven to be its supplier's. */
const settings: Readonly<Record<string, object>> = {
  alertmanager: { secret },
  chirpstack: { secret },
  cloudevents: { secret },
  "kpn-things": { secret },
  "pagerduty-events": { secret: key },
  shelly: { secret },
  "the-things-stack": { secret },
  thingpark: { secret },
  webhook: { secret },
};

/** The same request with another body, and the proof that belongs to it. */
function withBody(type: string, example: OutboundRequest, body: Buffer): OutboundRequest {
  if (type === "shelly") return { ...example, query: body.toString("latin1").replace(/[^\x21-\x7e]|#/g, "%20") };
  if (type === "pagerduty-events") return { ...example, body: withRoutingKey(body) };
  if (type !== "kpn-things") return { ...example, body };
  const token = createHash("sha256").update(body).update(secret).digest("hex");
  return { ...example, body, headers: { ...example.headers, "things-message-token": token } };
}

/** The proof of this one stands in the body itself, so there has to be a place for it. */
function withRoutingKey(body: Buffer): Buffer {
  let given: unknown = null;
  try {
    given = JSON.parse(body.toString());
  } catch {
    given = body.toString("latin1");
  }
  const isObject = typeof given === "object" && given !== null && !Array.isArray(given);
  return Buffer.from(
    JSON.stringify(isObject ? { ...(given as object), routing_key: key } : { routing_key: key, payload: given }),
  );
}

const agent = new Agent({ keepAlive: true });

function send(doors: TestDoors, type: string, { method, path, query, headers, body }: OutboundRequest) {
  const address = `/alarms/${type}${path === "" ? "" : `/${path}`}${query === "" ? "" : `?${query}`}`;
  return new Promise<{ status: number; answer: unknown }>((resolve, reject) => {
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    const sent = open(
      { agent, port: doors.port, method, path: address, headers: given },
      async (response: IncomingMessage) => {
        resolve({ status: response.statusCode ?? 0, answer: JSON.parse(await text(response)) });
      },
    );
    sent.on("error", reject).end(method === "GET" ? undefined : body);
  });
}

let doors: TestDoors;
beforeAll(async () => {
  const ready = Object.keys(sources).map((type) => [type, toReadySource(type, settings[type])]);
  doors = await openDoors({ sources: Object.fromEntries(ready) });
});
afterAll(async () => {
  agent.destroy();
  await doors[Symbol.asyncDispose]();
});

describe.each(Object.keys(sources))("whatever %s is sent", (type) => {
  const example = toReadySource(type, settings[type]).example("70B3D57ED0000001", pressedAt);
  const content = type === "shelly" ? Buffer.from(example.query) : example.body;
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((json) => Buffer.from(json)),
    fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 4 })).map(([at, bytes]) => {
      const body = Buffer.from(content);
      body.set(bytes.subarray(0, body.length), at % Math.max(1, body.length - bytes.length));
      return body;
    }),
  );

  it("is taken once it is proven, and handed in", async () => {
    const check = async (body: Buffer) => {
      const before = doors.taken.length;
      const { status } = await send(doors, type, withBody(type, example, body));
      expect(status).toBe(202);
      expect(doors.taken.slice(before)).toMatchObject([{ source: type }]);
    };
    await fc.assert(fc.asyncProperty(bodies, check), { numRuns });
    expect(doors.lines.filter(({ event }) => event === "alarm-parser-failed")).toEqual([]);
  }, 600_000);

  it("a press stays a press whatever else stands beside it", async () => {
    const isObject = content.toString().startsWith("{");
    const check = async (name: string, value: unknown) => {
      // What we know by name may change what a message is; what we don't, never.
      const message = isObject ? { [`x-${name}`]: value, ...JSON.parse(content.toString()) } : null;
      const body = message === null ? content : Buffer.from(JSON.stringify(message));
      const before = doors.taken.length;
      expect((await send(doors, type, withBody(type, example, body))).status).toBe(202);
      expect(doors.taken.slice(before)).toMatchObject([{ alarms: [{ kind: "press", button: "70B3D57ED0000001" }] }]);
    };
    await fc.assert(fc.asyncProperty(fc.string(), fc.jsonValue({ maxDepth: 4 }), check), {
      numRuns: Math.ceil(numRuns / 4),
    });
  }, 600_000);
});
