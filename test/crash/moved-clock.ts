import { syncBuiltinESMExports } from "node:module";
import os from "node:os";

/**
 * Loaded before the bot: the machine's clocks as a test moves them. `MOVED_MS`: how far the wall is off from the start.
 * SIGUSR2: the machine was suspended for an hour; monotonic time stood still. SIGWINCH: somebody set the clock an hour
 * on.
 */
const hourMs = 3_600_000;
const { now } = Date;
const { uptime } = os;
let wallMs = Number(process.env.MOVED_MS ?? 0);
let bootMs = 0;

Date.now = () => now() + wallMs;
os.uptime = () => uptime() + bootMs / 1_000;
syncBuiltinESMExports();

process.on("SIGUSR2", () => {
  wallMs += hourMs;
  bootMs += hourMs;
});
process.on("SIGWINCH", () => {
  wallMs += hourMs;
});
