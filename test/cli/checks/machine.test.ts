import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkClock, checkDisk, checkRights } from "../../../bot/cli/doctor/checks/machine.ts";
import { checkUp } from "../../../bot/words/terminal/check-up.ts";
import { load } from "../../config/small.ts";

const words = checkUp.nl;
const folder = mkdtempSync("/tmp/check-machine-");
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true }));

const shown = Date.UTC(2026, 10, 24, 9, 0, 0);
const registered = { teams: { ...load().teams, local: false } };

/** A connector of Teams, as far as anybody may ask it something. */
async function startConnector(date: string | null) {
  const methods: string[] = [];
  const server = createServer((request, response) => {
    methods.push(request.method ?? "");
    response.sendDate = false;
    if (date !== null) response.setHeader("date", date);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    methods,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}

describe("the clock", () => {
  it.each([
    [0, "good", words.clock.good(0)],
    [10_000, "good", words.clock.good(10)],
    [-10_000, "good", words.clock.good(10)],
    [11_000, "bad", words.clock.ahead(11)],
    [-3_600_000, "bad", words.clock.behind(3_600)],
  ] as const)("that is off by %i ms is %s", async (offMs, state, said) => {
    await using connector = await startConnector(new Date(shown).toUTCString());
    const found = await checkClock(registered, words, connector.url, () => shown + 500 + offMs);
    expect(found).toMatchObject({ check: "clock", state, said });
    expect(connector.methods).toEqual(["HEAD"]);
  });

  it("can't be compared without an answer, without its time, or beside an emulator", async () => {
    await using connector = await startConnector(null);
    const { host } = new URL(connector.url);
    const unseen = { state: "unseen", said: words.clock.unseen(host) };
    expect(await checkClock(registered, words, connector.url)).toMatchObject(unseen);
    await connector[Symbol.asyncDispose]();
    expect(await checkClock(registered, words, connector.url)).toMatchObject(unseen);
    expect(await checkClock(load(), words, connector.url)).toMatchObject({ state: "unseen", said: words.local });
  });
});

describe("the disk", () => {
  const beside = (database: string) => ({ ...load(), database });

  it("has room, has too little, or is not there yet", async () => {
    const there = beside(`sqlite:${folder}/rugdekking.db`);
    expect(await checkDisk(there, words, 1)).toMatchObject({ state: "good" });
    const full = await checkDisk(there, words, Number.MAX_SAFE_INTEGER);
    expect(full).toMatchObject({ state: "bad", said: expect.stringMatching(/nog maar \d+\.\d GB vrij/) });
    const nowhere = await checkDisk(beside(`sqlite:${folder}/not/here.db`), words);
    expect(nowhere).toMatchObject({ state: "unseen", said: words.disk.unseen(`${folder}/not`) });
  });
});

describe("the rights of files", () => {
  it("are looked at for each that is there", () => {
    const [open, shut] = [join(folder, "open"), join(folder, "shut")];
    writeFileSync(open, "");
    chmodSync(open, 0o644);
    writeFileSync(shut, "", { mode: 0o640 });
    expect(checkRights([open, shut, join(folder, "none")], words)).toEqual([
      { check: `rights ${open}`, subject: words.subject.rights(open), state: "bad", said: words.rights.bad(open) },
      { check: `rights ${shut}`, subject: words.subject.rights(shut), state: "good", said: words.rights.good },
    ]);
  });
});
