import { readFileSync } from "node:fs";
import http2 from "node:http2";
import tls from "node:tls";
import { expect, it } from "vitest";
import { nl } from "../dutch.ts";
import { minute, sourceSecret, startBot } from "../harness.ts";
import { hostname, type RunningProxy, startCaddy, startNginx } from "./proxies.ts";

const ca = readFileSync("test/fixtures/mail-server/certificate.pem");
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
