import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { checkUp } from "../../bot/words/terminal/check-up.ts";
import { type Desk, startDesk } from "../fakes/desk.ts";
import { buildPager, buildSettings } from "../fixtures/configuration.ts";
import { runDoctor as doctor, endProcess, freePort, startBotProcess as startBot } from "./processes.ts";

const doctorToken = "een-geheim-voor-de-dokter";
const secret = "een-lang-geheim-voor-de-desk";
const phone = "+31600000001";
const folder = mkdtempSync("/tmp/check-up-");

let desk: Desk;
let bot: ChildProcess;
let port: number;

beforeAll(async () => {
  desk = await startDesk({ secret });
  port = await freePort();
  bot = await startBot(write("nl"));
});
afterAll(async () => {
  await endProcess(bot);
  await desk[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** The configuration in that language; answers with its file. */
function write(language: string, changes: Record<string, unknown> = {}): string {
  const settings = buildSettings({
    language,
    listen: { host: "127.0.0.1", port },
    database: `sqlite:${join(folder, "rugdekking.db")}`,
    doctorToken,
    teams: { local: true, serviceUrl: "http://127.0.0.1:1/" },
    channels: { frontdesk: { conversation: "19:alarms@thread.tacv2" } },
    people: [{ name: "A. Jansen", id: "00000000-0000-0000-0000-000000000001", phone, onDuty: "always", lead: true }],
    pagers: { desk: { ...buildPager(desk.url, secret), label: "de meldkamer" } },
    ...changes,
  });
  const path = join(folder, `rugdekking-${language}.yaml`);
  writeFileSync(path, stringify(settings), { mode: 0o600 });
  return path;
}

describe("npm run doctor", () => {
  it("says a line of each thing, with a sign and a word, and sends nothing", async () => {
    const { code, said } = await doctor(write("nl")).ended;
    const { state, subject, ...words } = checkUp.nl;
    const line = (kind: keyof typeof state, what: string, text: string) => {
      return expect(said).toMatch(new RegExp(`^${toPattern(state[kind])} +${toPattern(`${what}: ${text}`)}$`, "m"));
    };
    line("good", subject.bot, words.running(`http://127.0.0.1:${port}`));
    line("good", subject.publicUrl, words.publicUrl.good(`http://127.0.0.1:${port}`));
    line("good", subject.pager("de meldkamer"), words.host.plain("127.0.0.1"));
    line("unseen", subject.token, words.local);
    line("unseen", subject.backup, words.backup.none);
    expect(said).toMatch(new RegExp(toPattern(`${subject.database}: ${words.database.good("00")}`).slice(0, -3)));
    expect(said).not.toContain("\u001b");
    for (const hidden of [doctorToken, secret, phone, "een-lang-geheim-voor-knoppen"])
      expect(said).not.toContain(hidden);
    expect(code).toBe(said.includes(state.bad) ? 1 : 0);
    desk.expectNothing();
  });

  it("says the same for a program, in English too, and ends with 1 where something is not well", async () => {
    const path = write("en");
    chmodSync(folder, 0o755);
    chmodSync(path, 0o644);
    const { code, said } = await doctor(path, "--json").ended;
    const { isGood, findings } = JSON.parse(said);
    expect([code, isGood]).toEqual([1, false]);
    const { state, rights } = { state: "bad", rights: checkUp.en.rights.bad(path) };
    expect(findings).toContainEqual({
      check: `rights ${path}`,
      subject: checkUp.en.subject.rights(path),
      state,
      said: rights,
    });
    chmodSync(folder, 0o700);
  });

  it("goes by what it sees where no bot answers, and where it may not ask one", async () => {
    const { state, subject, onlyBot } = checkUp.nl;
    const elsewhere = write("nl", { listen: { host: "127.0.0.1", port: await freePort() } });
    const silent = await doctor(elsewhere).ended;
    expect(silent.code).toBe(1);
    expect(silent.said).toContain("Draait de bot? Start hem met: npm start");
    expect(silent.said).toMatch(
      new RegExp(`^${toPattern(state.unseen)} +${subject.sync}: ${toPattern(onlyBot)}$`, "m"),
    );
    const shut = await doctor(write("nl", { doctorToken: null })).ended;
    expect(shut.said).toMatch(new RegExp(`^${toPattern(state.unseen)} +${subject.bot}: `, "m"));
    expect(shut.said).toContain("doctorToken: ");
  });

  it("says of a configuration that can't be used only that", async () => {
    const path = join(folder, "wrong.yaml");
    writeFileSync(path, "organisation: [geheim]\n");
    const { code, said } = await doctor(path).ended;
    expect(code).toBe(1);
    expect(said).toContain("npm run check-config");
    expect(said).not.toContain("geheim");
  });
});

function toPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
