import { open } from "node:fs/promises";

/** Loaded before the bot: a fault that nothing in it catches, at SIGUSR2. */
process.on("SIGUSR2", () => {
  throw new Error("a fault that nothing catches");
});

// A library that tells the console something, at SIGHUP.
process.on("SIGHUP", () => console.warn("[NODE-CRON]\nmissed execution"));

// A disk that hangs, in the same thread pool as every sync: a pipe that nobody else opens.
const { DISK_THAT_HANGS: pipe } = process.env;
if (pipe !== undefined) open(pipe).catch(() => undefined);

// What waits for half a minute and more comes after a second, as nobody waits for it here.
const { setTimeout: usual } = globalThis;
globalThis.setTimeout = Object.assign(
  (run: () => void, ms: number) => usual(run, ms >= 30_000 ? ms / 60 : ms),
  usual,
) as typeof setTimeout;
