import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

const unit = "manifests/systemd/rugdekking.service";
/** systemd calls up to 2.0 "OK", and 1.3 was measured. */
const maxExposure = 1.5;

it("systemd can read the unit", () => {
  // A test machine has no Node at that path, and systemd looks whether it is there.
  const path = join(tmpdir(), "rugdekking-verify.service");
  writeFileSync(path, readFileSync(unit, "utf8").replaceAll("/usr/bin/node", "/bin/true"));
  try {
    // Of a key that it does not know it only says so, and ends with 0.
    const { status, stdout, stderr } = spawnSync("systemd-analyze", ["verify", path], { encoding: "utf8" });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
  } finally {
    rmSync(path);
  }
});

it("the sandbox leaves it little", () => {
  const said = execFileSync("systemd-analyze", ["security", "--offline=true", unit], { encoding: "utf8" });
  const exposure = /Overall exposure level for \S+: (\d+\.\d+)/.exec(said)?.[1];
  expect(Number(exposure)).toBeLessThanOrEqual(maxExposure);
});
