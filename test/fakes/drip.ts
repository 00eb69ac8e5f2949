import type { Writable } from "node:stream";

const chunk = Buffer.alloc(64 * 1024, "a");

/** Writes without end, as fast as the other side reads, until it hangs up. Resolves with how many bytes that were. */
export function drip(to: Writable): Promise<number> {
  let written = 0;
  const goOn = () => {
    while (!to.destroyed && to.write(chunk)) written += chunk.length;
  };
  to.on("drain", goOn).on("error", () => {});
  goOn();
  return new Promise((resolve) => to.once("close", () => resolve(written)));
}
