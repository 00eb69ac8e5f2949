import { expect, it } from "vitest";
import { noteConfiguration } from "../../bot/engine/known-configuration.ts";
import type { Log } from "../../bot/log.ts";
import { openKernel } from "./open-kernel.ts";

it("says at no start that secrets are others, of a configuration that has none", async () => {
  await using bot = await openKernel();
  const told: string[] = [];
  const tell = (_: object, event: string) => void told.push(event);
  const log: Log = { info: tell, warn: tell, error: tell };
  for (let start = 1; start <= 2; start += 1)
    await bot.kernel.store.write((tx) => noteConfiguration(tx, { settings: { a: "1" }, secrets: {} }, log));
  expect(told).toEqual([]);
});
