import { writeSync } from "node:fs";
import { open } from "node:fs/promises";

/**
 * Loaded before the bot: from each SIGUSR2 to the next no sync of a file ends, as on a disk that hangs, and from
 * SIGWINCH on each fails. A line of the output says that it begins, because a signal comes when it comes.
 */
let held: PromiseWithResolvers<void> | null = null;
let isBroken = false;
process.on("SIGUSR2", () => {
  held?.resolve();
  held = held === null ? Promise.withResolvers() : null;
  if (held !== null) writeSync(1, "syncs hang\n");
});
process.on("SIGWINCH", () => {
  isBroken = true;
  writeSync(1, "syncs fail\n");
});

await using file = await open(import.meta.filename);
const handles = Object.getPrototypeOf(file);
const { datasync } = handles;
handles.datasync = async function hold(this: typeof file): Promise<void> {
  await held?.promise;
  if (isBroken) throw Object.assign(new Error("i/o error, fdatasync"), { code: "EIO" });
  return datasync.call(this);
};
