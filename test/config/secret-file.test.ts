import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fromEnvironment, load, problemOf } from "./small.ts";

const content = "b3Vw9Tq7Zp5Xn1Rk8Md4";
const expected = "a file with the value alone, at most 64 KiB, which only the user that runs the bot may read";

let folder: string;
beforeEach(() => {
  // In a folder that everybody may enter, so that a file's own rights decide.
  folder = mkdtempSync("/tmp/secret-file-");
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(text: string, mode = 0o600): string {
  const file = join(folder, "buttons");
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

function secretOf(written: string, env: Record<string, string> = {}): unknown {
  const options = load(fromEnvironment, written, env).sources.buttons?.options;
  return (options as { secret: unknown }).secret;
}

describe("a value that stands in a file", () => {
  it.each([
    ["as it is", content, content],
    ["without a newline at its end", `${content}\n`, content],
    ["without one of Windows", `${content}\r\n`, content],
    ["with what is not the last newline", `${content}\n\n`, `${content}\n`],
    ["and names no variable and no file itself", `\${BUTTONS_SECRET} file:/x`, `\${BUTTONS_SECRET} file:/x`],
  ])("is read %s", (_, text, value) => {
    expect(secretOf(`file:${write(text)}`)).toBe(value);
  });

  it("is found by a path that stands in the environment", () => {
    write(content);
    expect(secretOf(`"file:\${FOLDER}/buttons"`, { FOLDER: folder })).toBe(content);
    const problem = problemOf(fromEnvironment, `"file:\${FOLDER}/buttons"`, {});
    expect(problem.wrong).toBe("the environment variable FOLDER is not set");
  });

  it("is not read where only a variable's value looks like the name of a file", () => {
    const value = `file:${write(content)}`;
    expect(secretOf(fromEnvironment, { BUTTONS_SECRET: value })).toBe(value);
  });

  it.each([
    ["is missing", () => join(folder, "buttons"), "there is no such file or folder (ENOENT)"],
    ["is empty", () => write(""), "it is empty"],
    ["holds a newline alone", () => write("\n"), "it is empty"],
    ["is a folder", () => folder, "it is no file"],
    ["is too long", () => write("x".repeat(64 * 1024 + 1)), "it is too long"],
    [
      "has a file in the place of a folder",
      () => join(write(content), "buttons"),
      "part of its path is a file and no folder (ENOTDIR)",
    ],
  ])("is a problem that names the file and the setting when it %s", (_, prepare, fault) => {
    const file = prepare();
    const problem = problemOf(fromEnvironment, `file:${file}`);
    expect(problem).toMatchObject({ path: "sources.buttons.secret", expected });
    expect(problem.wrong).toBe(`the file ${file} can't be used: ${fault}`);
    expect(problem.shown).toBeUndefined();
  });

  it("is a problem of its own where what it holds can't be used, and is not shown", () => {
    const problem = problemOf(fromEnvironment, `file:${write("te-kort")}`);
    expect(problem.path).toBe("sources.buttons.secret");
    expect(JSON.stringify(problem)).not.toContain("te-kort");
  });

  it("is a problem where no whole path is named, whatever stands there", () => {
    const problem = problemOf(fromEnvironment, `file:${content}`);
    expect(problem).toMatchObject({ path: "sources.buttons.secret", expected: "file:/run/secrets/name" });
    expect(JSON.stringify(problem)).not.toContain(content);
  });

  it("is a weakness where everybody on this machine may read it", () => {
    const file = write(content, 0o644);
    const { weaknesses } = load(fromEnvironment, `file:${file}`);
    expect(weaknesses).toEqual([
      `sources.buttons.secret: everybody with an account on this machine may read ${file}: chmod 600 it`,
    ]);
    chmodSync(file, 0o640);
    expect(load(fromEnvironment, `file:${file}`).weaknesses).toEqual([]);
  });

  it("is none where its folder is shut to others, as that of a service's secrets is", () => {
    mkdirSync(join(folder, "shut"), { mode: 0o700 });
    const file = join(folder, "shut", "buttons");
    writeFileSync(file, content, { mode: 0o644 });
    expect(load(fromEnvironment, `file:${file}`).weaknesses).toEqual([]);
  });
});
