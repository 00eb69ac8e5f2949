import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { measureCardSizes } from "../teams/cards/incident/card-sizes.ts";
import { sendFlood, toAlarms } from "./alarms.ts";
import { startConnector } from "./connector.ts";
import { atMost, beside, type Figure } from "./figure.ts";
import { startBot } from "./process.ts";
import { toSettings, writeSettings } from "./settings.ts";

const part = "card";
/** What runs between a webhook and its 202; `app.ts` knits them and is not on the way. */
const path = [
  "bot/web/doors.ts",
  "bot/web/alarms/alarm-door.ts",
  "bot/engine/engine.ts",
  "bot/store/store.ts",
  "adapters/index.ts",
];
const sdk = /^(botbuilder|botframework|@microsoft\/|@azure\/)/;

/** The size of a card on the wire, and that the SDK is not on the path between webhook and 202. */
export async function measureCard(): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const connector = stack.use(await startConnector());
  const settings = toSettings(folder, connector.url, "http://127.0.0.1:9/alarms");
  const bot = stack.use(await startBot(writeSettings(folder, settings), join(folder, "bot.log")));
  const alarms = toAlarms(20);
  await sendFlood(bot.port, alarms, 4);
  const missing = await connector.waitFor(
    alarms.map(({ place }) => place),
    10_000,
  );
  return [
    atMost(part, "largest card", missing.length === 0 ? connector.largest : Number.NaN, 20_000, " bytes"),
    atMost(part, "packages of the SDK between webhook and 202", sdkOnThePath().length, 0, ""),
  ];
}

/** The size of the channel's card in each state, with the longest place and twenty people. */
export async function measureCards(): Promise<Figure[]> {
  const byState = Map.groupBy(measureCardSizes(), ({ state }) => state);
  return [...byState].map(([state, sizes]) => {
    const bytes = sizes.map((each) => `${each.bytes} (${each.language})`);
    return beside("cards", `${state}, bytes`, bytes.join(", "));
  });
}

/** Every package of the SDK that those files import, directly or through ours. */
function sdkOnThePath(): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  const waiting = [...path];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const [, target = ""] of readFileSync(file, "utf8").matchAll(/^(?:import|\} from|export).*?"([^"]+)";$/gm)) {
      if (target.startsWith(".")) waiting.push(normalize(join(dirname(file), target)));
      else if (sdk.test(target)) found.push(target);
    }
  }
  return found;
}
