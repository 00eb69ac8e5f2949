import { expect, it } from "vitest";
import { StartRecord } from "../../../bot/engine/readiness/start-record.ts";
import { openKernel } from "../open-kernel.ts";

it("a start goes on while the disk takes nothing, and what it has to write is written once as soon as it does", async () => {
  await using held = await openKernel();
  let writes = 0;
  const disk = held.holdDisk();
  const opening = StartRecord.open(held.kernel, held.handler, async (tx) => {
    writes += 1;
    await tx.saveSetting("route-known", "desk", "1");
  });
  await using record = await opening;
  await held.pass(3_000);
  expect(writes).toBe(0);
  expect(held.lines.filter((line) => line.startsWith("start-not-recorded"))).toHaveLength(1);
  disk[Symbol.dispose]();
  await held.pass(3_000);
  expect(writes).toBe(1);
  expect(await held.kernel.store.read((reader) => reader.loadSetting("route-known", "desk"))).toBe("1");
  expect(record).toBeDefined();
});
