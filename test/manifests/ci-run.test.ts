import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const programs = ["nginx", "caddy", "mosquitto", "prometheus", "promtool", "pg_dump", "pgbouncer", "systemd-analyze"];
const tools = ["bash", "dirname", "paste"].map((name) => [name, findTool(name)] as const);

/** Where a tool of the machine is that the script itself needs. */
function findTool(name: string): string {
  const found = ["/usr/bin", "/bin"].map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

/** Runs a copy of `.ci/run` where each of these words is a program that does that, and says what was called. */
function run(stubs: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "ci-"));
  try {
    for (const each of [".ci", "bin"]) mkdirSync(join(folder, each));
    copyFileSync(".ci/run", join(folder, ".ci/run"));
    const calls = join(folder, "calls");
    writeFileSync(calls, "");
    for (const [name, path] of tools) symlinkSync(path, join(folder, "bin", name));
    for (const [name, body] of Object.entries(stubs))
      writeFileSync(join(folder, "bin", name), `#!${findTool("bash")}\necho "${name} $*" >> ${calls}\n${body}\n`, {
        mode: 0o755,
      });
    const { status, stdout } = spawnSync("bash", [join(folder, ".ci/run")], {
      encoding: "utf8",
      env: { PATH: join(folder, "bin") },
    });
    return { status, said: stdout.trimEnd().split("\n"), calls: readFileSync(calls, "utf8").trimEnd().split("\n") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const root = { id: "echo 0", npm: "" };
const installed = Object.fromEntries(programs.map((name) => [name, ""]));
const freezing = ["mktemp", "mkdir", "truncate", "mkfs.ext4", "mount", "umount", "fsfreeze", "rm"];
const canFreeze = Object.fromEntries(freezing.map((name) => [name, ""]));

describe(".ci/run", () => {
  it("installs Debian's packages and checks with them, after all else", () => {
    const { status, said, calls } = run({ ...root, ...installed, ...canFreeze, "apt-get": "" });
    expect(status).toBe(0);
    expect(calls.filter((call) => call.startsWith("apt-get")).map((call) => call.split(" ").at(-1))).toEqual([
      "update",
      "libnspr4",
    ]);
    expect(calls.filter((call) => call.startsWith("npm"))).toEqual(["npm ci", "npm run check", "npm run check:debian"]);
    expect(said.join("\n")).not.toContain("!!!");
  });

  it.each([
    ["the mirror can't be reached", { ...root, "apt-get": "exit 100" }],
    ["there is no apt", root],
    ["nobody may install", { ...root, id: "echo 1000", "apt-get": "" }],
  ])("%s: it goes on, and says loudly at its end what was not checked", (_case, stubs) => {
    const { status, said, calls } = run(stubs);
    expect(status).toBe(0);
    expect(calls.filter((call) => call.startsWith("npm"))).toEqual(["npm ci", "npm run check"]);
    expect(said.slice(-3).every((line) => line.startsWith("!!!"))).toBe(true);
    for (const program of programs) expect(said.at(-2)).toContain(program);
  });

  it.each(["mount", "fsfreeze"])("%s is refused: it checks all but that, and says so loudly at its end", (name) => {
    const { status, said, calls } = run({ ...root, ...installed, ...canFreeze, [name]: "exit 1", "apt-get": "" });
    expect(status).toBe(0);
    expect(calls.findLast((call) => call.startsWith("npm"))).toBe(
      "npm run check:debian -- --exclude test/debian/frozen-disk.test.ts",
    );
    expect(said.slice(-3).every((line) => line.startsWith("!!!"))).toBe(true);
    expect(existsSync(said.at(-2)?.replace("!!! ", "") ?? "")).toBe(true);
  });

  it("a check that fails ends it", () => {
    const { status, calls } = run({ ...root, ...installed, "apt-get": "", npm: '[ "$2" != check ]' });
    expect(status).not.toBe(0);
    expect(calls.at(-1)).toBe("npm run check");
  });

  it("a check with Debian's programs that fails ends it as well", () => {
    expect(run({ ...root, ...installed, npm: '[ "$2" != check:debian ]' }).status).not.toBe(0);
  });
});
