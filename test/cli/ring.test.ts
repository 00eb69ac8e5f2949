import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { ring as ringWords } from "../../bot/words/terminal/ring.ts";
import { type Bot, backOffice, building, frontdesk, second, sourceSecret, startBot } from "../harness.ts";

const words = ringWords.nl;
const common = { policy: "building", channel: "frontdesk" };
const webhook = { type: "webhook", secret: sourceSecret, ...common };

let bot: Bot;
let config: string;
beforeAll(async () => {
  const accounts = { "1234": { key: "0123456789abcdef0123456789abcdef" } };
  bot = await startBot({
    settings: {
      doctorToken: "een-geheim-voor-de-dokter",
      sources: {
        buttons: webhook,
        desk: { type: "shelly", secret: "een-geheim-in-het-adres", ...common },
        panels: {
          type: "sia-dc09",
          label: "het alarmpaneel",
          listen: { host: "127.0.0.1", port: 0 },
          accounts,
          ...common,
        },
        chat: { type: "teams", ...common },
        depot: { ...webhook, policy: "yard", channel: "depot" },
      },
      channels: { frontdesk: { conversation: frontdesk }, "back-office": { conversation: backOffice }, depot: {} },
      policies: {
        building,
        yard: {
          ...building,
          steps: [
            { after: "0s", tell: "depot" },
            { after: "60s", page: "desk" },
          ],
        },
      },
    },
  });
  config = join(bot.folder, "rugdekking.yaml");
  write(bot.app.port);
});
afterAll(() => bot[Symbol.asyncDispose]());

/** The configuration as it would be with the ports that the bot was given. */
function write(port: number, changes: { sources?: object; doctorToken?: null } = {}): void {
  const { panels, ...sources } = bot.settings.sources as Record<string, object>;
  const listen = { host: "127.0.0.1", port: bot.app.listenerPort("panels") ?? 0 };
  const all = { ...sources, panels: { ...panels, listen }, ...changes.sources };
  const settings = { ...bot.settings, ...changes, sources: all };
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
    const { code, said } = await ring("buttons", "--yes");
    expect(said).toMatch(/^202: nieuw alarm, alarm [0-9a-f-]{36}\.\n$/);
    expect(code).toBe(0);
    await bot.expectCard("Spreekkamer 3");
  });

  it("presses the button it is told", async () => {
    expect((await ring("buttons", "0051", "--yes")).said).toMatch(/^202: nieuw alarm/);
    await bot.expectCard("Balie");
  });

  it("calls a device's address, and a panel's receiver", async () => {
    expect((await ring("desk", "balie-2", "--yes")).said).toMatch(/^202: nieuw alarm/);
    await bot.expectCard("Plaats onbekend");
    // The receiver evaluates a frame by the time it carries, and a story has a time of its own.
    bot.clock.to(Date.now());
    expect(await ring("panels", "1234", "--yes")).toEqual({ code: 0, said: "Aangenomen door het alarmpaneel.\n" });
    // The days that were skipped are told in the channel first, which takes so much in a second.
    await bot.fastForward(5 * second);
    await bot.expectCard("Plaats onbekend");
  });

  it("gives no alarm where nobody can be asked whether it is meant", async () => {
    expect(await ring("buttons")).toEqual({ code: 1, said: `${words.noTerminal}\n` });
    bot.expectNoCard();
  });

  it("without a source lists them, with their buttons", async () => {
    const { code, said } = await ring();
    expect(said).toContain("  buttons  (webhook)\n    0042  Spreekkamer 3\n");
    expect(said).toContain("  panels  (het alarmpaneel, sia-dc09)\n");
    expect(said).toContain("--test");
    expect(code).toBe(0);
    bot.expectNoCard();
  });

  describe("--test", () => {
    const place = "Spreekkamer 3";

    it("says what the running bot would make of it, and warns nobody", async () => {
      expect(await ring("buttons", "--test")).toEqual({
        code: 0,
        said: `${words.read.press("buttons", "0042", place)}\n${words.goesTo("frontdesk")}\n${words.nobodyWarned}\n`,
      });
      bot.expectNoCard();
    });

    it("knows an address, and says of a panel what is known without sending anything", async () => {
      expect((await ring("desk", "balie-2", "--test")).said).toContain(
        words.read.press("desk", "balie-2", words.placeUnknown),
      );
      expect(await ring("panels", "1234", "--test")).toMatchObject({
        code: 0,
        said: expect.stringContaining(words.read["not-sent"]("het alarmpaneel", "1234", words.placeUnknown)),
      });
      bot.expectNoCard();
    });

    it("ends with 1 where nobody would see the alarm in Teams, because its channel is not linked", async () => {
      const { code, said } = await ring("depot", "0099", "--test");
      expect(said).toContain(words.notLinked("depot"));
      expect(said).not.toContain(words.goesTo("depot"));
      expect(code).toBe(1);
    });

    it("ends with 1 when the running bot does not believe the sender", async () => {
      write(bot.app.port, { sources: { buttons: { ...webhook, secret: "een-heel-ander-geheim" } } });
      const { code, said } = await ring("buttons", "--test");
      expect(said).toBe(`${words.read.refused("buttons", "0042", place)}\n${words.nobodyWarned}\n`);
      expect(code).toBe(1);
    });

    it("ends with 1 when the running bot has no such source, or the file has no token", async () => {
      write(bot.app.port, { sources: { knoppen: { ...webhook } } });
      expect(await ring("knoppen", "0042", "--test")).toEqual({ code: 1, said: `${words.notRunning("knoppen")}\n` });
      write(bot.app.port, { doctorToken: null });
      expect(await ring("buttons", "--test")).toMatchObject({ code: 1, said: expect.stringContaining("doctorToken") });
    });
  });

  it("says what is wrong and ends with 1: an unknown source, a bot that is not there", async () => {
    expect(await ring("bells")).toEqual({
      code: 1,
      said: "De bron bells staat niet in de configuratie. Wel: buttons, desk, chat, depot, panels.\n",
    });
    expect(await ring("chat")).toMatchObject({ code: 1, said: expect.stringContaining("typ je in Teams") });
    write(1);
    const { code, said } = await ring("buttons", "--yes");
    expect(said).toContain("Draait de bot? Start hem met: npm start");
    expect(code).toBe(1);
  });
});
