import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startConnector } from "../bench/connector.ts";
import { openBot } from "../crash/broken-bot.ts";

/** Longest wait for a card, on a machine that has more to do. */
const patienceMs = 45_000;
const frozenMs = 20_000;
const size = 64 * 1024 * 1024;

/** A file system of its own, which can be frozen; it goes with the test. */
function mount(): string {
  const folder = mkdtempSync(join(tmpdir(), "frozen-"));
  const [image, at] = [join(folder, "image"), mkdtempSync(join(folder, "mount-"))];
  writeFileSync(image, Buffer.alloc(size));
  execFileSync("mkfs.ext4", ["-q", image]);
  execFileSync("mount", ["-o", "loop", image, at]);
  onTestFinished(() => {
    execFileSync("umount", [at]);
    rmSync(folder, { recursive: true });
  });
  return at;
}

it("a file system that is frozen for 20 s: presses get 503 meanwhile and go out once, and the process answers", {
  timeout: 120_000,
}, async () => {
  const at = mount();
  await using teams = await startConnector();
  await using bot = await openBot(teams.url, {}, at);
  expect(await bot.press("0042", "Kamer 42")).toBe(202);
  expect(await teams.waitFor(["Kamer 42"], patienceMs)).toEqual([]);
  execFileSync("fsfreeze", ["--freeze", at]);
  let isFrozen = true;
  const thaw = () => {
    if (isFrozen) execFileSync("fsfreeze", ["--unfreeze", at]);
    isFrozen = false;
  };
  try {
    const frozenAt = performance.now();
    const places = ["Kamer 43", "Kamer 44", "Kamer 45"];
    const answers = places.map((place, index) => bot.press(`004${3 + index}`, place));
    expect(await bot.isAlive()).toBe(true);
    expect(await Promise.all(answers)).toEqual([503, 503, 503]);
    expect(performance.now() - frozenAt).toBeLessThan(frozenMs);
    expect(await teams.waitFor(places, patienceMs)).toEqual([]);
    while (performance.now() - frozenAt < frozenMs) expect(await bot.isAlive()).toBe(true);
    expect(isFrozen).toBe(true);
  } finally {
    thaw();
  }
  await expect.poll(() => bot.press("0046", "Kamer 46"), { timeout: patienceMs }).toBe(202);
  expect(await teams.waitFor(["Kamer 46"], patienceMs)).toEqual([]);
  expect([...teams.arrived].map(([place, { times }]) => [place, times]).toSorted()).toEqual(
    ["42", "43", "44", "45", "46"].map((room) => [`Kamer ${room}`, 1]),
  );
});
