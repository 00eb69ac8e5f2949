import { getEventListeners } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type LookupFunction } from "node:net";
import { describe, expect, it } from "vitest";
import { NameLookup, type NameSources } from "../../../../adapters/kit/network/name-lookup.ts";
import { askServers, toCandidates } from "../../../../adapters/kit/network/name-servers.ts";
import { guardLookup } from "../../../../adapters/kit/network/target.ts";
import { FakeClock } from "../../../fakes/clock.ts";

const second = 1_000;
const hour = 3_600 * second;
const four = (address: string) => ({ address, family: 4 });
const six = (address: string) => ({ address, family: 6 });
const failure = (code: string) => Object.assign(new Error(code), { code });

type Found = readonly { address: string; family: number }[];
/** What a name leads to: addresses, the code of an error, or nothing, ever. */
type Zone = Map<string, Found | string | "hangs">;

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A lookup over a resolver of our own; `system` counts who is in there, as in the pool of threads. */
function open({ hosts = "" } = {}) {
  const clock = new FakeClock(0);
  const system = { zone: new Map() as Zone, asked: [] as string[], inside: 0, most: 0, release: [] as (() => void)[] };
  const servers = { zone: new Map() as Zone, asked: [] as string[] };

  async function answer(found: Zone extends Map<string, infer V> ? V | undefined : never): Promise<Found> {
    if (found === undefined) throw failure("ENOTFOUND");
    if (typeof found === "string") throw failure(found);
    return found;
  }
  const sources: NameSources = {
    hosts: () => hosts,
    async system(name) {
      system.asked.push(name);
      system.inside += 1;
      system.most = Math.max(system.most, system.inside);
      try {
        if (system.zone.get(name) === "hangs") {
          await new Promise<void>((resolve) => system.release.push(resolve));
          throw failure("EAI_AGAIN");
        }
        return await answer(system.zone.get(name));
      } finally {
        system.inside -= 1;
      }
    },
    async servers(name) {
      servers.asked.push(name);
      if (servers.zone.get(name) === "hangs") return new Promise(() => undefined);
      return answer(servers.zone.get(name));
    },
    now: clock.now,
    wait: (ms) => new Promise((resolve) => void clock.wakeAt(clock.now() + ms, resolve)),
  };
  const { lookup } = new NameLookup(sources);
  const ask = (name: string, options: object | number = { all: true }) => {
    const asked = { result: "waiting" as unknown };
    lookup(name, options as Parameters<LookupFunction>[1], (error, address) => {
      asked.result = error === null ? address : error.code;
    });
    return asked;
  };
  return {
    clock,
    system,
    servers,
    lookup,
    /** What is known right after asking. */
    async now(name: string, options?: object | number) {
      const asked = ask(name, options);
      await turns();
      return asked.result;
    },
    ask,
    async pass(ms: number) {
      clock.to(clock.now() + ms);
      await turns();
    },
  };
}

describe("a name that is found", () => {
  it("is answered as sockets ask: all of it, the first, or the first of a family", async () => {
    const { system, now } = open();
    system.zone.set("desk", [six("2001:db8::1"), four("192.0.2.1")]);
    expect(await now("desk")).toEqual([six("2001:db8::1"), four("192.0.2.1")]);
    expect(await now("desk", {})).toBe("2001:db8::1");
    expect(await now("desk", { family: 4 })).toBe("192.0.2.1");
    expect(await now("desk", 4)).toBe("192.0.2.1");
    expect(await now("desk", { all: true, family: 6 })).toEqual([six("2001:db8::1")]);
  });

  it("of another family only is not found", async () => {
    const { system, now } = open();
    system.zone.set("desk", [six("2001:db8::1")]);
    expect(await now("desk", { family: 4 })).toBe("ENOTFOUND");
  });

  it("that is an address is nobody's to look up", async () => {
    const { system, now } = open();
    expect(await now("192.0.2.1")).toEqual([four("192.0.2.1")]);
    expect(await now("::1", {})).toBe("::1");
    expect(system.asked).toEqual([]);
  });

  it("is asked for once by all who ask together, and again after five seconds", async () => {
    const { system, now, ask, pass } = open();
    system.zone.set("desk", [four("192.0.2.1")]);
    const both = [ask("desk"), ask("DESK")];
    await turns();
    expect(both.map(({ result }) => result)).toEqual([[four("192.0.2.1")], [four("192.0.2.1")]]);
    await pass(4.9 * second);
    await now("desk");
    expect(system.asked).toEqual(["desk"]);
    system.zone.set("desk", [four("192.0.2.2")]);
    await pass(0.1 * second);
    const again = [ask("desk"), ask("desk")];
    await turns();
    expect(again.map(({ result }) => result)).toEqual([[four("192.0.2.2")], [four("192.0.2.2")]]);
    expect(system.asked).toEqual(["desk", "desk"]);
  });

  it("in /etc/hosts waits for nobody and is asked of nobody", async () => {
    const hosts = "# a tunnel\n127.0.0.1 localhost\n10.8.0.2\tCentre centre.example.nl # theirs\nfd00::2 centre\n";
    const { system, now, ask } = open({ hosts });
    system.zone.set("hanging", "hangs");
    ask("hanging");
    expect(await now("centre")).toEqual([four("10.8.0.2"), six("fd00::2")]);
    expect(await now("centre.example.nl")).toEqual([four("10.8.0.2")]);
    expect(await now("theirs")).toBe("waiting");
    expect(system.asked).toEqual(["hanging"]);
  });
});

