import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { openLog } from "../../../bot/logging/open-log.ts";
import { openStore } from "../../../bot/store/store.ts";
import { newDatabase } from "../new-database.ts";
import { startProcess } from "./start-process.ts";

const log = openLog("silent");
const isOpen = (line: string) => line === "open";

describe("one process owns a database", () => {
  it("refuses a second process, and says which file and what to do", async () => {
    const path = newDatabase();
    await using store = await openStore({ url: `sqlite:${path}`, log });
    const other = startProcess("hold", path, "unlimited");
    const refusal = await other.expectLine((line) => line.startsWith("error"));
    expect(refusal).toContain("rugdekking.db is in use by another process");
    expect(refusal).toContain("stop that one first");
    await store.probe();
  });

  it("lets the next one in after a SIGKILL", async () => {
    const path = newDatabase();
    const other = startProcess("hold", path, "unlimited");
    await other.expectLine(isOpen);
    await expect(openStore({ url: `sqlite:${path}`, log })).rejects.toThrow("in use");
    await other.kill();
    await using store = await openStore({ url: `sqlite:${path}`, log });
    await store.probe();
  });

  it("refuses a second store in the same process, which leaves the first one's lock as it is", async () => {
    const path = newDatabase();
    await using store = await openStore({ url: `sqlite:${path}`, log });
    await expect(openStore({ url: `sqlite:${path}`, log })).rejects.toThrow("in use");
    const other = startProcess("hold", path, "unlimited");
    await other.expectLine((line) => line.startsWith("error"));
    await store.probe();
  });

  it("knows the file under another name", async () => {
    const path = newDatabase();
    await using store = await openStore({ url: `sqlite:${path}`, log });
    const folder = join(dirname(path), "other");
    mkdirSync(folder);
    symlinkSync(path, join(folder, "link.db"));
    await expect(openStore({ url: `sqlite:${join(folder, "link.db")}`, log })).rejects.toThrow("in use");
    await store.probe();
  });

  it("lets go when it is closed", async () => {
    const url = `sqlite:${newDatabase()}`;
    const first = await openStore({ url, log });
    await first[Symbol.asyncDispose]();
    await using second = await openStore({ url, log });
    await second.probe();
  });
});

describe("an address that is no file", () => {
  it.each(["sqlite::memory:", "sqlite:", "data/rugdekking.db"])("refuses %s with what was expected", async (url) => {
    await expect(openStore({ url, log })).rejects.toThrow("expected a file that survives a restart");
  });
});
