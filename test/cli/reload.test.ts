import type { ChildProcess } from "node:child_process";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { reload } from "../../bot/words/terminal/reload.ts";
import { buildSettings, buildSource } from "../fixtures/configuration.ts";
import { endProcess, freePort, startBotProcess as startBot } from "./processes.ts";

const doctorToken = "een-geheim-voor-de-dokter";
const secrets = { old: "een-lang-geheim-voor-knoppen", new: "een-nieuw-geheim-voor-knoppen" };
const folder = mkdtempSync(join(tmpdir(), "reload-"));
const config = join(folder, "rugdekking.yaml");
const secretFile = join(folder, "buttons");

let bot: ChildProcess;
let port: number;
/** Each event of the bot's log that is about its configuration. */
const events: string[] = [];

beforeAll(async () => {
  port = await freePort();
  writeFileSync(secretFile, secrets.old, { mode: 0o600 });
  write();
  bot = await startBot(config);
  bot.stdout?.on("data", (chunk) => {
    events.push(...(String(chunk).match(/"configuration-(?:not-)?reloaded"/g) ?? []));
  });
});
afterAll(async () => {
  await endProcess(bot);
  rmSync(folder, { recursive: true });
});

function write(changes: Record<string, unknown> = {}): void {
  const settings = buildSettings({
    listen: { host: "127.0.0.1", port },
    database: `sqlite:${join(folder, "rugdekking.db")}`,
    doctorToken,
    sources: { buttons: buildSource(`file:${secretFile}`) },
    ...changes,
  });
  writeFileSync(config, stringify(settings), { mode: 0o600 });
}

function run() {
  const env = { ...process.env, RUGDEKKING_CONFIG: config };
  const { status, stdout, stderr } = spawnSync(process.execPath, ["bot/cli/config.ts", "reload"], {
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** How a press with that secret is answered; its button is on no list. */
async function press(secret: string): Promise<number> {
  const headers = { authorization: `Bearer ${secret}` };
  const body = JSON.stringify({ button: "1", kind: "heartbeat" });
  return (await fetch(`http://127.0.0.1:${port}/alarms/buttons`, { method: "POST", headers, body })).status;
}

describe("npm run config -- reload", () => {
  it("has the bot go by the file, and by the files that it names, without closing its doors", async () => {
    expect(await press(secrets.old)).toBe(202);
    writeFileSync(secretFile, secrets.new);
    expect(run()).toEqual({ status: 0, stdout: `${reload.nl.reloaded}\n`, stderr: "" });
    expect([await press(secrets.new), await press(secrets.old)]).toEqual([202, 401]);
  });

  it("says what needs a restart, what is new, and what is wrong, and ends with 1 where nothing has changed", () => {
    write({ organisation: "Elders" });
    expect(run()).toEqual({
      status: 0,
      stdout: `${reload.nl.reloaded}\n${reload.nl.needsRestart(["organisation"])}\n`,
      stderr: "",
    });
    write({ sources: { buttons: buildSource(`file:${secretFile}`), door: buildSource() } });
    const added = run();
    expect(added).toEqual({ status: 1, stdout: "", stderr: `${reload.nl.restartNeeded}\n  sources.door\n` });
    write({ buttons: [{ source: "nowhere", id: "1" }] });
    expect(run()).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining("buttons[0].source") });
    write();
  });

  it("has it take what now stands in .env, where the configuration asks for a variable", async () => {
    const keep = (secret: string) =>
      writeFileSync(join(folder, ".env"), `BUTTONS_SECRET='${secret}'\n`, { mode: 0o600 });
    write({ sources: { buttons: buildSource(`\${BUTTONS_SECRET}`) } });
    for (const [now, before] of [
      [secrets.old, secrets.new],
      [secrets.new, secrets.old],
    ] as const) {
      keep(now);
      expect(run()).toEqual({ status: 0, stdout: `${reload.nl.reloaded}\n`, stderr: "" });
      expect([await press(now), await press(before)]).toEqual([202, 401]);
    }
    rmSync(join(folder, ".env"));
    expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining("BUTTONS_SECRET is niet ingesteld") });
    expect(await press(secrets.new)).toBe(202);
    write();
    writeFileSync(secretFile, secrets.new);
    expect(run()).toMatchObject({ status: 0 });
  });

  it("is what SIGHUP does, where there is no terminal", async () => {
    writeFileSync(secretFile, secrets.old);
    expect(await press(secrets.old)).toBe(401);
    bot.kill("SIGHUP");
    await expect.poll(() => press(secrets.old)).toBe(202);
    writeFileSync(config, "organisation: [");
    bot.kill("SIGHUP");
    await expect.poll(() => events.at(-1)).toBe('"configuration-not-reloaded"');
    expect(await press(secrets.old)).toBe(202);
  });
});
