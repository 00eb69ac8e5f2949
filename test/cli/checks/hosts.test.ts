import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkPagers, checkPublicUrl } from "../../../bot/cli/doctor/checks/hosts.ts";
import type { PagerEntry } from "../../../bot/config/configuration.ts";
import { checkUp } from "../../../bot/words/terminal/check-up.ts";
import { load } from "../../config/small.ts";
import { mailServerCa as ca } from "../../fakes/mail-server.ts";

const words = checkUp.nl;
const endsAt = Date.UTC(2126, 9, 31, 12, 54, 29);
const dayMs = 24 * 3_600_000;
const key = readFileSync("test/fixtures/mail-server/key.pem");
const mail = { from: "alarm@gemeente.example.nl", to: ["meldkamer@beveiliging.example.nl"] };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: endsAt - 100 * dayMs });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A server of that kind, and all bytes that it was sent by who speaks to it. */
async function start(server: Server) {
  const sent: Buffer[] = [];
  server.on("secureConnection", (socket) =>
    socket.on("error", () => {}).on("data", (bytes: Buffer) => sent.push(bytes)),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    sent,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

const startTls = () => start(createTlsServer({ key, cert: ca }));

function checkPager(type: string, options: object) {
  const abilities = { canCall: false, canTell: false, tellsWhere: true };
  const entry: PagerEntry = { type, label: null, mayShowPhones: false, ...abilities, options };
  return checkPagers({ ...load(), pagers: { desk: entry } }, words);
}

describe("where a pager sends to", () => {
  it("is reached by TLS, with the days of its certificate, and is told nothing", async () => {
    await using server = await startTls();
    const options = { host: "127.0.0.1", port: server.port, security: "tls", ca, ...mail };
    expect(await checkPager("smtp", options)).toEqual([
      {
        check: "pager desk",
        subject: words.subject.pager("desk"),
        state: "good",
        said: words.host.tls("127.0.0.1", 100),
      },
    ]);
    expect(server.sent).toEqual([]);
  });

  it("has a certificate that ends within two weeks", async () => {
    vi.setSystemTime(endsAt - 13 * dayMs);
    await using server = await startTls();
    const options = { host: "127.0.0.1", port: server.port, security: "tls", ca, ...mail };
    expect(await checkPager("smtp", options)).toMatchObject([{ state: "bad", said: words.host.ends("127.0.0.1", 13) }]);
  });

  it("has a certificate of somebody else", async () => {
    await using server = await startTls();
    const found = await checkPager("webhook", { url: `https://127.0.0.1:${server.port}/geheim`, secret: "x" });
    const said = words.host.badCertificate("127.0.0.1", "DEPTH_ZERO_SELF_SIGNED_CERT");
    expect(found).toMatchObject([{ state: "bad", said }]);
    expect(JSON.stringify(found)).not.toContain("geheim");
  });

  it("is reached without TLS where none is spoken, at each address", async () => {
    await using first = await start(createServer());
    await using second = await start(createServer());
    const [primary, secondary] = [first, second].map(({ port }) => ({ host: "127.0.0.1", port, transport: "tcp" }));
    const found = await checkPager("sia-dc09", { account: "1234", primary, secondary });
    expect(found.map(({ said }) => said)).toEqual([words.host.plain("127.0.0.1"), words.host.plain("127.0.0.1")]);
  });

  it("answers by datagrams only to a message, so that this is not tried", async () => {
    const primary = { host: "127.0.0.1", port: 9, transport: "udp" };
    expect(await checkPager("sia-dc09", { account: "1234", primary })).toMatchObject([
      { state: "unseen", said: words.host.unseen("127.0.0.1") },
    ]);
  });

  it("is not there", async () => {
    const server = await startTls();
    await server[Symbol.asyncDispose]();
    expect(await checkPager("webhook", { url: `https://127.0.0.1:${server.port}/`, secret: "x" })).toMatchObject([
      { state: "bad", said: words.host.unreached("127.0.0.1", "ECONNREFUSED") },
    ]);
  });
});

describe("publicUrl", () => {
  async function startBot(status: number) {
    const paths: (string | undefined)[] = [];
    const server = createHttpServer((request, response) => {
      paths.push(request.url);
      response.writeHead(status, { location: "https://elsewhere.example.nl/" }).end();
    });
    const started = await start(server);
    return { ...started, paths, publicUrl: `http://127.0.0.1:${started.port}/alarm` };
  }

  it("leads to the bot", async () => {
    await using bot = await startBot(200);
    const found = await checkPublicUrl({ ...load(), publicUrl: bot.publicUrl }, words);
    expect(found).toMatchObject([{ check: "publicUrl", state: "good", said: words.publicUrl.good(bot.publicUrl) }]);
    expect(bot.paths).toEqual(["/alarm/health/live"]);
  });

  it.each([302, 404, 502])("leads to something else: %i", async (status) => {
    await using bot = await startBot(status);
    const found = await checkPublicUrl({ ...load(), publicUrl: bot.publicUrl }, words);
    expect(found).toMatchObject([{ state: "bad", said: words.publicUrl.other(bot.publicUrl, status) }]);
  });

  it("leads nowhere, or has a certificate that nobody trusts, which is a line of its own", async () => {
    const gone = await startTls();
    await gone[Symbol.asyncDispose]();
    const publicUrl = `https://127.0.0.1:${gone.port}`;
    expect(await checkPublicUrl({ ...load(), publicUrl }, words)).toMatchObject([
      { state: "bad", said: words.publicUrl.unreached(publicUrl, "ECONNREFUSED") },
      { state: "bad", said: words.host.unreached("127.0.0.1", "ECONNREFUSED") },
    ]);
    await using server = await startTls();
    const untrusted = `https://127.0.0.1:${server.port}`;
    expect(await checkPublicUrl({ ...load(), publicUrl: untrusted }, words)).toMatchObject([
      { state: "bad", said: words.publicUrl.unreached(untrusted, "DEPTH_ZERO_SELF_SIGNED_CERT") },
      { state: "bad", said: words.host.badCertificate("127.0.0.1", "DEPTH_ZERO_SELF_SIGNED_CERT") },
    ]);
  });
});
