import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type Story, startBot } from "../harness.ts";

let bot: Story;
let config: string;
beforeAll(async () => {
  bot = await startBot();
  config = join(bot.folder, "rugdekking.yaml");
  write(bot.app.port);
});
afterAll(() => bot[Symbol.asyncDispose]());

function write(port: number): void {
  writeFileSync(config, stringify({ ...bot.settings, listen: { host: "127.0.0.1", port } }));
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

  it("says what is wrong and ends with 1: an unknown source, a bot that is not there", async () => {
    expect(await ring("bells")).toEqual({
      code: 1,
      said: "De bron bells staat niet in de configuratie. Wel: buttons.\n",
    });
    write(1);
    const { code, said } = await ring("buttons");
    expect(said).toContain("Draait de bot? Start hem met: npm start");
    expect(code).toBe(1);
  });
});
