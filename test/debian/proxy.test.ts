import { createHash } from "node:crypto";
import http2 from "node:http2";
import tls from "node:tls";
import { expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { comesFrom } from "../fakes/proxy.ts";
import { minute, second, sourceSecret, startBot } from "../harness.ts";
import { ca, hostname, type RunningProxy, startCaddy, startNginx } from "./proxies.ts";
import { countConnections, countHandles, floods, Strangers } from "./strangers.ts";

const proof = { authorization: `Bearer ${sourceSecret}`, "content-type": "application/json" };

const cases = [
  ["nginx", "", startNginx],
  ["nginx", "/alarm", startNginx],
  ["Caddy", "", startCaddy],
  ["Caddy", "/alarm", startCaddy],
] as const;

/** Calls through the proxy by HTTP/2. */
async function call(proxy: RunningProxy, path: string, headers: Record<string, string> = {}, body?: string | Buffer) {
  const session = http2.connect(`https://${hostname}:${proxy.port}`, {
    createConnection: () =>
      tls.connect({ host: "127.0.0.1", port: proxy.port, servername: hostname, ca, ALPNProtocols: ["h2"] }),
  });
  try {
    const stream = session.request({
      ":path": path,
      ":method": body === undefined ? "GET" : "POST",
      ":authority": `${hostname}:${proxy.port}`,
      ...headers,
    });
    const answered = Promise.withResolvers<number>();
    stream.on("response", (head) => answered.resolve(Number(head[":status"])));
    stream.on("error", answered.reject);
    stream.end(body);
    const status = await answered.promise;
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece as Buffer);
    return { status, text: Buffer.concat(pieces).toString() };
  } finally {
    session.close();
  }
}

/** Sends the head and a part of the body by HTTP/1.1, and hangs up. */
async function breakOff(proxy: RunningProxy, path: string, part: string) {
  const socket = tls.connect({ host: "127.0.0.1", port: proxy.port, servername: hostname, ca });
  await new Promise<void>((resolve) => socket.once("secureConnect", resolve));
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${hostname}`,
    ...Object.entries(proof).map(([name, value]) => `${name}: ${value}`),
    "content-length: 200",
  ];
  await new Promise<void>((resolve) => socket.write(`${head.join("\r\n")}\r\n\r\n${part}`, () => resolve()));
  return socket;
}

it.each(cases)("behind %s at “%s” an alarm gets in and a guard answers", async (_name, path, start) => {
  await using bot = await startBot({
    settings: {
      publicUrl: `https://127.0.0.1${path}`,
      metricsToken: "k3J9vQ2mX7pL0sT5wZ8bN1cR6dF4gH2y",
      listen: { host: "127.0.0.1", port: 0, trustedProxies: ["127.0.0.1"] },
    },
  });
  await using proxy = await start({ path, upstreamPort: bot.app.port });

  expect(await call(proxy, `${path}/health/live`)).toMatchObject({ status: 200 });
  const pressed = await call(proxy, `${path}/alarms/buttons`, proof, JSON.stringify({ id: "1", button: "0042" }));
  expect(pressed.status).toBe(202);
  await bot.expectCard("Spreekkamer 3");

  // Whoever proves nothing is named by the proxy, whatever they say of themselves.
  const spoofed = { "x-forwarded-for": "192.0.2.7", "content-type": "application/json" };
  expect(await call(proxy, `${path}/alarms/buttons`, spoofed, "{}")).toMatchObject({ status: 401 });
  expect(JSON.stringify(bot.lines)).not.toContain("192.0.2.7");

  const large = JSON.stringify({ id: "2", button: "0043", note: "x".repeat(4 * 1024 ** 2 - 100) });
  expect(await call(proxy, `${path}/alarms/buttons`, proof, large)).toMatchObject({ status: 202 });
  await bot.settle();

  await bot.fastForward(minute);
  const { acceptUrl } = await bot.desk.expectPage("unclaimed");
  const link = new URL(acceptUrl ?? "");
  expect(link.pathname.startsWith(`${path}/guard/`)).toBe(true);
  const shown = await call(proxy, link.pathname);
  expect(shown).toMatchObject({ status: 200 });
  expect(shown.text).toContain("Spreekkamer 3");

  for (const door of ["/metrics", "/doctor"]) expect(await call(proxy, path + door)).toMatchObject({ status: 404 });

  const token = link.pathname.split("/").at(-1) ?? "";
  expect(proxy.readLogs()).toContain("127.0.0.1");
  expect(proxy.readLogs()).not.toContain(token);
  expect(proxy.readLogs()).not.toContain(sourceSecret);
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
});

