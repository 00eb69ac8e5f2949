import { once } from "node:events";
import { connect } from "node:net";
import { toFrameBytes } from "../../adapters/protocols/sia-dc09/frame/frame.ts";
import { saveLastCopy } from "../../bot/store/copy/last-copy.ts";
import { until } from "../fakes/listener-host.ts";
import { type Bot, frontdesk, hour, minute, people, sourceSecret, startBot } from "../harness.ts";

export const metricsToken = "q8Lw3Tz7Rm2Xd9Kv5Hb1Pn6Yc4Jf0GaS";
const olderToken = "Zt5Wc8Qn1Vx4Mb7Ks2Lj9Hg6Fd3Pr0Ye";
const silent = { info() {}, warn() {}, error() {}, dropped: 0 };

/**
 * A bot that has a value for every figure and every label of it: a channel that is not linked, routes that were long
 * not proven, a page that fails, and what was refused, broke off or could not be read.
 */
export async function startBotWithFigures(): Promise<Bot> {
  const chain = { policy: "building", channel: "frontdesk" };
  const bot = await startBot({
    log: silent,
    settings: {
      people,
      metricsToken: [metricsToken, olderToken],
      channels: { frontdesk: { conversation: frontdesk }, "back-office": {} },
      sources: {
        buttons: { type: "webhook", secret: sourceSecret, ...chain },
        panels: { type: "sia-dc09", listen: { host: "127.0.0.1", port: 0 }, accounts: { "1234": {} }, ...chain },
      },
    },
  });
  await bot.stop();
  bot.clock.set(bot.clock.now() + 40 * 24 * hour);
  await bot.start();

  await bot.press("0042");
  await bot.fastForward(minute);
  await bot.answer(await bot.desk.expectPage("unclaimed"), "accept");
  bot.desk.answerWith({ kind: "refuse", status: 503 });
  await bot.press("0051");
  await bot.fastForward(minute);

  saveLastCopy(`${bot.folder}/rugdekking.db`, bot.clock.now());
  await readMetrics(bot, olderToken);
  await fetch(`${bot.url}/alarms/buttons`, { method: "POST", body: "{}" });
  await send(bot.app.port, "rubbish\r\n\r\n");
  await hangUpIn(bot);
  const noFrame = toFrameBytes('"SIA-DCS"0001L0#9999[9999|NPA]', "text");
  noFrame.write("0000", 1, "latin1");
  await send(bot.app.listenerPort("panels") ?? 0, noFrame);
  await until(() => bot.lines.some(({ event }) => event === "sia-frame-refused"));
  await bot.settle();
  bot.desk.ignoreRest();
  bot.phone.ignoreRest();
  return bot;
}

export async function readMetrics(bot: Bot, token = metricsToken): Promise<string> {
  const answered = await fetch(`${bot.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  return await answered.text();
}

async function send(port: number, bytes: string | Buffer): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.end(bytes);
  await once(socket.resume(), "close");
}

/** A proven sender hangs up in a message. */
async function hangUpIn(bot: Bot): Promise<void> {
  const proof = `authorization: Bearer ${sourceSecret}`;
  const head = ["POST /alarms/buttons HTTP/1.1", "host: x", proof, "content-length: 50"];
  const isTaken = () => bot.lines.some(({ event }) => event === "alarm-broken-off");
  const socket = connect(bot.app.port, "127.0.0.1");
  socket.end(`${head.join("\r\n")}\r\n\r\n{"b`);
  await until(isTaken);
  socket.destroy();
}
