import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { toAlarms } from "./alarms.ts";
import { startConnector } from "./connector.ts";
import { atMost, beside, type Figure, now, quantile, round } from "./figure.ts";
import { floods, type Target } from "./floods.ts";
import { type Running, startBot, startProcess } from "./process.ts";
import { toSettings, writeSettings } from "./settings.ts";
import { openWire } from "./wire.ts";

const part = "strangers";
const bareServer = fileURLToPath(new URL("./bare.ts", import.meta.url));
const floodScript = fileURLToPath(new URL("./flood-process.ts", import.meta.url));
const presses = 100;
const everyMs = 20;
const most = 20;
/** Beyond the bytes that may wait for their turn, and the blocks that they came in. */
const maxHeldMiB = 100;
const heldScript = fileURLToPath(new URL("./held-memory.ts", import.meta.url));

/** How long proven presses take until their 202 beside each flood of strangers, against the bare baseline. */
export async function measureStrangers(): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const connector = stack.use(await startConnector());
  const bare = stack.use(
    await startProcess(bareServer, [join(folder, "alarms"), connector.url], join(folder, "bare.log")),
  );
  const panels = await findFreePort();
  const settings = toSettings(folder, connector.url, "http://127.0.0.1:9/alarms");
  const more = { policy: "hour", channel: "frontdesk" };
  const sources = {
    ...(settings.sources as object),
    kpn: { type: "kpn-things", secret: "a-secret-of-a-signed-source", ...more },
    panels: { type: "sia-dc09", listen: { port: panels }, accounts: { "1234": {} }, ...more },
  };
  const configuration = writeSettings(folder, { ...settings, sources });
  const held = new HeldMemory(join(folder, "held"));
  const bot = stack.use(await startBot(configuration, join(folder, "bot.log"), held.env));
  await press(bot.port);
  await press(bare.port);
  const memoryBefore = bot.peakMemory();
  const heldBefore = await held.ask(bot);
  const heldBeside: number[] = [];
  const figures: Figure[] = [];
  for (const name of Object.keys(floods)) {
    const flooded = await pressBeside(name, { http: bot.port, panels }, bare.port, folder, async () => {
      heldBeside.push(await held.ask(bot));
    });
    const [bot50, bare50] = [quantile(flooded.bot.tookMs, 0.5), quantile(flooded.bare.tookMs, 0.5)];
    const p99 = round(quantile(flooded.bot.tookMs, 0.99));
    const detail = ` (${round(bot50)} against ${round(bare50)}, p99 ${p99} ms; ${round(bot.peakMemory())} MiB so far)`;
    figures.push(
      atMost(part, `press to 202 beside ${name}, median, × bare`, bot50 / bare50, most, "", detail),
      atMost(part, `presses lost beside ${name}`, presses - flooded.bot.accepted, 0, ""),
    );
  }
  const logged = bot.log().length / 1024;
  return [
    ...figures,
    atMost(part, "memory that is held for them", Math.max(...heldBeside) - heldBefore, maxHeldMiB, " MiB"),
    // V8 lets its young generation grow by 100 MiB where much passes, and 64 MiB of buffers wait to be collected.
    beside(part, "most memory", `${round(bot.peakMemory())} MiB (${round(memoryBefore)} before them)`),
    atMost(part, "log written meanwhile", logged, 200, " KiB"),
    beside(part, "processors are shared with", "the strangers themselves"),
  ];
}

/** Presses at the bot while it is flooded, and at the bare baseline, which shares the processors with both. */
async function pressBeside(
  flood: string,
  { http, panels }: Target,
  bare: number,
  folder: string,
  look: () => Promise<void>,
) {
  const strangers = await startProcess(floodScript, [flood, String(http), String(panels)], join(folder, "flood.log"));
  await setTimeout(500);
  try {
    const pressed = { bot: await press(http), bare: await press(bare) };
    await look();
    return pressed;
  } finally {
    await strangers.kill();
    await setTimeout(500);
  }
}

/** What a process still needs once it has collected what it does not. */
class HeldMemory {
  /** With these settings it answers. */
  readonly env: Readonly<Record<string, string>>;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    this.env = { HELD_MEMORY: path, NODE_OPTIONS: `--expose-gc --import ${heldScript}` };
  }

  /** In MiB. */
  async ask({ child }: Running): Promise<number> {
    await rm(this.#path, { force: true });
    child.kill("SIGUSR2");
    for (;;) {
      const bytes = await readFile(this.#path, "utf8").catch(() => "");
      if (bytes !== "") return Number(bytes) / 1024 ** 2;
      await setTimeout(20);
    }
  }
}

/** Presses evenly, each on a connection of its own; how long each took until its 202, in milliseconds. */
async function press(port: number) {
  const tookMs: number[] = [];
  let accepted = 0;
  await Promise.all(
    toAlarms(presses).map(async ({ request }, index) => {
      await setTimeout(index * everyMs);
      const begunAt = now();
      try {
        using wire = await openWire(port);
        const { status } = await wire.send(request);
        if (status === 202) accepted += 1;
        tookMs.push(now() - begunAt);
      } catch {
        // Counted as lost.
      }
    }),
  );
  return { tookMs, accepted };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
