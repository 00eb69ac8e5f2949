import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { configuration } from "../../bot/words/operator/configuration.ts";
import { environment, small } from "../config/small.ts";

const folder = mkdtempSync(join(tmpdir(), "rugdekking-check-"));
afterAll(() => rmSync(folder, { recursive: true }));
const words = configuration.en;
const patienceMs = 60_000;

/** Checks a configuration of that text, as whoever types the command. */
function check(text: string) {
  const file = join(folder, "rugdekking.yaml");
  writeFileSync(file, text);
  const command = ["bot/cli/check-config.ts", "--config", file];
  const options = { env: { ...process.env, ...environment }, encoding: "utf8", timeout: patienceMs } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
  return { status, said: stdout.replaceAll(file, "x.yaml"), wrong: stderr.replaceAll(file, "x.yaml") };
}

it("says that it can be used, and what is worth a look, with its line", () => {
  const { status, said, wrong } = check(small.replace("holder: A. Jansen", "holder: D. Bakker"));
  expect({ status, wrong }).toEqual({ status: 0, wrong: "" });
  expect(said).toContain(`${words.warned("x.yaml", 2)}\n`);
  expect(said).toContain("  x.yaml:1  locations: there are none, so everybody on duty is rung");
  expect(said).toContain("  x.yaml:13  buttons[0]: its holder is not among the people");
});

it("says all that is wrong at once, beside the warnings, and ends with 1", () => {
  const text = small
    .replace("lead: true", "lead: true, locations: [yard]")
    .replace("tell: frontdesk", "tell: frontdsk");
  const { status, said, wrong } = check(text);
  expect({ status, said }).toEqual({ status: 1, said: "" });
  expect(wrong.startsWith(`${words.refused("x.yaml", 2)}\n`)).toBe(true);
  expect(wrong).toContain(`${words.warnedToo(1)}\n\n  x.yaml:1  locations: there are none`);
  expect(wrong).toContain("x.yaml:8:");
  expect(wrong).toContain("there is no location of that name");
  expect(wrong).toContain("there is no channel of that name");
});

it("says so of what is no YAML, and of no file", () => {
  expect(check("a: [")).toMatchObject({ status: 1, said: "", wrong: expect.stringContaining("x.yaml:1:") });
});
