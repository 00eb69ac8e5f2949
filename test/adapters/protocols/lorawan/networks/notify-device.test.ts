import { describe, expect, it } from "vitest";
import { chirpstack } from "../../../../../adapters/sources/chirpstack.ts";
import { theThingsStack } from "../../../../../adapters/sources/the-things-stack.ts";
import type { NotifyDevice } from "../../../../../bot/contracts.ts";
import { DeliveryError } from "../../../../../bot/errors.ts";
import { startLorawanNetwork } from "../../../../fakes/lorawan-network.ts";

const now = Date.UTC(2026, 10, 24, 9, 0, 0);
const secret = "a-secret-of-this-test-only";
const apiKey = "NNSXS.KEY-OF-THIS.TEST-ONLY";
const application = "gemeente-voorbeeld";
const messages = { model: "abeeway", received: { port: 85, payload: "ff0b01" } } as const;
const signal = AbortSignal.timeout(30_000);

/** The same for both networks: the settings of a source at that address, and a button with its device. */
const networks = [
  {
    network: "the-things-stack",
    notify: (url: string, key = apiKey) =>
      theThingsStack.feedback?.(
        theThingsStack.Options.parse({ secret, downlink: { url, application, apiKey: key, ...messages } }),
      ),
    button: "Alarmknop-Balie-2",
    queued: { application, device: "alarmknop-balie-2" },
    others: ["../../users", "a/b", "knop?x=1", "ab", "", "knop 1", "%2e%2e"],
  },
  {
    network: "chirpstack",
    notify: (url: string, key = apiKey) =>
      chirpstack.feedback?.(chirpstack.Options.parse({ secret, downlink: { url, apiKey: key, ...messages } })),
    button: "24E124535C123456",
    queued: { application: null, device: "24e124535c123456" },
    others: ["../../users", "24E124535C12345", "24E124535C123456/x", "alarmknop-balie-2", ""],
  },
] as const;

describe.each(networks)("the down-link of $network", ({ network, notify, button, queued, others }) => {
  it("queues its message for the device", async () => {
    await using server = await startLorawanNetwork(apiKey);
    await notify(server.url)?.(button, "received", now, signal);
    await notify(`${server.url}/`)?.(button, "coming", now, signal);
    expect(server.queue).toEqual([
      { network, ...queued, port: 85, payload: "ff0b01" },
      { network, ...queued, port: 2, payload: "ff02030305" },
    ]);
  });

  it.each([
    [401, {}, "misconfigured", null],
    [403, {}, "misconfigured", null],
    [404, {}, "refused", null],
    [429, { "retry-after": "7" }, "throttled", 7000],
    [500, {}, "unreachable", null],
    [302, { location: "http://127.0.0.1:1/" }, "misconfigured", null],
  ])("fails openly on %i, and tells no secret", async (status, headers, reason, retryAfterMs) => {
    await using server = await startLorawanNetwork(apiKey);
    server.answerWith({ kind: "refuse", status, headers });
    expect(await failure(notify(server.url), button)).toMatchObject({ reason, retryAfterMs });
  });

  it("fails openly on a wrong key, a reset and silence", async () => {
    await using server = await startLorawanNetwork(apiKey);
    expect(await failure(notify(server.url, "another-key"), button)).toMatchObject({ reason: "misconfigured" });
    server.answerWith({ kind: "reset" });
    expect(await failure(notify(server.url), button)).toMatchObject({ reason: "unreachable" });
    server.answerWith({ kind: "hang" });
    const stop = new AbortController();
    const failed = failure(notify(server.url), button, stop.signal);
    await server.hanging();
    stop.abort();
    expect(await failed).toMatchObject({ reason: "unreachable" });
  });

  it.each(others)("asks nothing for a button that is no device: %j", async (other) => {
    await using server = await startLorawanNetwork(apiKey);
    expect(await failure(notify(server.url), other)).toMatchObject({ reason: "misconfigured" });
    expect(server.queue).toEqual([]);
  });
});

it("has nothing to say for what its settings leave out, and is not there without settings", async () => {
  const downlink = { url: "http://127.0.0.1:1", application, apiKey };
  expect(await failure(theThingsStack.feedback?.({ secret, downlink }), "knop-1")).toMatchObject({
    reason: "misconfigured",
  });
  expect(theThingsStack.feedback?.({ secret })).toBeNull();
  expect(chirpstack.feedback?.({ secret })).toBeNull();
});

async function failure(
  notify: NotifyDevice | null | undefined,
  button: string,
  until = signal,
): Promise<DeliveryError> {
  const error: unknown = await notify?.(button, "received", now, until).catch((reason) => reason);
  if (!(error instanceof DeliveryError)) throw new Error("It did not fail with a DeliveryError.", { cause: error });
  const said = `${error.stack} ${error.cause instanceof Error ? error.cause.stack : ""}`;
  for (const hidden of [apiKey, "another-key", "http:", application, "24e124535c123456"]) {
    expect(said).not.toContain(hidden);
  }
  return error;
}
