import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { confirmPress } from "../../../bot/cli/ring/confirm-press.ts";
import { ring } from "../../../bot/words/terminal/ring.ts";

/** Types that at a terminal where the place is asked for; resolves with what was asked. */
async function type(typed: string | null, isTTY = true): Promise<string> {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  const confirming = confirmPress({ input, output }, "Spreekkamer 3", ring.nl);
  if (typed === null) input.end();
  else input.write(`${typed}\n`);
  await confirming;
  return String(output.read());
}

it("asks for the place before a real alarm, and says what that alarm does", async () => {
  expect(await type("Spreekkamer 3")).toContain(ring.nl.confirm("Spreekkamer 3"));
  expect(await type("  spreekkamer 3 ")).toContain("de beveiliging wordt opgeroepen");
});

it.each(["", "j", "ja", "Spreekkamer", "Spreekkamer 33"])("gives no alarm for %j", async (typed) => {
  await expect(type(typed)).rejects.toThrow(ring.nl.notConfirmed);
});

it("gives no alarm when nobody types anything, or nobody can", async () => {
  await expect(type(null)).rejects.toThrow(ring.nl.notConfirmed);
  await expect(type("Spreekkamer 3", false)).rejects.toThrow(ring.nl.noTerminal);
});
