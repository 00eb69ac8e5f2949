import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type Bot, sourceSecret, startBot } from "../harness.ts";

let bot: Bot;
let config: string;
beforeAll(async () => {
  const common = { policy: "building", channel: "frontdesk" };
  const accounts = { "1234": { key: "0123456789abcdef0123456789abcdef" } };
  bot = await startBot({
    settings: {
      sources: {
        buttons: { type: "webhook", secret: sourceSecret, ...common },
        desk: { type: "shelly", secret: "een-geheim-in-het-adres", ...common },
        panels: {
          type: "sia-dc09",
          label: "het alarmpaneel",
          listen: { host: "127.0.0.1", port: 0 },
          accounts,
          ...common,
        },
        chat: { type: "teams", ...common },
      },
    },
  });
  config = join(bot.folder, "rugdekking.yaml");
  write(bot.app.port);
});
afterAll(() => bot[Symbol.asyncDispose]());

/** The configuration as it would be with the ports that the bot was given. */
function write(port: number): void {
  const { panels, ...sources } = bot.settings.sources as Record<string, object>;
  const listen = { host: "127.0.0.1", port: bot.app.listenerPort("panels") ?? 0 };
  const settings = { ...bot.settings, sources: { ...sources, panels: { ...panels, listen } } };
  writeFileSync(config, stringify({ ...settings, listen: { host: "127.0.0.1", port } }));
}

async function ring(...words: string[]) {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["bot/cli/ring.ts", ...words], {
      env: { ...process.env, RUGDEKKING_CONFIG: config },
    });
    return { code: 0, said: `${stdout}${stderr}` };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: `${stdout}${stderr}` };
  }
}

describe("npm run ring", () => {
  it("presses the first button of a source through its door, and says in one line what became of it", async () => {
    const { code, said } = await ring("buttons");
    expect(said).toMatch(/^202: nieuw alarm, alarm [0-9a-f-]{36}\.\n$/);
    expect(code).toBe(0);
    await bot.expectCard("Spreekkamer 3");
  });

  it("presses the button it is told", async () => {
    expect((await ring("buttons", "0051")).said).toMatch(/^202: nieuw alarm/);
    await bot.expectCard("Balie");
  });

  it("calls a device's address, and a panel's receiver", async () => {
    expect((await ring("desk", "balie-2")).said).toMatch(/^202: nieuw alarm/);
    await bot.expectCard("Plaats onbekend");
    // The receiver evaluates a frame by the time it carries, and a story has a time of its own.
    bot.clock.to(Date.now());
    expect(await ring("panels", "1234")).toEqual({ code: 0, said: "Aangenomen door het alarmpaneel.\n" });
    await bot.expectCard("Plaats onbekend");
  });

  it("says what is wrong and ends with 1: an unknown source, a bot that is not there", async () => {
    expect(await ring("bells")).toEqual({
      code: 1,
      said: "De bron bells staat niet in de configuratie. Wel: buttons, desk, chat, panels.\n",
    });
    expect(await ring("chat")).toMatchObject({ code: 1, said: expect.stringContaining("typ je in Teams") });
    write(1);
    const { code, said } = await ring("buttons");
    expect(said).toContain("Draait de bot? Start hem met: npm start");
    expect(code).toBe(1);
  });
});
