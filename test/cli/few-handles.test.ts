import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { buildPager, buildSettings } from "../fixtures/configuration.ts";

/** What the bot has logged by the time it listens, in a process that may have so many handles. */
async function startWith(maxHandles: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "handles-"));
  const path = join(folder, "rugdekking.yaml");
  const settings = buildSettings({
    listen: { host: "127.0.0.1", port: 0 },
    publicUrl: "http://127.0.0.1:1",
    database: `sqlite:${join(folder, "rugdekking.db")}`,
    teams: { local: true, serviceUrl: "http://127.0.0.1:1" },
    pagers: { desk: buildPager("http://127.0.0.1:1") },
  });
  writeFileSync(path, stringify(settings), { mode: 0o600 });
  const limited = `ulimit -n ${maxHandles} && exec "$0" bot/main.ts --config "$1"`;
  const bot = spawn("sh", ["-c", limited, process.execPath, path], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = once(bot, "exit");
  let said = "";
  for await (const line of createInterface(bot.stdout)) {
    said += line;
    if (line.includes('"listening"')) break;
  }
  bot.kill();
  await ended;
  rmSync(folder, { recursive: true });
  return said;
}

it.each([
  [900, "few files and connections may be open at a time, which leaves 129 for whoever calls: allow 12800"],
  [4_096, "which leaves 1194 for whoever calls"],
])("a start that may open %i files and connections says that this is few", async (max, said) => {
  expect(await startWith(max)).toContain(said);
});

it("a start that may open enough says nothing of them", async () => {
  expect(await startWith(12_800)).not.toContain("ulimit");
});