describe("a name that fails", () => {
  it("and was never found fails at once, and is asked anew by the next", async () => {
    const { system, servers, now } = open();
    system.zone.set("desk", "EAI_AGAIN");
    expect(await now("desk")).toBe("EAI_AGAIN");
    system.zone.set("desk", [four("192.0.2.1")]);
    expect(await now("desk")).toEqual([four("192.0.2.1")]);
    expect(servers.asked).toEqual([]);
  });

  it("is served from memory for a day, and asked again every five seconds at most", async () => {
    const { system, now, pass } = open();
    system.zone.set("desk", [four("192.0.2.1")]);
    await now("desk");
    system.zone.set("desk", "ENOTFOUND");
    for (let asked = 0; asked < 10; asked += 1) {
      await pass(second);
      expect(await now("desk")).toEqual([four("192.0.2.1")]);
    }
    expect(system.asked).toHaveLength(3);
    await pass(24 * hour - 11 * second);
    expect(await now("desk")).toEqual([four("192.0.2.1")]);
    await pass(second);
    expect(await now("desk")).toBe("ENOTFOUND");
  });

  it("is up to date again as soon as it is found again", async () => {
    const { system, now, pass } = open();
    system.zone.set("desk", [four("192.0.2.1")]);
    await now("desk");
    system.zone.set("desk", "ENOTFOUND");
    await pass(5 * second);
    await now("desk");
    system.zone.set("desk", [four("192.0.2.2")]);
    await pass(5 * second);
    // In the background: whoever asked did not wait for it.
    await now("desk");
    expect(await now("desk")).toEqual([four("192.0.2.2")]);
  });
});

describe("a name that hangs", () => {
  it("is served from memory after a second, and at once from then on", async () => {
    const { system, now, ask, pass } = open();
    system.zone.set("desk", [four("192.0.2.1")]);
    await now("desk");
    system.zone.set("desk", "hangs");
    await pass(5 * second);
    const asked = ask("desk");
    await pass(0.9 * second);
    expect(asked.result).toBe("waiting");
    await pass(0.1 * second);
    expect(asked.result).toEqual([four("192.0.2.1")]);
    for (let passed = 0; passed < 60; passed += 1) {
      await pass(second);
      expect(await now("desk")).toEqual([four("192.0.2.1")]);
    }
    expect(system.most).toBe(1);
  });

  it("and is not known yet is asked of the name servers after a second, and given up after ten", async () => {
    const { system, servers, ask, pass, now } = open();
    for (const name of ["known.nl", "nowhere.nl"]) system.zone.set(name, "hangs");
    servers.zone.set("known.nl", [four("192.0.2.1")]);
    const [known, nowhere] = [ask("known.nl"), ask("nowhere.nl")];
    ask("known.nl");
    await pass(0.9 * second);
    expect(servers.asked).toEqual([]);
    await pass(0.1 * second);
    expect(known.result).toEqual([four("192.0.2.1")]);
    expect(servers.asked).toEqual(["known.nl", "nowhere.nl"]);
    await pass(8.9 * second);
    expect(nowhere.result).toBe("waiting");
    await pass(0.1 * second);
    expect(nowhere.result).toBe("ETIMEOUT");
    expect(await now("known.nl")).toEqual([four("192.0.2.1")]);
  });

  it("is found all the same when the system has it after all", async () => {
    const { system, ask, pass } = open();
    system.zone.set("first", "hangs");
    system.zone.set("desk", [four("192.0.2.1")]);
    ask("first");
    const desk = ask("desk");
    await pass(2 * second);
    expect(desk.result).toBe("waiting");
    system.release[0]?.();
    await turns();
    expect(desk.result).toEqual([four("192.0.2.1")]);
  });

  it("and then fails fails as the system says", async () => {
    const { system, ask, pass } = open();
    system.zone.set("desk", "hangs");
    const desk = ask("desk");
    await pass(2 * second);
    system.release[0]?.();
    await turns();
    expect(desk.result).toBe("EAI_AGAIN");
  });

  it("takes one of the pool's threads, however many hang and however often they are asked for", async () => {
    const { system, servers, ask, pass } = open();
    for (let name = 0; name < 20; name += 1) system.zone.set(`hanging-${name}`, "hangs");
    servers.zone.set("desk.example.nl", [four("192.0.2.1")]);
    for (let passed = 0; passed < 25; passed += 1) {
      for (const name of system.zone.keys()) ask(name);
      await pass(second);
    }
    expect(system.asked).toEqual(["hanging-0"]);
    const desk = ask("desk.example.nl");
    await pass(second);
    expect(desk.result).toEqual([four("192.0.2.1")]);
  });

  it("for ever leaves the next its turn after half a minute", async () => {
    const { system, now, ask, pass } = open();
    system.zone.set("first", "hangs");
    system.zone.set("desk", [four("192.0.2.1")]);
    ask("first");
    ask("desk");
    await pass(29.9 * second);
    expect(system.asked).toEqual(["first"]);
    await pass(0.1 * second);
    expect(await now("desk")).toEqual([four("192.0.2.1")]);
  });

  it("keeps no socket waiting that is given up", async () => {
    const { system, lookup } = open();
    system.zone.set("localhost", "hangs");
    const given = new AbortController();
    const socket = connect({ host: "localhost", port: 9, lookup, signal: given.signal });
    const closed = new Promise((resolve) => socket.on("error", resolve));
    await turns();
    given.abort();
    expect(await closed).toMatchObject({ code: "ABORT_ERR" });
    expect(getEventListeners(given.signal, "abort")).toEqual([]);
  });
});

