import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { FakeTeams } from "../fakes/teams.ts";
import { buildSettings } from "../fixtures/configuration.ts";
import { alice, frontdesk } from "../settings.ts";
import { endProcess, freePort, runDoctor, startBotProcess } from "./processes.ts";

const doctorToken = "een-geheim-voor-de-dokter";
const folder = mkdtempSync(join(tmpdir(), "doctor-teams-"));

let teams: FakeTeams;
let bot: ChildProcess;
let config: string;

beforeAll(async () => {
  teams = await new FakeTeams({ channels: [frontdesk], colleagues: [alice] }).start();
  const port = await freePort();
  config = join(folder, "rugdekking.yaml");
  const settings = buildSettings({
    listen: { host: "127.0.0.1", port },
    publicUrl: `http://127.0.0.1:${port}`,
    database: `sqlite:${join(folder, "rugdekking.db")}`,
    doctorToken,
    teams: { local: true, serviceUrl: teams.serviceUrl },
    channels: { frontdesk: { conversation: frontdesk } },
    people: [{ name: alice.name, id: alice.aadObjectId }],
  });
  writeFileSync(config, stringify(settings));
  bot = await startBotProcess(config);
  teams.botUrl = `http://127.0.0.1:${port}/api/messages`;
  await teams.introduce();
});
afterAll(async () => {
  await endProcess(bot);
  await teams[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** The id of the test whose button stands in the channel now; null: none does. */
function testInChannel(): string | null {
  const found = teams.cards.map(({ shown }) => /"test":"([^"]+)"/.exec(JSON.stringify(shown.at(-1)))?.[1]);
  return found.find((id) => id !== undefined) ?? null;
}

async function click(): Promise<void> {
  await teams.invoke(alice, frontdesk, "test-click", { test: testInChannel() });
}

describe("npm run doctor -- teams", () => {
  it("says of each step how it went, waits for a click beside no other test, and ends with 0 when all of it works", async () => {
    const run = runDoctor(config, "teams", "--yes", "frontdesk", "--person", alice.name, "--wait", "2m");
    await run.says("We wachten op klikken tot");
    expect(await runDoctor(config, "teams", "--yes", "frontdesk").ended).toEqual({
      code: 2,
      said: expect.stringContaining("Er loopt al een test van Teams."),
    });
    await click();
    const { code, said } = await run.ended;
    expect(said.split("\n").filter((line) => /^[✓✗–]/.test(line))).toEqual([
      expect.stringMatching(/^– token ophalen: niet geprobeerd\. .*teams\.local/),
      "✓ bericht plaatsen: gelukt.",
      "✓ bericht wijzigen: gelukt.",
      "✓ antwoord plaatsen: gelukt.",
      expect.stringMatching(/^– lid opzoeken in het kanaal: niet gelukt, en dat is geen probleem\. /),
      "✓ lid opzoeken in het team: gelukt.",
      "✓ vermelding op een kaart: gelukt.",
      "✓ privébericht: gelukt.",
      "✓ klik op een kaart: gelukt.",
      "✓ berichten die van Teams komen: gelukt.",
    ]);
    expect(said).toMatch(/klik aangekomen om \d\d:\d\d:\d\d; Teams zegt niet van welk apparaat/);
    expect(said).toMatch(/voor het laatst op \d\d-\d\d-\d{4} /);
    expect(said).toContain("In Teams staan nog 5 berichten van de test.");
    expect(said).toContain("Archiveer het team.");
    expect(said).toMatch(/Goed: alles wat is geprobeerd, is gelukt\.\n$/);
    expect(code).toBe(0);
    expect(teams.rung(alice.aadObjectId)).toBe(2);
    for (const secret of [doctorToken, teams.tenantId, teams.serviceUrl]) expect(said).not.toContain(secret);
  });

  it("ends with 2 and a sentence when nothing could be tested", async () => {
    expect(await runDoctor(config, "teams", "--yes", "elders").ended).toEqual({
      code: 2,
      said: expect.stringContaining("Kanaal elders staat niet in de configuratie. Wel: frontdesk."),
    });
    expect(await runDoctor(config, "teams", "--yes", "frontdesk", "--person", "Niemand").ended).toEqual({
      code: 2,
      said: expect.stringContaining("Niemand staat niet in de configuratie"),
    });
    expect((await runDoctor(config, "teams", "--yes").ended).code).toBe(2);
  });

  it("ends with 1 when a step fails: it says why, and waits for no click that can't come", async () => {
    await endProcess(bot);
    bot = await startBotProcess(config);
    teams.forbid("moderated", { channel: frontdesk });
    const { code, said } = await runDoctor(config, "teams", "--yes", "frontdesk").ended;
    expect(said).toMatch(/\n✗ bericht plaatsen: niet gelukt\. .*Antwoord: 403 ConversationBlockedByUser\.\n/);
    expect(said).toContain("\n– bericht wijzigen: niet geprobeerd.");
    expect(said).toContain('--person "A. Jansen"');
    expect(said).not.toContain("We wachten op klikken");
    expect(said).toMatch(/Niet goed: niet alles is gelukt\. .*\n$/);
    expect(code).toBe(1);
  });
});
