import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { openPager, pagers } from "../../../adapters/index.ts";
import { forbiddenCode, guardedLookup } from "../../../adapters/kit/network/target.ts";
import type { ReadyPager, SendPage } from "../../../bot/contracts.ts";
import { page, pagedAt } from "../../contracts/pager-contract.ts";
import { FakeClock } from "../../fakes/clock.ts";
import { createPagerHost } from "../../fakes/pager-host.ts";
import { type PagerType, pagerTypes, startProvider } from "../../fakes/providers.ts";

const signal = new AbortController().signal;

/** Settings of that kind that lead to `host`; the rest is as its fake wants it. */
async function openTo(type: PagerType, host: string, port: number): Promise<ReadyPager> {
  await using provider = await startProvider(type, { now: () => pagedAt });
  const { type: _, ...settings } = provider.settings;
  const address = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const changed: Record<string, unknown> = { ...settings };
  for (const name of ["url", "server", "baseUrl"]) {
    const old = changed[name];
    if (typeof old === "string") changed[name] = old.replace(/^https?:\/\/[^/]+/, address);
  }
  if (type === "smtp") Object.assign(changed, { host, port });
  if (type === "sia-dc09") changed.primary = { host, port, pollEvery: "never" };
  return openPager(type, changed, createPagerHost(new FakeClock(pagedAt)));
}

/** All that a pager can send. */
function methodsOf({ page, update, callOff, call }: ReadyPager): SendPage[] {
  const ring: SendPage | undefined = call && ((sent, signal) => call(sent, "+31600000009", signal));
  return [page, update, callOff, ring].filter((send) => send !== undefined);
}

async function expectNothingSent(type: PagerType, ready: ReadyPager): Promise<void> {
  // A verification is an update that every kind of pager has something to say of.
  const sent = { ...page, incident: { ...page.incident, verification: "witnessed" as const } };
  const methods = methodsOf(ready);
  expect(methods.length, type).toBeGreaterThan(0);
  for (const send of methods) {
    await expect(send(sent, signal), type).rejects.toMatchObject({ reason: "misconfigured" });
  }
  await ready[Symbol.asyncDispose]();
}

it("is about every kind of pager there is", () => {
  expect([...pagerTypes].sort()).toEqual(Object.keys(pagers).sort());
});

describe.each(pagerTypes)("%s", (type) => {
  it.each([
    "169.254.169.254",
    "169.254.0.1",
    "168.63.129.16",
    "100.100.100.200",
    "fe80::1",
    "fd00:ec2::254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
  ])("sends nothing to %s, whatever it has to say", async (host) => {
    await expectNothingSent(type, await openTo(type, host, 80));
  });
});

describe.each(pagerTypes.filter((type) => type !== "smtp" && type !== "sia-dc09"))("%s", (type) => {
  it.each([301, 302, 303, 307, 308])("follows no %i, wherever it leads", async (status) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      const { port } = server.address() as AddressInfo;
      const isFirst = request.url !== "/elsewhere";
      response.writeHead(isFirst ? status : 200, { location: `http://127.0.0.1:${port}/elsewhere` }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const ready = await openTo(type, "127.0.0.1", (server.address() as AddressInfo).port);
    await expectNothingSent(type, ready);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked).not.toContain("/elsewhere");
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

/** A scope says by which card of this machine; the address is as link-local as without it. */
it.each(["fe80::1%lo", "fe80::1%eth0"])("sia-dc09 sends nothing to %s", async (host) => {
  await expectNothingSent("sia-dc09", await openTo("sia-dc09", host, 80));
});

/** Names to a program, and addresses to the system's resolver: these need no name server. */
it.each(["2852039166", "0xa9.0xfe.0xa9.0xfe", "169.254.43518"])("the name %s leads nowhere", async (name) => {
  const code = await new Promise((resolve) => {
    guardedLookup(name, {}, (error) => resolve(error?.code));
  });
  expect(code).toBe(forbiddenCode);
});
