import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { findCircles, importsOf, listFiles, loadedWith } from "./rooms/imports.ts";
import { type Room, rooms } from "./rooms/table.ts";

const maxFilesFlat = 14;
const maxLines = 300;
const files = listFiles(["bot", "adapters"]);

function roomOf(file: string): Room | undefined {
  return rooms.find(({ path }) => file.startsWith(path));
}

function isOfNode(target: string): boolean {
  return target.startsWith("node:");
}

/** What a file imports and its room may not. Node's own modules are open to all but the domain. */
function findForbidden(file: string): string[] {
  const room = roomOf(file);
  if (room === undefined) return [`${file} stands in no room`];
  const { path, ours, libraries = [] } = room;
  const isOpen = (target: string) =>
    libraries.includes(target) ||
    (target.startsWith("node:") && !file.startsWith("bot/domain/")) ||
    [path, ...ours].some((begin) => target.startsWith(begin));
  return importsOf(file).flatMap(({ target }) => (isOpen(target) ? [] : [`${file} imports ${target}`]));
}

describe("who may import whom", () => {
  it("knows every file, and every room has some", () => {
    expect(files.length).toBeGreaterThan(250);
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
    expect(rooms.filter((room) => !files.some((file) => roomOf(file) === room))).toEqual([]);
  });

  it.each(rooms.map((room) => [room.path, room] as const))("%s", (_path, room) => {
    const inside = files.filter((file) => roomOf(file) === room);
    expect(inside.flatMap(findForbidden)).toEqual([]);
  });

  it("words take types of the domain only: they know no rules", () => {
    const inWords = files.filter((file) => file.startsWith("bot/words/"));
    const taken = inWords.flatMap((file) => importsOf(file).map((each) => ({ file, ...each })));
    const isRule = ({ target, isType }: (typeof taken)[number]) => target.startsWith("bot/domain/") && !isType;
    expect(taken.filter(isRule).map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  it("nothing imports in a circle, types included", () => {
    expect(findCircles(listFiles(["bot", "adapters", "test"]))).toEqual([]);
  });

  it("only one room knows the Bot Framework, so that another connector can be put in its place", () => {
    const isKnown = (file: string) => importsOf(file).some(({ target }) => /^bot(builder|framework)/.test(target));
    const known = listFiles(["bot", "adapters", "test"]).filter(isKnown);
    expect(known.filter((file) => !file.startsWith("bot/teams/wire/bot-framework/"))).toEqual([]);
  });

  it("a command loads what it stands on when it runs, so that --help and a mistake are answered at once", () => {
    const light = [
      ...["commander", "bot/cli/config-option.ts", "bot/cli/run-command.ts", "bot/cli/report.ts"],
      ...["bot/domain/language.ts", "bot/logging/destination.ts"],
    ];
    const commands = files.filter((file) => readFileSync(file, "utf8").includes("new Command("));
    expect(commands.length).toBeGreaterThan(9);
    const atOnce = commands.flatMap((file) =>
      importsOf(file).flatMap(({ target, isType, isLazy }) => (isType || isLazy ? [] : [{ file, target }])),
    );
    expect(atOnce.filter(({ target }) => !light.includes(target))).toEqual([]);
  });

  it("a start waits for these libraries, and the rest is loaded by who needs it", () => {
    const libraries = loadedWith(["bot/main.ts", "bot/process.ts", "bot/app.ts"]).filter((each) => !isOfNode(each));
    expect(libraries).toEqual([
      ...["@marcbachmann/cel-js", "better-sqlite3", "commander", "express", "helmet", "kysely", "kysely/migration"],
      ...["node-cron", "pbf", "pino", "yaml", "zod"],
    ]);
  });

  it("a thread of the database loads SQLite and nothing else", () => {
    const libraries = loadedWith(["bot/store/sqlite/thread/thread.ts"]).filter((each) => !isOfNode(each));
    expect(libraries).toEqual(["better-sqlite3"]);
  });

  it("only what puts the parts together imports the adapters' list", () => {
    const isImporter = (file: string) => importsOf(file).some(({ target }) => target === "adapters/index.ts");
    const importers = files.filter((file) => file.startsWith("bot/") && isImporter(file));
    expect(importers.filter((file) => file !== "bot/app.ts" && !file.startsWith("bot/compose/"))).toEqual([]);
  });
});

describe("the size of rooms", () => {
  it("is fourteen files at most", () => {
    const folders = Map.groupBy(files, dirname);
    expect([...folders].filter(([, inside]) => inside.length > maxFilesFlat).map(([folder]) => folder)).toEqual([]);
  });

  it("is 300 lines a file at most", () => {
    const isLong = (file: string) => readFileSync(file, "utf8").split("\n").length - 1 > maxLines;
    expect(files.filter(isLong)).toEqual([]);
  });
});
