import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { scratch } from "../scratch.ts";

/** The path of a database that is not there yet, in a folder of its own that goes with the test. */
export function newDatabase(): string {
  const folder = mkdtempSync(join(scratch, "rugdekking-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "data", "rugdekking.db");
}