it("connects a socket to what it finds", async () => {
  const server = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { system, lookup } = open();
  system.zone.set("localhost", [four("127.0.0.1")]);
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: "localhost", port, lookup });
  await new Promise((resolve) => socket.on("connect", resolve));
  socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

it("is judged each time, from memory too", async () => {
  const { system, lookup, pass } = open();
  const guarded = guardLookup(lookup);
  const ask = () =>
    new Promise((resolve) => guarded("desk", { all: true }, (error, found) => resolve(error?.code ?? found)));
  system.zone.set("desk", [four("169.254.169.254")]);
  expect(await ask()).toBe("ERR_FORBIDDEN_TARGET");
  expect(await ask()).toBe("ERR_FORBIDDEN_TARGET");
  system.zone.set("desk", [four("192.0.2.1")]);
  await pass(5 * second);
  expect(await ask()).toEqual([four("192.0.2.1")]);
});

describe("the name servers", () => {
  const resolver = (zone: Record<string, string[] | string>) => {
    const asked: string[] = [];
    const find = (kind: string) => async (name: string) => {
      asked.push(`${kind} ${name}`);
      const found = zone[`${kind} ${name}`] ?? zone[name] ?? "ENOTFOUND";
      if (typeof found === "string") throw failure(found);
      return found;
    };
    return { asked, resolve4: find("A"), resolve6: find("AAAA") } as never as Parameters<typeof askServers>[2] & {
      asked: string[];
    };
  };

  it.each([
    ["", "desk.example.nl", ["desk.example.nl"]],
    ["nameserver 192.0.2.53\nsearch a.nl b.nl\n", "desk", ["desk.a.nl", "desk.b.nl", "desk"]],
    ["search a.nl b.nl", "desk.example.nl", ["desk.example.nl", "desk.example.nl.a.nl", "desk.example.nl.b.nl"]],
    ["search a.nl\noptions timeout:2 ndots:5\n", "desk.prod", ["desk.prod.a.nl", "desk.prod"]],
    ["search a.nl\noptions ndots:5\n", "desk.example.nl.", ["desk.example.nl."]],
    ["domain a.nl\nsearch b.nl\n", "desk", ["desk.b.nl", "desk"]],
    ["search .\n", "desk", ["desk"]],
  ])("with %j are asked for %s in this order", (text, name, candidates) => {
    expect(toCandidates(name, text)).toEqual(candidates);
  });

  it("say what both families are, IPv4 first, and one that is missing takes nothing away", async () => {
    const both = resolver({ "A desk.nl": ["192.0.2.1"], "AAAA desk.nl": ["2001:db8::1"] });
    expect(await askServers("desk.nl", "", both)).toEqual([four("192.0.2.1"), six("2001:db8::1")]);
    const one = resolver({ "A desk.nl": "ETIMEOUT", "AAAA desk.nl": ["2001:db8::1"] });
    expect(await askServers("desk.nl", "", one)).toEqual([six("2001:db8::1")]);
  });

  it("are asked for the next candidate only where the last is certainly not there", async () => {
    const there = resolver({ "desk.a.nl": "ENODATA", desk: ["192.0.2.1"] });
    expect(await askServers("desk", "search a.nl", there)).toContainEqual(four("192.0.2.1"));
    const hanging = resolver({ "A desk.a.nl": "ENODATA", "AAAA desk.a.nl": "ETIMEOUT", desk: ["192.0.2.1"] });
    await expect(askServers("desk", "search a.nl", hanging)).rejects.toMatchObject({ code: "ETIMEOUT" });
    expect(hanging.asked).not.toContain("A desk");
  });

  it("that know no candidate say so without the name", async () => {
    const error: unknown = await askServers("desk", "search a.nl", resolver({})).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "ENOTFOUND", message: "ENOTFOUND" });
  });
});
