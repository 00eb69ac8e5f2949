import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { problems } from "../../bot/words/settings/problems.ts";
import { fileFault } from "../../bot/words/shared/file-fault.ts";

const patienceMs = 60_000;

function run(...words: readonly string[]) {
  const [program = "", ...rest] = words;
  // A configuration that is not there: whatever would start says so.
  const env = { ...process.env, RUGDEKKING_CONFIG: "absent.yaml" };
  const { status, stdout, stderr } = spawnSync(program, rest, { env, encoding: "utf8", timeout: patienceMs });
  return { status, stdout, stderr };
}

describe.each([
  "bot/main.ts",
  "bot/cli/check-config.ts",
  "bot/cli/config.ts",
  "bot/cli/copies/backup.ts",
  "bot/cli/copies/restore.ts",
  "bot/cli/demo.ts",
  "bot/cli/doctor.ts",
  "bot/cli/init.ts",
  "bot/cli/manifest.ts",
  "bot/cli/ring.ts",
])("%s", (file) => {
  it("--help says what it does, and does nothing", () => {
    expect(run(process.execPath, file, "--help")).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^Usage: /),
      stderr: "",
    });
  });

  it("refuses what it does not know", () => {
    const { status, stdout, stderr } = run(process.execPath, file, "--unatended");
    expect({ stdout, stderr }).toEqual({
      stdout: "",
      stderr: expect.stringContaining("unknown option '--unatended'"),
    });
    expect(status).not.toBe(0);
  });
});

it("the bot refuses words that it has no use for", () => {
  expect(run(process.execPath, "bot/main.ts", "other.yaml")).toEqual({
    status: 1,
    stdout: "",
    stderr: expect.stringContaining("too many arguments"),
  });
});

it.each([
  ["bot/main.ts"],
  ["bot/cli/check-config.ts"],
  ["bot/cli/config.ts", "reload"],
  ["bot/cli/manifest.ts"],
  ["bot/cli/ring.ts"],
])("%s says in a sentence that there is no configuration, and what to do", (...words) => {
  const { status, stdout, stderr } = run(process.execPath, ...words);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  const { wrong, expected } = problems.nl.noFile(`${fileFault.nl.missing} (ENOENT)`);
  expect(stderr).toContain(`${wrong}; verwacht: ${expected}`);
  expect(stderr).not.toMatch(/^\s+at /m);
});

it("npm start -- --help says what the bot takes", () => {
  const { status, stdout } = run("npm", "start", "--", "--help");
  expect(stdout).toContain("Usage: rugdekking [options]");
  expect(stdout).toContain("RUGDEKKING_CONFIG");
  expect(status).toBe(0);
});

describe("what npm asks first: the version of Node", () => {
  /** Runs the check as a Node of that version would. */
  function check(version: string) {
    const versions = `Object.defineProperty(process, "versions", { value: { node: "${version}" } })`;
    return run(process.execPath, "--import", `data:text/javascript,${encodeURIComponent(versions)}`, file);
  }
  const file = "bot/cli/node-version.js";

  it.each(["16.20.2", "20.20.2", "22.18.0", "22.99.0", "23.11.1"])(
    "%s is too old, and a sentence in each language says so and what to do",
    (version) => {
      const { status, stderr } = check(version);
      const [dutch = "", english = "", ...rest] = stderr.trimEnd().split("\n");
      expect(rest).toEqual([]);
      expect(dutch).toContain(`Node 24 of nieuwer nodig en dit is ${version}: installeer Node 24`);
      expect(english).toContain(`Node 24 or newer and this is ${version}: install Node 24`);
      for (const sentence of [dutch, english]) expect(sentence).toMatch(/`npm ci --include=dev`[^.]*\.$/);
      expect(status).toBe(1);
    },
  );

  it.each(["24.0.0", "24.21.0", "26.1.0"])("%s will do", (version) => {
    expect(check(version)).toEqual({ status: 0, stdout: "", stderr: "" });
  });
});
