import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isReadableByAll } from "../../bot/kit/readable-by-all.ts";

function makeFile(fileMode: number, folderMode: number) {
  const root = mkdtempSync(join(tmpdir(), "rugdekking-"));
  chmodSync(root, 0o755);
  const folder = join(root, "data");
  mkdirSync(folder);
  const path = join(folder, "rugdekking.db");
  writeFileSync(path, "");
  chmodSync(path, fileMode);
  chmodSync(folder, folderMode);
  return { path, [Symbol.dispose]: () => rmSync(root, { recursive: true }) };
}

it.each([
  [0o644, 0o755, true],
  [0o604, 0o711, true],
  [0o640, 0o755, false],
  [0o600, 0o755, false],
  [0o644, 0o750, false],
  [0o644, 0o700, false],
])("a file of mode %o in a folder of mode %o", (fileMode, folderMode, expected) => {
  using file = makeFile(fileMode, folderMode);
  expect(isReadableByAll(file.path)).toBe(expected);
});

it("a file that is not there is read by nobody", () => {
  expect(isReadableByAll(join(tmpdir(), "rugdekking-absent.db"))).toBe(false);
});
