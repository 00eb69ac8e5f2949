import { open } from "node:fs/promises";

/** Loaded before the bot: from each SIGUSR2 to the next no sync of a file ends, as on a disk that hangs. */
let held: PromiseWithResolvers<void> | null = null;
process.on("SIGUSR2", () => {
  held?.resolve();
  held = held === null ? Promise.withResolvers() : null;
});

await using file = await open(import.meta.filename);
const handles = Object.getPrototypeOf(file);
const { datasync } = handles;
handles.datasync = async function hold(this: typeof file): Promise<void> {
  await held?.promise;
  return datasync.call(this);
};
