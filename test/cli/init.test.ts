import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { init } from "../../bot/words/terminal/init.ts";
import { endProcess, freePort } from "./processes.ts";

const clientSecret = `q8Q~'x"y`.replace('"', "");
const answers = {
  language: "nl",
  organisation: "Gemeente Voorbeeld",
  appId: "00000000-0000-0000-0000-0000000000aa",
  tenantId: "00000000-0000-0000-0000-0000000000bb",
  clientSecret,
  clientSecretEndsOn: "2028-05-01",
  publicUrl: "https://alarm.example.nl",
  leadName: "L. Leider",
  leadId: "00000000-0000-0000-0000-0000000000cc",
  leadPhone: "+31600000001",
  source: "kpn-things",
  button: "0018B20000000001",
  place: "Spreekkamer 3",
  pager: "webhook",
  pagerUrl: "https://desk.example.nl/alarms",
};
const withoutTeams = {
  language: "en",
  organisation: "Municipality",
  leadName: "L. Lead",
  leadId: answers.leadId,
  button: "0042",
  place: "Desk",
  mailHost: "mail.example.nl",
  mailFrom: "alarm@example.nl",
  mailTo: "guard@example.nl",
  mailUser: "rugdekking",
  mailPassword: "een geheim # met $tekens",
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "init-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a command of ours in the folder of the new installation. */
function run(command: string, ...words: string[]) {
  const env = { PATH: process.env.PATH };
  const file = resolve(`bot/cli/${command}.ts`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...words], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function answerWith(given: object, change = (text: string) => text) {
  writeFileSync(join(folder, "answers.yaml"), change(stringify(given)), { mode: 0o644 });
  return run("init", "--answers", "answers.yaml");
}

const read = (file: string) => readFileSync(join(folder, file), "utf8");

/** Starts what was written, at a port that is free here; resolves once it listens. */
async function start() {
  const port = await freePort();
  writeFileSync(join(folder, "rugdekking.yaml"), read("rugdekking.yaml").replace("3978", String(port)));
  const child = spawn(process.execPath, [resolve("bot/main.ts")], { cwd: folder, env: { PATH: process.env.PATH } });
  let said = "";
  await new Promise<void>((done, fail) => {
    child.stdout.on("data", (chunk) => {
      said += chunk;
      if (said.includes('"listening"')) done();
    });
    child.once("exit", () => fail(new Error(`the bot ended: ${said}`)));
  });
  return { child, port };
}

describe("npm run init", () => {
  it.each([
    ["with Teams", answers],
    ["without Teams, in English", withoutTeams],
  ])("writes what passes the check and starts: %s", async (_, given) => {
    const { status, stdout, stderr } = answerWith(given);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const file of ["rugdekking.yaml", ".env"]) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    const checked = run("check-config");
    expect(checked).toMatchObject({ status: 0, stderr: "" });
    expect(checked.stdout).toMatch(/rugdekking\.yaml (?:is te gebruiken|can be used)\b/);
    const values = read(".env")
      .split("\n")
      .flatMap((line) => /^\w+=.(.*).$/.exec(line)?.[1] ?? []);
    expect(values.length).toBeGreaterThanOrEqual(4);
    for (const value of values) {
      expect(stdout).not.toContain(value);
      expect(read("rugdekking.yaml")).not.toContain(value);
    }
    const { child, port } = await start();
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);
    const found = run("doctor", "--json");
    expect(JSON.parse(found.stdout).findings).toContainEqual(expect.objectContaining({ check: "bot", state: "good" }));
    await endProcess(child);
  });

  it("says what to enter where, and makes other secrets each time", () => {
    const { stdout } = answerWith(answers);
    const { next, written } = init.nl;
    expect(stdout.split("\n").slice(0, -1)).toEqual([
      written("rugdekking.yaml", ".env"),
      next.bot("https://alarm.example.nl/api/messages"),
      next.proxy("https://alarm.example.nl"),
      next.source("https://alarm.example.nl/alarms/buttons", "BUTTONS_SECRET", ".env"),
      next.desk("SECURITY_SECRET", ".env"),
      next.start("frontdesk"),
    ]);
    const before = read(".env");
    for (const file of ["rugdekking.yaml", ".env"]) rmSync(join(folder, file));
    answerWith(answers);
    expect(read(".env")).not.toBe(before);
    expect(parse(read("rugdekking.yaml"))).toMatchObject({
      sources: { buttons: { type: "kpn-things" } },
      people: [{ phone: "+31600000001", lead: true }],
    });
  });

  it("writes for a service: secrets beside the configuration, where commands find them, and the database elsewhere", () => {
    writeFileSync(join(folder, "answers.yaml"), stringify(answers));
    mkdirSync(join(folder, "etc"));
    const config = ["--config", "etc/rugdekking.yaml"];
    expect(run("init", ...config, "--database", "/var/lib/x.db", "--answers", "answers.yaml")).toMatchObject({
      status: 0,
    });
    expect(existsSync(join(folder, ".env"))).toBe(false);
    expect(parse(read("etc/rugdekking.yaml"))).toMatchObject({ database: "sqlite:/var/lib/x.db" });
    expect(run("check-config", ...config)).toMatchObject({ status: 0, stderr: "" });
    rmSync(join(folder, "etc/.env"));
    expect(run("check-config", ...config).stderr).toContain("BUTTONS_SECRET");
  });

  it.each(["rugdekking.yaml", ".env"])("writes over nothing: %s", (file) => {
    writeFileSync(join(folder, file), "mine");
    const { status, stdout, stderr } = answerWith(answers);
    expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: "", stderr: `${init.nl.there(file)}\n` });
    expect(read(file)).toBe("mine");
    expect(
      [existsSync(join(folder, "rugdekking.yaml")), existsSync(join(folder, ".env"))].filter(Boolean),
    ).toHaveLength(1);
  });

  it("says all that is wrong with the answers at once, and writes nothing", () => {
    const { status, stderr } = answerWith({
      ...answers,
      leadId: "geheim",
      place: undefined,
      adress: "x",
      pager: "sms",
    });
    expect(status).toBe(1);
    for (const path of ["leadId", "place", "adress", "pager"]) expect(stderr).toMatch(new RegExp(`\\d  ${path}\n`));
    expect(stderr).not.toContain("geheim");
    expect(existsSync(join(folder, ".env"))).toBe(false);
  });

  it("refuses a password that can be guessed, and an answer that YAML would change, and shows neither", () => {
    const { status, stderr } = answerWith({ ...withoutTeams, mailPassword: "Welkom2026" }, (text) =>
      text.replace('"0042"', "0042"),
    );
    expect(status).toBe(1);
    expect(stderr).toContain("a password that nobody can guess");
    expect(stderr).toMatch(/ {2}button\n.*expected the answer in quotes/);
    expect(stderr).toContain("2 problems");
    expect(stderr).not.toContain("Welkom2026");
    expect(existsSync(join(folder, ".env"))).toBe(false);
  });

  it("refuses a file of answers with a secret that everybody on the machine may read", () => {
    chmodSync(folder, 0o755);
    const { status, stderr } = answerWith(answers);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining("verwacht: chmod 600 answers.yaml"),
    });
    expect(existsSync(join(folder, ".env"))).toBe(false);
    const { mailUser: _user, mailPassword: _password, ...harmless } = withoutTeams;
    expect(answerWith(harmless).status).toBe(0);
  });

  it("asks nobody where there is no terminal", () => {
    expect(run("init")).toMatchObject({ status: 1, stderr: `${init.nl.noTerminal}\n` });
  });
});
