import { writeFileSync } from "node:fs";

/** Loaded before the bot: at SIGUSR2 it collects, and writes how many bytes are still in use to HELD_MEMORY. */
process.on("SIGUSR2", () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  writeFileSync(process.env.HELD_MEMORY ?? "", String(heapUsed + external));
});
