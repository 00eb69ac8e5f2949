import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { Strangers, toLimits, usualLimits } from "../../bot/kit/strangers.ts";
import { FakeClock } from "../fakes/clock.ts";

const minute = 60_000;
const proxy = "10.0.0.1";
const stranger = "192.0.2.9";

/** Says how many connections strangers may have, in a process of its own that may have so many handles. */
function askWith(maxHandles: number): number {
  const ask = `
    import { Strangers } from "./bot/kit/strangers.ts";
    console.log(new Strangers({ now: () => 0 }).limits.connections.together);
  `;
  const limited = `ulimit -n ${maxHandles} && exec "$0" --input-type=module -e "$1"`;
  return Number(execFileSync("sh", ["-c", limited, process.execPath, ask], { encoding: "utf8" }));
}

describe("the address of whoever calls", () => {
  const strangers = open("10.0.0.0/24", "::1");

  it.each<[string, string, string | undefined, string]>([
    ["without a proxy, whatever they say", stranger, "192.0.2.1", stranger],
    ["behind a proxy", proxy, "192.0.2.1", "192.0.2.1"],
    ["behind a proxy, whatever they made up before it", proxy, "127.0.0.1, 10.0.0.7, 192.0.2.1", "192.0.2.1"],
    ["behind two proxies", proxy, "192.0.2.1, 10.0.0.2", "192.0.2.1"],
    ["behind a proxy that is not ours", proxy, "192.0.2.1, 198.51.100.1", "198.51.100.1"],
    ["by IPv6", "::1", "2001:db8::5", "2001:db8::5"],
    ["with a port", proxy, "192.0.2.1:4711", "192.0.2.1"],
    ["with a port, by IPv6", proxy, "[2001:db8::5]:4711", "2001:db8::5"],
    ["which the proxy hides", proxy, "192.0.2.1, unknown", proxy],
    ["that the proxy does not say", proxy, undefined, proxy],
    ["that is empty", proxy, "", proxy],
    ["which is a proxy itself", proxy, "10.0.0.3", "10.0.0.3"],
    ["who hung up", "", "192.0.2.1", ""],
  ])("%s", (_who, remote, forwarded, caller) => {
    expect(strangers.toCaller(remote, forwarded)).toBe(caller);
  });
});

describe("refused calls", () => {
  it("are twenty a minute for each address, and again after that minute", () => {
    const clock = new FakeClock(0);
    const strangers = new Strangers(clock);
    const patience = () => Array.from({ length: 22 }, () => strangers.countRefusal(stranger));
    expect(patience()).toEqual([...Array(20).fill(true), false, false]);
    expect(strangers.countRefusal("192.0.2.10")).toBe(true);
    clock.to(minute - 1);
    expect(strangers.countRefusal(stranger)).toBe(false);
    clock.to(minute);
    expect(patience()).toEqual([...Array(20).fill(true), false, false]);
  });

  it("of addresses that many have are counted together, so that twenty of one do not silence all", () => {
    const strangers = open(proxy);
    const patience = (address: string) => Array.from({ length: 501 }, () => strangers.countRefusal(address));
    expect(patience("127.0.0.1")).not.toContain(false);
    expect(patience(proxy)).toEqual([...Array(499).fill(true), false, false]);
    expect(strangers.countRefusal("::1")).toBe(false);
    expect(strangers.countRefusal(stranger)).toBe(true);
  });

  it("of addresses without end are remembered together, so that their memory has one", () => {
    const clock = new FakeClock(0);
    const strangers = new Strangers(clock);
    for (let index = 0; index < 10_000; index += 1) strangers.countRefusal(`10.${index >> 8}.${index & 255}.1`);
    const more = Array.from({ length: 25 }, (_, index) => strangers.countRefusal(`172.16.${index}.1`));
    expect(more).toEqual([...Array(20).fill(true), ...Array(5).fill(false)]);
    clock.to(minute);
    expect(strangers.countRefusal("172.16.0.1")).toBe(true);
  });
});

describe("work", () => {
  const { each, together } = usualLimits.workMs;

  it("is done for an address until its part of the second is used up", () => {
    const clock = new FakeClock(0);
    const strangers = new Strangers(clock);
    strangers.countWork(stranger, each);
    expect([strangers.hasTime(stranger), strangers.hasTime("192.0.2.10")]).toEqual([false, true]);
    clock.to(1_000);
    expect(strangers.hasTime(stranger)).toBe(true);
  });

  it("is done for all together until their part is used up, whatever addresses they make up", () => {
    const strangers = open();
    for (let used = 0; used < together; used += 1) strangers.countWork(`192.0.2.${used}`, 1);
    expect([strangers.hasTime("198.51.100.1"), strangers.hasTime("127.0.0.1")]).toEqual([false, false]);
  });

  it("of an address that many have is bounded by the part of all", () => {
    const strangers = open(proxy);
    for (const address of ["127.0.0.1", proxy]) {
      strangers.countWork(address, each);
      expect(strangers.hasTime(address)).toBe(true);
    }
  });
});

function open(...trustedProxies: string[]): Strangers {
  return new Strangers(new FakeClock(0), trustedProxies);
}

describe("connections", () => {
  it("leave handles for all else, also where a process may have few", () => {
    expect(askWith(1_024)).toBe(170);
  });

  it.each([
    [0, 32],
    [1_024, 170],
    [4_096, 1_194],
    [20_000, usualLimits.connections.together],
    [Number.POSITIVE_INFINITY, usualLimits.connections.together],
  ])("of %d handles are %d at most, and one address never has all of them", (maxHandles, together) => {
    const { connections } = toLimits(maxHandles);
    expect(connections.together).toBe(together);
    expect(connections.each).toBeLessThan(together);
    expect(connections.each).toBeLessThanOrEqual(usualLimits.connections.each);
  });
});
