import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { listeners, openPager, pagers, parentOf, sources, toReadySource } from "../../adapters/index.ts";
import { teamsType } from "../../bot/config/configuration.ts";
import type { InboundRequest, ReadySource } from "../../bot/contracts.ts";
import type { SecretValue } from "../../bot/kit/secrets/secret.ts";
import { FakeClock } from "../fakes/clock.ts";
import { createPagerHost } from "../fakes/pager-host.ts";

const now = Date.UTC(2026, 10, 24, 9, 0, 0);
const secret = "a-shared-secret-of-some-length";

describe("the written list", () => {
  it.each([
    ["sources", sources],
    ["listeners", listeners],
    ["pagers", pagers],
  ])("holds every file of adapters/%s, and each has a test", (folder, list) => {
    const files = readdirSync(`adapters/${folder}`).filter((file) => file.endsWith(".ts"));
    expect(files.map((file) => file.replace(".ts", "")).sort()).toEqual(Object.keys(list).sort());
    for (const name of Object.keys(list)) expect(existsSync(`test/adapters/${folder}/${name}.test.ts`)).toBe(true);
  });
});

it("a type is one kind of source, and none is the bot's own", () => {
  const types = [...Object.keys(sources), ...Object.keys(listeners), teamsType];
  expect(new Set(types).size).toBe(types.length);
});

it("a button has a parent where its adapter says so, and a slash alone says nothing", () => {
  expect(parentOf("sia-dc09", "1A2B/7")).toBe("1A2B");
  expect(parentOf("sia-dc09", "1A2B")).toBeNull();
  for (const type of ["mqtt", "webhook", "teams", "nothing", "constructor"])
    expect(parentOf(type, "hal/knop")).toBeNull();
});

/** Which value of the secret a whole message is proven by. */
function proofOf(source: ReadySource, request: InboundRequest): SecretValue {
  const found = source.verify(request);
  return typeof found === "string" ? found : found(request.body);
}

describe("binding to settings", () => {
  it("makes a source that knows its secret", () => {
    const source = toReadySource("webhook", { secret });
    const request = { ...source.example("0042", now), remote: "127.0.0.1", receivedAt: now };
    expect(proofOf(source, request)).toBe("first");
    expect(source.parse(request)).toMatchObject([{ kind: "press", button: "0042" }]);
    expect(() => proofOf(toReadySource("webhook", { secret: `${secret}x` }), request)).toThrow();
  });

  it("makes a pager with the methods that its provider has", () => {
    const pager = openPager(
      "webhook",
      { url: "https://desk.example.nl/alarms", secret },
      createPagerHost(new FakeClock(now)),
    );
    expect(pager).toMatchObject({ update: expect.any(Function), callOff: expect.any(Function) });
  });

  it.each(["nothing", "constructor", "__proto__"])("knows no type %s", (type) => {
    expect(() => toReadySource(type, { secret })).toThrow("no adapter");
    expect(() => openPager(type, { secret }, createPagerHost(new FakeClock(now)))).toThrow("no adapter");
  });

  it.each([{}, { secret: "short" }, { secret: "whsec_c2hvcnQ=" }, { secret: "whsec_!!!!!!!!!!!!!!!!!!!!!!!!" }, null])(
    "refuses the settings %j, without repeating them",
    (settings) => {
      expect(() => toReadySource("webhook", settings)).toThrow();
      try {
        toReadySource("webhook", settings);
      } catch (error) {
        expect(String(error)).not.toContain("c2hvcnQ");
      }
    },
  );

  it.each(["not an address", "ftp://desk.example.nl", "file:///etc/passwd"])("refuses the pager address %s", (url) => {
    expect(() => openPager("webhook", { url, secret }, createPagerHost(new FakeClock(now)))).toThrow();
  });
});
