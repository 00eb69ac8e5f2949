import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { nl } from "../dutch.ts";
import { type Desk, startDesk } from "../fakes/desk.ts";
import { buildPager, buildSettings, toPolicy } from "../fixtures/configuration.ts";
import { runDoctor as doctor, endProcess, freePort, startBotProcess as startBot } from "./processes.ts";

const doctorToken = "een-geheim-voor-de-dokter";
const secret = "een-lang-geheim-voor-de-desk";
/** As a regular expression: the line of a route on which somebody answered, whenever that was. */
const answered = nl.routeTest.route.answered("\\d\\d:\\d\\d:\\d\\d");
const folder = mkdtempSync(join(tmpdir(), "doctor-"));

let desk: Desk;
let phone: Desk;
let bot: ChildProcess;
let port: number;
let config: string;

beforeAll(async () => {
  desk = await startDesk({ secret });
  phone = await startDesk({ secret });
  port = await freePort();
  config = write();
  bot = await startBot(config);
});
afterAll(async () => {
  await endProcess(bot);
  await desk[Symbol.asyncDispose]();
  await phone[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  for (const each of [desk, phone]) {
    each.answerWith({ kind: "ok" });
    each.ignoreRest();
  }
});

let files = 0;

/** A configuration with these settings changed; answers with its file. */
function write(changes: Record<string, unknown> = {}): string {
  const settings = buildSettings({
    listen: { host: "127.0.0.1", port },
    publicUrl: `http://127.0.0.1:${port}`,
    database: `sqlite:${join(folder, "rugdekking.db")}`,
    doctorToken,
    teams: { local: true, serviceUrl: "http://127.0.0.1:1/" },
    channels: { frontdesk: { conversation: "19:alarms@thread.tacv2" } },
    policies: {
      building: toPolicy([
        { after: "60s", page: "desk" },
        { after: "120s", page: "phone" },
      ]),
    },
    pagers: { desk: { ...buildPager(desk.url, secret), label: "de meldkamer" }, phone: buildPager(phone.url, secret) },
    ...changes,
  });
  files += 1;
  const path = join(folder, `rugdekking-${files}.yaml`);
  writeFileSync(path, stringify(settings));
  return path;
}

async function answer(each: Desk): Promise<void> {
  const page = await each.expectPage("test");
  expect(await each.press(page, "accept")).toBe(200);
}

describe("npm run doctor -- pagers", () => {
  it("ends with 1 when somebody did not answer in time; the test goes on, and the next doctor sees it through", async () => {
    const first = doctor(config, "pagers", "--yes", "--wait", "8s");
    await first.says("phone: verstuurd, nog geen reactie\n");
    await answer(desk);
    await phone.expectPage("test");
    const { code, said } = await first.ended;
    expect(said).toContain("de meldkamer: nog niet verstuurd (er heeft nog nooit iemand gereageerd)\n");
    expect(said).toMatch(new RegExp(`\nde meldkamer: ${answered}\n`));
    expect(said).toMatch(/Niet goed: niet overal heeft iemand gereageerd\.\nDe test loopt door tot \d\d:\d\d:\d\d/);
    expect(code).toBe(1);

    const second = doctor(config, "pagers", "--yes", "--wait", "2m");
    await second.says("phone: verstuurd, nog geen reactie (er heeft nog nooit");
    expect(await phone.press(phone.pages.at(-1) as never, "accept")).toBe(200);
    const done = await second.ended;
    expect(done.said).toMatch(new RegExp(`de meldkamer: ${answered} \\(laatste reactie: \\d\\d-\\d\\d-\\d{4} `));
    expect(done.said).toContain("Goed: overal heeft iemand gereageerd.\n");
    expect(done.code).toBe(0);
    // The second doctor looked at the test that was running: nobody was called twice.
    desk.expectNothing();
    phone.expectNothing();
    expect(`${said}${done.said}`).not.toContain(doctorToken);
  });

  it("ends at once with 1 when a way does not work at all", async () => {
    desk.answerWith({ kind: "refuse", status: 400 });
    const run = doctor(config, "pagers", "--yes", "--wait", "2m");
    await run.says("phone: verstuurd");
    await answer(phone);
    const { code, said } = await run.ended;
    expect(said).toContain("de meldkamer: niet gelukt: geweigerd");
    expect(said).not.toContain("loopt door");
    expect(code).toBe(1);
  });

  it("ends with 2 and a sentence when it could not ask", async () => {
    expect(await doctor(config, "pagers", "--yes", "--wait", "soon").ended).toEqual({
      code: 2,
      said: "--wait: geef een tijd zoals 30s, 5m of 1h.\n",
    });
    expect((await doctor(config, "buttons").ended).code).toBe(2);

    const wrong = await doctor(write({ doctorToken: "een-ander-geheim-dan-eerst" }), "pagers", "--yes").ended;
    expect(wrong).toEqual({ code: 2, said: expect.stringContaining("kent deze doctorToken niet") });
    expect(wrong.said).not.toContain("een-ander-geheim");

    expect(await doctor(write({ doctorToken: null }), "pagers", "--yes").ended).toEqual({
      code: 2,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the configuration
      said: expect.stringContaining('\n  doctorToken: "${DOCTOR_TOKEN}"\n'),
    });

    const elsewhere = write({ listen: { host: "127.0.0.1", port: await freePort() } });
    expect(await doctor(elsewhere, "pagers", "--yes").ended).toEqual({
      code: 2,
      said: expect.stringContaining("npm start"),
    });
  });

  it("says when the bot that runs was started without the token", async () => {
    await endProcess(bot);
    bot = await startBot(write({ doctorToken: null }));
    expect(await doctor(config, "pagers", "--yes").ended).toEqual({
      code: 2,
      said: expect.stringContaining("heeft geen doctorToken"),
    });
  });
});
