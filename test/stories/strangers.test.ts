import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { comesFrom, startProxy } from "../fakes/proxy.ts";
import { frontdesk, minute, sourceSecret, startBot } from "../harness.ts";

const signedSecret = "een-lang-geheim-voor-kpn-things";
const pack = JSON.stringify([{ bn: "urn:dev:DEVEUI:24E124535B012345:", n: "payload", vs: "ff2e01" }]);
const token = createHash("sha256").update(pack).update(signedSecret).digest("hex");
const stranger = "192.0.2.66";

function toHead(path: string, from: string, ...headers: string[]): string {
  return `${[`POST ${path} HTTP/1.1`, "host: x", `${comesFrom}: ${from}`, ...headers].join("\r\n")}\r\n\r\n`;
}

/** Everything that one address can think of, through the proxy, at every door; what it opened stays open. */
async function flood(port: number): Promise<Socket[]> {
  const tiny = "1\r\nx\r\n".repeat(2_000);
  const forged = `things-message-token: ${"0".repeat(64)}`;
  const sent = [
    ...["buttons", "kpn", "nobody"].map(
      (name) => toHead(`/alarms/${name}`, stranger, "transfer-encoding: chunked") + tiny,
    ),
    ...["/api/messages", "/guard/x", "/pagers/desk", "/metrics", "/doctor/pagers", "/doctor/teams", "/x"].map(
      (path) => toHead(path, stranger, "transfer-encoding: chunked") + tiny,
    ),
    ...Array.from(
      { length: 60 },
      () => toHead("/alarms/kpn", stranger, forged, "content-length: 65536") + "x".repeat(60_000),
    ),
    ...Array.from(
      { length: 60 },
      () => `${toHead("/alarms/buttons", stranger, "authorization: Bearer guess", "content-length: 2")}{}`,
    ),
    ...Array.from({ length: 60 }, () => ""),
  ];
  return Promise.all(
    sent.map(async (bytes) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => undefined).resume();
      await once(socket, "connect");
      socket.write(bytes);
      return socket;
    }),
  );
}

it.each([
  ["named by a proxy that is trusted", ["127.0.0.1"], stranger, true],
  ["behind a proxy that nobody named, where all have one address", [], "127.0.0.1", false],
])(
  "beside a flood of strangers, %s, what is proven by a header or signed is taken",
  async (_how, trustedProxies, counted, isSilenced) => {
    await using bot = await startBot({
      settings: {
        listen: { host: "127.0.0.1", port: 0, trustedProxies },
        sources: {
          buttons: { type: "webhook", secret: sourceSecret, policy: "building", channel: "frontdesk" },
          kpn: { type: "kpn-things", secret: signedSecret, policy: "building", channel: "frontdesk" },
        },
      },
    });
    await using proxy = await startProxy(bot.app.port);
    const sockets = await flood(proxy.port);
    const isTold = (status: number) => bot.lines.some(({ facts }) => facts.status === status);
    await expect.poll(() => isTold(isSilenced ? 429 : 401), { timeout: 20_000 }).toBe(true);

    const press = async (path: string, from: string, body: string, header: string) => {
      const socket = connect(proxy.port, "127.0.0.1");
      socket.write(toHead(path, from, header, `content-length: ${body.length}`, "connection: close") + body);
      return (await text(socket)).slice(9, 12);
    };
    for (const from of [stranger, "192.0.2.1"]) {
      const proof = `authorization: Bearer ${sourceSecret}`;
      expect(await press("/alarms/buttons", from, '{"button":"0042"}', proof)).toBe("202");
      expect(await press("/alarms/kpn", from, pack, `things-message-token: ${token}`)).toBe("202");
    }
    await bot.settle();
    expect((await bot.expectCard("Spreekkamer 3")).posted.conversation).toBe(frontdesk);
    await bot.expectCard("24E124535B012345");

    // Where all have one address, one who guesses does not have all others told only that.
    expect(isTold(429)).toBe(isSilenced);
    for (const socket of sockets) socket.destroy();
    await bot.fastForward(minute);
    const lines = bot.lines.filter(({ event, facts }) => facts.remote !== undefined && event !== "request-not-read");
    expect(new Set(lines.map(({ facts }) => facts.remote))).toEqual(new Set([counted]));
    expect(lines.length).toBeLessThan(40);
  },
);