it.each(cases)("behind %s at “%s” an alarm that breaks off is one", async (_name, path, start) => {
  await using bot = await startBot({
    settings: { listen: { host: "127.0.0.1", port: 0, trustedProxies: ["127.0.0.1"] } },
  });
  await using proxy = await start({ path, upstreamPort: bot.app.port });
  const socket = await breakOff(proxy, `${path}/alarms/buttons`, '{"id":"3","button":"0042",');
  // By the answer to this, what came before it has been passed on.
  expect(await call(proxy, `${path}/health/live`)).toMatchObject({ status: 200 });
  socket.end();
  await expect.poll(async () => (await bot.read((reader) => reader.listOpen(10))).length).toBe(1);
  expect((await bot.expectCard("Spreekkamer 3")).text).toContain(nl.card.remark.unreadable);
});

it.each(cases)("no log of %s at “%s” has an address while the bot is away", async (_name, path, start) => {
  await using proxy = await start({ path, upstreamPort: 1 });
  expect((await call(proxy, `${path}/guard/a-link-that-is-a-key`)).status).toBeGreaterThanOrEqual(500);
  expect(proxy.readLogs()).not.toContain("a-link-that-is-a-key");
});

const kpnSecret = "een-lang-geheim-voor-kpn-things";
/** Connections that nginx keeps to the bot while nobody calls. */
const keptConnections = 16;
const patience = { timeout: 30_000 };

it("behind nginx a flood of strangers keeps away no press and leaves nothing behind", async () => {
  const chain = { policy: "building", channel: "frontdesk" };
  await using bot = await startBot({
    teams: { unlimited: true },
    // Nobody is paged while the clock is pushed.
    policy: {
      steps: [
        { after: "0s", tell: "frontdesk" },
        { after: "30m", page: "desk" },
      ],
    },
    settings: {
      listen: { host: "127.0.0.1", port: 0, trustedProxies: ["127.0.0.1"] },
      sources: {
        buttons: { type: "webhook", secret: sourceSecret, ...chain },
        kpn: { type: "kpn-things", secret: kpnSecret, model: "milesight-ws101", ...chain },
      },
    },
  });
  const { port } = bot.app;
  const withoutProxy = countConnections(port);
  await using proxy = await startNginx({ path: "", upstreamPort: port });

  /** Presses at each source, one after the other, also from where strangers are; returns the incidents. */
  const press = async (round: string): Promise<string[]> => {
    const incidents: string[] = [];
    for (const [index, address] of ["192.0.2.1", "192.0.2.2", ...Object.keys(floods)].entries()) {
      const from = { [comesFrom]: address };
      const body = JSON.stringify({ id: `${round}-${index}`, button: `${round}-${index}` });
      const deviceEui = `24E124535B01${round}${index}0`;
      const pack = JSON.stringify([{ bn: `urn:dev:DEVEUI:${deviceEui}:`, n: "payload", vs: "ff2e01" }]);
      const token = createHash("sha256").update(pack).update(kpnSecret).digest("hex");
      for (const pressed of [
        await call(proxy, "/alarms/buttons", { ...proof, ...from }, body),
        await call(proxy, "/alarms/kpn", { ...from, "things-message-token": token }, pack),
      ]) {
        expect(pressed.status).toBe(202);
        incidents.push(JSON.parse(pressed.text).incident);
      }
    }
    return incidents;
  };

  const before = await press("10");
  await bot.settle();
  // Both ends of what is kept to Teams are this process's, and more of these are made where cards wait for each other.
  const teamsPort = Number(new URL(bot.teams.serviceUrl).port);
  const countOthers = () => countHandles() - 2 * countConnections(teamsPort);
  const handles = countOthers();
  const strangers = new Strangers(proxy);
  const fates = Object.fromEntries(Object.entries(floods).map(([address, each]) => [address, each.fates]));
  await expect.poll(() => strangers.fates["192.0.2.62"]?.["429"], patience).toBeDefined();
  await expect.poll(() => countConnections(port), patience).toBeGreaterThan(200);

  const all = [...before, ...(await press("20"))];
  /** What strangers may have of a second they have used up until it is another. */
  const nextSecond = <T>(ask: () => T): T => {
    bot.clock.to(bot.clock.now() + second);
    return ask();
  };
  await expect.poll(() => nextSecond(() => strangers.fates), patience).toEqual(fates);
  all.push(...(await press("30")));
  expect(new Set(all).size).toBe(48);
  expect((await bot.read((reader) => reader.listOpen(100))).map(({ id }) => id).toSorted()).toEqual(all.toSorted());
  await bot.settle();
  expect(bot.teams.cards.length).toBe(48);
  // Of what could not be read as a request nobody says whose it was.
  const told = bot.lines.filter(({ event, facts }) => facts.remote !== undefined && event !== "request-not-read");
  expect(Object.keys(floods)).toEqual(expect.arrayContaining([...new Set(told.map(({ facts }) => facts.remote))]));
  expect(told.length).toBeLessThan(60);

  strangers[Symbol.dispose]();
  await expect
    .poll(() => nextSecond(() => countConnections(port)), patience)
    .toBeLessThanOrEqual(withoutProxy + keptConnections);
  await expect.poll(countOthers, patience).toBeLessThanOrEqual(handles + keptConnections);
});
